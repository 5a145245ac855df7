// Which tasks a person has in the field: display only, the server decides again on every act.
import type { ActName, CaseRow, CaseState } from '@/kernel/api'
import { may } from '@/kernel/session'

export type FieldAct = Extract<ActName, 'pre_verify' | 'handle' | 'check'>

const TASKS = [
  { act: 'pre_verify', right: 'case_pre_verify', state: 'pending_pre_verify' },
  { act: 'handle', right: 'case_handle', state: 'handling' },
  { act: 'check', right: 'case_check', state: 'pending_check' },
] as const

/** States in which a task waits for the signed-in person. */
export function ownStates(): CaseState[] {
  return TASKS.filter((task) => may(task.right)).map((task) => task.state)
}

/** The act that the person may do on this case now. */
export function fieldAct(can: ActName[]): FieldAct | undefined {
  return TASKS.find((task) => can.includes(task.act))?.act
}

/** Nearest due first; those without a due time last. */
export function byDue(a: CaseRow, b: CaseRow): number {
  return (a.clock.due_at ?? Number.MAX_SAFE_INTEGER) - (b.clock.due_at ?? Number.MAX_SAFE_INTEGER)
}
