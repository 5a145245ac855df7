// Lists that grow by pages: the first page and every further one, never two at once, never pages of different lists
// in one. What fails says so beside the rows that are here already.
import { computed, onScopeDispose, ref, shallowRef, type Ref } from 'vue'
import type { Page, Problem } from './api'
import { asProblem } from './http'

export interface Paged<T> {
  rows: Readonly<Ref<readonly T[]>>
  /** The first page of the present list is here. */
  loaded: Readonly<Ref<boolean>>
  /** There are more rows on the server. */
  more_there: Readonly<Ref<boolean>>
  problem: Ref<Problem | undefined>
  /** A page is under way: the first one, or a further one. */
  busy: Readonly<Ref<boolean>>
  growing: Readonly<Ref<boolean>>
  /** Busy for more than 300 ms without any row to show. */
  slow: Readonly<Ref<boolean>>
  /** Reads the list anew from its beginning. The old rows stay until the new ones are here. */
  reload: () => Promise<void>
  /** Adds the next page; does nothing while a page is under way or when there is none. */
  more: () => Promise<void>
  /** Tries again what failed last. */
  retry: () => Promise<void>
}

/** `fetcher` asks for the page after a cursor; it reads the present filter when it is called. */
export function usePaged<T>(fetcher: (after: string | undefined, signal: AbortSignal) => Promise<Page<T>>): Paged<T> {
  const rows = shallowRef<readonly T[]>([])
  const next = ref<string>()
  const loaded = ref(false)
  const problem = ref<Problem>()
  const busy = ref(false)
  const growing = ref(false)
  const slow = ref(false)
  const more_there = computed(() => next.value !== undefined)
  let abort: AbortController | undefined
  let failed_more = false

  async function ask(after: string | undefined): Promise<void> {
    abort?.abort()
    const own = (abort = new AbortController())
    busy.value = true
    growing.value = after !== undefined
    const timer = setTimeout(() => (slow.value = rows.value.length === 0), 300)
    try {
      const page = await fetcher(after, own.signal)
      if (own.signal.aborted) return
      rows.value = after === undefined ? page.items : [...rows.value, ...page.items]
      next.value = page.next ?? undefined
      loaded.value = true
      problem.value = undefined
    } catch (error) {
      if (own.signal.aborted) return
      problem.value = asProblem(error)
      failed_more = after !== undefined
    } finally {
      clearTimeout(timer)
      if (!own.signal.aborted) busy.value = growing.value = slow.value = false
    }
  }
  const reload = () => {
    failed_more = false
    return ask(undefined)
  }
  const more = async () => {
    if (!busy.value && next.value !== undefined) await ask(next.value)
  }
  onScopeDispose(() => abort?.abort())
  return {
    rows,
    loaded,
    more_there,
    problem,
    busy,
    growing,
    slow,
    reload,
    more,
    retry: () => (failed_more ? more() : reload()),
  }
}
