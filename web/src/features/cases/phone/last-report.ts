// The case that was reported last on this device; the tour of the demo follows it. Kept in the demo only.
import { recall, remember } from '@/kernel/storage'

export interface ReportedCase {
  id: string
  number: string
  /** Of its receipt. */
  code: string
}
const KEY = 'tour-case'

export function noteReported(reported: ReportedCase): void {
  remember(KEY, JSON.stringify(reported))
}
export function readReported(): ReportedCase | undefined {
  try {
    const { id, number, code } = JSON.parse(recall(KEY) ?? '{}') as Partial<ReportedCase>
    return id && number && code ? { id, number, code } : undefined
  } catch {
    return undefined
  }
}
