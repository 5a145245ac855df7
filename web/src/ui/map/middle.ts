// The middle of a polygon, for dots and pins.
import type { LngLat } from '@/kernel/api'

/** A point inside a polygon's largest ring, good enough for a dot: cells are small and nearly convex. */
export function middleOf(geometry: GeoJSON.Geometry): LngLat | null {
  const polygons =
    geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.type === 'MultiPolygon' ? geometry.coordinates : []
  let best: LngLat | null = null
  let largest = 0
  for (const [ring] of polygons) {
    let area = 0
    let x = 0
    let y = 0
    const points = ring ?? []
    const [x0 = 0, y0 = 0] = points[0] ?? []
    for (let i = 0; i + 1 < points.length; i++) {
      // Relative to the first point: the products of whole degrees would drown the small area in rounding.
      const [ax, ay] = [(points[i]?.[0] ?? 0) - x0, (points[i]?.[1] ?? 0) - y0]
      const [bx, by] = [(points[i + 1]?.[0] ?? 0) - x0, (points[i + 1]?.[1] ?? 0) - y0]
      const cross = ax * by - bx * ay
      area += cross
      x += (ax + bx) * cross
      y += (ay + by) * cross
    }
    if (Math.abs(area) > largest) {
      largest = Math.abs(area)
      best = { lng: x0 + x / (3 * area), lat: y0 + y / (3 * area) }
    }
  }
  return best
}
