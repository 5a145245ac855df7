// A list of cases under a filter: rows, counts, and live changes that do not move what is being read.
import { computed, onScopeDispose, ref, watch, type Ref } from 'vue'
import type { CaseRow, LiveCase } from '@/kernel/api'
import { useLive } from '@/kernel/live'
import { useLoad } from '@/kernel/load'
import { useNow } from '@/kernel/time'
import { countCases, listCases, type CaseFilter } from '../api'
import { countsShown, mayEnter, nothingShown, showRows, takeRow, type Shown } from './merge'

/** More changes than this at once are not asked for one by one: the reader is told that the list has changed. */
const MANY = 20
const COUNT_PAUSE_MS = 1_200

export interface ListPlace {
  filter: CaseFilter
  after?: string | undefined
  size: number
}

/**
 * Asks for changed cases one after another, so that a burst of changes does not become a burst of requests. `told`
 * hears of each whether it is in the list, with its row, and of one that stands on the screen (`here`) and has left, how
 * it stands now; `lost` that some could not be asked for.
 */
function useQuestions(
  filter: () => CaseFilter,
  here: (id: string) => boolean,
  told: (change: LiveCase, row: CaseRow | null, now: CaseRow | null) => void,
  lost: () => void,
): (change: LiveCase) => void {
  const waiting = new Map<string, LiveCase>()
  let asking = false

  async function one(change: LiveCase): Promise<void> {
    const asked = filter()
    const before = JSON.stringify(asked)
    const read = async (of: CaseFilter) => {
      const found = await listCases({ ...of, number: change.number, size: 1 })
      return found.items.find((item) => item.id === change.case_id) ?? null
    }
    const within = !asked.number || change.number.startsWith(asked.number)
    const row = within ? await read(asked) : null
    const now = row === null && here(change.case_id) ? await read({}) : null
    if (JSON.stringify(filter()) !== before) return // the reader has turned to another list while we asked
    told(change, row, now)
  }
  async function all(): Promise<void> {
    if (asking) return
    asking = true
    for (let next = waiting.values().next(); !next.done; next = waiting.values().next()) {
      waiting.delete(next.value.case_id)
      await one(next.value).catch(lost)
    }
    asking = false
  }
  return (change) => {
    if (waiting.size >= MANY) lost()
    else waiting.set(change.case_id, change)
    void all()
  }
}

/** Runs `act` once, a moment after the last call that started it. */
function useSoon(act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  onScopeDispose(() => clearTimeout(timer))
  return () => {
    timer ??= setTimeout(() => {
      timer = undefined
      act()
    }, COUNT_PAUSE_MS)
  }
}

export function useCaseList(place: () => ListPlace, sort: (rows: CaseRow[]) => CaseRow[] = (rows) => rows) {
  const shown: Ref<Shown> = ref(nothingShown())
  /** The list has changed in ways that are not on the screen: only a reload tells. */
  const many = ref(false)
  const list = useLoad((signal) => {
    const { filter, after, size } = place()
    return listCases({ ...filter, size, ...(after ? { after } : {}) }, signal)
  })
  const numbers = useLoad((signal) => countCases(place().filter, signal))
  const read_at = ref(0)
  /** The rows on the screen begin after this cursor. */
  const read_after = ref<string>()
  watch(list.data, (page) => {
    read_at.value = Date.now()
    read_after.value = place().after
    shown.value = showRows(sort(page?.items ?? []))
    many.value = false
  })
  const clock = useNow()
  const whole = computed(() => list.data.value !== undefined && !list.data.value.next && !read_after.value)
  const countSoon = useSoon(() => void numbers.reload())
  const here = (id: string) => shown.value.rows.some((row) => row.id === id)
  const ask = useQuestions(
    () => place().filter,
    here,
    (change, row, stands) =>
      (shown.value = takeRow(shown.value, change.case_id, row, change.kind === 'reported', stands)),
    () => (many.value = true),
  )
  const live = useLive(
    (change) => {
      countSoon()
      const waiting = shown.value.arrived.some((one) => one.case_id === change.case_id)
      if (here(change.case_id) || waiting || mayEnter(place().filter, change)) ask(change)
    },
    () => {
      many.value = true
      countSoon()
    },
  )
  return {
    rows: computed(() => shown.value.rows),
    /** The rows that still belong to the list. */
    here: computed(() => shown.value.rows.filter((row) => !shown.value.left.includes(row.id))),
    arrived: computed(() => shown.value.arrived),
    left: computed(() => shown.value.left),
    many,
    /** When the rows on the screen were read (ms). */
    read_at,
    next: computed(() => list.data.value?.next ?? undefined),
    counts: computed(() => countsShown(shown.value, whole.value, numbers.data.value, clock.value)),
    /** As the server counted last; changes when something has. */
    counted: numbers.data,
    /** Does the list end on the screen, from its first row to its last? */
    whole,
    loaded: computed(() => list.data.value !== undefined),
    problem: list.problem,
    busy: list.busy,
    slow: list.slow,
    connected: live.connected,
    reload: () => Promise.all([list.reload(), numbers.reload()]).then(() => undefined),
    /** A row as it came back from an act: shown at once, without waiting for the live line. */
    put: (row: CaseRow) => {
      if (shown.value.rows.some((one) => one.id === row.id)) shown.value = takeRow(shown.value, row.id, row)
      countSoon()
    },
  }
}
