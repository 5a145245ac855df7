// Is the page being printed? Some things are drawn only for paper: a plain table that breaks over pages where the
// screen has one that scrolls, and the time of the print.
import { onScopeDispose, ref, type Ref } from 'vue'

/** The time (ms) at which the print that is under way began; null on the screen. */
export function usePrinting(): Readonly<Ref<number | null>> {
  const at = ref<number | null>(null)
  const begin = () => (at.value = Date.now())
  const end = () => (at.value = null)
  window.addEventListener('beforeprint', begin)
  window.addEventListener('afterprint', end)
  onScopeDispose(() => {
    window.removeEventListener('beforeprint', begin)
    window.removeEventListener('afterprint', end)
  })
  return at
}
