// One case on the screen: loaded by id, reloaded when somebody else moves it, never blanked in between.
import { computed, ref, watch } from 'vue'
import type { CaseView } from '@/kernel/api'
import { useLive } from '@/kernel/live'
import { useLoad } from '@/kernel/load'
import { showCase } from '../api'

export function useCase(id: () => string | undefined) {
  const loading = useLoad(async (signal) => {
    const wanted = id()
    return wanted === undefined ? undefined : showCase(wanted, signal)
  })
  /** Counts conflicts: the case was moved by somebody else while its form was open. */
  const stale = ref(false)
  watch(
    id,
    () => {
      stale.value = false
      void loading.reload()
    },
    { immediate: true },
  )
  // The old case stays on the screen until the new one is here, but never under the new one's address.
  const view = computed<CaseView | undefined>(() => (loading.data.value?.id === id() ? loading.data.value : undefined))
  useLive(
    (change) => {
      if (change.case_id === id()) void loading.reload()
    },
    () => void loading.reload(),
  )
  return {
    view,
    problem: loading.problem,
    slow: loading.slow,
    busy: loading.busy,
    stale,
    reload: loading.reload,
    put: (fresh: CaseView) => {
      stale.value = false
      if (fresh.id === id()) loading.data.value = fresh
    },
    conflict: async () => {
      stale.value = true
      await loading.reload()
    },
  }
}
