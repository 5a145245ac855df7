import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import type { Board } from '@/kernel/api'
import { clientProblem } from '@/kernel/http'
import { board } from '../api'
import { useLiveBoard } from '../live-board'

vi.mock('../api', () => ({ board: vi.fn() }))
const asked = vi.mocked(board)

/** Stands in for the browser's event source; tests speak as the server. */
class Line extends EventTarget {
  static last: Line | undefined
  constructor() {
    super()
    Line.last = this
  }
  close(): void {
    this.dispatchEvent(new Event('closed'))
  }
  change(case_id: string): void {
    const data = JSON.stringify({ case_id, seq: 1, state: 'closed', cell_id: null })
    this.dispatchEvent(new MessageEvent('case', { data }))
  }
}
const answer = (closed: number): Board => ({
  as_of_seq: closed,
  as_of: Date.now(),
  today: { reported: 0, closed },
  open: 0,
  overdue: 0,
  by_state: {},
  towns: [],
  cells: [],
  latest: [],
})

function wall() {
  const now = ref(Date.now())
  let live: ReturnType<typeof useLiveBoard> | undefined
  const Host = defineComponent({
    setup() {
      live = useLiveBoard(now)
      return () => h('div')
    },
  })
  const page = mount(Host)
  if (!live) throw new Error('not set up')
  return { page, live, now }
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('EventSource', Line)
  asked.mockReset()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('the live board', () => {
  it('shows new numbers within a second after a change, however many come at once', async () => {
    asked.mockImplementation(async () => answer(217))
    const { page, live } = wall()
    await vi.advanceTimersByTimeAsync(0)
    expect(live.data.value?.today.closed).toBe(217)
    asked.mockImplementation(async () => answer(218))
    for (let n = 0; n < 20; n++) Line.last?.change(`c${n}`)
    await vi.advanceTimersByTimeAsync(1000)
    expect(live.data.value?.today.closed).toBe(218)
    expect(asked).toHaveBeenCalledTimes(2)
    page.unmount()
  })

  it('asks once more when changes come while an answer is under way, and never drops that answer', async () => {
    asked.mockImplementation(async () => answer(1))
    const { page, live } = wall()
    await vi.advanceTimersByTimeAsync(0)
    let n = 1
    asked.mockImplementation(
      () => new Promise((resolve) => setTimeout(() => resolve(answer(++n)), 2000)), // slower than the changes
    )
    for (let k = 0; k < 10; k++) {
      Line.last?.change(`c${k}`)
      await vi.advanceTimersByTimeAsync(400)
    }
    expect(live.data.value?.today.closed).toBeGreaterThan(1)
    await vi.advanceTimersByTimeAsync(5000)
    expect(asked.mock.calls.length).toBeLessThanOrEqual(5)
    page.unmount()
  })

  it('keeps old numbers on a broken line, says their age, and heals by itself', async () => {
    asked.mockImplementation(async () => answer(5))
    const { page, live, now } = wall()
    await vi.advanceTimersByTimeAsync(0)
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    asked.mockImplementation(async () => {
      throw new Error('line broken')
    })
    await vi.advanceTimersByTimeAsync(61_000)
    now.value = Date.now()
    expect(live.data.value?.today.closed).toBe(5)
    expect(live.stale.value).toBe(true)
    expect(live.lag_s.value).toBeGreaterThanOrEqual(60)
    asked.mockImplementation(async () => answer(9))
    await vi.advanceTimersByTimeAsync(6_000)
    now.value = Date.now()
    expect(live.data.value?.today.closed).toBe(9)
    expect(live.stale.value).toBe(false)
    page.unmount()
  })

  it('is old when its question fails, however lively the line pings, and says why', async () => {
    asked.mockImplementation(async () => answer(5))
    const { page, live, now } = wall()
    await vi.advanceTimersByTimeAsync(0)
    asked.mockImplementation(async () => {
      throw clientProblem('client/unreadable', 500)
    })
    for (let n = 0; n < 6; n++) {
      await vi.advanceTimersByTimeAsync(12_000)
      Line.last?.dispatchEvent(new MessageEvent('ping', { data: '{}' }))
    }
    now.value = Date.now()
    expect(live.stale.value).toBe(true)
    expect(live.lag_s.value).toBe(72)
    expect(live.problem.value?.status).toBe(500)
    page.unmount()
  })

  it('counts every answer while changes come without a pause', async () => {
    asked.mockImplementation(() => new Promise((resolve) => setTimeout(() => resolve(answer(1)), 400)))
    const { page, live, now } = wall()
    for (let k = 0; k < 300; k++) {
      Line.last?.change(`c${k}`)
      await vi.advanceTimersByTimeAsync(300)
    }
    now.value = Date.now()
    expect(live.stale.value).toBe(false)
    expect(live.lag_s.value).toBeLessThan(2)
    page.unmount()
  })

  it('asks no more once the page is left', async () => {
    asked.mockImplementation(async () => answer(1))
    const { page } = wall()
    await vi.advanceTimersByTimeAsync(0)
    asked.mockImplementation(() => new Promise((resolve) => setTimeout(() => resolve(answer(2)), 500)))
    Line.last?.change('c')
    await vi.advanceTimersByTimeAsync(400)
    expect(asked).toHaveBeenCalledTimes(2) // one is under way when the page goes
    page.unmount()
    const before = asked.mock.calls.length
    await vi.advanceTimersByTimeAsync(120_000)
    expect(asked).toHaveBeenCalledTimes(before)
  })
})
