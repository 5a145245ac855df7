// The list of one's own tasks. What changes meanwhile is looked up quietly and offered; it never moves what is
// being read.
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import type { CaseRow, CaseState, Problem } from '@/kernel/api'
import { asProblem } from '@/kernel/http'
import { useLive } from '@/kernel/live'
import { useLoad } from '@/kernel/load'
import { me } from '@/kernel/session'
import { countCases, listCases } from '../api'
import { knownList, noteList, type TaskList } from './known'
import { byDue } from './tasks'

const SIZE = 50
/** Several changes at once are one look. */
const PAUSE_MS = 800

const signs = (rows: CaseRow[]) => rows.map((row) => `${row.id} ${row.version}`).join()

type Filter = { state: CaseState[]; mine: true }

/** Further pages below the first one, one at a time. */
function useMore(filter: Filter) {
  const more = ref<CaseRow[]>([])
  const next = ref<string | null>(null)
  const busy = ref(false)
  const problem = ref<Problem>()

  async function load(): Promise<void> {
    if (busy.value || !next.value) return
    busy.value = true
    problem.value = undefined
    try {
      const after = next.value
      const page = await listCases({ ...filter, size: SIZE, after })
      if (after !== next.value) return // the list was loaded anew meanwhile
      more.value = [...more.value, ...[...page.items].sort(byDue)]
      next.value = page.next ?? null
    } catch (error) {
      problem.value = asProblem(error)
    } finally {
      busy.value = false
    }
  }
  function restart(from: string | null): void {
    more.value = []
    next.value = from
  }
  return { more, next, busy, problem, load, restart }
}

/** The first page and its counts; noted on the way, for where there is no line, unless its person has left. */
async function askTasks(filter: Filter, signal: AbortSignal): Promise<TaskList> {
  const person = me.value?.user_id
  const [page, counts] = await Promise.all([listCases({ ...filter, size: SIZE }, signal), countCases(filter, signal)])
  const now = { rows: [...page.items].sort(byDue), counts, next: page.next ?? null, at: Date.now() }
  if (person === me.value?.user_id) noteList(now)
  return now
}

export function useTasks(states: CaseState[]) {
  const filter: Filter = { state: states, mine: true }
  const pages = useMore(filter)
  /** What the list would be now, where that is not what is shown. */
  const fresh = shallowRef<TaskList>()
  const list = useLoad((signal) => askTasks(filter, signal))
  /** Without a line, the list as it was last seen. */
  const known = computed(() => (list.problem.value?.status === 0 && !list.data.value ? knownList() : undefined))
  const shown = computed(() => list.data.value ?? known.value)
  let looking: AbortController | undefined

  function show(now: TaskList): void {
    list.data.value = now
    list.problem.value = undefined
    pages.restart(now.next)
    fresh.value = undefined
  }
  async function reload(): Promise<void> {
    looking?.abort() // it would be older than this
    const before = list.data.value
    await list.reload()
    if (list.data.value && list.data.value !== before) show(list.data.value)
  }
  async function look(): Promise<void> {
    // a list that is on its way is neither given up for a change nor taken for newer than the change
    if (list.busy.value) return soon()
    if (!list.data.value) return reload()
    looking?.abort()
    const own = (looking = new AbortController())
    const now = await askTasks(filter, own.signal).catch(() => undefined)
    const before = list.data.value
    if (!now || own.signal.aborted) return
    if (before.rows.length === 0) show(now)
    else if (signs(now.rows) !== signs(before.rows) || now.counts.total !== before.counts.total) fresh.value = now
    else fresh.value = undefined
  }
  let waiting: ReturnType<typeof setTimeout> | undefined
  function soon(): void {
    clearTimeout(waiting)
    waiting = setTimeout(() => void look(), PAUSE_MS)
  }
  useLive(soon, soon)
  const online = () => void (list.problem.value ? reload() : undefined)
  window.addEventListener('online', online)
  onScopeDispose(() => {
    clearTimeout(waiting)
    looking?.abort()
    window.removeEventListener('online', online)
  })
  return {
    shown,
    known,
    rows: computed(() => [...(shown.value?.rows ?? []), ...pages.more.value]),
    next: pages.next,
    fresh,
    problem: list.problem,
    busy: list.busy,
    slow: list.slow,
    more_busy: pages.busy,
    more_problem: pages.problem,
    reload,
    loadMore: pages.load,
    /** Shows what was found meanwhile. */
    renew: () => (fresh.value ? show(fresh.value) : undefined),
  }
}
