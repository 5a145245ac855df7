// A list of cases under a filter: rows, counts, and live changes that do not move what is being read.
import { computed, onScopeDispose, ref, watch, type Ref } from 'vue'
import type { CaseRow, LiveCase } from '@/kernel/api'
import { useLive } from '@/kernel/live'
import { useLoad } from '@/kernel/load'
import { countCases, listCases, type CaseFilter } from '../api'
import { mayEnter, nothingShown, showRows, takeChange, takeRow, type Shown } from './merge'

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
 * hears of each whether it is in the list, with its row; `lost` that some could not be asked for.
 */
function useQuestions(
  filter: () => CaseFilter,
  told: (change: LiveCase, row: CaseRow | null) => void,
  lost: () => void,
): (change: LiveCase) => void {
  const waiting = new Map<string, LiveCase>()
  let asking = false

  async function one(change: LiveCase): Promise<void> {
    const asked = filter()
    const before = JSON.stringify(asked)
    const found = await listCases({ ...asked, number: change.number, size: 1 })
    if (JSON.stringify(filter()) !== before) return // the reader has turned to another list while we asked
    const row = found.items.find((item) => item.id === change.case_id) ?? null
    told(change, row !== null && (!asked.number || change.number.startsWith(asked.number)) ? row : null)
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
  watch(list.data, (page) => {
    read_at.value = Date.now()
    shown.value = showRows(sort(page?.items ?? []))
    many.value = false
  })
  const countSoon = useSoon(() => void numbers.reload())
  const ask = useQuestions(
    () => place().filter,
    (change, row) => (shown.value = takeRow(shown.value, change.case_id, row, change.kind === 'reported')),
    () => (many.value = true),
  )
  const live = useLive(
    (change) => {
      shown.value = takeChange(shown.value, change)
      countSoon()
      const here = shown.value.rows.some((row) => row.id === change.case_id)
      const waiting = shown.value.arrived.some((one) => one.case_id === change.case_id)
      if (here || waiting || mayEnter(place().filter, change)) ask(change)
    },
    () => {
      many.value = true
      countSoon()
    },
  )
  return {
    rows: computed(() => shown.value.rows),
    arrived: computed(() => shown.value.arrived),
    left: computed(() => shown.value.left),
    many,
    /** When the rows on the screen were read (ms). */
    read_at,
    next: computed(() => list.data.value?.next ?? undefined),
    counts: numbers.data,
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
