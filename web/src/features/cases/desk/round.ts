// Which state of a case a choice was made on. What somebody has chosen holds for what was seen then: when the case has
// been worked on since, the choice is open again, and only the words and photos stay.
import type { CaseView } from '@/kernel/api'

/** Entries that change nothing about what was seen: a clock ran out, somebody looked at the reporter. */
export const QUIET: ReadonlySet<string> = new Set(['overran', 'recounted', 'reporter_shown', 'reporter_erased'])

/** The last step that brought the case on, as its version. */
export function roundOf(view: Pick<CaseView, 'timeline'>): number {
  return view.timeline.reduce((last, step) => (QUIET.has(step.kind) ? last : Math.max(last, step.version)), 0)
}
