import { effectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useLive } from './live'

const lines: FakeLine[] = []
class FakeLine extends EventTarget {
  closed = false
  constructor(readonly url: string) {
    super()
    lines.push(this)
  }
  close(): void {
    this.closed = true
  }
  say(kind: string, data: unknown = {}): void {
    this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify(data) }))
  }
}

describe('the live line', () => {
  beforeEach(() => {
    lines.length = 0
    vi.useFakeTimers()
    vi.stubGlobal('EventSource', FakeLine)
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  it('is one line for all parts of a page, closed with the last of them', () => {
    const heard: string[] = []
    const [a, b] = [effectScope(), effectScope()]
    a.run(() => useLive((change) => heard.push(`a${change.case_id}`)))
    b.run(() => useLive((change) => heard.push(`b${change.case_id}`)))
    expect(lines).toHaveLength(1)
    expect(lines[0]?.url).toBe('/api/v1/live?lang=zh') // the page's language, not the browser's
    lines[0]?.say('case', { case_id: '7' })
    a.stop()
    lines[0]?.say('case', { case_id: '8' })
    expect(heard).toEqual(['a7', 'b7', 'b8'])
    expect(lines[0]?.closed).toBe(false)
    b.stop()
    expect(lines[0]?.closed).toBe(true)
  })

  it('opens a new line after 40 s of silence, and not while pings come', () => {
    const scope = effectScope()
    const missed = vi.fn()
    const live = scope.run(() => useLive(() => undefined, missed))
    lines[0]?.say('ping')
    expect(live?.connected.value).toBe(true)
    vi.advanceTimersByTime(39_000)
    lines[0]?.say('ping')
    vi.advanceTimersByTime(39_000)
    expect(lines).toHaveLength(1)
    expect(missed).not.toHaveBeenCalled()
    vi.advanceTimersByTime(2_000)
    expect(lines).toHaveLength(2)
    expect(lines[0]?.closed).toBe(true)
    expect(missed).toHaveBeenCalledTimes(1)
    lines[1]?.say('reload')
    expect(missed).toHaveBeenCalledTimes(2)
    scope.stop()
  })
})
