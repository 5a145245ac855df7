// Degrees to the plane of the SVG drawing: 1000 units wide, longitudes shortened by the cosine of the middle
// latitude. Good to a few metres over a city, which is all a picture needs.
import type { LngLat } from '@/kernel/api'
import type { Box } from './types'

export interface Projection {
  xy: (at: readonly number[]) => [number, number]
  lngLat: (x: number, y: number) => LngLat
  /** The `d` of a polygon, multi-polygon or line; other geometries are empty. */
  path: (geometry: GeoJSON.Geometry) => string
  /** View box of the whole, and of any box of degrees. */
  view: [number, number, number, number]
  viewOf: (box: Box) => [number, number, number, number]
}

export function projection([west, south, east, north]: Box): Projection {
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const k = 1000 / ((east - west) * shrink)
  const xy = (at: readonly number[]): [number, number] => [
    ((at[0] ?? 0) - west) * shrink * k,
    (north - (at[1] ?? 0)) * k,
  ]
  const ring = (points: readonly number[][]) =>
    points
      .map(
        (point, n) =>
          `${n === 0 ? 'M' : 'L'}${xy(point)
            .map((v) => v.toFixed(2))
            .join(' ')}`,
      )
      .join('')
  const path = (geometry: GeoJSON.Geometry): string => {
    switch (geometry.type) {
      case 'Polygon':
        return geometry.coordinates.map((points) => `${ring(points)}Z`).join('')
      case 'MultiPolygon':
        return geometry.coordinates.map((polygon) => polygon.map((points) => `${ring(points)}Z`).join('')).join('')
      case 'LineString':
        return ring(geometry.coordinates)
      case 'MultiLineString':
        return geometry.coordinates.map(ring).join('')
      default:
        return ''
    }
  }
  const viewOf = ([w, s, e, n]: Box): [number, number, number, number] => {
    const [x0, y0] = xy([w, n])
    const [x1, y1] = xy([e, s])
    const margin = Math.max(x1 - x0, y1 - y0, 4) * 0.06
    return [x0 - margin, y0 - margin, x1 - x0 + 2 * margin, y1 - y0 + 2 * margin]
  }
  return {
    xy,
    lngLat: (x, y) => ({ lng: west + x / (shrink * k), lat: north - y / k }),
    path,
    view: viewOf([west, south, east, north]),
    viewOf,
  }
}
