// A list of cases under a filter: rows, counts, and live changes that do not move what is being read.
import { computed, onScopeDispose, ref, watch, type Ref } from 'vue'
import type { CaseRow, LiveCase } from '@/kernel/api'
import { useLive } from '@/kernel/live'
import { useLoad } from '@/kernel/load'
import { countCases, listCases, type CaseFilter } from '../api'
import { nothingShown, showRows, takeChange, takeRow, type Shown } from './merge'

/** More changes than this at once are not asked for one by one: the reader is told that the list has changed. */
const MANY = 20
const COUNT_PAUSE_MS = 1_200

export interface ListPlace {
  filter: CaseFilter
  after?: string | undefined
  size: number
}

export function useCaseList(place: () => ListPlace, sort?: (rows: CaseRow[]) => CaseRow[]) {
  const shown: Ref<Shown> = ref(nothingShown())
  const many = ref(false)
  const list = useLoad((signal) => {
    const { filter, after, size } = place()
    return listCases({ ...filter, size, ...(after ? { after } : {}) }, signal)
  })
  const numbers = useLoad((signal) => countCases(place().filter, signal))
  watch(list.data, (page) => {
    const rows = page?.items ?? []
    shown.value = showRows(sort ? sort(rows) : rows)
    many.value = false
  })
  const reload = () => Promise.all([list.reload(), numbers.reload()]).then(() => undefined)

  let count_timer: ReturnType<typeof setTimeout> | undefined
  function countSoon(): void {
    count_timer ??= setTimeout(() => {
      count_timer = undefined
      void numbers.reload()
    }, COUNT_PAUSE_MS)
  }
  onScopeDispose(() => clearTimeout(count_timer))

  // Changes are asked for one after another: a burst must not become a burst of requests.
  const waiting = new Map<string, LiveCase>()
  let asking = false
  async function ask(): Promise<void> {
    if (asking) return
    asking = true
    for (let next = waiting.values().next(); !next.done; next = waiting.values().next()) {
      const change = next.value
      waiting.delete(change.case_id)
      const asked = place().filter
      try {
        const found = await listCases({ ...asked, number: change.number, size: 1 })
        const row = found.items.find((one) => one.id === change.case_id) ?? null
        const wanted = row !== null && (!asked.number || change.number.includes(asked.number))
        // The reader may have turned to another list while we asked.
        if (JSON.stringify(place().filter) === JSON.stringify(asked)) {
          shown.value = takeRow(shown.value, change.case_id, wanted ? row : null, change.kind === 'reported')
        }
      } catch {
        many.value = true // the line broke: say that the list may have changed rather than nothing
      }
    }
    asking = false
  }
  const live = useLive(
    (change) => {
      shown.value = takeChange(shown.value, change)
      countSoon()
      if (waiting.size >= MANY) many.value = true
      else waiting.set(change.case_id, change)
      void ask()
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
    next: computed(() => list.data.value?.next ?? undefined),
    counts: numbers.data,
    loaded: computed(() => list.data.value !== undefined),
    problem: list.problem,
    busy: list.busy,
    slow: list.slow,
    connected: live.connected,
    reload,
    /** A row as it came back from an act: shown at once, without waiting for the live line. */
    put: (row: CaseRow) => {
      if (shown.value.rows.some((one) => one.id === row.id)) shown.value = takeRow(shown.value, row.id, row)
      countSoon()
    },
  }
}
