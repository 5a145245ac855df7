// The place of a report as the phone knows it, and how the device is asked for it.
import type { Located, Place } from '@/kernel/api'

export type Chosen =
  | { by: 'gps' | 'photo' | 'map'; lng: number; lat: number; accuracy_m?: number }
  | { by: 'area'; area_code: string; area_name: string }

export function asPlace(chosen: Chosen): Place {
  if (chosen.by === 'area') return { area_code: chosen.area_code }
  const { lng, lat, accuracy_m } = chosen
  return accuracy_m === undefined ? { lng, lat, crs: 'wgs84' } : { lng, lat, crs: 'wgs84', accuracy_m }
}

/** What a found place is called: town and cell, or the village where there is no cell. */
export function placeName(located: Located): string {
  return located.town_name + (located.cell?.name ?? located.village_name ?? '')
}

/** The place that an address names: `?area=3202811080010001&name=…`, the code of a village or cell. */
export function readArea(query: Record<string, unknown>): Chosen | null {
  const { area, name } = query
  if (typeof area !== 'string' || !/^(\d{12}|\d{16})$/.test(area)) return null
  return { by: 'area', area_code: area, area_name: typeof name === 'string' ? name.slice(0, 40) : '' }
}

/** Why the device gives no position; a key under `phone.place.why`. */
export type NoPosition = 'insecure' | 'absent' | 'denied' | 'failed'

/** Why positions cannot even be asked for, or null. */
export function positionBarred(): NoPosition | null {
  if (!window.isSecureContext) return 'insecure'
  return 'geolocation' in navigator ? null : 'absent'
}

/** The device's position (WGS84), or why there is none. */
export function measure(): Promise<Chosen | NoPosition> {
  const barred = positionBarred()
  if (barred) return Promise.resolve(barred)
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve({
          by: 'gps',
          lng: coords.longitude,
          lat: coords.latitude,
          accuracy_m: Math.round(Math.min(coords.accuracy, 100_000)),
        }),
      (error) => resolve(error.code === error.PERMISSION_DENIED ? 'denied' : 'failed'),
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
    )
  })
}

/** Was the permission given before? Then asking disturbs nobody. */
export async function positionGranted(): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: 'geolocation' })).state === 'granted'
  } catch {
    return false
  }
}
