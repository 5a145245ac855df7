// What the phone has seen of the tasks: enough to do one where there is no line, also after the page was reloaded or ended
// by the system. Kept for the person who is signed in, and gone when he leaves.
import type { CaseCounts, CaseRow, CaseView } from '@/kernel/api'
import { keepOnDevice, me, whenPersonLeaves } from '@/kernel/session'
import { forget, recall, remember } from '@/kernel/storage'

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
const KEY = 'field-tasks'
/** Tasks kept over a reload; the list of a day is shorter. */
const KEPT = 60
let keeps = false
let asked = false

/** From now on tasks outlive the page (the phone). */
export function keepTasks(): void {
  keeps = true
  keepOnDevice()
}
function keep(): void {
  const person = me.value?.user_id
  if (!keeps || !person) return
  const tasks = [...seen].slice(-KEPT)
  remember(KEY, JSON.stringify({ person, list, tasks }))
}
/** What the last visit has left, if it was this person's. */
function recalled(): void {
  if (!keeps || asked || !me.value) return
  asked = true
  try {
    const kept = JSON.parse(recall(KEY) ?? '{}') as { person?: string; list?: TaskList; tasks?: [string, never][] }
    if (kept.person !== me.value.user_id) return forget(KEY)
    for (const [id, task] of kept.tasks ?? []) if (!seen.has(id)) seen.set(id, task)
    list ??= kept.list
  } catch {
    forget(KEY)
  }
}
export function noteTask(task: CaseView): void {
  seen.set(task.id, { task, at: Date.now() })
  keep()
}
/** The case as it was last seen, and when. */
export function knownTask(id: string) {
  recalled()
  return seen.get(id)
}
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
  keep()
}
export function knownList(): TaskList | undefined {
  recalled()
  return list
}

/** Another person has the phone. */
export function forgetTasks(): void {
  seen.clear()
  list = undefined
  forget(KEY)
}
whenPersonLeaves(forgetTasks)
