import { flushPromises } from '@vue/test-utils'
import { effectScope } from 'vue'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { CaseRow, Me } from '@/kernel/api'
import { clientProblem } from '@/kernel/http'
import { me } from '@/kernel/session'
import { forgetTasks, knownList, knownTask } from './known'
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

  it('lets the first answer come, however much changes meanwhile', async () => {
    serve([row('a', 1)])
    let arrive: (page: object) => void = () => undefined
    listCases.mockImplementationOnce((_filter: object, signal: AbortSignal) => {
      return new Promise((resolve, reject) => {
        arrive = resolve
        signal.addEventListener('abort', () => reject(new Error('given up')))
      })
    })
    vi.useFakeTimers()
    const { tasks, ids, close } = open()
    const loaded = tasks.reload()
    line.change() // the act that the person has just done
    await vi.advanceTimersByTimeAsync(1_000)
    expect(listCases).toHaveBeenCalledTimes(1)
    arrive({ items: [row('a', 1), row('b', 2)], next: null })
    await loaded
    expect(ids()).toBe('ab')
    // it may be older than the change: one look after it
    await vi.waitFor(() => expect(tasks.fresh.value?.rows).toHaveLength(1))
    close()
    vi.useRealTimers()
  })

  it('does not offer an answer that is older than what is shown', async () => {
    serve([row('a', 1), row('b', 2)])
    const { tasks, ids, close } = open()
    await tasks.reload()
    let late: (page: object) => void = () => undefined
    listCases.mockImplementationOnce(() => new Promise((resolve) => (late = resolve)))
    line.change()
    await vi.waitFor(() => expect(listCases).toHaveBeenCalledTimes(2))
    serve([row('b', 2)])
    await tasks.reload()
    expect(ids()).toBe('b')
    late({ items: [], next: null })
    await flushPromises()
    expect(tasks.fresh.value).toBeUndefined()
    expect(ids()).toBe('b')
    close()
  })

  it('is not kept for the next person when its answer comes after its own has left', async () => {
    me.value = { user_id: '1' } as Me
    let late: (page: object) => void = () => undefined
    countCases.mockResolvedValue({ total: 1, overdue: 0 })
    listCases.mockImplementationOnce(() => new Promise((resolve) => (late = resolve)))
    const { tasks, close } = open()
    void tasks.reload()
    forgetTasks()
    me.value = { user_id: '2' } as Me
    late({ items: [row('a', 1)], next: null })
    await flushPromises()
    expect(knownList()).toBeUndefined()
    close()
    me.value = undefined
  })

  it('keeps its further pages while it is loaded anew', async () => {
    serve([row('a', 1)], 'more')
    const { tasks, ids, close } = open()
    await tasks.reload()
    listCases.mockResolvedValueOnce({ items: [row('z', 9)], next: null })
    await tasks.loadMore()
    const first = tasks.reload()
    let arrive: (page: object) => void = () => undefined
    listCases.mockImplementationOnce(() => new Promise((resolve) => (arrive = resolve)))
    const second = tasks.reload()
    await first // given up for the second one
    expect(ids()).toBe('az')
    arrive({ items: [row('a', 1)], next: null })
    await second
    expect(ids()).toBe('a')
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
