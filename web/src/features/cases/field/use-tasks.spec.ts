import { flushPromises } from '@vue/test-utils'
import { effectScope } from 'vue'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { CaseRow } from '@/kernel/api'
import { clientProblem } from '@/kernel/http'
import { forgetTasks, knownTask } from './known'
import { useTasks } from './use-tasks'

const { listCases, countCases, line } = vi.hoisted(() => ({
  listCases: vi.fn(),
  countCases: vi.fn(),
  line: {} as Record<'change' | 'missed', () => void>,
}))
vi.mock('../api', () => ({ listCases, countCases }))
vi.mock('@/kernel/live', () => ({
  useLive: (change: () => void, missed: () => void) => Object.assign(line, { change, missed }),
}))

const row = (id: string, due_at: number, version = 1) => ({ id, version, clock: { due_at } }) as unknown as CaseRow
function serve(rows: CaseRow[], next: string | null = null): void {
  listCases.mockResolvedValue({ items: rows, next })
  countCases.mockResolvedValue({ total: rows.length, overdue: 0 })
}
function open() {
  const scope = effectScope()
  const tasks = scope.run(() => useTasks(['handling']))
  if (!tasks) throw new Error('the scope is gone')
  return { tasks, ids: () => tasks.rows.value.map((one) => one.id).join(''), close: () => scope.stop() }
}

describe('the list of tasks', () => {
  beforeEach(() => {
    listCases.mockReset()
    countCases.mockReset()
    forgetTasks()
  })

  it('shows what burns first', async () => {
    serve([row('a', 3), row('b', 1), row('c', 2)])
    const { tasks, ids, close } = open()
    await tasks.reload()
    expect(ids()).toBe('bca')
    close()
  })

  it.each(['change', 'missed'] as const)('offers a %s instead of moving under its reader', async (kind) => {
    serve([row('a', 1)], 'more')
    const { tasks, ids, close } = open()
    await tasks.reload()
    listCases.mockResolvedValueOnce({ items: [row('z', 9)], next: null })
    await tasks.loadMore()
    expect(ids()).toBe('az')
    serve([row('n', 0), row('a', 1)], 'more')
    line[kind]()
    await vi.waitFor(() => expect(tasks.fresh.value).toBeDefined())
    expect(ids()).toBe('az')
    tasks.renew()
    expect(ids()).toBe('na')
    expect(tasks.fresh.value).toBeUndefined()
    close()
  })

  it('says nothing about changes that are not in it, and fills an empty list by itself', async () => {
    serve([])
    const { tasks, ids, close } = open()
    await tasks.reload()
    serve([row('a', 1)])
    line.change()
    await vi.waitFor(() => expect(ids()).toBe('a'))
    line.change()
    await vi.waitFor(() => expect(listCases).toHaveBeenCalledTimes(3))
    await flushPromises()
    expect(tasks.fresh.value).toBeUndefined()
    close()
  })

  it('asks for one more page at a time', async () => {
    serve([row('a', 1)], 'more')
    const { tasks, ids, close } = open()
    await tasks.reload()
    listCases.mockResolvedValueOnce({ items: [row('z', 9)], next: null })
    await Promise.all([tasks.loadMore(), tasks.loadMore()])
    expect(ids()).toBe('az')
    close()
  })

  it('is shown without a line as it was last seen, and each task can be opened', async () => {
    serve([row('a', 1)])
    const first = open()
    await first.tasks.reload()
    first.close()
    listCases.mockRejectedValue(clientProblem('client/offline'))
    const { tasks, ids, close } = open()
    await tasks.reload()
    expect(ids()).toBe('a')
    expect(tasks.known.value?.at).toBeGreaterThan(0)
    expect(knownTask('a')?.task.id).toBe('a')
    serve([row('b', 1)])
    window.dispatchEvent(new Event('online'))
    await vi.waitFor(() => expect(ids()).toBe('b'))
    expect(tasks.known.value).toBeUndefined()
    close()
  })
})
