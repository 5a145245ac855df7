import 'fake-indexeddb/auto'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { PublicReport, Reported } from '@/kernel/api'
import { ProblemError } from '@/kernel/http'
import { pauseAfter, PAUSES_MS } from './outbox'
import { Queue, type Calls } from './queue'
import { memoryStore, openStore, type DraftStore } from './queue-store'

const answer: Reported = {
  number: 'JY1',
  receipt_code: 'AB12',
  cell_name: '花山第6网格',
  unit: { name: '云亭执法局' },
  due_at: null,
  limit_text: null,
  state: 'pending_file',
  state_name: '待受理',
}
const problem = (status: number, code: string) => new ProblemError({ status, code, title: code })
const photo = (id: string) => ({ id, type: 'image/jpeg', bytes: new Uint8Array([1, 2, 3]).buffer })
const draft = (photos = ['p1', 'p2']) => ({
  class_name: '占道经营',
  place_text: '云亭街道',
  photos: photos.map(photo),
  report: { class_code: '0406', place: { area_code: '320281005001' }, description: '门口' },
})

/** A server that answers, unless told to break. Remembers every key and every time of a device that it saw. */
function server() {
  const seen = { uploads: [] as string[], reports: [] as string[], times: [] as (number | undefined)[] }
  const broken: { upload: Error | null; report: Error | null } = { upload: null, report: null }
  const calls: Calls = {
    upload: vi.fn((_blob: Blob, key?: string) => {
      seen.uploads.push(key ?? '')
      if (broken.upload && seen.uploads.length > 1) return Promise.reject(broken.upload)
      return Promise.resolve({ id: `f-${key}`, token: `t-${key}`, state: 'received' as const })
    }),
    report: vi.fn((report: PublicReport, key: string) => {
      seen.reports.push(key)
      seen.times.push(report.device_at)
      return broken.report ? Promise.reject(broken.report) : Promise.resolve(answer)
    }),
  }
  return { seen, broken, calls }
}

const stores: [string, () => Promise<DraftStore>][] = [
  ['IndexedDB', () => openStore('drafts')],
  ['memory', () => Promise.resolve(memoryStore())],
]
function sending(store: () => DraftStore): void {
  it('sends photos first, then the report with their keys, and keeps nothing', async () => {
    const { seen, calls } = server()
    const sent: string[] = []
    const queue = new Queue(Promise.resolve(store()), (_draft, done) => sent.push(done.receipt_code ?? ''), calls)
    const outcome = await queue.add(draft())
    expect('sent' in outcome && outcome.sent.receipt_code).toBe('AB12')
    expect(seen.uploads).toEqual(['p1', 'p2'])
    expect(calls.report).toHaveBeenCalledWith(
      expect.objectContaining({
        photos: [
          { id: 'f-p1', token: 't-p1' },
          { id: 'f-p2', token: 't-p2' },
        ],
      }),
      seen.reports[0],
    )
    expect(sent).toEqual(['AB12'])
    expect(queue.waiting.value).toBe(0)
    expect(await store().all()).toEqual([])
  })

  it('goes on at the next photo after a broken line, with the same keys', async () => {
    const { seen, broken, calls } = server()
    broken.upload = problem(0, 'client/offline')
    const queue = new Queue(Promise.resolve(store()), undefined, calls)
    const first = await queue.add(draft())
    expect('kept' in first && first.kept.state).toBe('waiting')
    expect(queue.waiting.value).toBe(1)
    broken.upload = null
    await queue.flush()
    expect(seen.uploads).toEqual(['p1', 'p2', 'p2'])
    expect(seen.reports).toHaveLength(1)
    expect(queue.waiting.value).toBe(0)
  })

  it('uses one key for every try of a report', async () => {
    const { seen, broken, calls } = server()
    broken.report = problem(503, 'platform/busy')
    const queue = new Queue(Promise.resolve(store()), undefined, calls)
    await queue.add(draft([]))
    await queue.flush()
    broken.report = null
    await queue.flush()
    expect(seen.reports).toHaveLength(3)
    expect(new Set(seen.reports).size).toBe(1)
  })
}

