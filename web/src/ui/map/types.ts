// What any drawing of the map must be able to do; MapLibre and the plain SVG drawing both do it.
import type { GeoBase, GeoCells, LngLat } from '@/kernel/api'
import type { FillClass, Theme } from './ramp'

export interface MapPoint extends LngLat {
  id: string
  /** A tone of the palette: wait, work, check, done, late. */
  tone: string
  label?: string
  /** Just changed: drawn with a ring around it. */
  fresh?: boolean
}
export type Box = [west: number, south: number, east: number, north: number]

/** Everything a map shows. Cells without an entry in `fills` are drawn as class 0. */
export interface MapContent {
  base: GeoBase | undefined
  cells?: GeoCells | undefined
  /** Cell id → class of the choropleth. */
  fills?: Record<string, FillClass> | undefined
  points?: readonly MapPoint[] | undefined
  /** Id of the highlighted cell. */
  selected?: string | null | undefined
  /** A geometry to highlight (a hole, an overlap). */
  mark?: GeoJSON.Geometry | null | undefined
  /** A geometry to outline without alarm (a town that is looked at). */
  frame?: GeoJSON.Geometry | null | undefined
  /** One pin, e.g. the place of a case. */
  pin?: LngLat | null | undefined
  theme?: Theme | undefined
  /** Size of names and dots against a page at the desk (1); a wall is read from metres away. */
  scale?: number | undefined
}

export interface MapEvents {
  cell: (id: string) => void
  point: (id: string) => void
  /** A place on the ground was chosen. */
  pick: (at: LngLat) => void
}

export interface MapHandle {
  show: (content: MapContent) => void
  fit: (box: Box) => void
  destroy: () => void
}

/** West, south, east, north of any geometry. */
export function boxOf(geometry: GeoJSON.Geometry): Box {
  const box: Box = [180, 90, -180, -90]
  const walk = (part: unknown): void => {
    if (!Array.isArray(part)) return
    if (typeof part[0] === 'number' && typeof part[1] === 'number') {
      box[0] = Math.min(box[0], part[0])
      box[1] = Math.min(box[1], part[1])
      box[2] = Math.max(box[2], part[0])
      box[3] = Math.max(box[3], part[1])
    } else part.forEach(walk)
  }
  if (geometry.type === 'GeometryCollection') geometry.geometries.forEach((one) => walk(boxOf(one)))
  else walk(geometry.coordinates)
  return box
}
