// What is written into a form of the field is kept on the device while it is written: the way back, a sign-in, a
// reload and a dead battery all find it again.
import { computed, onMounted, onScopeDispose, ref, toRaw, watch } from 'vue'
import type { CaseView } from '@/kernel/api'
import { me } from '@/kernel/session'
import { hold } from '@/kernel/unsaved'
import { uuid } from '@/kernel/uuid'
import type { Outcome } from '../phone/outbox'
import { packPhoto, unpackPhoto, type PickedPhoto } from '../phone/photos'
import type { DraftPhoto } from '../phone/queue-store'
import { useBox, type FieldItem } from './box'

const PAUSE_MS = 500
export type Written = Pick<FieldItem, 'doing' | 'class_name' | 'place_text' | 'note' | 'answer' | 'report'>
interface Shape<C> {
  /** What the form becomes. */
  write: (content: C) => Written
  /** Of an act: the case as the page shows it now. */
  on?: () => FieldItem['on']
  /** What a kept one becomes in the form. */
  read: (item: FieldItem) => Partial<C>
  /** Nothing worth keeping. */
  empty: (content: C) => boolean
}

/** Photos as they are kept; each is packed once, so that what is known of its upload stays with it. */
async function packAll(photos: PickedPhoto[], packed: Map<string, DraftPhoto>): Promise<DraftPhoto[]> {
  const all: DraftPhoto[] = []
  for (const photo of photos) {
    const found = packed.get(photo.id) ?? (await packPhoto(photo))
    packed.set(photo.id, found)
    all.push(found)
  }
  return all
}

/** Keeps `content` (reactive) under `id`. */
export function useDraft<C extends { photos: PickedPhoto[] }>(id: string, content: C, shape: Shape<C>) {
  const box = useBox()
  /** Kept even when the session ends meanwhile. */
  const user_id = me.value?.user_id ?? ''
  const ready = ref(false)
  /** As it is on the device: does it wait, what was said to the last try. */
  const kept = computed(() => box.find(id))
  const packed = new Map<string, DraftPhoto>()
  /** Of what is kept: a form that only shows it again has not changed. */
  let mark = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  const marked = () => JSON.stringify([shape.write(content), content.photos.map((photo) => photo.id)])

  /** `again`: the same content as it was tried before; it goes out under its key, as of its time. */
  async function pack(state: FieldItem['state'], again?: FieldItem): Promise<FieldItem> {
    const photos = await packAll(content.photos, packed)
    // a plain copy: the device cannot store what Vue watches
    const written = JSON.parse(JSON.stringify(shape.write(content))) as Written
    const { key, at, tries } = again ?? { key: uuid(), at: Date.now(), tries: 0 }
    const item: FieldItem = { ...written, id, user_id, key, at, state, tries, photos }
    const on = shape.on?.()
    if (on) item.on = on
    // what the server said stays to be read while it is being mended
    if (state === 'open' && kept.value?.problem) item.problem = kept.value.problem
    return item
  }
  async function save(): Promise<void> {
    clearTimeout(timer)
    const now = marked()
    if (!ready.value || now === mark || box.sending.value === id) return
    mark = now
    if (shape.empty(content)) await box.drop(id)
    else await box.keep(await pack('open'))
    hold(id, !box.durable.value && !shape.empty(content))
  }
  watch(content, () => {
    if (!ready.value || marked() === mark) return
    hold(id, true) // until it is kept
    clearTimeout(timer)
    timer = setTimeout(() => void save(), PAUSE_MS)
  })
  onMounted(async () => {
    await box.refresh()
    const found = kept.value
    if (found) {
      for (const photo of found.photos) packed.set(photo.id, photo)
      Object.assign(content, shape.read(found), { photos: found.photos.map(unpackPhoto) })
    }
    mark = marked()
    ready.value = true
  })
  onScopeDispose(() => {
    void save()
    for (const photo of content.photos) URL.revokeObjectURL(toRaw(photo).url)
  })

  /** Sends what is written; it stays on the device until it has arrived. */
  async function send(): Promise<Outcome<FieldItem, CaseView>> {
    clearTimeout(timer)
    const same = kept.value && kept.value.tries > 0 && marked() === mark
    mark = marked()
    const outcome = await box.put(await pack('waiting', same ? kept.value : undefined))
    if ('sent' in outcome) hold(id, false)
    return outcome
  }
  return { ready, kept, send, save }
}
