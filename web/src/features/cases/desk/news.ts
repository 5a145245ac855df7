// What has changed since a list was read, in one line over it.
import type { Arrival } from './merge'

export interface Changed {
  arrived: readonly Arrival[]
  left: number
  /** More changed than was asked for one by one. */
  many: boolean
}

/** Key and number of the line, under `casework.queue`; undefined when nothing has changed. */
export function newsOf({ arrived, left, many }: Changed): { key: string; n: number } | undefined {
  if (many) return { key: 'many', n: 0 }
  if (arrived.length > 0) {
    return { key: arrived.every((one) => one.reported) ? 'new_reports' : 'new_cases', n: arrived.length }
  }
  return left > 0 ? { key: 'moved', n: left } : undefined
}
