// The queue's address: filters in the query of the hash, so that a link in a work chat opens the same list.
import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import type { CaseCounts, CaseState, Right } from '@/kernel/api'
import { totalOf, type Count } from '@/kernel/count'
import { STATE_ORDER } from '@/ui/states'
import type { CaseFilter } from '../api'

const LISTS = ['state', 'class'] as const
const WORDS = ['source', 'unit', 'area', 'cell', 'number'] as const
const SWITCHES = ['open', 'overdue', 'mine'] as const
export const DAYS = ['due_on', 'reported_on', 'closed_on'] as const
/** Every channel, in the server's order; a person at the desk never reports as a resident. */
export const SOURCES = ['resident', 'inspector', 'hotline', 'leader', 'media', 'patrol', 'video', 'inspection'] as const
export const STAFF_SOURCES = SOURCES.filter((source) => source !== 'resident')
export const SIZES = [20, 50, 100]

/** Where in the list, and how: everything of the address that is not a filter. */
export interface Place {
  after?: string
  size: number
  /** Id of the case in the drawer. */
  shown?: string
}

const one = (value: LocationQuery[string] | undefined): string => {
  const text = Array.isArray(value) ? value[0] : value
  return text?.trim() ?? ''
}

/** The filters of an address. What does not belong there (an unknown state, half a date) is left out. */
export function readFilter(query: LocationQuery): CaseFilter {
  const filter: CaseFilter = {}
  const states = one(query['state'])
    .split(',')
    .filter((text): text is CaseState => (STATE_ORDER as string[]).includes(text))
  if (states.length > 0) filter.state = states
  const classes = one(query['class'])
    .split(',')
    .filter((text) => /^\w{2,12}$/.test(text))
  if (classes.length > 0) filter.class = classes
  for (const key of WORDS) if (one(query[key])) filter[key] = one(query[key])
  for (const key of SWITCHES) if (/^(true|1)$/.test(one(query[key]))) filter[key] = true
  for (const key of DAYS) if (/^\d{4}-\d{2}-\d{2}$/.test(one(query[key]))) filter[key] = one(query[key])
  return filter
}

/** The query of an address with these filters, in a fixed order; the reverse of `readFilter`. */
export function writeFilter(filter: CaseFilter): LocationQueryRaw {
  const query: LocationQueryRaw = {}
  for (const key of LISTS) if (filter[key]?.length) query[key] = filter[key]?.join(',')
  for (const key of [...WORDS, ...DAYS]) if (filter[key]) query[key] = filter[key]
  for (const key of SWITCHES) if (filter[key]) query[key] = 'true'
  return query
}

export function readPlace(query: LocationQuery): Place {
  const size = Number(one(query['size']))
  return {
    size: SIZES.includes(size) ? size : 50,
    ...(one(query['after']) ? { after: one(query['after']) } : {}),
    ...(one(query['case']) ? { shown: one(query['case']) } : {}),
  }
}

/** Are two filters the same list? */
export const sameFilter = (a: CaseFilter, b: CaseFilter): boolean =>
  JSON.stringify(writeFilter(a)) === JSON.stringify(writeFilter(b))

/** A saved view: its name is `casework.view.<key>`. */
export interface View {
  key: 'verify' | 'file' | 'dispatch' | 'check' | 'close' | 'due' | 'overdue' | 'open' | 'all'
  filter: CaseFilter
  /** How many cases it holds, of the counts without filter (`due`: of those due today). */
  count: (all: CaseCounts, due: CaseCounts) => Count
}

const byState = (key: View['key'], state: CaseState): View => ({
  key,
  filter: { state: [state] },
  count: (all) => ({ n: all.by_state[state] ?? 0 }),
})

/** The views for these rights: first what is the person's own step, then what burns, then everything. */
export function viewsFor(rights: readonly Right[], today: string): View[] {
  const own: [Right, View][] = [
    ['case_pre_verify', byState('verify', 'pending_pre_verify')],
    ['case_file', byState('file', 'pending_file')],
    ['case_dispatch', byState('dispatch', 'pending_dispatch')],
    ['case_check', byState('check', 'pending_check')],
    ['case_close', byState('close', 'pending_close')],
  ]
  const steps = own.filter(([right]) => rights.includes(right)).map(([, view]) => view)
  const reader = steps.length === 0 ? own.map(([, view]) => view) : []
  return [
    ...steps,
    { key: 'due', filter: { open: true, due_on: today }, count: (_, due) => totalOf(due) },
    { key: 'overdue', filter: { overdue: true }, count: (all) => ({ n: all.overdue }) },
    ...reader,
    { key: 'open', filter: { open: true }, count: (all) => ({ n: all.open }) },
    { key: 'all', filter: {}, count: totalOf },
  ]
}

/** The address that means "everything": a bare address opens the person's first view instead. */
export const EVERYTHING = 'all'

/** The query that opens a view. */
export function viewQuery(view: View): LocationQueryRaw {
  return view.key === 'all' ? { [EVERYTHING]: 'true' } : writeFilter(view.filter)
}
