// Which tasks a person has in the field: display only, the server decides again on every act.
import type { ActName, CaseRow, CaseState, Standard } from '@/kernel/api'
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

/** Key of what is written about an act on a case. */
export const draftKey = (user_id: string, case_id: string, act: FieldAct) => `${user_id} ${case_id} ${act}`

/** How many photos the rule asks of whoever has put something right; one where the case could not be asked for. */
export function photosLeast(doing: FieldAct, standard: Standard | null): number {
  return doing === 'handle' ? (standard?.after_photos_least ?? 1) : 0
}

/** Nearest due first; those without a due time last. */
export function byDue(a: CaseRow, b: CaseRow): number {
  return (a.clock.due_at ?? Number.MAX_SAFE_INTEGER) - (b.clock.due_at ?? Number.MAX_SAFE_INTEGER)
}
