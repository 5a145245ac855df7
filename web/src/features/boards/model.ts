// Pure rules of the running map: what the board's answer means for the map, the tables and the addresses.
import type { Board, CaseState, GeoCells, LiveCase, LngLat } from '@/kernel/api'
import { dayText } from '@/kernel/time'
import { LOOKS } from '@/ui/states'
import { fillClass, type FillClass } from '@/ui/map/ramp'
import { middleOf } from '@/ui/map/middle'
import type { MapPoint } from '@/ui/map/types'

/** Without an answer for so long the wall says that its numbers are old. */
export const STALE_MS = 60_000
/** A dot of a live change stays this long; for the first seconds it has a ring. */
export const DOT_MS = 90_000
export const FRESH_MS = 4_000
/** More dots than this say nothing and cost memory on a screen that runs for weeks. */
export const MAX_DOTS = 40

/** Cell id → colour class, from the cells of a board (which lists only cells with something open). */
export function fillsOf(cells: Board['cells']): Record<string, FillClass> {
  const fills: Record<string, FillClass> = {}
  for (const cell of cells) {
    const fill = fillClass(cell.open, cell.overdue)
    if (fill > 0) fills[cell.id] = fill
  }
  return fills
}

export interface QueueLink {
  path: '/queue'
  query: Record<string, string>
}
const queue = (query: Record<string, string>): QueueLink => ({ path: '/queue', query })

/** Addresses of the queue that list exactly the rows behind each number of the wall. */
export const links = {
  reported: (as_of: number) => queue({ reported_on: dayText(as_of) }),
  closed: (as_of: number) => queue({ closed_on: dayText(as_of) }),
  open: () => queue({ open: 'true' }),
  overdue: () => queue({ overdue: 'true' }),
  state: (state: CaseState) => queue({ state }),
  town: (area: string) => queue({ area, open: 'true' }),
  townOverdue: (area: string) => queue({ area, overdue: 'true' }),
  townClosed: (area: string, as_of: number) => queue({ area, closed_on: dayText(as_of) }),
  cell: (cell: string) => queue({ cell, open: 'true' }),
  cellOverdue: (cell: string) => queue({ cell, overdue: 'true' }),
}

export type TownSort = 'code' | 'overdue'
export interface TownBar {
  code: string
  name: string
  open: number
  overdue: number
  today_closed: number
  /** Lengths of the bar in percent of the longest one; both parts start at zero together. */
  late_pct: number
  rest_pct: number
}

/** Rows of the table of towns: in the order of their codes, or by overdue when asked (equal ones by code). */
export function townBars(towns: Board['towns'], sort: TownSort): TownBar[] {
  const longest = Math.max(1, ...towns.map((town) => town.open))
  const byCode = [...towns].sort((a, b) => a.code.localeCompare(b.code))
  const rows =
    sort === 'overdue' ? byCode.sort((a, b) => b.overdue - a.overdue || a.code.localeCompare(b.code)) : byCode
  return rows.map((town) => ({
    ...town,
    late_pct: (100 * Math.min(town.overdue, town.open)) / longest,
    rest_pct: (100 * Math.max(0, town.open - town.overdue)) / longest,
  }))
}

/** The states of open cases in the order a case takes, with bars from zero. */
export function openStates(by_state: Board['by_state']): { state: CaseState; count: number; pct: number }[] {
  const states: CaseState[] = [
    'pending_pre_verify',
    'pending_file',
    'pending_dispatch',
    'handling',
    'pending_check',
    'pending_close',
  ]
  const longest = Math.max(1, ...states.map((state) => by_state[state] ?? 0))
  return states.map((state) => {
    const count = by_state[state] ?? 0
    return { state, count, pct: (100 * count) / longest }
  })
}

/** The middle of every cell, by id. */
export function middles(cells: GeoCells): Map<string, LngLat> {
  const found = new Map<string, LngLat>()
  for (const cell of cells.features) {
    const at = middleOf(cell.geometry)
    if (at) found.set(cell.properties.id, at)
  }
  return found
}

export interface Heard {
  change: LiveCase
  /** When this screen heard of it (ms of this device). */
  heard_at: number
}

/** Adds a change in front; at most `MAX_DOTS` are kept, a case once. */
export function hear(heard: Heard[], change: LiveCase, now: number): Heard[] {
  const others = heard.filter((one) => one.change.case_id !== change.case_id && now - one.heard_at < DOT_MS)
  return [{ change, heard_at: now }, ...others].slice(0, MAX_DOTS)
}

/**
 * Dots of the changes that are young enough and whose cell is known. While nothing about them changes this is `before`
 * itself: a new array would make the map draw itself anew every second, for ever.
 */
export function dots(
  heard: Heard[],
  at: Map<string, LngLat>,
  now: number,
  before: readonly MapPoint[] = [],
): readonly MapPoint[] {
  const points: MapPoint[] = []
  for (const { change, heard_at } of heard) {
    const place = change.cell_id ? at.get(change.cell_id) : undefined
    if (!place || now - heard_at >= DOT_MS) continue
    points.push({
      id: change.case_id,
      ...place,
      tone: LOOKS[change.state].tone,
      fresh: now - heard_at < FRESH_MS,
    })
  }
  const same = points.length === before.length && points.every((point, n) => sameDot(point, before[n]))
  return same ? before : points
}
const sameDot = (a: MapPoint, b: MapPoint | undefined) =>
  a.id === b?.id && a.tone === b.tone && a.fresh === b.fresh && a.lng === b.lng && a.lat === b.lat

/** Whole seconds since the last answer; null before the first. */
export function lagSeconds(answered_at: number | null, now: number): number | null {
  return answered_at === null ? null : Math.max(0, Math.floor((now - answered_at) / 1000))
}

/** Text size of the wall's map relative to a page at the desk: the wall is read from metres away. */
export function wallScale(width_px: number, height_px: number): number {
  return Math.max(0.9, 1.2 * Math.min(width_px / 1920, height_px / 1080))
}
