// Pure rules of the responsibility list's pages: what stands in the address, findings by kind, where they lie.
import type { LocationQuery } from 'vue-router'
import type { ClassGroup, GeoBase, GeoCells, LngLat, MatrixFinding } from '@/kernel/api'
import { clockText } from '@/kernel/time'
import { areaGeometry } from '@/ui/map/areas'
import type { MatrixFilter } from '../api'

export type MatrixTab = 'list' | 'findings' | 'explain'
export const TABS: MatrixTab[] = ['list', 'findings', 'explain']

/** Everything that an address of the page says. */
export interface MatrixQuery {
  tab: MatrixTab
  class?: string
  area?: string
  unit?: string
  /** Row to light up. */
  row?: string
  /** Number of the finding that is looked at, from 1. */
  find?: number
  /** Asked place and time of the explain box. */
  at_point?: LngLat
  at?: number
}

const text = (query: LocationQuery, key: string): string | undefined => {
  const value = query[key]
  return typeof value === 'string' && value !== '' ? value : undefined
}
const number = (query: LocationQuery, key: string): number | undefined => {
  const value = Number(text(query, key))
  return text(query, key) !== undefined && Number.isFinite(value) ? value : undefined
}

/** Reads the address. Broken values are left out, so that an old link still opens the page. */
export function readMatrixQuery(query: LocationQuery): MatrixQuery {
  const lng = number(query, 'lng')
  const lat = number(query, 'lat')
  const find = number(query, 'find')
  const at = number(query, 'at')
  const [klass, area, unit, row] = ['class', 'area', 'unit', 'row'].map((key) => text(query, key))
  return {
    tab: TABS.find((tab) => tab === text(query, 'tab')) ?? 'list',
    ...(klass && /^\w{2,12}$/.test(klass) ? { class: klass } : {}),
    ...(area && /^\d{6,16}$/.test(area) ? { area } : {}),
    ...(unit ? { unit } : {}),
    ...(row ? { row } : {}),
    ...(find !== undefined && Number.isInteger(find) && find > 0 ? { find } : {}),
    ...(lng !== undefined && lat !== undefined ? { at_point: { lng, lat } } : {}),
    ...(at !== undefined ? { at } : {}),
  }
}

/** Writes the address; the list is the default and stays unsaid. Degrees to 6 decimals (about 10 cm). */
export function writeMatrixQuery(query: MatrixQuery): Record<string, string> {
  const { at_point } = query
  return {
    ...(query.tab === 'list' ? {} : { tab: query.tab }),
    ...(query.class ? { class: query.class } : {}),
    ...(query.area ? { area: query.area } : {}),
    ...(query.unit ? { unit: query.unit } : {}),
    ...(query.row ? { row: query.row } : {}),
    ...(query.find ? { find: String(query.find) } : {}),
    ...(at_point ? { lng: String(round6(at_point.lng)), lat: String(round6(at_point.lat)) } : {}),
    ...(query.at === undefined ? {} : { at: String(query.at) }),
  }
}
const round6 = (degrees: number) => Math.round(degrees * 1e6) / 1e6

/** What the list asks the server for. */
export function matrixFilter({ class: klass, area, unit }: MatrixQuery): MatrixFilter {
  return { ...(klass ? { class: klass } : {}), ...(area ? { area } : {}), ...(unit ? { unit } : {}) }
}

export type FindingKind = MatrixFinding['kind']
const KIND_ORDER: FindingKind[] = ['hole', 'overlap', 'grid_hole', 'grid_overlap']

export interface NumberedFinding extends MatrixFinding {
  /** From 1, in the order of the page: what the address names. */
  no: number
}
export interface FindingGroup {
  kind: FindingKind
  items: NumberedFinding[]
}

/** Findings by kind, in the order of the kinds; numbered through over all groups. */
export function groupFindings(items: MatrixFinding[]): FindingGroup[] {
  let no = 0
  return KIND_ORDER.map((kind) => ({
    kind,
    items: items.filter((item) => item.kind === kind).map((item) => ({ ...item, no: ++no })),
  })).filter((group) => group.items.length > 0)
}

/** How many places have nobody, how many have two; both over list and grid. */
export function countFindings(groups: FindingGroup[]): { holes: number; overlaps: number } {
  const of = (kinds: FindingKind[]) =>
    groups.filter((group) => kinds.includes(group.kind)).reduce((sum, group) => sum + group.items.length, 0)
  return { holes: of(['hole', 'grid_hole']), overlaps: of(['overlap', 'grid_overlap']) }
}

/** Where a finding lies: a fault of the grid is marked, the area of a fault of the list outlined, else only a point. */
export function placeOfFinding(
  finding: MatrixFinding,
  base: GeoBase | undefined,
  cells: GeoCells | undefined,
): { mark?: GeoJSON.Geometry; frame?: GeoJSON.Geometry; pin?: LngLat } {
  if (finding.geometry && finding.kind.startsWith('grid_')) return { mark: finding.geometry }
  const frame = finding.geometry ?? (finding.area_code ? areaGeometry(finding.area_code, base, cells) : undefined)
  if (frame) return { frame }
  return finding.point ? { pin: finding.point } : {}
}

/** Is this the code of one class (what a case has), not of a whole group? */
export const isClass = (groups: ClassGroup[], code: string | undefined): boolean =>
  groups.some((group) => group.classes.some((one) => one.code === code))

// A picker of the kit works with the clock of the device. Times here are Shanghai's on every device, so the fields
// of its `Date` are read and written as Shanghai's.

/** Time (ms) → a Date whose local fields are those of Shanghai. */
export function toPicker(at: number | undefined): Date | undefined {
  if (at === undefined) return undefined
  const [y = 0, mo = 1, d = 1, h = 0, mi = 0] = (clockText(at).match(/\d+/g) ?? []).map(Number)
  return new Date(y, mo - 1, d, h, mi)
}

/** The reverse of `toPicker`. */
export function fromPicker(picked: Date | undefined): number | undefined {
  if (!picked || Number.isNaN(picked.getTime())) return undefined
  const utc = Date.UTC(
    picked.getFullYear(),
    picked.getMonth(),
    picked.getDate(),
    picked.getHours(),
    picked.getMinutes(),
  )
  return utc - 8 * 3_600_000
}
