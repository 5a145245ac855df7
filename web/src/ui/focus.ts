// The focus is never lost. What had it may go (a button that became words, a form that was sent, a row that moved):
// then it goes to the nearest thing around that can have it, so that keys and Tab go on from there.

const hidden = (el: HTMLElement) => el.closest('[hidden], [style*="display: none"]') !== null
const off = (el: HTMLElement) => el.matches(':disabled')
const takes = (el: HTMLElement) =>
  el.isConnected && !hidden(el) && !off(el) && (el.hasAttribute('tabindex') || el.tabIndex >= 0)
const nowhere = () => document.activeElement === null || document.activeElement === document.body

/** How often a place is looked for that is only being drawn. */
const FRAMES = 30

/** Focuses what `find` answers as soon as it is there, unless the person has gone elsewhere meanwhile. */
export function focusSoon(find: () => HTMLElement | null | undefined): void {
  const from = document.activeElement
  let frames = 0
  const look = () => {
    const there = find()
    if (there) there.focus({ preventScroll: true })
    if (there && document.activeElement === there) return
    const elsewhere = !nowhere() && document.activeElement !== from && from?.isConnected
    if (!elsewhere && (frames += 1) < FRAMES) requestAnimationFrame(look)
  }
  look()
}

/** Watches over the focus of the whole page; `home` has it when nothing else around is left. Answers how to stop. */
export function keepFocus(home: () => HTMLElement | null): () => void {
  /** What had the focus last, with everything around it. */
  let path: HTMLElement[] = []
  /** A control that is switched off while it works gets the focus back when it is done. */
  let waits: HTMLElement | undefined
  let stand_in: HTMLElement | undefined

  function remember(event: FocusEvent): void {
    if (!(event.target instanceof HTMLElement)) return
    path = []
    for (let el: HTMLElement | null = event.target; el && el !== document.body; el = el.parentElement) path.push(el)
    if (event.target !== stand_in) waits = stand_in = undefined
  }
  function look(): void {
    const idle = nowhere() || document.activeElement === stand_in
    if (waits && idle && takes(waits)) {
      const back = waits
      waits = stand_in = undefined
      back.focus({ preventScroll: true })
      return
    }
    const [last, ...around] = path
    if (!last || !nowhere() || takes(last)) return
    const next = around.find(takes) ?? home()
    if (last.isConnected && off(last)) waits = last
    stand_in = next ?? undefined
    next?.focus({ preventScroll: true })
  }
  let asked = false
  const soon = () => {
    if (asked) return
    asked = true
    setTimeout(() => {
      asked = false
      look()
    })
  }
  const eye = new MutationObserver(soon)
  document.addEventListener('focusin', remember)
  document.addEventListener('focusout', soon)
  eye.observe(document.body, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['disabled', 'hidden'],
  })
  return () => {
    eye.disconnect()
    document.removeEventListener('focusin', remember)
    document.removeEventListener('focusout', soon)
  }
}
