import { describe, expect, it } from 'vitest'
import { finds, fold, foldCode } from './fold'

describe('folding', () => {
  it.each([
    ['HWS', 'hws'],
    ['ＨＷＳ', 'hws'],
    [' h w s ', 'HWS'],
    ['JY-HWS', 'jy—hws'],
    ['JY－HWS', 'JYHWS'],
    ['JY–HWS', 'jy−hws'],
    ['JYーHWS', 'jy─hws'],
    ['zhang\u200Bsan', 'ZhangSan'],
    ['\u202Dzhang\u202C', 'zhang'],
    ['虹桥\u3000路 5 号', '虹桥路５号'],
    ['Ⅲ期', 'iii期'],
    ['①号门', '1号门'],
    ['㎡', 'm2'],
    ['ﬁre', 'FIRE'],
    ['Straße', 'STRASSE'],
    ['é', 'e\u0301'],
    ['戶\uFE00', '戶'],
  ])('%s and %s are the same', (one, other) => expect(fold(one)).toBe(fold(other)))
  it.each([
    ['zhang3', 'zhang_3'],
    ['O', '0'],
    ['一', '-'],
  ])('%s and %s are not', (one, other) => expect(fold(one)).not.toBe(fold(other)))
  it('finds however it is typed', () => {
    for (const typed of ['', ' ', '-', 'hws', 'ＨＷＳ', 'h-w-s', '环卫', '环 卫'])
      expect(finds(typed, 'JY-HWS', '江阴市环卫所')).toBe(true)
    expect(finds('城管', 'JY-HWS', '江阴市环卫所')).toBe(false)
  })
  it('makes a code of letters and digits', () => {
    expect(foldCode(' jy２０２６０３０２—0017。')).toBe('JY202603020017')
    expect(foldCode('e0113')).toBe('E0113')
  })
})
