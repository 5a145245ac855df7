// A new release removes old chunks, and a page that was open before fails on the missing one. Loading the page
// again mends that, but never under a half-filled form, never without a network, and never in a loop.
const PAUSE_MS = 60_000
const KEY = 'youju.reloaded'

/** Loads the page anew when a chunk is missing, if `safe` says that nothing would be lost. */
export function reloadOnNewRelease(safe: () => boolean): void {
  window.addEventListener('vite:preloadError', () => {
    if (!navigator.onLine || !safe()) return
    try {
      if (Date.now() - Number(sessionStorage.getItem(KEY) ?? 0) < PAUSE_MS) return
      sessionStorage.setItem(KEY, String(Date.now()))
    } catch {
      return // no storage: better a message than a loop
    }
    window.location.reload()
  })
}
