// Calls of the context org: cells, units, responsibility list, imports, calendar.
import type {
  CalendarYear,
  CellRow,
  CellShow,
  ImportPreview,
  MatrixFindings,
  MatrixRow,
  Page,
  Unit,
} from '@/kernel/api'
import { get, post, put } from '@/kernel/http'
import { uuid } from '@/kernel/uuid'

const BASE = '/api/v1/org'

export interface CellFilter {
  level?: 'city' | 'town' | 'cell'
  area?: string
  q?: string
  after?: string
  size?: number
}
export const listCells = (filter: CellFilter) => get<Page<CellRow>>(`${BASE}/cells`, filter)
export const countCells = () => get<{ city: number; town: number; cell: number; total: number }>(`${BASE}/cells/counts`)
export const showCell = (id: string) => get<CellShow>(`${BASE}/cells/${id}`)

export const listUnits = (filter: { q?: string; kind?: string } = {}) => get<Page<Unit>>(`${BASE}/units`, filter)
export const listMatrix = (filter: { class?: string; area?: string; unit?: string; after?: string; size?: number }) =>
  get<Page<MatrixRow>>(`${BASE}/matrix`, filter)
export const matrixFindings = () => get<MatrixFindings>(`${BASE}/matrix/findings`)

export type ImportKind = 'units' | 'people' | 'matrix'
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
export const templateUrl = (kind: ImportKind) => `${BASE}/imports/templates/${kind}`
/** Reads a workbook and answers what it would change; nothing is applied yet. */
export const previewImport = (kind: ImportKind, file: File) =>
  post<ImportPreview>(`${BASE}/imports/${kind}`, new Blob([file], { type: XLSX }), {
    query: { file_name: file.name },
    idempotencyKey: uuid(),
    timeout_ms: 120_000,
  })
export const applyImport = (id: string) => post<ImportPreview>(`${BASE}/imports/${id}/apply`)
export const undoImport = (id: string) => post<ImportPreview>(`${BASE}/imports/${id}/undo`)
export const listImports = () => get<ImportPreview[]>(`${BASE}/imports`)

export const calendarYear = (year: number) => get<CalendarYear>(`${BASE}/calendar`, { year })
export const setCalendarDay = (date: string, kind: 'holiday' | 'workday' | 'default', name: string) =>
  put<CalendarYear>(`${BASE}/calendar/${date}`, { kind, name })
