// Calls that need no account: the resident's way in and the receipt.
import type {
  FoundKind,
  Located,
  PublicCity,
  PublicReport,
  PublicTown,
  Place,
  Receipt,
  Reported,
  VerdictValue,
} from '@/kernel/api'
import { get, post } from '@/kernel/http'

const BASE = '/api/v1/public'

export const publicCity = () => get<PublicCity>(`${BASE}/city`)
/** Every kind, with the words by which it is found. */
export const publicKinds = () => get<FoundKind[]>(`${BASE}/kinds`)
export const publicAreas = () => get<PublicTown[]>(`${BASE}/areas`)
/**
 * Which cell, which unit, until when, how many photos: asked before anything is sent. `source`: where it is not a
 * resident who reports.
 */
export const locate = (place: Place, class_code: string | undefined, signal: AbortSignal, source?: string) =>
  post<Located>(
    `${BASE}/locate`,
    { place, ...(class_code ? { class_code } : {}), ...(source ? { source } : {}) },
    { signal, timeout_ms: 8_000 },
  )
/** Sends a report; the same `key` never makes a second case. */
export const sendReport = (report: PublicReport, key: string) =>
  post<Reported>(`${BASE}/reports`, report, { idempotencyKey: key })
export const receipt = (code: string, signal?: AbortSignal) =>
  get<Receipt>(`${BASE}/receipts/${encodeURIComponent(code)}`, undefined, signal ? { signal } : {})
export interface VerdictBody {
  verdict: VerdictValue
  note?: string
}
/** The resident's verdict; the same `key` with the same words is given once. */
export const sendVerdict = (code: string, body: VerdictBody, key: string) =>
  post<Receipt>(`${BASE}/receipts/${encodeURIComponent(code)}/verdict`, body, { idempotencyKey: key })
