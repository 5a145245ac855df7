// Calls of the context org: cells, units, responsibility list, imports, calendar.
import type {
  CalendarYear,
  CaseCounts,
  CellRow,
  CellShow,
  ClassGroup,
  ImportPreview,
  LngLat,
  MatrixFindings,
  MatrixRow,
  Named,
  Page,
  PublicCity,
  Unit,
} from '@/kernel/api'
import { get, post, put } from '@/kernel/http'
import { upload } from '@/kernel/upload'
import { uuid } from '@/kernel/uuid'

const BASE = '/api/v1/org'
const following = (signal?: AbortSignal) => (signal ? { signal } : {})

export interface CellFilter {
  level?: 'city' | 'town' | 'cell'
  area?: string
  q?: string
  after?: string
  size?: number
}
export interface CellCounts {
  city: number
  town: number
  cell: number
  total: number
}
export const listCells = (filter: CellFilter, signal?: AbortSignal) =>
  get<Page<CellRow>>(`${BASE}/cells`, filter, following(signal))
export const countCells = (filter: { area?: string | undefined; q?: string | undefined }, signal?: AbortSignal) =>
  get<CellCounts>(`${BASE}/cells/counts`, filter, following(signal))
export const showCell = (id: string, signal?: AbortSignal) =>
  get<CellShow>(`${BASE}/cells/${id}`, undefined, following(signal))
/** Open and overdue cases of an area or a cell: what the link to the queue will list. */
export const countOpen = (filter: object, signal?: AbortSignal) =>
  get<CaseCounts>('/api/v1/cases/counts', filter, following(signal))
export const publicCity = () => get<PublicCity>('/api/v1/public/city')

export const listUnits = (filter: { q?: string; kind?: string; size?: number } = {}) =>
  get<Page<Unit>>(`${BASE}/units`, filter)
export const showUnit = (id: string) => get<Unit>(`${BASE}/units/${id}`)
export const classes = () => get<ClassGroup[]>('/api/v1/classes')

export interface MatrixFilter {
  class?: string
  area?: string
  unit?: string
  after?: string
  size?: number
}
export const listMatrix = (filter: MatrixFilter, signal?: AbortSignal) =>
  get<Page<MatrixRow>>(`${BASE}/matrix`, filter, following(signal))
export const matrixFindings = (signal?: AbortSignal) =>
  get<MatrixFindings>(`${BASE}/matrix/findings`, undefined, following(signal))

/** Who answers for a place, a class and a time, and the steps that led there. */
export interface Resolved {
  cell: { id: string; name: string; code: string } | null
  unit: Named
  helpers: Named[]
  row: { id: string; row_no: number; text: string } | null
  reason: string
  backstop: boolean
  steps: string[]
}
export const resolve = (asked: LngLat & { class_code: string; at: number }, signal?: AbortSignal) =>
  get<Resolved>(`${BASE}/resolve`, asked, following(signal))

export type ImportKind = 'units' | 'people' | 'matrix'
export const IMPORT_KINDS: ImportKind[] = ['units', 'people', 'matrix']
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
export const templateUrl = (kind: ImportKind) => `${BASE}/imports/templates/${kind}`
/** What stands, as the workbook that can be imported again unchanged. */
export const exportUrl = (kind: ImportKind) => `${BASE}/imports/exports/${kind}`
/** Reads a workbook and answers what it would change; nothing is applied yet. `progress` gets 0–1 while sending. */
export const previewImport = (kind: ImportKind, file: File, progress?: (part: number) => void) =>
  upload<ImportPreview>(`${BASE}/imports/${kind}`, new Blob([file], { type: XLSX }), {
    query: { file_name: file.name },
    idempotencyKey: uuid(),
    ...(progress ? { progress } : {}),
  })
// An import is applied once and undone once, whatever is sent: its state says so, no key is needed.
/** `removals`: how many records go, as it was typed in where the preview asks for it. */
export const applyImport = (id: string, removals?: number) =>
  post<ImportPreview>(`${BASE}/imports/${id}/apply`, undefined, {
    timeout_ms: 120_000,
    ...(removals === undefined ? {} : { query: { removals } }),
  })
export const undoImport = (id: string) =>
  post<ImportPreview>(`${BASE}/imports/${id}/undo`, undefined, { timeout_ms: 120_000 })
/** Throws away a preview that waits. */
export const discardImport = (id: string) => post<undefined>(`${BASE}/imports/${id}/discard`)
/** Past imports, newest first, without their rows; `after` is `next` of the page before. */
export const listImports = (after?: string) =>
  get<Page<ImportPreview>>(`${BASE}/imports`, after ? { after } : undefined)
/** One import with its rows, as far as the server still keeps them. */
export const showImport = (id: string, signal?: AbortSignal) =>
  get<ImportPreview>(`${BASE}/imports/${id}/preview`, undefined, following(signal))

export type DayKind = 'holiday' | 'workday' | 'default'
export const calendarYear = (year: number, signal?: AbortSignal) =>
  get<CalendarYear>(`${BASE}/calendar`, { year }, following(signal))
/** A change names the version of the calendar that the person saw: a calendar that has moved on refuses it. */
const seen = (version: number | undefined) => (version === undefined ? {} : { version })
/** `to`: the last day, where it is several in a row. */
export const setCalendarDay = (date: string, kind: DayKind, name: string, version: number | undefined, to?: string) =>
  put<CalendarYear>(`${BASE}/calendar/${date}`, { kind, name, ...(to && to !== date ? { to } : {}) }, seen(version))
/** Says that all holidays of a year are in the table. */
export const completeYear = (year: number, version: number | undefined) =>
  put<CalendarYear>(`${BASE}/calendar/years/${year}`, { complete: true }, seen(version))
