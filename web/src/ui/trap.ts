// Keeps Tab inside a dialog: from its last control to its first and back.

const CONTROLS = 'a[href], button, input, select, textarea, summary, [tabindex]'

/** Handles a Tab press in `box`; a press anywhere else in it is left to the browser. */
export function keepTab(event: KeyboardEvent, box: HTMLElement | undefined): void {
  const stops = [...(box?.querySelectorAll<HTMLElement>(CONTROLS) ?? [])].filter(
    (one) =>
      one.tabIndex >= 0 && !one.matches(':disabled') && one.closest('[hidden], [style*="display: none"]') === null,
  )
  const first = stops[0]
  const last = stops[stops.length - 1]
  if (!first || !last) {
    event.preventDefault()
    return
  }
  const at = document.activeElement
  const outside = !(at instanceof HTMLElement) || !stops.includes(at)
  if (event.shiftKey ? outside || at === first : outside || at === last) {
    event.preventDefault()
    ;(event.shiftKey ? last : first).focus()
  }
}
