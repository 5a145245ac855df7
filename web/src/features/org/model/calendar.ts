// Pure rules of the calendar page. Dates are `YYYY-MM-DD` texts; weeks begin on Monday.
import type { CalendarYear } from '@/kernel/api'

/** What a date is in the end: the table's word, else its weekday's. */
export type DayIs = 'work' | 'weekend' | 'holiday' | 'workday'
export interface Day {
  date: string
  /** Day of the month. */
  n: number
  is: DayIs
  /** Why it differs from its weekday; empty where it does not. */
  name: string
}

const DAY_MS = 86_400_000
const two = (n: number) => String(n).padStart(2, '0')
const textOf = (utc: number) => new Date(utc).toISOString().slice(0, 10)

/** 0 Monday … 6 Sunday. */
export function weekdayOf(date: string): number {
  return (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7
}

/** What a date is by its weekday alone. */
export const byWeekday = (date: string): 'work' | 'weekend' => (weekdayOf(date) >= 5 ? 'weekend' : 'work')

/** Date `days` later (or earlier, negative). */
export function addDays(date: string, days: number): string {
  return textOf(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS)
}

/** A day in words: `2026-10-01 星期四 放假 国庆节`. The words come from the texts of the screen. */
export function dayWords(day: Day, t: (key: string) => string): string {
  const weekday = t('org.calendar.weekdays').split(',')[weekdayOf(day.date)] ?? ''
  return [day.date, `星期${weekday}`, t(`org.calendar.kind.${day.is}`), day.name].filter(Boolean).join(' ')
}

export interface Month {
  /** 1–12. */
  month: number
  /** Empty places before the first. */
  lead: number
  days: Day[]
}

/** Twelve months with what every day is. */
export function monthsOf(year: CalendarYear): Month[] {
  const special = new Map(year.days.map((day) => [day.date, day]))
  return Array.from({ length: 12 }, (_, n) => {
    const month = n + 1
    const count = new Date(Date.UTC(year.year, month, 0)).getUTCDate()
    const days = Array.from({ length: count }, (_, d): Day => {
      const date = `${year.year}-${two(month)}-${two(d + 1)}`
      const found = special.get(date)
      return { date, n: d + 1, is: found?.kind ?? byWeekday(date), name: found?.name ?? '' }
    })
    return { month, lead: weekdayOf(`${year.year}-${two(month)}-01`), days }
  })
}

/** How many days are worked, off by the table, and worked by the table. */
export function sumDays(months: Month[]): { work: number; holiday: number; workday: number } {
  const days = months.flatMap((month) => month.days)
  const count = (is: DayIs) => days.filter((day) => day.is === is).length
  return { work: count('work') + count('workday'), holiday: count('holiday'), workday: count('workday') }
}

export interface Span {
  name: string
  from: string
  to: string
  days: number
  kind: 'holiday' | 'workday'
}

/** The table as people read it: neighbouring days of one kind and name are one entry, in order of time. */
export function spansOf(year: CalendarYear): Span[] {
  const spans: Span[] = []
  for (const day of [...year.days].sort((a, b) => a.date.localeCompare(b.date))) {
    const last = spans[spans.length - 1]
    if (last?.kind === day.kind && last.name === day.name && addDays(last.to, 1) === day.date) {
      last.to = day.date
      last.days += 1
    } else spans.push({ name: day.name, from: day.date, to: day.date, days: 1, kind: day.kind })
  }
  return spans
}

/** From November on the next year's table should be there (the State Council's notice comes then). */
export function asksForNextYear(today: string): boolean {
  return Number(today.slice(5, 7)) >= 11
}

/** Year in the address, within what the server knows; else this year. */
export function readYear(value: unknown, today: string): number {
  const year = typeof value === 'string' && /^\d{4}$/.test(value) ? Number(value) : NaN
  return year >= 2000 && year <= 2100 ? year : Number(today.slice(0, 4))
}
