// Calls of the context cases. Paths and shapes: docs/openapi.json; pages never call `http` themselves.
import type {
  CaseCounts,
  CaseRow,
  CaseState,
  CaseView,
  ClassGroup,
  CellRow,
  FileReceived,
  NewCase,
  Page,
  PhotoKey,
  Proposal,
  PublicTown,
  StaffReport,
  Unit,
  Verification,
} from '@/kernel/api'
import { get, post } from '@/kernel/http'
import { uuid } from '@/kernel/uuid'
import type { PersonalField } from './desk/personal'

export interface CaseFilter {
  state?: CaseState[]
  class?: string[]
  source?: string
  unit?: string
  area?: string
  cell?: string
  open?: boolean
  overdue?: boolean
  due_on?: string
  reported_on?: string
  closed_on?: string
  mine?: boolean
  number?: string
}

export interface RefusalReason {
  code: string
  name: string
  /** Does it need words? */
  needs_note?: boolean
}

const BASE = '/api/v1/cases'

export const listCases = (filter: CaseFilter & { after?: string; size?: number }, signal?: AbortSignal) =>
  get<Page<CaseRow>>(BASE, filter, signal ? { signal } : {})
export const countCases = (filter: CaseFilter, signal?: AbortSignal) =>
  get<CaseCounts>(`${BASE}/counts`, filter, signal ? { signal } : {})
export const showCase = (id: string, signal?: AbortSignal) =>
  get<CaseView>(`${BASE}/${id}`, undefined, signal ? { signal } : {})
export const proposal = (id: string) => get<Proposal>(`${BASE}/${id}/proposal`)
export const unmaskReporter = (id: string) =>
  post<{ name: string | null; phone: string | null }>(`${BASE}/${id}/reporter`)
/** Destroys these fields of the report for good; answers the case without them. */
export const erasePersonal = (id: string, fields: PersonalField[]) => post<CaseView>(`${BASE}/${id}/erase`, { fields })
export const verifyCase = (id: string) => get<Verification>(`${BASE}/${id}/verify`)
export const classes = () => get<ClassGroup[]>('/api/v1/classes')
export const refusalReasons = () => get<RefusalReason[]>('/api/v1/refusal-reasons')

/** Uploads one photo; the same `key` never makes a second file. */
export const uploadPhoto = (photo: Blob, key: string = uuid()) =>
  post<FileReceived>('/api/v1/files', photo, { idempotencyKey: key, timeout_ms: 120_000 })

/** Brings a problem in for somebody; the same `key` never makes a second case. */
export const reportCase = (body: StaffReport, key: string) => post<NewCase>(BASE, body, { idempotencyKey: key })

/** Bodies of the acts, by the name of their path. */
export interface ActBodies {
  'pre-verify': { found: boolean; note: string; photos: PhotoKey[] }
  file: { standard_id: string }
  refuse: { reason_code: string; note: string }
  dispatch: { unit_id: string; row_id?: string; note?: string }
  handle: { note: string; photos: PhotoKey[] }
  check: { passed: boolean; note: string; photos: PhotoKey[] }
  close: { note?: string }
}

/**
 * Does an act on the version that the screen shows; a case that has moved on is refused (`platform/stale`). The same
 * `key` with the same body is done once.
 */
export const act = <A extends keyof ActBodies>(id: string, version: number, name: A, body: ActBodies[A], key: string) =>
  post<CaseView>(`${BASE}/${id}/${name}`, body, { version, idempotencyKey: key })

export const showUnit = (id: string) => get<Unit>(`/api/v1/org/units/${id}`)
export const showCell = (id: string) => get<{ id: string; name: string }>(`/api/v1/org/cells/${id}`)
/** Village-level cells of an area, for choosing one without a map. */
export const cellsOf = (area: string) => get<Page<CellRow>>('/api/v1/org/cells', { area, level: 'cell', size: 100 })
export const listUnits = (q: string) => get<Page<Unit>>('/api/v1/org/units', { q })
export const townAreas = () => get<PublicTown[]>('/api/v1/public/areas')
