// A report that staff take down for somebody (代报): what is typed, what is still missing, what is sent.
import type { Place, StaffReport } from '@/kernel/api'
import { pending, sentKeys } from './photos'

/** Where it is: a pin on the map, or the code of a town, village or cell. The last one chosen counts. */
export type Where = { by: 'map'; lng: number; lat: number } | { by: 'area'; code: string }

export interface ReportDraft<Photo = Parameters<typeof sentKeys>[0][number]> {
  source: string
  class_code: string
  where: Where | null
  address: string
  words: string
  name: string
  phone: string
  photos: Photo[]
}
export const blankReport = (source: string): ReportDraft<never> => ({
  source,
  class_code: '',
  where: null,
  address: '',
  words: '',
  name: '',
  phone: '',
  photos: [],
})

/** What must be there before anything is sent; each is the name of a field of the body. */
export type Missing = 'class_code' | 'place' | 'address' | 'description' | 'photos'

/**
 * Fields that still lack something, in the order of the page. A report says something in words or in a picture; its
 * source may ask for photos (`photos_least`).
 */
export function missingIn(draft: ReportDraft, photos_least = 0): Missing[] {
  return [
    ...(draft.class_code === '' ? (['class_code'] as const) : []),
    ...(draft.where === null ? (['place'] as const) : []),
    // the code of a village is no way to find a heap of rubbish in it
    ...(draft.where?.by === 'area' && !/[\p{L}\p{N}]/u.test(draft.address) ? (['address'] as const) : []),
    ...(draft.words.trim() === '' && draft.photos.length === 0 ? (['description'] as const) : []),
    ...(pending(draft.photos) || draft.photos.length < photos_least ? (['photos'] as const) : []),
  ]
}

export const placeOf = (where: Where): Place =>
  where.by === 'area' ? { area_code: where.code } : { lng: where.lng, lat: where.lat, crs: 'wgs84' }

/** The body of the request; undefined while something is missing. */
export function bodyOf(draft: ReportDraft, photos_least = 0): StaffReport | undefined {
  if (!draft.where || missingIn(draft, photos_least).length > 0) return undefined
  const [name, phone, address] = [draft.name.trim(), draft.phone.trim(), draft.address.trim()]
  return {
    source: draft.source,
    class_code: draft.class_code,
    place: placeOf(draft.where),
    ...(address ? { address } : {}),
    description: draft.words.trim(),
    photos: sentKeys(draft.photos),
    ...(name || phone ? { caller: { ...(name ? { name } : {}), ...(phone ? { phone } : {}) } } : {}),
  }
}
