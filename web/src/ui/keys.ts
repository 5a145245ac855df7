// One-letter keys for pages (guide §10.25). Typing in a field is never taken for a command; the help (`?`) lists
// what the open page understands.
import { onScopeDispose, reactive } from 'vue'

export interface PageKey {
  /** As in `KeyboardEvent.key`: `j`, `Enter`, `Escape`, `?`. */
  key: string
  /** What it does, in the words of the screen. */
  text: string
  run: () => void
  /** Not again while the key is held: it does something that is done once. */
  once?: boolean
}

const active = reactive<PageKey[][]>([])

/** Every key that works now, the innermost page last. */
export function activeKeys(): PageKey[] {
  return active.flat()
}

/** Inputs that take no letters: a key pressed on them is meant for the page. */
const NO_LETTERS = ['radio', 'checkbox', 'file', 'button', 'submit', 'reset', 'range', 'color', 'image']

/** Does this element take what is typed? */
export function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return !NO_LETTERS.includes(target.type)
  return target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName)
}

/** Does a dialog stand over the page? The kit keeps closed ones in the document, hidden with their overlay. */
export function dialogOpen(): boolean {
  return [...document.querySelectorAll('[aria-modal="true"]')].some(
    (dialog) => dialog.closest('[style*="display: none"]') === null,
  )
}

/** Is the key part of a word that is being put together (拼音)? Safari tells only by the old code 229. */
export const composing = (event: KeyboardEvent): boolean =>
  event.isComposing || event.key === 'Process' || event.keyCode === 229

/** Menus and lists that stand open search by letters themselves. */
const inList = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('[role="menu"], [role="listbox"]') !== null

/** `J` and `j` are one key: Caps Lock must not switch the page's keys off. */
const plain = (key: string) => (key.length === 1 ? key.toLowerCase() : key)

/** Takes a key press; true when some page used it. The newest page is asked first. */
export function pressKey(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || composing(event)) return false
  if (typing(event.target) && event.key !== 'Escape') return false
  if (dialogOpen() || inList(event.target)) return false
  // Enter presses the button or opens the link it stands on, and sends the form it stands in.
  if (event.key === 'Enter' && event.target instanceof Element && event.target.closest('a, button, summary, form'))
    return false
  for (const keys of [...active].reverse()) {
    const hit = keys.find((one) => one.key === plain(event.key))
    if (!hit) continue
    event.preventDefault()
    if (!(hit.once && event.repeat)) hit.run()
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
