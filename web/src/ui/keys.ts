// One-letter keys for pages (guide §10.25). Typing in a field is never taken for a command; the help (`?`) lists
// what the open page understands.
import { onScopeDispose, reactive } from 'vue'

export interface PageKey {
  /** As in `KeyboardEvent.key`: `j`, `Enter`, `Escape`, `?`. */
  key: string
  /** What it does, in the words of the screen. */
  text: string
  run: () => void
}

const active = reactive<PageKey[][]>([])

/** Every key that works now, the innermost page last. */
export function activeKeys(): PageKey[] {
  return active.flat()
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}

/** Takes a key press; true when some page used it. The newest page is asked first. */
export function pressKey(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false
  if (typing(event.target) && event.key !== 'Escape') return false
  // Enter on a button or link presses that button.
  if (event.key === 'Enter' && event.target instanceof Element && event.target.closest('a, button, summary'))
    return false
  for (const keys of [...active].reverse()) {
    const hit = keys.find((one) => one.key === event.key)
    if (!hit) continue
    event.preventDefault()
    hit.run()
    return true
  }
  return false
}

/** Registers keys until the component goes. */
export function useKeys(keys: PageKey[]): void {
  const own = reactive(keys) as PageKey[]
  active.push(own)
  onScopeDispose(() => {
    const at = active.indexOf(own)
    if (at >= 0) active.splice(at, 1)
  })
}
