// Personal data of a report: what is there to be erased, what was erased.
import type { CaseView, Step } from '@/kernel/api'

/** What a report holds about a person, each to be erased on its own; in the order of the page. */
export const PERSONAL = ['name', 'phone', 'description', 'address', 'point', 'photos'] as const
export type PersonalField = (typeof PERSONAL)[number]

/** Photos that came with the report. Those of later steps are the staff's. */
export const reportPhotos = (view: Pick<CaseView, 'timeline'>) =>
  view.timeline.find((step) => step.kind === 'reported')?.photos ?? []

/** What of it the viewer may have erased, as the server offers it. */
export const erasable = ({ reporter }: Pick<CaseView, 'reporter'>): PersonalField[] =>
  PERSONAL.filter((field) => reporter.erasable.includes(field))

/** The steps in which personal data was erased. */
export const erasures = (view: Pick<CaseView, 'timeline'>): Step[] =>
  view.timeline.filter((step) => step.kind === 'reporter_erased')
