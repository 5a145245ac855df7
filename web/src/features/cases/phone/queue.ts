// Unsent reports: photos first, each under its own key, then the report under the draft's key. The same keys are
// used on every try, so a broken line never makes a second photo or a second case.
import { computed, ref, shallowRef } from 'vue'
import type { Reported } from '@/kernel/api'
import { asProblem, ProblemError } from '@/kernel/http'
import { uuid } from '@/kernel/uuid'
import { uploadPhoto } from '../api'
import { sendReport } from '../public-api'
import { tidyCode } from './receipts'
import { openStore, type Draft, type DraftStore } from './queue-store'

/** Pauses between tries; the last one repeats. */
export const PAUSES_MS = [5_000, 15_000, 60_000, 300_000]
export const pauseAfter = (tries: number) => PAUSES_MS[Math.min(tries, PAUSES_MS.length) - 1] ?? PAUSES_MS[0]

export interface Calls {
  upload: typeof uploadPhoto
  report: typeof sendReport
}
export type Outcome = { sent: Reported; draft: Draft } | { kept: Draft }

/** Sends one draft, remembering each photo that arrived; throws what the line or the server said. */
async function sendDraft(draft: Draft, store: DraftStore, calls: Calls): Promise<Reported> {
  for (const photo of draft.photos) {
    if (photo.sent) continue
    const { id, token } = await calls.upload(new Blob([photo.bytes], { type: photo.type }), photo.id)
    photo.sent = { id, token }
    await store.put(draft)
  }
  const photos = draft.photos.flatMap((photo) => (photo.sent ? [photo.sent] : []))
  return calls.report({ ...draft.report, photos }, draft.id)
}

/** The queue over a store; one per page. */
export class Queue {
  /** Oldest first. Shallow: a reactive proxy cannot be stored. */
  readonly drafts = shallowRef<Draft[]>([])
  /** False: the device cannot store drafts, they live as long as the page. */
  readonly durable = ref(true)
  /** Id of the draft that is on its way. */
  readonly sending = ref<string | null>(null)
  readonly waiting = computed(() => this.drafts.value.length)
  private timer: ReturnType<typeof setTimeout> | undefined
  private running: Promise<void> | undefined

  /** `onSent` keeps the receipt before the draft is dropped. */
  constructor(
    private readonly store: Promise<DraftStore>,
    private readonly onSent: (draft: Draft, answer: Reported) => void = () => undefined,
    private readonly calls: Calls = { upload: uploadPhoto, report: sendReport },
  ) {}

  /** Reads the drafts again. */
  async refresh(): Promise<void> {
    const store = await this.store
    this.durable.value = store.durable
    this.drafts.value = (await store.all()).sort((a, b) => a.at - b.at)
  }

  /** Sends whatever waits; never two runs at once, in this page or another of the same device. */
  flush(): Promise<void> {
    this.running ??= exclusive(() => this.run()).finally(() => (this.running = undefined))
    return this.running
  }

  /** Keeps a report and tries to send it now. */
  async add(draft: Pick<Draft, 'class_name' | 'place_text' | 'photos' | 'report'>): Promise<Outcome> {
    const whole: Draft = { ...draft, id: uuid(), at: Date.now(), state: 'waiting', tries: 0 }
    await this.keep(whole)
    const outcome = await exclusive(() => this.attempt(whole))
    if ('kept' in outcome && outcome.kept.state === 'waiting') this.later(outcome.kept.tries)
    return outcome
  }

  /** Tries one draft now, also a refused one. */
  async resend(id: string): Promise<Outcome | undefined> {
    const draft = this.drafts.value.find((one) => one.id === id)
    return draft && exclusive(() => this.attempt(draft))
  }

  async drop(id: string): Promise<void> {
    await (await this.store).drop(id)
    await this.refresh()
  }

  /** Stores a draft, e.g. one that was deleted by mistake. */
  async keep(draft: Draft): Promise<void> {
    await (await this.store).put(draft)
    await this.refresh()
  }

  private async attempt(draft: Draft): Promise<Outcome> {
    const store = await this.store
    this.sending.value = draft.id
    try {
      const sent = await sendDraft(draft, store, this.calls)
      this.onSent(draft, sent)
      await store.drop(draft.id)
      return { sent, draft }
    } catch (error) {
      draft.tries += 1
      draft.problem = asProblem(error)
      draft.state = error instanceof ProblemError && error.permanent ? 'stuck' : 'waiting'
      await store.put(draft)
      return { kept: draft }
    } finally {
      this.sending.value = null
      await this.refresh()
    }
  }

  private async run(): Promise<void> {
    clearTimeout(this.timer)
    await this.refresh()
    for (const draft of [...this.drafts.value]) {
      if (draft.state !== 'waiting') continue
      const outcome = await this.attempt(draft)
      if ('kept' in outcome && outcome.kept.state === 'waiting') {
        this.later(outcome.kept.tries) // the line is down: the next one would fail too
        break
      }
    }
  }

  private later(tries: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.flush(), pauseAfter(tries))
  }
}

/** One sender per device where the browser has locks; otherwise the keys alone prevent doubles. */
async function exclusive<T>(work: () => Promise<T>): Promise<T> {
  if (typeof navigator === 'undefined' || !navigator.locks) return work()
  return (await navigator.locks.request('youju-queue', work)) as T
}

let queue: Queue | undefined

/** The queue of this page; wakes when the line or the page comes back. */
export function useQueue(onSent?: (draft: Draft, answer: Reported) => void): Queue {
  if (!queue) {
    const made = (queue = new Queue(openStore(), onSent))
    window.addEventListener('online', () => void made.flush())
    document.addEventListener('visibilitychange', () => document.hidden || void made.flush())
  }
  return queue
}

/** Where a sent report is looked at. */
export function sentPath(answer: Reported): { path: string; query?: Record<string, string> } {
  return answer.receipt_code ? { path: `/r/${tidyCode(answer.receipt_code)}`, query: { new: '1' } } : { path: '/mine' }
}
