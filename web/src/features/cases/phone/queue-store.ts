// Where unsent reports wait: IndexedDB through Dexie when the device allows it, else memory ("please keep the page
// open"). Photos are kept as bytes, because some WebViews cannot store a Blob.
import type { PhotoKey, Problem, PublicReport } from '@/kernel/api'

export interface DraftPhoto {
  /** Idempotency key of the upload. */
  id: string
  type: string
  bytes: ArrayBuffer
  /** What the server answered, once it has the photo. */
  sent?: PhotoKey
}
export interface Draft {
  /** Idempotency key of the report. */
  id: string
  /** When the resident pressed send, ms. */
  at: number
  class_name: string
  place_text: string
  report: Omit<PublicReport, 'photos'>
  photos: DraftPhoto[]
  /** `waiting`: goes out by itself. `stuck`: refused, needs the resident. */
  state: 'waiting' | 'stuck'
  tries: number
  problem?: Problem
}
export interface DraftStore {
  /** False: drafts live as long as the page. */
  readonly durable: boolean
  all: () => Promise<Draft[]>
  put: (draft: Draft) => Promise<void>
  drop: (id: string) => Promise<void>
}

export function memoryStore(): DraftStore {
  const drafts = new Map<string, Draft>()
  return {
    durable: false,
    all: () => Promise.resolve([...drafts.values()]),
    put: (draft) => Promise.resolve(void drafts.set(draft.id, draft)),
    drop: (id) => Promise.resolve(void drafts.delete(id)),
  }
}

/** IndexedDB, tried once with a real write; memory when anything about it fails. */
export async function openStore(): Promise<DraftStore> {
  try {
    if (typeof indexedDB === 'undefined') return memoryStore()
    const { default: Dexie } = await import('dexie')
    const db = new Dexie('youju-queue')
    db.version(1).stores({ drafts: 'id', probe: 'id' })
    await db.table('probe').put({ id: 'probe', bytes: new ArrayBuffer(8) })
    const table = db.table<Draft, string>('drafts')
    return {
      durable: true,
      all: () => table.toArray(),
      put: async (draft) => void (await table.put(draft)),
      drop: (id) => table.delete(id),
    }
  } catch (error) {
    console.warn('unsent reports are kept in memory only', error)
    return memoryStore()
  }
}
