// What the phone has seen of the tasks since the page was opened: enough to do one where there is no line.
import type { CaseCounts, CaseRow, CaseView } from '@/kernel/api'
import { whenPersonLeaves } from '@/kernel/session'

const seen = new Map<string, { task: CaseView; at: number }>()

/** A row of the list as a task: what it does not say is empty. */
function fromRow(row: CaseRow): CaseView {
  return {
    ...row,
    description: row.summary,
    address: null,
    point: null,
    accuracy_m: null,
    cell: null,
    standard: null,
    before: [],
    after: [],
    timeline: [],
    acts: [],
    reporter: { kind: '', name_masked: null, phone_masked: null, hidden: true, may_show: false, erasable: [] },
    row: null,
    chain: { ok: true, events: 0, head_hash: '' },
  }
}
export function noteTask(task: CaseView): void {
  seen.set(task.id, { task, at: Date.now() })
}
/** The case as it was last seen, and when. */
export const knownTask = (id: string) => seen.get(id)
/** The list of one's own tasks, first page. */
export interface TaskList {
  rows: CaseRow[]
  counts: CaseCounts
  next: string | null
  /** When it was asked for, ms. */
  at: number
}
let list: TaskList | undefined
export function noteList(now: TaskList): void {
  list = now
  for (const row of now.rows) {
    const before = seen.get(row.id)
    // a case that was opened whole stays whole until it has moved on
    if (before?.task.version !== row.version) seen.set(row.id, { task: fromRow(row), at: now.at })
  }
}
export const knownList = () => list

/** Another person has the phone. */
export function forgetTasks(): void {
  seen.clear()
  list = undefined
}
whenPersonLeaves(forgetTasks)
