// Pure rules of the cell pages: filters and their address, the geometry of a cell, its persons by duty.
import type { CellRow, CellShow, GeoBase, GeoCells } from '@/kernel/api'
import type { LocationQuery } from 'vue-router'
import type { Box } from '@/ui/map/types'
import type { CellFilter } from '../api'

export type CellLevel = 'city' | 'town' | 'cell'
export const LEVELS: CellLevel[] = ['city', 'town', 'cell']

/** What the list shows; exactly what stands in the address. */
export interface CellQuery {
  level?: CellLevel
  area?: string
  q?: string
  /** The cell that is looked at. */
  cell?: string
}

const one = (query: LocationQuery, key: string): string | undefined => {
  const value = query[key]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Reads the address; unknown levels and codes that are none are left out. */
export function readCellQuery(query: LocationQuery): CellQuery {
  const level = LEVELS.find((name) => name === one(query, 'level'))
  const area = one(query, 'area')
  const q = one(query, 'q')
  const cell = one(query, 'cell')
  return {
    ...(level ? { level } : {}),
    ...(area && /^(\d{6}|\d{9}|\d{12}|\d{16})$/.test(area) ? { area } : {}),
    ...(q ? { q } : {}),
    ...(cell ? { cell } : {}),
  }
}

/** What the list asks the server for (the chosen cell is no filter). */
export function cellFilter({ level, area, q }: CellQuery): CellFilter {
  return { ...(level ? { level } : {}), ...(area ? { area } : {}), ...(q ? { q } : {}) }
}

/** Shape of a cell: its own polygon, its town's, or the city's outline. */
export function geometryOf(
  cell: Pick<CellRow, 'id' | 'code' | 'level'>,
  base: GeoBase | undefined,
  cells: GeoCells | undefined,
): GeoJSON.Geometry | undefined {
  switch (cell.level) {
    case 'city':
      return base?.outline
    case 'town':
      return base?.towns.features.find((town) => cell.code.startsWith(town.properties.code))?.geometry
    case 'cell':
      return cells?.features.find((feature) => feature.properties.id === cell.id)?.geometry
  }
}

/** A box with room around it, so that a small cell is seen among its neighbours. */
export function roomy([west, south, east, north]: Box, by = 1.2): Box {
  const dx = (east - west) * by
  const dy = (north - south) * by
  return [west - dx, south - dy, east + dx, north + dy]
}

export interface DutyGroup {
  duty: string
  name: string
  persons: { name: string; phone: string | null }[]
}

/** Persons in the order of their duties, as the server lists them. */
export function byDuty(persons: CellShow['persons']): DutyGroup[] {
  const groups: DutyGroup[] = []
  for (const person of persons) {
    let group = groups.find((one) => one.duty === person.duty)
    if (!group) groups.push((group = { duty: person.duty, name: person.duty_name, persons: [] }))
    group.persons.push({ name: person.name, phone: person.phone_masked })
  }
  return groups
}

/** Address of the queue with the open cases of a cell: the cell itself, or everything under a town or the city. */
export function openCasesLink(cell: Pick<CellShow, 'id' | 'code' | 'level'>): {
  path: '/queue'
  query: Record<string, string>
} {
  if (cell.level === 'cell') return { path: '/queue', query: { cell: cell.id, open: 'true' } }
  return { path: '/queue', query: cell.level === 'town' ? { area: cell.code, open: 'true' } : { open: 'true' } }
}
