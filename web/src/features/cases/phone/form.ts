// What the resident has typed so far. One per page, so that looking at another tab loses nothing; words and kind
// are also kept on the device, because opening the camera may end the page in some WebViews.
import { reactive, watch } from 'vue'
import { recall, remember, forget } from '@/kernel/storage'
import type { Chosen } from './place'
import { dropPhoto, type PickedPhoto } from './photos'
import type { Draft } from './queue-store'

export interface ReportForm {
  photos: PickedPhoto[]
  chosen: Chosen | null
  class_code: string
  words: string
  address: string
  phone: string
}
const blank = (): ReportForm => ({ photos: [], chosen: null, class_code: '', words: '', address: '', phone: '' })
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

export const form: ReportForm = reactive({ ...blank(), ...recalled() })

watch(
  () => [form.class_code, form.words, form.address],
  ([class_code, words, address]) => remember(KEY, JSON.stringify({ class_code, words, address })),
)

/** Empties the form after it has gone into the queue. */
export function clearForm(): void {
  form.photos.forEach(dropPhoto)
  Object.assign(form, blank())
  forget(KEY)
}

/** Puts a refused draft back into the form, so that it can be mended. */
export function reopen(draft: Draft): void {
  clearForm()
  const { place } = draft.report
  Object.assign(form, {
    photos: draft.photos.map((photo) => {
      const blob = new Blob([photo.bytes], { type: photo.type })
      return { id: photo.id, blob, url: URL.createObjectURL(blob), hint: null }
    }),
    chosen:
      'area_code' in place
        ? { by: 'area', area_code: place.area_code, area_name: draft.place_text }
        : { by: 'map', lng: place.lng, lat: place.lat },
    class_code: draft.report.class_code,
    words: draft.report.description,
    address: draft.report.address ?? '',
    phone: draft.report.reporter?.phone ?? '',
  })
}
