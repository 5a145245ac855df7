import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CaseView, Me, Step } from '@/kernel/api'
import { clientProblem, ProblemError } from '@/kernel/http'
import { me } from '@/kernel/session'
import { memoryStore } from '../phone/queue-store'
import { FieldBox, type FieldCalls, type FieldItem } from './box'

const person = (user_id: string) => ({ user_id, name: '钱大勇', grants: [], rights: [] }) as unknown as Me
const step = (version: number, kind: string, more: Partial<Step> = {}) =>
  ({ version, kind, actor: '系统', note: null, photos: [], ...more }) as Step
const view = (version: number, timeline: Step[], can: CaseView['can'] = ['handle']) =>
  ({ id: '7', number: 'JY7', version, timeline, can, state_name: '待核查' }) as unknown as CaseView
const refused = (status: number, code: string) => new ProblemError({ status, code, title: code })

const item = (more: Partial<FieldItem> = {}): FieldItem => ({
  id: '1 7 handle',
  user_id: '1',
  key: 'k1',
  at: 1,
  doing: 'handle',
  class_name: '暴露垃圾',
  place_text: '周庄镇',
  note: '已清理',
  on: { id: '7', number: 'JY7', version: 4 },
  photos: [{ id: 'p1', type: 'image/jpeg', bytes: new ArrayBuffer(2) }],
  state: 'waiting',
  tries: 0,
  ...more,
})
function open() {
  const calls = {
    upload: vi.fn((_blob: Blob, key?: string) =>
      Promise.resolve({ id: `f-${key}`, token: 't', state: 'received' as const }),
    ),
    report: vi.fn(() => Promise.resolve(view(1, []))),
    act: vi.fn(() => Promise.resolve(view(5, []))),
    show: vi.fn(() => Promise.resolve(view(5, []))),
    who: vi.fn(() => Promise.resolve(me.value ?? null)),
  }
  return { calls, box: new FieldBox(Promise.resolve(memoryStore<FieldItem>()), calls as unknown as FieldCalls) }
}

describe('what is written in the field', () => {
  beforeEach(() => void (me.value = person('1')))
  afterEach(() => void (me.value = undefined))

  it('goes out with its photos, on the version that was seen', async () => {
    const { box, calls } = open()
    expect(await box.put(item())).toHaveProperty('sent')
    expect(calls.act).toHaveBeenCalledWith(
      '7',
      4,
      'handle',
      { note: '已清理', photos: [{ id: 'f-p1', token: 't' }] },
      'k1',
    )
    expect(box.drafts.value).toEqual([])
    expect(box.last_sent.value?.id).toBe('1 7 handle')
  })

  it('waits for the line, and goes out by itself', async () => {
    const { box, calls } = open()
    calls.act.mockRejectedValueOnce(clientProblem('client/offline'))
    const outcome = await box.put(item())
    expect('kept' in outcome && outcome.kept.state).toBe('waiting')
    expect(box.unsent.value).toBe(1)
    await box.flush()
    expect(box.unsent.value).toBe(0)
    expect(calls.upload).toHaveBeenCalledTimes(1)
    expect(calls.act.mock.calls.map((call: unknown[]) => call[4])).toEqual(['k1', 'k1'])
  })

  it('keeps words and photos and says why when somebody else was faster', async () => {
    const { box, calls } = open()
    calls.act.mockRejectedValue(refused(409, 'platform/stale'))
    calls.show.mockResolvedValue(view(5, [step(5, 'handled', { actor: '别人' })], []))
    const outcome = await box.put(item())
    expect('kept' in outcome && outcome.kept).toMatchObject({
      state: 'stuck',
      note: '已清理',
      problem: { code: 'platform/stale' },
    })
    expect(calls.act).toHaveBeenCalledTimes(1)
    await box.flush()
    expect(calls.act).toHaveBeenCalledTimes(1)
    expect(box.find('1 7 handle')?.photos).toHaveLength(1)
  })

  it('goes out all the same when only a clock ran out meanwhile', async () => {
    const { box, calls } = open()
    calls.act.mockRejectedValueOnce(refused(409, 'platform/stale'))
    calls.show.mockResolvedValue(view(5, [step(4, 'dispatched'), step(5, 'overran')]))
    expect(await box.put(item())).toHaveProperty('sent')
    expect(calls.act.mock.calls.map((call: unknown[]) => call[1])).toEqual([4, 5])
    expect(calls.act.mock.calls.map((call: unknown[]) => call[4])).toEqual(['k1', 'k1'])
  })

  it('is done when it had arrived and only the answer was lost', async () => {
    const { box, calls } = open()
    calls.act.mockRejectedValue(refused(409, 'platform/stale'))
    const own = { actor: '钱大勇', note: '已清理', photos: [{}] as Step['photos'] }
    calls.show.mockResolvedValue(view(5, [step(5, 'handled', own)], []))
    expect(await box.put(item())).toHaveProperty('sent')
    expect(calls.act).toHaveBeenCalledTimes(1)
  })

  it('is neither shown nor sent for another person on the same phone', async () => {
    const { box, calls } = open()
    calls.act.mockRejectedValueOnce(clientProblem('client/offline'))
    await box.put(item())
    me.value = person('2')
    expect(box.mine.value).toEqual([])
    await box.flush()
    expect(calls.act).toHaveBeenCalledTimes(1)
    me.value = person('1')
    await box.flush()
    expect(calls.act).toHaveBeenCalledTimes(2)
  })

  it('does not go out under the name of whoever has signed in on another page meanwhile', async () => {
    const { box, calls } = open()
    calls.who.mockResolvedValueOnce(person('2'))
    const outcome = await box.put(item())
    expect('kept' in outcome && outcome.kept).toMatchObject({
      state: 'waiting',
      problem: { code: 'client/other-person' },
    })
    expect(calls.upload).not.toHaveBeenCalled()
    expect(calls.act).not.toHaveBeenCalled()
    await box.flush()
    expect(calls.act).toHaveBeenCalledTimes(1)
  })

  it('does not go out while it is being written', async () => {
    const { box, calls } = open()
    await box.keep(item({ state: 'open' }))
    await box.flush()
    expect(calls.act).not.toHaveBeenCalled()
    expect([box.mine.value.length, box.unsent.value]).toEqual([1, 0])
  })

  it('reports under one key, as an inspector', async () => {
    const { box, calls } = open()
    const report = {
      class_code: 'E0110',
      chosen: { by: 'gps' as const, lng: 120, lat: 31, accuracy_m: 5 },
      address: ' ',
    }
    calls.report.mockRejectedValueOnce(clientProblem('client/timeout'))
    await box.put(item({ id: 'r1', doing: 'report', report }))
    await box.flush()
    const [body, key] = (calls.report.mock.calls as unknown as [object, string][])[1] ?? []
    expect(key).toBe('k1')
    expect(body).toMatchObject({
      source: 'inspector',
      class_code: 'E0110',
      place: { lng: 120, crs: 'wgs84', accuracy_m: 5 },
      device_at: 1, // it has waited
    })
    expect(body).not.toHaveProperty('address')
    const [at_once] = (calls.report.mock.calls as unknown as [object][])[0] ?? []
    expect(at_once).not.toHaveProperty('device_at')
  })
})
