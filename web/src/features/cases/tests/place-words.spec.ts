import { describe, expect, it } from 'vitest'
import { insideTown, placeWords } from '../place-words'

const place = (village_name?: string | null, cell_name: string | null = null) => ({
  town_name: '周庄镇',
  village_name,
  cell_name,
})

describe('the place of a case', () => {
  it('names the village where nobody gave a point', () => {
    expect(placeWords(place('山泉村'))).toBe('周庄镇 山泉村')
  })
  it('does not say the village twice', () => {
    expect(placeWords(place('山泉村', '山泉村第2网格'))).toBe('周庄镇 山泉村第2网格')
    expect(insideTown(place('山泉村', '东区第2网格'))).toBe('山泉村 东区第2网格')
  })
  it('is the town alone where nothing else is known', () => {
    expect(placeWords(place())).toBe('周庄镇')
    expect(placeWords(place(null, '周庄第2网格'))).toBe('周庄镇 周庄第2网格')
  })
})
