// The shapes that travel between server and screens (docs/openapi.json). Ids are strings, times are UTC
// milliseconds, area codes are 6/9/12/16-digit strings.

/** One field of a refused body. `pointer` is a JSON pointer into the body. */
export interface FieldProblem {
  pointer: string
  code: string
  title: string
}

/** RFC 9457 answer of every refusal. `code` is stable, `title` and `detail` are in the caller's language. */
export interface Problem {
  type?: string
  title: string
  status: number
  detail?: string
  /** Number to read out by phone. */
  instance?: string
  code: string
  params?: Record<string, unknown>
  fields?: FieldProblem[]
}

export interface Named {
  id: string
  name: string
}
export interface Page<T> {
  items: T[]
  next?: string | null
}
export interface LngLat {
  lng: number
  lat: number
}

/** What a person may do (kernel/rights). */
export type Right =
  | 'case_read'
  | 'case_report'
  | 'case_pre_verify'
  | 'case_file'
  | 'case_dispatch'
  | 'case_handle'
  | 'case_check'
  | 'case_close'
  | 'reporter_unmask'
  | 'org_read'
  | 'org_edit'
  | 'user_edit'
  | 'board_read'
  | 'journal_verify'
  | 'audit_read'

export interface Grant {
  role: string
  role_name: string
  area_code: string
  area_name: string
  unit_id?: string | null
  unit_name?: string | null
}
export interface Me {
  user_id: string
  login: string
  name: string
  unit: Named | null
  city: { id: string; title: string; system_title: string; demo: boolean }
  grants: Grant[]
  rights: Right[]
}
export interface Persona {
  key: string
  name: string
  role_name: string
  login: string
  hint: string
}

export interface Kind {
  class_code: string
  name: string
  group_code: string
  group_name: string
  /** The one for whoever does not know (其他/不清楚). */
  unclassed?: boolean
}
/** A kind with the words by which it is found. */
export interface FoundKind {
  class_code: string
  name: string
  official_name?: string | null
  words: string[]
}
export interface PublicCity {
  id: string
  title: string
  system_title: string
  demo: boolean
  map_credit: string
  hotline: string | null
  bounds: [number, number, number, number]
  max_photos: number
  max_photo_bytes: number
  description_max_chars: number
  kinds: Kind[]
  verdict_days: number
}
export interface PublicTown {
  code: string
  name: string
  villages: { code: string; name: string }[]
}
/** Where a case lies: a measured point with its coordinate system, or an area code when there is no point. */
export type Place =
  { lng: number; lat: number; crs: 'wgs84' | 'gcj02' | 'cgcs2000'; accuracy_m?: number } | { area_code: string }
export interface Located {
  point: LngLat | null
  cell: { id: string; name: string; code: string } | null
  village_name?: string | null
  town_name: string
  unit: Named | null
  limit_text?: string | null
  due_at?: number | null
  border_m: number | null
  in_hole: boolean
  /** How many photos a report of the source that was asked for needs, and may have. */
  report_photos_least?: number
  photos_most?: number
}
export interface FileReceived {
  id: string
  token: string
  state: 'received' | 'ready'
}
export interface PhotoKey {
  id: string
  token: string
}
export interface PublicReport {
  class_code: string
  place: Place
  address?: string
  description: string
  photos: PhotoKey[]
  reporter?: { name?: string; phone?: string }
  device_at?: number
}
export interface Reported {
  case_id?: string
  number: string
  /** None where the channel's policy gives no receipt. */
  receipt_code: string | null
  cell_name: string | null
  unit: { id?: string; name: string } | null
  due_at: number | null
  limit_text: string | null
  state: CaseState
  state_name: string
}
export interface PhotoRef {
  id: string
  state: 'ready' | 'received' | 'refused'
  thumb_url: string
  view_url: string
  taken_at: number | null
}
export type VerdictValue = 'resolved' | 'partly' | 'not_resolved'
export interface Verdict {
  value: VerdictValue
  at: number
  note?: string | null
}
export interface Chain {
  ok: boolean
  events: number
  head_hash: string
}
export interface ReceiptStep {
  kind: string
  title: string
  at: number
  unit_name?: string | null
  note?: string | null
}
export interface Receipt {
  number: string
  state: CaseState
  state_name: string
  class_name: string
  place_text: string
  description: string
  unit_name: string | null
  reported_at: number
  due_at: number | null
  closed_at: number | null
  steps: ReceiptStep[]
  before: PhotoRef[]
  after: PhotoRef[]
  verdict: Verdict | null
  can_verdict: boolean
  chain: Chain
}

