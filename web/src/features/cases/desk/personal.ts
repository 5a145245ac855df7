// Personal data of a report: who may see whose, what is there to be erased, what was erased.
import type { CaseView, Step } from '@/kernel/api'
import { me } from '@/kernel/session'

/** What a report holds about a person, each to be erased on its own; in the order of the page. */
export const PERSONAL = ['name', 'phone', 'description', 'address', 'point', 'photos'] as const
export type PersonalField = (typeof PERSONAL)[number]

/** Is the viewer of the unit that fixes? It never learns who reported; the server sends it nothing of the reporter. */
export function isFixer({ unit }: Pick<CaseView, 'unit'>): boolean {
  if (!unit) return false
  return me.value?.unit?.id === unit.id || me.value?.grants.some((grant) => grant.unit_id === unit.id) === true
}

/** Photos that came with the report. Those of later steps are the staff's. */
export const reportPhotos = (view: Pick<CaseView, 'timeline'>) =>
  view.timeline.find((step) => step.kind === 'reported')?.photos ?? []

type Held = Pick<CaseView, 'unit' | 'reporter' | 'description' | 'address' | 'point' | 'timeline'>
/** What of it the case still holds. Of a reporter who is hidden from the viewer, name and phone may be there. */
export function heldFields(view: Held): PersonalField[] {
  const { name_masked, phone_masked } = view.reporter
  const hidden = isFixer(view)
  const there: Record<PersonalField, boolean> = {
    name: hidden || Boolean(name_masked),
    phone: hidden || Boolean(phone_masked),
    description: view.description !== '',
    address: Boolean(view.address),
    point: Boolean(view.point),
    photos: reportPhotos(view).length > 0,
  }
  return PERSONAL.filter((field) => there[field])
}

/** The steps in which personal data was erased. */
export const erasures = (view: Pick<CaseView, 'timeline'>): Step[] =>
  view.timeline.filter((step) => step.kind === 'reporter_erased')
