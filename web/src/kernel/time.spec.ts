import { describe, expect, it } from 'vitest'
import { agoText, clockText, dayText, dueText, spanText, weekdayText } from './time'

const HOUR = 3_600_000
// 2026-11-23 15:42 in Shanghai is 07:42 UTC.
const at = Date.UTC(2026, 10, 23, 7, 42)

describe('times in Shanghai', () => {
  it('shows date and minute, whatever the zone of the device', () => {
    expect(clockText(at)).toBe('2026-11-23 15:42')
    expect(weekdayText(at)).toBe('星期一')
  })
  it('changes the day at 16:00 UTC', () => {
    expect(dayText(Date.UTC(2026, 10, 23, 15, 59))).toBe('2026-11-23')
    expect(dayText(Date.UTC(2026, 10, 23, 16, 0))).toBe('2026-11-24')
  })
  it('names a span by its largest unit, and by two above a day', () => {
    expect(spanText(59_999)).toBe('不到 1 分钟')
    expect(spanText(0, 'en')).toBe('less than a minute')
    expect(spanText(20 * 60_000)).toBe('20 分钟')
    expect(spanText(5 * HOUR)).toBe('5 小时')
    expect(spanText(26 * HOUR)).toBe('1 天 2 小时')
    expect(spanText(48 * HOUR, 'en')).toBe('2 days')
    expect(spanText(HOUR, 'en')).toBe('1 hour')
  })
  it('says what is left before, and how late after the due time', () => {
    expect(dueText(at + 5 * HOUR, at)).toBe('剩 5 小时')
    expect(dueText(at - 2 * HOUR, at)).toBe('已超 2 小时')
    expect([dueText(at + 1, at), dueText(at - 1, at)]).toEqual(['剩不到 1 分钟', '已超不到 1 分钟'])
    expect(dueText(at - 2 * HOUR, at, 'en')).toBe('2 hours late')
  })
  it('says how long ago', () => {
    expect(agoText(at - 30_000, at)).toBe('刚刚')
    expect(agoText(at - 5 * 60_000, at)).toBe('5 分钟前')
  })
})