export type CaseState =
  | 'pending_pre_verify'
  | 'pending_file'
  | 'pending_dispatch'
  | 'handling'
  | 'pending_check'
  | 'pending_close'
  | 'closed'
  | 'not_accepted'
export type ActName = 'pre_verify' | 'file' | 'refuse' | 'dispatch' | 'handle' | 'check' | 'close'
export interface Clock {
  kind: 'intake' | 'dispatch' | 'unit' | 'check' | 'none'
  name: string
  due_at: number | null
  overdue: boolean
}
export interface CaseRow {
  id: string
  number: string
  state: CaseState
  state_name: string
  class_code: string
  class_name: string
  /** What residents call it, where that is another word. */
  plain_name?: string | null
  /** Nobody has said yet what kind of problem it is; filing does. */
  unclassed?: boolean
  summary: string
  area_code: string
  cell_name: string | null
  /** The village or community (村、社区) of the area; null where only the town is known. */
  village_name?: string | null
  town_name: string
  unit: Named | null
  source: string
  source_name: string
  reported_at: number
  due_at: number | null
  clock: Clock
  closed_at: number | null
  thumb_url: string | null
  verdict: VerdictValue | null
  version: number
  can: ActName[]
}
export interface Act {
  act: ActName
  label: string
  primary: boolean
  blocked: { code: string; text: string } | null
}
export interface Step {
  version: number
  kind: string
  title: string
  at: number
  actor: string
  unit_name?: string | null
  note?: string | null
  photos: PhotoRef[]
  facts: { name: string; value: string }[]
  hash: string
}
export interface MatrixRowRef {
  id: string
  row_no: number
  text: string
}
export interface Standard {
  id: string
  filing_condition: string
  closing_condition: string
  limit_text: string
  /** How many photos the rule asks of whoever has put it right. */
  after_photos_least: number
}
/** Who reported, as far as this viewer may know, and what he may do about it. */
export interface Reporter {
  kind: string
  name_masked: string | null
  phone_masked: string | null
  /** Kept from this viewer, because his unit answers for the case. */
  hidden: boolean
  /** Name and phone may be asked for in plain. */
  may_show: boolean
  /** What this viewer may have erased. */
  erasable: string[]
}
export interface CaseView extends CaseRow {
  description: string
  address: string | null
  point: LngLat | null
  accuracy_m: number | null
  cell: { id: string; name: string; code: string } | null
  standard: Standard | null
  before: PhotoRef[]
  after: PhotoRef[]
  timeline: Step[]
  acts: Act[]
  reporter: Reporter
  row: MatrixRowRef | null
  chain: Chain
}
/** Answer to a report by staff: the code is shown once; null where the channel gives none. */
export interface NewCase extends CaseView {
  receipt_code?: string | null
}
export interface StaffReport {
  source: string
  class_code: string
  place: Place
  address?: string
  description: string
  photos: PhotoKey[]
  caller?: { name?: string; phone?: string }
}
export interface CaseCounts {
  total: number
  open: number
  overdue: number
  by_state: Partial<Record<CaseState, number>>
  /** Counting closed and refused cases stopped at its bound: `total` means "at least". What is open is exact. */
  more: boolean
  as_of_seq: number
}
export interface Proposal {
  unit: Named
  helpers: Named[]
  row: MatrixRowRef | null
  reason: string
  backstop: boolean
  limit_text: string
  due_at: number
  candidates: { unit: Named; reason: string }[]
}
export interface ClassGroup {
  code: string
  name: string
  kind: 'event' | 'part'
  classes: { code: string; name: string; plain_name?: string | null; words?: string[]; standards: Standard[] }[]
}
/** One line of `GET /api/v1/live`, event `case`. */
export interface LiveCase {
  seq: number
  case_id: string
  number: string
  kind: string
  title: string
  state: CaseState
  state_name: string
  class_name: string
  area_code: string
  cell_id: string | null
  unit_id: string | null
  at: number
}
export interface Verification {
  ok: boolean
  events: number
  findings: { what: string; where: string; message: string }[]
}

