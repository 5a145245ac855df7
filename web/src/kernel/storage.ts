// Small settings kept on the device. Some WebViews forbid storage: then they last as long as the page.
const memory = new Map<string, string>()
const PREFIX = 'youju.'

/** The value under `key`, or null. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(PREFIX + key) ?? memory.get(key) ?? null
  } catch {
    return memory.get(key) ?? null
  }
}

/** Keeps `value` under `key`; false when it will not outlive the page. */
export function remember(key: string, value: string): boolean {
  memory.set(key, value)
  try {
    localStorage.setItem(PREFIX + key, value)
    return true
  } catch {
    return false
  }
}

/** Drops `key`. */
export function forget(key: string): void {
  memory.delete(key)
  try {
    localStorage.removeItem(PREFIX + key)
  } catch {
    // storage forbidden: nothing was kept
  }
}

/** Calls back when another page of this browser keeps something new under `key`. */
export function whenRemembered(key: string, callback: (value: string) => void): void {
  window.addEventListener('storage', (event) => {
    if (event.key === PREFIX + key && event.newValue !== null) callback(event.newValue)
  })
}
