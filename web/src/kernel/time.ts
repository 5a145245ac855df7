// Times on screens: Asia/Shanghai, `YYYY-MM-DD HH:mm`, with the relative text beside it, never instead of it.
// Shanghai has been UTC+8 without summer time since 1991, so plain arithmetic is right and needs no time zone data
// (old WebViews have none).
import { onScopeDispose, ref, type Ref } from 'vue'
import type { Locale } from './locale'

const HOUR_MS = 3_600_000
const OFFSET_MS = 8 * HOUR_MS
const WEEKDAYS = {
  zh: ['星期日', '星期一', '星期二', '星期三', '星期四', '星期五', '星期六'],
  en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
}
const two = (n: number) => String(n).padStart(2, '0')

/** `2026-11-23 15:42`. */
export function clockText(at: number): string {
  const d = new Date(at + OFFSET_MS)
  return `${dayText(at)} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`
}

/** `2026-11-23`: the day in Shanghai, as the filters of the API want it. */
export function dayText(at: number): string {
  const d = new Date(at + OFFSET_MS)
  return `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`
}

/** `15:42`. */
export function hourText(at: number): string {
  return clockText(at).slice(11)
}

/** `星期一`. */
export function weekdayText(at: number, locale: Locale = 'zh'): string {
  return WEEKDAYS[locale][new Date(at + OFFSET_MS).getUTCDay()] ?? ''
}

/** `3 天`, `5 小时`, `20 分钟`, `不到 1 分钟`: one unit up to a day, two above. */
export function spanText(span_ms: number, locale: Locale = 'zh'): string {
  const minutes = Math.floor(Math.abs(span_ms) / 60_000)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  const rest = hours % 24
  if (minutes === 0) return locale === 'en' ? 'less than a minute' : '不到 1 分钟'
  if (locale === 'en') {
    const unit = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`
    if (days > 0) return rest > 0 && days < 10 ? `${unit(days, 'day')} ${unit(rest, 'hour')}` : unit(days, 'day')
    return hours > 0 ? unit(hours, 'hour') : unit(minutes, 'minute')
  }
  if (days > 0) return rest > 0 && days < 10 ? `${days} 天 ${rest} 小时` : `${days} 天`
  return hours > 0 ? `${hours} 小时` : `${minutes} 分钟`
}

/** Beside a due time: `剩 5 小时`, `已超 2 小时`. */
export function dueText(due_at: number, now: number, locale: Locale = 'zh'): string {
  const span = spanText(due_at - now, locale)
  if (locale === 'en') return due_at >= now ? `${span} left` : `${span} late`
  const gap = /^\d/.test(span) ? ' ' : ''
  return `${due_at >= now ? '剩' : '已超'}${gap}${span}`
}

/** Beside a past time: `5 分钟前`, `刚刚`. */
export function agoText(at: number, now: number, locale: Locale = 'zh'): string {
  if (now - at < 60_000) return locale === 'en' ? 'just now' : '刚刚'
  return locale === 'en' ? `${spanText(now - at, locale)} ago` : `${spanText(now - at)}前`
}

const now = ref(Date.now())
let watchers = 0
let timer: ReturnType<typeof setInterval> | undefined

/** The present, moving every 30 s while somebody looks at it. */
export function useNow(): Readonly<Ref<number>> {
  now.value = Date.now()
  watchers += 1
  timer ??= setInterval(() => (now.value = Date.now()), 30_000)
  onScopeDispose(() => {
    watchers -= 1
    if (watchers === 0) {
      clearInterval(timer)
      timer = undefined
    }
  })
  return now
}
