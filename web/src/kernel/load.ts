// Loading for pages: old data stays while new data comes, a skeleton only after 300 ms, a problem beside the data.
import { onScopeDispose, ref, type Ref } from 'vue'
import type { Problem } from './api'
import { asProblem } from './http'

export interface Loading<T> {
  /** The last good answer; kept while refreshing and after a failed refresh. */
  data: Ref<T | undefined>
  problem: Ref<Problem | undefined>
  /** A request is under way. */
  busy: Ref<boolean>
  /** Busy for more than 300 ms without any data: show a skeleton. */
  slow: Ref<boolean>
  reload: () => Promise<void>
}

/** Runs `fetcher` on each `reload`; an older answer never overwrites a newer one. */
export function useLoad<T>(fetcher: (signal: AbortSignal) => Promise<T>): Loading<T> {
  const data = ref<T>() as Ref<T | undefined>
  const problem = ref<Problem>()
  const busy = ref(false)
  const slow = ref(false)
  let abort: AbortController | undefined

  async function reload(): Promise<void> {
    abort?.abort()
    const own = (abort = new AbortController())
    busy.value = true
    const timer = setTimeout(() => (slow.value = data.value === undefined), 300)
    try {
      const answer = await fetcher(own.signal)
      if (own.signal.aborted) return
      data.value = answer
      problem.value = undefined
    } catch (error) {
      if (own.signal.aborted) return
      problem.value = asProblem(error)
    } finally {
      clearTimeout(timer)
      if (!own.signal.aborted) busy.value = slow.value = false
    }
  }
  onScopeDispose(() => abort?.abort())
  return { data, problem, busy, slow, reload }
}
