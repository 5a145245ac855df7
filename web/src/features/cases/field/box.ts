// What staff in the field have written and not yet sent: results of their tasks and reports of their own. Kept on
// the device by account: on a phone that several people use, nobody sends or sees another one's.
import { computed, effectScope, shallowRef, watch } from 'vue'
import type { ActName, CaseView, PhotoKey } from '@/kernel/api'
import { clientProblem, ProblemError } from '@/kernel/http'
import { loadMe, me } from '@/kernel/session'

import { act, reportCase, showCase, uploadPhoto } from '../api'
import { QUIET } from '../desk/round'
import { withDeviceTime } from '../phone/device-time'
import { Outbox, uploadAll, wakes, type Sender } from '../phone/outbox'
import { asPlace, type Chosen } from '../phone/place'
import { openStore, type Store, type Unsent } from '../phone/queue-store'
import { noteSent } from '../phone/sample-notes'
import type { FieldAct } from './tasks'

export interface FieldItem extends Unsent {
  /** Whose it is. */
  user_id: string
  doing: FieldAct | 'report'
  note: string
  /** Idempotency key of what is in it now; another content has another one. */
  key: string
  /** Of an act: the case as it stood when this was written. */
  on?: { id: string; number: string; version: number }
  /** Of verifying and checking. */
  answer?: 'yes' | 'no' | ''
  /** Of a report. */
  report?: { class_code: string; chosen: Chosen | null; address: string }
}
export interface FieldCalls {
  upload: typeof uploadPhoto
  report: typeof reportCase
  act: typeof act
  show: typeof showCase
  /** Who is signed in now: all pages of the device share one session, and another page may have changed it. */
  who: () => Promise<{ user_id: string } | null>
}

/** What the history of a case calls the acts. */
const KINDS: Record<FieldAct, string> = { pre_verify: 'pre_verified', handle: 'handled', check: 'checked' }

/** Did this very act arrive, and only its answer was lost? */
function arrived(item: FieldItem, now: CaseView): boolean {
  return now.timeline.some(
    (step) =>
      item.doing !== 'report' &&
      step.kind === KINDS[item.doing] &&
      step.version > (item.on?.version ?? 0) &&
      step.actor === me.value?.name &&
      (step.note ?? '') === item.note.trim() &&
      step.photos.length === item.photos.length,
  )
}
function perform(item: FieldItem, calls: FieldCalls, id: string, version: number, photos: PhotoKey[]) {
  const words = { note: item.note.trim(), photos }
  const yes = item.answer === 'yes'
  if (item.doing === 'handle') return calls.act(id, version, 'handle', words, item.key)
  return item.doing === 'check'
    ? calls.act(id, version, 'check', { passed: yes, ...words }, item.key)
    : calls.act(id, version, 'pre-verify', { found: yes, ...words }, item.key)
}
/** Does the act on the case as it was seen; a case that has moved on is looked at once more before giving up. */
async function sendAct(item: FieldItem, calls: FieldCalls, photos: PhotoKey[]): Promise<CaseView> {
  const { id, version } = item.on ?? { id: '', version: 0 }
  try {
    return await perform(item, calls, id, version, photos)
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.status !== 409) throw error
    const now = await calls.show(id)
    if (arrived(item, now)) return now
    const quiet = now.timeline.every((step) => step.version <= version || QUIET.has(step.kind))
    if (!quiet || now.version === version || !now.can.includes(item.doing as ActName)) throw error
    return perform(item, calls, id, now.version, photos)
  }
}
function sendReport(item: FieldItem, calls: FieldCalls, photos: PhotoKey[], waited: boolean): Promise<CaseView> {
  const { class_code = '', chosen = null, address = '' } = item.report ?? {}
  if (!chosen) throw new Error('a report without a place was sent')
  const body = {
    source: 'inspector',
    class_code,
    place: asPlace(chosen),
    description: item.note.trim(),
    photos,
    ...(address.trim() ? { address: address.trim() } : {}),
  }
  return withDeviceTime(waited ? item.at : undefined, (time) => calls.report({ ...body, ...time }, item.key))
}

/** The box over a store; one per page. */
export class FieldBox extends Outbox<FieldItem, CaseView> {
  /** What the signed-in person has here. */
  readonly mine = computed(() => this.drafts.value.filter((item) => item.user_id === me.value?.user_id))
  /** Of these, what should go out: waiting or refused. */
  readonly unsent = computed(() => this.mine.value.filter((item) => item.state !== 'open').length)
  /** The last one that went out, with the case as it is now. */
  readonly last_sent = shallowRef<{ id: string; view: CaseView }>()

  constructor(
    store: Promise<Store<FieldItem>>,
    calls: FieldCalls = { upload: uploadPhoto, report: reportCase, act, show: showCase, who: () => loadMe(true) },
  ) {
    const send: Sender<FieldItem, CaseView> = async (item, keep, waited) => {
      const now = await calls.who()
      if (now && now.user_id !== item.user_id) throw clientProblem('client/other-person')
      const photos = await uploadAll(item.photos, calls.upload, keep)
      return item.doing === 'report' ? sendReport(item, calls, photos, waited) : sendAct(item, calls, photos)
    }
    super(store, send, (item, view) => {
      noteSent(view.number, item.photos)
      this.last_sent.value = { id: item.id, view }
    })
  }

  protected override due(item: FieldItem): boolean {
    return super.due(item) && item.user_id === me.value?.user_id
  }
  find(id: string): FieldItem | undefined {
    return this.mine.value.find((item) => item.id === id)
  }
}

let box: FieldBox | undefined

/** The box of this page; wakes when the line or the page comes back, or somebody signs in. */
export function useBox(): FieldBox {
  if (!box) {
    const made = (box = new FieldBox(openStore<FieldItem>('field')))
    wakes(made)
    // of the page, not of the component that asked first
    effectScope(true).run(() =>
      watch(
        () => me.value?.user_id,
        (id) => void (id ? made.flush() : undefined),
        { immediate: true },
      ),
    )
  }
  return box
}
