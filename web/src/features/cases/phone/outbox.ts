// What waits on this device to be sent, oldest first. The same keys are used on every try, so a broken line never
// makes a second photo or a second case.
import { computed, ref, shallowRef } from 'vue'
import type { PhotoKey } from '@/kernel/api'
import { asProblem, ProblemError } from '@/kernel/http'
import { uuid } from '@/kernel/uuid'
import type { uploadPhoto } from '../api'
import type { DraftPhoto, Store, Unsent } from './queue-store'

/** Pauses between tries; the last one repeats. */
export const PAUSES_MS = [5_000, 15_000, 60_000, 300_000]
export const pauseAfter = (tries: number) => PAUSES_MS[Math.min(tries, PAUSES_MS.length) - 1] ?? PAUSES_MS[0]

export type Outcome<D, A> = { sent: A; draft: D } | { kept: D }
/** Sends one draft; `keep` notes on the device what has arrived; `waited`: this is not the first try. */
export type Sender<D, A> = (draft: D, keep: () => Promise<void>, waited: boolean) => Promise<A>

/** Uploads what the server does not have yet, noting each photo that arrived. */
export async function uploadAll(
  photos: DraftPhoto[],
  upload: typeof uploadPhoto,
  keep: () => Promise<void>,
): Promise<PhotoKey[]> {
  const keys: PhotoKey[] = []
  for (const photo of photos) {
    if (!photo.sent) {
      const { id, token } = await upload(new Blob([photo.bytes], { type: photo.type }), photo.id)
      photo.sent = { id, token }
      await keep()
    }
    keys.push(photo.sent)
  }
  return keys
}

/** The server throws photos away that no record named for a day; those must go up again, as new ones. */
function forgotten(draft: Unsent, error: unknown): boolean {
  if (!(error instanceof ProblemError) || error.problem.code !== 'cases/photo-unknown') return false
  const were_sent = draft.photos.some((photo) => photo.sent)
  for (const photo of draft.photos) {
    delete photo.sent
    photo.id = uuid()
  }
  return were_sent
}

/** The drafts over a store; one per page and store. */
export class Outbox<D extends Unsent, A> {
  /** Oldest first. Shallow: a reactive proxy cannot be stored. */
  readonly drafts = shallowRef<D[]>([])
  /** False: the device cannot store drafts, they live as long as the page. */
  readonly durable = ref(true)
  /** Id of the draft that is on its way. */
  readonly sending = ref<string | null>(null)
  readonly waiting = computed(() => this.drafts.value.length)
  private timer: ReturnType<typeof setTimeout> | undefined
  private running: Promise<void> | undefined

  /** `onSent` keeps the receipt before the draft is dropped. */
  constructor(
    protected readonly store: Promise<Store<D>>,
    private readonly send: Sender<D, A>,
    private readonly onSent: (draft: D, answer: A) => void = () => undefined,
  ) {}

  /** May this one go out now? */
  protected due(draft: D): boolean {
    return draft.state === 'waiting'
  }

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

  /** Keeps a draft and tries to send it now. */
  async put(draft: D): Promise<Outcome<D, A>> {
    await this.keep(draft)
    const outcome = await exclusive(() => this.attempt(draft, draft.tries > 0))
    if ('kept' in outcome && outcome.kept.state === 'waiting') this.later(outcome.kept.tries)
    return outcome
  }

  /** Tries one draft now, also a refused one. */
  async resend(id: string): Promise<Outcome<D, A> | undefined> {
    const draft = this.drafts.value.find((one) => one.id === id)
    return draft && exclusive(() => this.attempt(draft, true))
  }

  async drop(id: string): Promise<void> {
    await (await this.store).drop(id)
    await this.refresh()
  }

  /** Stores a draft, e.g. one that was deleted by mistake. */
  async keep(draft: D): Promise<void> {
    await (await this.store).put(draft)
    await this.refresh()
  }

  private async attempt(draft: D, waited: boolean): Promise<Outcome<D, A>> {
    const store = await this.store
    const keep = () => store.put(draft)
    this.sending.value = draft.id
    try {
      const sent = await this.send(draft, keep, waited).catch((error: unknown) => {
        if (!forgotten(draft, error)) throw error
        return this.send(draft, keep, waited)
      })
      this.onSent(draft, sent)
      await store.drop(draft.id)
      return { sent, draft }
    } catch (error) {
      draft.tries += 1
      draft.problem = asProblem(error)
      draft.state = error instanceof ProblemError && error.permanent ? 'stuck' : 'waiting'
      await keep()
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
      if (!this.due(draft)) continue
      // whatever lies here has been tried before, also when the page was closed meanwhile
      const outcome = await this.attempt(draft, true)
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

/** Sends again when the line or the page comes back. */
export function wakes(box: { flush: () => Promise<void> }): void {
  window.addEventListener('online', () => void box.flush())
  document.addEventListener('visibilitychange', () => document.hidden || void box.flush())
}
