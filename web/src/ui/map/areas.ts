// The ground of areas that are known by their code only.
import type { GeoBase, GeoCells } from '@/kernel/api'

/** The ground of an area code: city (6 digits), town (9), village (12: its cells together) or cell (16). */
export function areaGeometry(
  code: string,
  base: GeoBase | undefined,
  cells: GeoCells | undefined,
): GeoJSON.Geometry | undefined {
  if (code.length <= 6) return base?.outline
  const town = base?.towns.features.find((one) => one.properties.code === code)
  if (town) return town.geometry
  const under = cells?.features.filter((cell) => cell.properties.code.startsWith(code)) ?? []
  if (under.length === 0) return undefined
  const polygons = under.flatMap(({ geometry }) =>
    geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.type === 'MultiPolygon' ? geometry.coordinates : [],
  )
  return { type: 'MultiPolygon', coordinates: polygons }
}
