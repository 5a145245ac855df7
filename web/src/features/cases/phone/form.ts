// What the resident has typed so far. One per page, so that looking at another tab loses nothing; words and kind
// are also kept on the device, because opening the camera may end the page in some WebViews.
import { reactive, shallowReactive, watch } from 'vue'
import { recall, remember, forget } from '@/kernel/storage'
import { hold } from '@/kernel/unsaved'
import type { Chosen } from './place'
import { dropPhoto, unpackPhoto, type PickedPhoto } from './photos'
import type { Draft } from './queue-store'

export interface ReportForm {
  photos: PickedPhoto[]
  chosen: Chosen | null
  class_code: string
  words: string
  address: string
  phone: string
}
export const blankForm = (): ReportForm => ({
  photos: [],
  chosen: null,
  class_code: '',
  words: '',
  address: '',
  phone: '',
})
const KEY = 'report-form'

function recalled(): Partial<ReportForm> {
  try {
    const kept = JSON.parse(recall(KEY) ?? '{}') as Partial<ReportForm>
    return {
      class_code: String(kept.class_code ?? ''),
      words: String(kept.words ?? ''),
      address: String(kept.address ?? ''),
    }
  } catch {
    return {}
  }
}

export const form: ReportForm = reactive({ ...blankForm(), ...recalled() })

watch(
  () => [form.class_code, form.words, form.address],
  ([class_code, words, address]) => {
    if (class_code || words || address) remember(KEY, JSON.stringify({ class_code, words, address }))
    else forget(KEY)
  },
)

/** Reports that were half filled in when a kept one was opened in their place; the last one comes back first. */
const aside = shallowReactive<ReportForm[]>([])

watch(
  () => [form, ...aside].reduce((sum, one) => sum + one.photos.length, 0),
  (photos) => hold(KEY, photos > 0),
)

/** Has anybody begun? A place that the device found by itself is no work of the person's. */
export function begun(): boolean {
  const placed = form.chosen !== null && form.chosen.by !== 'gps'
  return form.photos.length > 0 || placed || [form.class_code, form.words, form.address, form.phone].some(Boolean)
}

/** Empties the form after its report has gone into the queue. True: what had been set aside is in it again. */
export function clearForm(): boolean {
  form.photos.forEach(dropPhoto)
  const back = aside.pop()
  Object.assign(form, back ?? blankForm())
  return back !== undefined
}

/** Is a half-filled report set aside? */
export const isAside = () => aside.length > 0

/** Puts a kept report into the form, to be mended. A half-filled one is set aside; true then. */
export function reopen(draft: Draft): boolean {
  const set_aside = begun()
  if (set_aside) aside.push({ ...form })
  const { place } = draft.report
  Object.assign(form, {
    photos: draft.photos.map(unpackPhoto),
    chosen:
      'area_code' in place
        ? { by: 'area', area_code: place.area_code, area_name: draft.place_text }
        : { by: 'map', lng: place.lng, lat: place.lat },
    class_code: draft.report.class_code,
    words: draft.report.description,
    address: draft.report.address ?? '',
    phone: draft.report.reporter?.phone ?? '',
  })
  return set_aside
}
