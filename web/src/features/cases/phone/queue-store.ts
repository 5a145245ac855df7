// Where unsent things wait: IndexedDB through Dexie when the device allows it, else memory ("please keep the page
// open"). Photos are kept as bytes, because some WebViews cannot store a Blob.
import type { PhotoKey, Problem, PublicReport } from '@/kernel/api'

export interface DraftPhoto {
  /** Idempotency key of the upload. */
  id: string
  type: string
  bytes: ArrayBuffer
  /** What the server answered, once it has the photo. */
  sent?: PhotoKey
  /** A drawn sample of the demo, by its name. */
  sample?: string
}
/** Anything that waits to be sent. */
export interface Unsent {
  /** Idempotency key of what is created. */
  id: string
  /** When the person pressed send, ms. */
  at: number
  class_name: string
  place_text: string
  photos: DraftPhoto[]
  /** `waiting`: goes out by itself. `stuck`: refused, needs the person. `open`: still being written. */
  state: 'waiting' | 'stuck' | 'open'
  tries: number
  problem?: Problem
}
/** A resident's report. */
export interface Draft extends Unsent {
  report: Omit<PublicReport, 'photos' | 'device_at'>
}
export interface Store<D> {
  /** False: drafts live as long as the page. */
  readonly durable: boolean
  all: () => Promise<D[]>
  put: (draft: D) => Promise<void>
  drop: (id: string) => Promise<void>
}
export type DraftStore = Store<Draft>

export function memoryStore<D extends Unsent = Draft>(): Store<D> {
  const drafts = new Map<string, D>()
  return {
    durable: false,
    all: () => Promise.resolve([...drafts.values()]),
    put: (draft) => Promise.resolve(void drafts.set(draft.id, draft)),
    drop: (id) => Promise.resolve(void drafts.delete(id)),
  }
}

/** `drafts`: of residents. `field`: of staff in the field. */
type Table = 'drafts' | 'field'

/** The database, tried once with a real write. */
async function open() {
  const { default: Dexie } = await import('dexie')
  const db = new Dexie('youju-queue')
  db.version(1).stores({ drafts: 'id', probe: 'id' })
  db.version(2).stores({ drafts: 'id', probe: 'id', field: 'id' })
  await db.table('probe').put({ id: 'probe', bytes: new ArrayBuffer(8) })
  return db
}
let opened: ReturnType<typeof open> | undefined

/** IndexedDB; memory when anything about it fails. */
export async function openStore<D extends Unsent = Draft>(name: Table): Promise<Store<D>> {
  try {
    if (typeof indexedDB === 'undefined') return memoryStore()
    const table = (await (opened ??= open())).table<D, string>(name)
    return {
      durable: true,
      all: () => table.toArray(),
      put: async (draft) => void (await table.put(draft)),
      drop: (id) => table.delete(id),
    }
  } catch (error) {
    opened = undefined
    console.warn('what is not sent is kept in memory only', error)
    return memoryStore()
  }
}
