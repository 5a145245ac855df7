// When a report counts as late for the resident: while the unit's time runs, not while others check its work.
import type { CaseState } from '@/kernel/api'

const UNIT_IS_DONE: CaseState[] = ['pending_check', 'pending_close', 'closed', 'not_accepted']

/** Does the promised time still run? */
export const timeRuns = (state: CaseState) => !UNIT_IS_DONE.includes(state)

/** Has the promised time passed while it ran? */
export function isLate({ state, due_at }: { state: CaseState; due_at: number | null }, now: number): boolean {
  return timeRuns(state) && due_at !== null && due_at < now
}
