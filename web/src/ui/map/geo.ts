// The ground of every map, fetched once per page: outline, neighbours, towns, and (on demand) the cells.
import type { GeoBase, GeoCells } from '@/kernel/api'
import { get } from '@/kernel/http'

let base: Promise<GeoBase> | undefined
let cells: Promise<GeoCells> | undefined

/** Outline, neighbours and towns. A failed fetch may be tried again. */
export function geoBase(): Promise<GeoBase> {
  base ??= get<GeoBase>('/api/v1/geo/base').catch((error: unknown) => {
    base = undefined
    throw error
  })
  return base
}

/** All village-level cells (about 100 kB compressed). */
export function geoCells(): Promise<GeoCells> {
  cells ??= get<GeoCells>('/api/v1/geo/cells').catch((error: unknown) => {
    cells = undefined
    throw error
  })
  return cells
}