export interface Board {
  as_of_seq: number
  as_of: number
  today: { reported: number; closed: number }
  open: number
  overdue: number
  by_state: Partial<Record<CaseState, number>>
  towns: { code: string; name: string; open: number; overdue: number; today_closed: number }[]
  cells: { id: string; open: number; overdue: number }[]
  latest: CaseRow[]
}

export interface CellRow {
  id: string
  code: string
  name: string
  level: 'city' | 'town' | 'cell'
  town_name: string | null
  parent_id: string | null
  persons: number
  unit_name: string | null
  open_hint?: string | null
}
export interface CellShow {
  id: string
  code: string
  name: string
  level: 'city' | 'town' | 'cell'
  parent: Named | null
  children_count: number
  /** null where no polygon is known. */
  area_km2: number | null
  centre: LngLat | null
  persons: { duty: string; duty_name: string; name: string; phone_masked: string | null }[]
  supporting_unit: Named | null
  linked_leader: { name: string; title?: string } | null
  backstop_unit: Named | null
  version: number
}
export interface Unit {
  id: string
  name: string
  short_name: string
  kind: string
  kind_name: string
  area_code: string | null
}
export interface MatrixRow {
  id: string
  row_no: number
  class_code: string
  class_name: string
  area_code: string
  area_name: string
  owner_kind: string | null
  time_text: string | null
  unit: Named
  helpers: Named[]
  note: string | null
  version: number
}
export interface MatrixFinding {
  kind: 'hole' | 'overlap' | 'grid_hole' | 'grid_overlap'
  title: string
  class_code: string | null
  class_name: string | null
  area_code: string | null
  area_name: string | null
  time_text: string | null
  rows: { id: string; row_no: number; unit_name: string }[]
  backstop_unit: Named | null
  point: LngLat | null
  geometry: GeoJSON.Geometry | null
}
export interface MatrixFindings {
  holes: number
  overlaps: number
  items: MatrixFinding[]
}
export interface ImportPreview {
  id: string
  kind: string
  file_name: string
  rows: number
  adds: number
  changes: number
  removes: number
  errors: { cell: string; code: string; message: string }[]
  diff: {
    row: number
    change: 'add' | 'change' | 'remove'
    key: string
    before: Record<string, string>
    after: Record<string, string>
  }[]
  state: 'preview' | 'applying' | 'applied' | 'undoing' | 'undone'
  /** Who read it in and when; by whom and when it came into its state. */
  made_by_name?: string | null
  made_at?: number
  changed_by_name?: string | null
  changed_at?: number
  /** Until when an applied import can be undone; then what was before is deleted. */
  undo_until?: number | null
}
export interface CalendarYear {
  year: number
  /** Somebody has said that all holidays of the year are in the table. */
  known: boolean
  /** Of the whole calendar, for If-Match. */
  version: number
  hours: [string, string][]
  days: { date: string; kind: 'holiday' | 'workday'; name: string }[]
}

/** `GET /api/v1/geo/base`: the outline, what lies around it, and the towns. */
export interface GeoBase {
  hash: string
  outline: GeoJSON.Geometry
  neighbours: GeoJSON.FeatureCollection
  towns: GeoJSON.FeatureCollection<GeoJSON.Geometry, { code: string; name: string; label: [number, number] }>
  credit: string
}
/** `GET /api/v1/geo/cells`: village-level cells. */
export type GeoCells = GeoJSON.FeatureCollection<
  GeoJSON.Geometry,
  { id: string; code: string; name: string; town_code: string }
>
