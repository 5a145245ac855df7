import { effectScope } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import type { Page } from './api'
import { clientProblem } from './http'
import { usePaged } from './paged'

/** A server whose answers come when the test says so. */
function slowServer() {
  const asked: { after: string | undefined; answer: (page: Page<string>) => void; fail: () => void }[] = []
  const scope = effectScope()
  const list = scope.run(() =>
    usePaged<string>(
      (after) =>
        new Promise((resolve, reject) =>
          asked.push({ after, answer: resolve, fail: () => reject(clientProblem('client/offline')) }),
        ),
    ),
  )
  if (!list) throw new Error('no scope')
  return { asked, list, scope }
}
const settled = () => new Promise((done) => setTimeout(done))

describe('a list that grows by pages', () => {
  it('asks once for a page, however often the button is pressed', async () => {
    const { asked, list } = slowServer()
    void list.reload()
    asked[0]?.answer({ items: ['a', 'b'], next: 'b' })
    await settled()
    void list.more()
    void list.more()
    expect(list.growing.value).toBe(true)
    expect(asked.map((one) => one.after)).toEqual([undefined, 'b'])
    asked[1]?.answer({ items: ['c'], next: null })
    await settled()
    expect(list.rows.value).toEqual(['a', 'b', 'c'])
    await list.more()
    expect(asked).toHaveLength(2)
    expect(list.more_there.value).toBe(false)
  })

  it('drops a page of the old list when the filter has changed meanwhile', async () => {
    const { asked, list } = slowServer()
    void list.reload()
    asked[0]?.answer({ items: ['old 1'], next: '1' })
    await settled()
    void list.more()
    void list.reload()
    asked[2]?.answer({ items: ['new 1'], next: '1' })
    await settled()
    asked[1]?.answer({ items: ['old 2'], next: '2' })
    await settled()
    expect(list.rows.value).toEqual(['new 1'])
    expect(list.busy.value).toBe(false)
  })

  it('says when a further page does not come, keeps its rows and tries the same page again', async () => {
    const { asked, list } = slowServer()
    void list.reload()
    asked[0]?.answer({ items: ['a'], next: 'a' })
    await settled()
    void list.more()
    asked[1]?.fail()
    await settled()
    expect(list.problem.value?.code).toBe('client/offline')
    expect(list.rows.value).toEqual(['a'])
    void list.retry()
    expect(asked[2]?.after).toBe('a')
    asked[2]?.answer({ items: ['b'] })
    await settled()
    expect(list.rows.value).toEqual(['a', 'b'])
    expect(list.problem.value).toBeUndefined()
  })

  it('is not loaded before the first answer and asks no more once its page is left', async () => {
    vi.useFakeTimers()
    const { asked, list, scope } = slowServer()
    void list.reload()
    expect(list.loaded.value).toBe(false)
    await vi.advanceTimersByTimeAsync(400)
    expect(list.slow.value).toBe(true)
    scope.stop()
    vi.useRealTimers()
    asked[0]?.answer({ items: ['late'] })
    await settled()
    expect(list.rows.value).toEqual([])
  })
})
