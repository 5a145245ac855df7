import { effectScope, nextTick, reactive } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Located } from '@/kernel/api'
import { clientProblem } from '@/kernel/http'
import { locale, offerLanguages } from '@/kernel/locale'
import type { Chosen } from './place'
import { useLocate } from './use-locate'

const answer: Located = {
  point: null,
  cell: null,
  town_name: '周庄镇',
  unit: { id: '1', name: '周庄环卫所' },
  due_at: 1,
  border_m: null,
  in_hole: false,
}
const locate = vi.hoisted(() => vi.fn())
vi.mock('../public-api', () => ({ locate }))

function open(source?: string) {
  const form = reactive<{ chosen: Chosen | null; class_code: string }>({ chosen: null, class_code: '' })
  const scope = effectScope()
  const found = scope.run(() => useLocate(() => form, source))
  if (!found) throw new Error('the scope is gone')
  return { form, found, close: () => scope.stop() }
}
const AREA: Chosen = { by: 'area', area_code: '320281101', area_name: '周庄镇' }

describe('the promise before sending', () => {
  offerLanguages(true)
  beforeEach(() => void locate.mockReset().mockResolvedValue(answer))
  afterEach(() => void (locale.value = 'zh'))

  it('is asked for place and kind, and again in another language', async () => {
    const { form, found, close } = open()
    expect(locate).not.toHaveBeenCalled()
    Object.assign(form, { chosen: AREA, class_code: 'E0110' })
    await vi.waitFor(() => expect(found.located.value?.unit?.name).toBe('周庄环卫所'))
    locale.value = 'en'
    await vi.waitFor(() => expect(locate).toHaveBeenCalledTimes(2))
    close()
  })
  it('names no unit of another kind while the new one is asked for', async () => {
    const { form, found, close } = open()
    Object.assign(form, { chosen: AREA, class_code: 'E0110' })
    await vi.waitFor(() => expect(found.located.value).toBeDefined())
    locate.mockRejectedValue(clientProblem('client/offline'))
    form.class_code = 'P0137'
    await vi.waitFor(() => expect(found.offline.value).toBe(true))
    expect(found.located.value?.town_name).toBe('周庄镇')
    expect(found.located.value?.unit).toBeNull()
    close()
  })
  it('says how many photos the source needs, and still knows it while another place is asked for', async () => {
    locate.mockResolvedValueOnce({ ...answer, report_photos_least: 2, photos_most: 6 })
    const { form, found, close } = open('inspector')
    expect(found.photos.value).toBeUndefined()
    form.chosen = AREA
    await vi.waitFor(() => expect(found.photos.value).toEqual({ least: 2, most: 6 }))
    expect(locate.mock.calls[0]?.[3]).toBe('inspector')
    locate.mockRejectedValue(clientProblem('client/offline'))
    form.chosen = { by: 'map', lng: 120, lat: 31 }
    await vi.waitFor(() => expect(found.offline.value).toBe(true))
    expect(found.photos.value).toEqual({ least: 2, most: 6 })
    close()
  })
  it('is asked again when the line is back', async () => {
    locate.mockRejectedValueOnce(clientProblem('client/offline'))
    const { form, found, close } = open()
    form.chosen = AREA
    await vi.waitFor(() => expect(found.offline.value).toBe(true))
    window.dispatchEvent(new Event('online'))
    await vi.waitFor(() => expect(found.located.value).toBeDefined())
    expect(found.offline.value).toBe(false)
    close()
    await nextTick()
    window.dispatchEvent(new Event('online'))
    expect(locate).toHaveBeenCalledTimes(2)
  })
})
