// What somebody has typed into the form of an act is kept until the act is done: a reload after a version
// conflict, the next case in the list and the way back all find it again. In memory only, and only for the person who
// typed it: it may name people.
import { reactive } from 'vue'
import { keyKeeper, type KeyKeeper } from '@/kernel/intent'
import { whenPersonLeaves } from '@/kernel/session'

const kept = new Map<string, object>()
const keys = new Map<string, KeyKeeper>()

/** The browser keeps a chosen picture in memory as long as its address stands. */
function letGo(draft: object | undefined): void {
  const { photos } = (draft ?? {}) as { photos?: unknown }
  if (!Array.isArray(photos)) return
  for (const photo of photos as { url?: string }[]) if (photo.url) URL.revokeObjectURL(photo.url)
}

/** The draft of one act on one case; made by `fresh` the first time. */
export function draftOf<T extends object>(case_id: string, act: string, fresh: () => T): T {
  const key = `${case_id} ${act}`
  const found = kept.get(key) as T | undefined
  if (found) return found
  const made = reactive(fresh()) as T
  kept.set(key, made)
  return made
}

/** The idempotency key of an act with this body: a repeat has the same one, until the act is done. */
export function actKey(case_id: string, act: string, body: unknown): string {
  const name = `${case_id} ${act}`
  const keyOf = keys.get(name) ?? keyKeeper()
  keys.set(name, keyOf)
  return keyOf(body)
}

/** The act is done: nothing to keep. */
export function dropDraft(case_id: string, act: string): void {
  const key = `${case_id} ${act}`
  letGo(kept.get(key))
  kept.delete(key)
  keys.delete(key)
}

/** Another person sits here now: nothing is left of the first one's words and photos. */
export function dropDrafts(): void {
  kept.forEach(letGo)
  kept.clear()
  keys.clear()
}
whenPersonLeaves(dropDrafts)

/** The words typed into the form of an act, or '' when there are none. */
export function typedIn(case_id: string, act: string): string {
  const draft = kept.get(`${case_id} ${act}`) as { note?: unknown } | undefined
  return typeof draft?.note === 'string' ? draft.note.trim() : ''
}
