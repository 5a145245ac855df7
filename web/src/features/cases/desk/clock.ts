// The clock of a row in words: "剩 5 小时 · 07-17 15:42", "已超 3 小时 · 07-17 09:00", "07-17 15:42 办结".
import type { CaseCounts, CaseRow } from '@/kernel/api'
import { clockText, dayText, dueText } from '@/kernel/time'

export interface ClockWords {
  /** Beside the time: what is left, or how late. Empty when no clock runs. */
  beside: string
  /** The time itself, without the year when it is this year's. */
  at: string
  late: boolean
}

/** `07-17 15:42`, or `2025-12-31 15:42` in another year than `now`. */
export function shortClock(at: number, now: number): string {
  const text = clockText(at)
  return text.slice(0, 4) === dayText(now).slice(0, 4) ? text.slice(5) : text
}

/** The running clock of a case, or the time when it was closed. `late` follows the server's word while it says so. */
export function clockWords(row: Pick<CaseRow, 'clock' | 'closed_at'>, now: number): ClockWords {
  const { due_at, overdue } = row.clock
  if (due_at !== null && row.clock.kind !== 'none') {
    return { beside: dueText(due_at, now), at: shortClock(due_at, now), late: overdue || due_at < now }
  }
  return { beside: '', at: row.closed_at === null ? '' : shortClock(row.closed_at, now), late: false }
}

/** Which of the inbox's parts a case belongs to. `today` is `YYYY-MM-DD` in Shanghai. */
export type Urgency = 'late' | 'today' | 'later'
export function urgency(due_at: number | null, now: number): Urgency {
  if (due_at === null) return 'later'
  if (due_at < now) return 'late'
  return dayText(due_at) === dayText(now) ? 'today' : 'later'
}

/**
 * How many cases each part of the inbox has, of the server's counts of the whole list and of those due today. What
 * was due earlier today is late already.
 */
export function partCounts(
  all: Pick<CaseCounts, 'total' | 'overdue'>,
  due_today: Pick<CaseCounts, 'total' | 'overdue'>,
): Record<Urgency, number> {
  const today = due_today.total - due_today.overdue
  return { late: all.overdue, today, later: Math.max(0, all.total - all.overdue - today) }
}

/** The words of a report beside its class; none when nothing was written (the server then repeats the class). */
export const wordsOf = (row: Pick<CaseRow, 'class_name' | 'summary'>): string =>
  row.summary === row.class_name ? '' : row.summary

/** The words of a row of the responsibility list without its number, where the number stands beside them. */
export const rowWords = (text: string): string => text.replace(/^第\s*\d+\s*行[：:]\s*/, '')
