// Is there room for a table? Asked of the window, so that a page shows one form of a list, never both.
import { onScopeDispose, ref, type Ref } from 'vue'

/** True while the window is at least `px` wide. */
export function useWide(px: number): Readonly<Ref<boolean>> {
  const query = window.matchMedia(`(min-width: ${px}px)`)
  const wide = ref(query.matches)
  const change = () => (wide.value = query.matches)
  query.addEventListener('change', change)
  onScopeDispose(() => query.removeEventListener('change', change))
  return wide
}