function keeping(store: () => DraftStore): void {
  it('does not repeat what was refused, and keeps it with the reason', async () => {
    const { seen, broken, calls } = server()
    broken.report = problem(422, 'cases/outside-city')
    const queue = new Queue(Promise.resolve(store()), undefined, calls)
    const outcome = await queue.add(draft([]))
    expect('kept' in outcome && outcome.kept.state).toBe('stuck')
    await queue.flush()
    expect(seen.reports).toHaveLength(1)
    expect(queue.drafts.value[0]?.problem?.code).toBe('cases/outside-city')
  })

  it('tries again by itself after a pause', async () => {
    const { seen, broken, calls } = server()
    broken.report = problem(0, 'client/offline')
    const queue = new Queue(Promise.resolve(store()), undefined, calls)
    await queue.add(draft([]))
    broken.report = null
    await vi.advanceTimersByTimeAsync(PAUSES_MS[0] ?? 0)
    await vi.waitFor(() => expect(queue.waiting.value).toBe(0))
    expect(seen.reports).toHaveLength(2)
  })

  it('uploads photos anew that the server has thrown away meanwhile', async () => {
    const { seen, broken, calls } = server()
    broken.report = problem(0, 'client/offline')
    const queue = new Queue(Promise.resolve(store()), undefined, calls)
    await queue.add(draft(['p1']))
    broken.report = problem(422, 'cases/photo-unknown')
    vi.mocked(calls.report).mockImplementationOnce((_report, key) => {
      seen.reports.push(key)
      broken.report = null
      return Promise.reject(problem(422, 'cases/photo-unknown'))
    })
    await queue.flush()
    expect(queue.waiting.value).toBe(0)
    expect(seen.uploads).toHaveLength(2)
    expect(seen.uploads[1]).not.toBe('p1')
    expect(new Set(seen.reports).size).toBe(1)
  })

  it('takes a deleted draft back', async () => {
    const { broken, calls } = server()
    broken.report = problem(0, 'client/offline')
    const queue = new Queue(Promise.resolve(store()), undefined, calls)
    await queue.add(draft([]))
    const [kept] = queue.drafts.value
    if (!kept) throw new Error('nothing was kept')
    await queue.drop(kept.id)
    expect(queue.waiting.value).toBe(0)
    await queue.keep(kept)
    expect((await store().all()).map((one) => one.id)).toEqual([kept.id])
  })
}

/** Refuses every report that names a time of the device, as for a clock that is years off. */
const disbelieve = (calls: Calls, seen: { times: (number | undefined)[] }, code = 'cases/device-time') =>
  vi.mocked(calls.report).mockImplementation((report) => {
    seen.times.push(report.device_at)
    if (report.device_at === undefined) return Promise.resolve(answer)
    const fields = code === 'cases/device-time' ? [{ pointer: '/device_at', code, title: code }] : []
    return Promise.reject(new ProblemError({ status: 422, code, title: code, fields }))
  })

function timing(store: () => DraftStore): void {
  it('names no time of the device for a report that goes out at once', async () => {
    const { seen, calls } = server()
    const queue = new Queue(Promise.resolve(store()), undefined, calls)
    await queue.add(draft([]))
    expect(seen.times).toEqual([undefined])
  })

  it('names the time of writing for a report that waited', async () => {
    const { seen, broken, calls } = server()
    broken.report = problem(0, 'client/offline')
    const queue = new Queue(Promise.resolve(store()), undefined, calls)
    await queue.add(draft([]))
    const [kept] = queue.drafts.value
    broken.report = null
    await queue.flush()
    expect(kept?.at).toBeGreaterThan(0)
    expect(seen.times).toEqual([undefined, kept?.at])
  })

  it.each(['cases/device-time', 'platform/idempotency-reused'])('leaves the time out after %s', async (code) => {
    const { seen, broken, calls } = server()
    broken.report = problem(0, 'client/timeout') // it may have arrived all the same
    const queue = new Queue(Promise.resolve(store()), undefined, calls)
    await queue.add(draft([]))
    disbelieve(calls, seen, code)
    await queue.flush()
    expect(seen.times.map((time) => time === undefined)).toEqual([true, false, true])
    expect(queue.waiting.value).toBe(0)
    const keys = vi.mocked(calls.report).mock.calls.map(([, key]) => key)
    expect(new Set(keys).size).toBe(1)
  })
}

describe.each(stores)('queue in %s', (name, open) => {
  let store: DraftStore
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true })
    store = await open()
    for (const one of await store.all()) await store.drop(one.id)
  })

  it('says whether drafts outlive the page', () => {
    expect(store.durable).toBe(name === 'IndexedDB')
  })

  sending(() => store)
  keeping(() => store)
  timing(() => store)
})

it('pauses longer after each try, and no longer than the last pause', () => {
  expect([1, 2, 3, 4, 9].map(pauseAfter)).toEqual([5_000, 15_000, 60_000, 300_000, 300_000])
})
