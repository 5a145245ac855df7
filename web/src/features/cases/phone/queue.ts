// Unsent reports of residents: photos first, each under its own key, then the report under the draft's key.
import type { Reported } from '@/kernel/api'
import { uuid } from '@/kernel/uuid'
import { uploadPhoto } from '../api'
import { sendReport } from '../public-api'
import { withDeviceTime } from './device-time'
import * as outbox from './outbox'
import { tidyCode } from './receipts'
import { openStore, type Draft, type DraftStore } from './queue-store'

export interface Calls {
  upload: typeof uploadPhoto
  report: typeof sendReport
}
export type Outcome = outbox.Outcome<Draft, Reported>

/** The queue over a store; one per page. */
export class Queue extends outbox.Outbox<Draft, Reported> {
  constructor(
    store: Promise<DraftStore>,
    onSent?: (draft: Draft, answer: Reported) => void,
    calls: Calls = { upload: uploadPhoto, report: sendReport },
  ) {
    const send: outbox.Sender<Draft, Reported> = async (draft, keep, waited) => {
      const photos = await outbox.uploadAll(draft.photos, calls.upload, keep)
      return withDeviceTime(waited ? draft.at : undefined, (time) =>
        calls.report({ ...draft.report, ...time, photos }, draft.id),
      )
    }
    super(store, send, onSent)
  }

  /** Keeps a report and tries to send it now. */
  add(draft: Pick<Draft, 'class_name' | 'place_text' | 'photos' | 'report'>): Promise<Outcome> {
    return this.put({ ...draft, id: uuid(), at: Date.now(), state: 'waiting', tries: 0 })
  }
}

let queue: Queue | undefined

/** The queue of this page; wakes when the line or the page comes back. */
export function useQueue(onSent?: (draft: Draft, answer: Reported) => void): Queue {
  if (!queue) {
    queue = new Queue(openStore('drafts'), onSent)
    outbox.wakes(queue)
  }
  return queue
}

/** Where a sent report is looked at. */
export function sentPath(answer: Reported): { path: string; query?: Record<string, string> } {
  return answer.receipt_code ? { path: `/r/${tidyCode(answer.receipt_code)}`, query: { new: '1' } } : { path: '/mine' }
}
