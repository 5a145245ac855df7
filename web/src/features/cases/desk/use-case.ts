// One case on the screen: loaded by id, reloaded when somebody else moves it, never blanked in between.
import { computed, onScopeDispose, ref, watch } from 'vue'
import type { CaseView } from '@/kernel/api'
import { useLive } from '@/kernel/live'
import { useLoad } from '@/kernel/load'
import { showCase } from '../api'

/** Copies of a photo are made within seconds after it came in; nothing tells when. */
const PHOTO_PAUSE_MS = 2_000
const PHOTO_LOOKS = 5

/** Looks again for photos that have come in but are not ready yet, a few times. */
function usePhotos(view: () => CaseView | undefined, look: () => Promise<void>): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let looks = 0
  let seen = ''
  watch(view, (now) => {
    const raw = [...(now?.before ?? []), ...(now?.after ?? [])].filter((photo) => photo.state === 'received')
    const key = raw.map((photo) => photo.id).join()
    if (key !== seen) looks = 0
    seen = key
    clearTimeout(timer)
    if (raw.length > 0 && looks++ < PHOTO_LOOKS) timer = setTimeout(() => void look(), PHOTO_PAUSE_MS)
  })
  onScopeDispose(() => clearTimeout(timer))
}

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
  usePhotos(() => view.value, loading.reload)
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
