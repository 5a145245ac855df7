// Live changes meet a list that somebody reads: rows change in their place and never move; what came in or went
// out is counted and waits for the reader's click.
import type { CaseCounts, CaseRow, CaseState, LiveCase } from '@/kernel/api'
import type { CaseFilter } from '../api'

export interface Arrival {
  case_id: string
  /** Just reported (else: came into this list by another step). */
  reported: boolean
}

export interface Shown {
  rows: CaseRow[]
  /** Cases of this list that are not on the screen yet. */
  arrived: Arrival[]
  /** Ids of rows on the screen that no longer belong to the list. */
  left: string[]
}

export const nothingShown = (): Shown => ({ rows: [], arrived: [], left: [] })

/** A fresh page of rows: nothing waits any more. */
export const showRows = (rows: CaseRow[]): Shown => ({ rows, arrived: [], left: [] })

/**
 * The row as the server gives it under the list's filter, or null when it is not in the list (any more); then `now` is
 * how the case stands, if it may be seen. A row changes as a whole or not at all: state, clock and unit are of one
 * moment. `reported` says that the change was the report itself.
 */
export function takeRow(
  shown: Shown,
  id: string,
  row: CaseRow | null,
  reported = false,
  now: CaseRow | null = null,
): Shown {
  const at = shown.rows.findIndex((one) => one.id === id)
  const arrived = shown.arrived.filter((one) => one.case_id !== id)
  const left = shown.left.filter((one) => one !== id)
  if (at < 0) {
    if (!row) return { ...shown, arrived }
    const before = shown.arrived.find((one) => one.case_id === id)
    return { ...shown, arrived: [...arrived, before ?? { case_id: id, reported }] }
  }
  const rows = [...shown.rows]
  const fresh = row ?? now
  if (fresh) rows[at] = fresh
  return { rows, arrived, left: row ? left : [...left, id] }
}

/**
 * The numbers over a list. Where the whole list is on the screen they are its rows, so that no number disagrees with
 * what stands below it; else (more pages, or news that waits) they are the server's count of the same filter.
 */
export function countsShown(
  { rows, arrived, left }: Shown,
  whole: boolean,
  counted: CaseCounts | undefined,
  now: number,
): CaseCounts | undefined {
  if (!counted || !whole || arrived.length > 0) return counted
  const here = rows.filter((row) => !left.includes(row.id))
  const live = here.filter((row) => row.state !== 'closed' && row.state !== 'not_accepted')
  const late = live.filter(({ clock }) => clock.overdue || (clock.due_at !== null && clock.due_at < now))
  return { ...counted, total: here.length, more: false, open: live.length, overdue: late.length }
}

/** The row to stand on after a key: one further or back, never over the ends; the first when none was chosen. */
export function stepFrom(rows: readonly { id: string }[], id: string | undefined, step: 1 | -1): string | undefined {
  if (rows.length === 0) return undefined
  const at = rows.findIndex((row) => row.id === id)
  if (at < 0) return rows[step === 1 ? 0 : rows.length - 1]?.id
  return rows[Math.min(Math.max(at + step, 0), rows.length - 1)]?.id
}

/** The state that each step leaves; steps that are not here leave the state as it was. */
const LEAVES: Record<string, CaseState> = {
  pre_verified: 'pending_pre_verify',
  filed: 'pending_file',
  refused: 'pending_file',
  dispatched: 'pending_dispatch',
  handled: 'handling',
  checked: 'pending_check',
  closed: 'pending_close',
}

/**
 * May this change have brought a case *into* a list? A case that was in it all along, on another page, is no news.
 * The server has the last word; this only spares a question that cannot have the answer "new".
 */
export function mayEnter(filter: CaseFilter, change: Pick<LiveCase, 'kind' | 'state'>): boolean {
  if (change.kind === 'reported') return true
  if (filter.overdue) return change.kind === 'overran'
  const left = LEAVES[change.kind]
  if (left === undefined) return false
  if (filter.state) return !filter.state.includes(left) && filter.state.includes(change.state)
  if (filter.unit && change.kind === 'dispatched') return true
  return (
    filter.mine === true || filter.due_on !== undefined || (filter.closed_on !== undefined && change.kind === 'closed')
  )
}
