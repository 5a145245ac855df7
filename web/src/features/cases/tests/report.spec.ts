import { describe, expect, it } from 'vitest'
import { blankReport, bodyOf, missingIn, placeOf, type ReportDraft } from '../desk/report'

const draft = (more: Partial<ReportDraft> = {}): ReportDraft => ({ ...blankReport('hotline'), ...more })
const whole = {
  class_code: 'E0110',
  where: { by: 'area', code: '320281108001' },
  address: ' 菜场北门 ',
  words: ' 垃圾两天没收 ',
} as const

describe('a report taken down for a caller', () => {
  it('lacks kind, place and words at first, in the order of the page', () => {
    expect(missingIn(draft())).toEqual(['class_code', 'place', 'description'])
    expect(bodyOf(draft())).toBeUndefined()
  })
  it('needs the place in words where there is no pin', () => {
    for (const address of ['', '  ', '。。']) expect(missingIn(draft({ ...whole, address }))).toEqual(['address'])
    const pinned = { by: 'map', lng: 120.2, lat: 31.9 } as const
    expect(missingIn(draft({ ...whole, address: '', where: pinned }))).toEqual([])
  })
  it('may say it with a photo alone, but waits until the photo has arrived', () => {
    const photo = { state: 'sending' } as const
    expect(missingIn(draft({ ...whole, words: '', photos: [photo] }))).toEqual(['photos'])
    const sent = { state: 'sent', sent: { id: '1', token: 't' } } as const
    expect(bodyOf(draft({ ...whole, words: '', photos: [sent] }))?.photos).toEqual([{ id: '1', token: 't' }])
  })
  it('lacks photos where its source asks for them', () => {
    const sent = { state: 'sent', sent: { id: '1', token: 't' } } as const
    expect(missingIn(draft(whole), 1)).toEqual(['photos'])
    expect(bodyOf(draft({ ...whole, photos: [sent] }), 2)).toBeUndefined()
    expect(bodyOf(draft({ ...whole, photos: [sent] }), 1)?.photos).toHaveLength(1)
  })
  it('sends only what was filled in', () => {
    expect(bodyOf(draft(whole))).toEqual({
      source: 'hotline',
      class_code: 'E0110',
      place: { area_code: '320281108001' },
      address: '菜场北门',
      description: '垃圾两天没收',
      photos: [],
    })
    expect(bodyOf(draft({ ...whole, phone: ' 13800000000 ', address: '文昌路 8 号' }))).toMatchObject({
      caller: { phone: '13800000000' },
      address: '文昌路 8 号',
    })
  })
  it('names the coordinate system of a pin', () => {
    expect(placeOf({ by: 'map', lng: 120.4, lat: 31.8 })).toEqual({ lng: 120.4, lat: 31.8, crs: 'wgs84' })
  })
})
