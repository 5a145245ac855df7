// Work that a reload of the page would lose. Whoever holds some says so here; the shell asks before it reloads.
const held = new Set<string>()

/** Notes under `key` whether there is work that lives in this page only. */
export function hold(key: string, unsaved: boolean): void {
  if (unsaved) held.add(key)
  else held.delete(key)
}

/** Would a reload lose anything? */
export function anyHeld(): boolean {
  return held.size > 0
}
