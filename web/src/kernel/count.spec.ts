import { expect, it } from 'vitest'
import { countText, totalOf } from './count'

it('sets thousands apart and says where counting stopped', () => {
  expect(countText({ n: 0 })).toBe('0')
  expect(countText({ n: 9876 })).toBe('9,876')
  expect(countText(totalOf({ total: 10_321, more: true }))).toBe('10,321+')
  expect(countText(totalOf({ total: 10_321, more: false }))).toBe('10,321')
})
