// Where and when a photo was taken, read from the original on the device before it is made smaller (which drops
// the metadata). Only JPEG, only the few tags that are needed; anything odd is "no hint", never an error.
// Tags: TIFF/EXIF 2.3, GPS IFD.

export interface PhotoHint {
  lng: number
  lat: number
}

const TAG_GPS_IFD = 0x8825
const GPS_LAT_REF = 1
const GPS_LAT = 2
const GPS_LNG_REF = 3
const GPS_LNG = 4
/** Metadata stands at the front; more than this is never read. */
export const EXIF_BYTES = 256 * 1024

/** Offset of the TIFF header inside a JPEG's EXIF segment, or -1. */
function tiffOffset(view: DataView): number {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return -1
  let at = 2
  while (at + 10 < view.byteLength) {
    const marker = view.getUint16(at)
    const length = view.getUint16(at + 2)
    if (marker === 0xffe1 && view.getUint32(at + 4) === 0x45786966) return at + 10
    if ((marker & 0xff00) !== 0xff00 || marker === 0xffda || length < 2) return -1
    at += 2 + length
  }
  return -1
}

/** Reads one IFD: tag → offset of its 12-byte entry. */
function entries(view: DataView, tiff: number, ifd: number, little: boolean): Map<number, number> {
  const found = new Map<number, number>()
  const start = tiff + ifd
  const count = view.getUint16(start, little)
  for (let n = 0; n < count; n++) {
    const entry = start + 2 + n * 12
    found.set(view.getUint16(entry, little), entry)
  }
  return found
}

/** Degrees from three rationals (degrees, minutes, seconds). */
function degrees(view: DataView, tiff: number, entry: number, little: boolean): number {
  const at = tiff + view.getUint32(entry + 8, little)
  let sum = 0
  for (let n = 0; n < 3; n++) {
    const below = view.getUint32(at + n * 8 + 4, little)
    if (below === 0) return Number.NaN
    sum += view.getUint32(at + n * 8, little) / below / 60 ** n
  }
  return sum
}

/** The place in a JPEG's metadata (WGS84), or null when there is none that makes sense. */
export function exifPlace(bytes: ArrayBuffer): PhotoHint | null {
  try {
    const view = new DataView(bytes)
    const tiff = tiffOffset(view)
    if (tiff < 0) return null
    const little = view.getUint16(tiff) === 0x4949
    const root = entries(view, tiff, view.getUint32(tiff + 4, little), little)
    const pointer = root.get(TAG_GPS_IFD)
    if (pointer === undefined) return null
    const gps = entries(view, tiff, view.getUint32(pointer + 8, little), little)
    const [latAt, lngAt] = [gps.get(GPS_LAT), gps.get(GPS_LNG)]
    if (latAt === undefined || lngAt === undefined) return null
    const sign = (tag: number, negative: string) => {
      const entry = gps.get(tag)
      return entry !== undefined && String.fromCharCode(view.getUint8(entry + 8)) === negative ? -1 : 1
    }
    const lat = degrees(view, tiff, latAt, little) * sign(GPS_LAT_REF, 'S')
    const lng = degrees(view, tiff, lngAt, little) * sign(GPS_LNG_REF, 'W')
    // 0,0 is what cameras write when they know nothing
    if (!(Math.abs(lat) <= 90 && Math.abs(lng) <= 180) || (lat === 0 && lng === 0)) return null
    return { lng, lat }
  } catch {
    return null // truncated or wrong offsets: a RangeError of DataView
  }
}
