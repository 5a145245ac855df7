import { describe, expect, it } from 'vitest'
import { exifPlace } from './exif'

/** A JPEG head with a GPS IFD: [degrees, minutes, seconds] as whole numbers, seconds × 100. */
function jpeg(
  lat: [number, number, number],
  latRef: string,
  lng: [number, number, number],
  lngRef: string,
  little = true,
): ArrayBuffer {
  const tiffAt = 12
  const bytes = new ArrayBuffer(200)
  const view = new DataView(bytes)
  view.setUint16(0, 0xffd8)
  view.setUint16(2, 0xffe1)
  view.setUint16(4, 190)
  view.setUint32(6, 0x45786966) // "Exif"
  view.setUint16(tiffAt, little ? 0x4949 : 0x4d4d)
  view.setUint16(tiffAt + 2, 42, little)
  view.setUint32(tiffAt + 4, 8, little)
  const entry = (at: number, tag: number, kind: number, count: number, value: number) => {
    view.setUint16(tiffAt + at, tag, little)
    view.setUint16(tiffAt + at + 2, kind, little)
    view.setUint32(tiffAt + at + 4, count, little)
    view.setUint32(tiffAt + at + 8, value, little)
  }
  view.setUint16(tiffAt + 8, 1, little)
  entry(10, 0x8825, 4, 1, 26)
  view.setUint16(tiffAt + 26, 4, little)
  entry(28, 1, 2, 2, 0)
  view.setUint8(tiffAt + 36, latRef.charCodeAt(0))
  entry(40, 2, 5, 3, 80)
  entry(52, 3, 2, 2, 0)
  view.setUint8(tiffAt + 60, lngRef.charCodeAt(0))
  entry(64, 4, 5, 3, 110)
  const rationals = (at: number, [degrees, minutes, hundredths]: [number, number, number]) =>
    [degrees, 1, minutes, 1, hundredths, 100].forEach((n, i) => view.setUint32(tiffAt + at + i * 4, n, little))
  rationals(80, lat)
  rationals(110, lng)
  return bytes
}

describe('place in a photo', () => {
  it('reads degrees, minutes and seconds in both byte orders', () => {
    for (const little of [true, false]) {
      const place = exifPlace(jpeg([31, 51, 4320], 'N', [120, 21, 720], 'E', little))
      expect(place?.lat).toBeCloseTo(31.862, 6)
      expect(place?.lng).toBeCloseTo(120.352, 6)
    }
  })
  it('knows south and west', () => {
    const place = exifPlace(jpeg([31, 30, 0], 'S', [120, 30, 0], 'W'))
    expect(place).toEqual({ lat: -31.5, lng: -120.5 })
  })
  it('takes 0,0 for "unknown", as cameras mean it', () => {
    expect(exifPlace(jpeg([0, 0, 0], 'N', [0, 0, 0], 'E'))).toBeNull()
  })
  it('gives no hint for what is cut off, empty or no JPEG', () => {
    const whole = jpeg([31, 51, 4320], 'N', [120, 21, 720], 'E')
    for (const length of [0, 3, 11, 20, 60, 100]) expect(exifPlace(whole.slice(0, length))).toBeNull()
    expect(exifPlace(new TextEncoder().encode('PNG and not a photo at all').buffer as ArrayBuffer)).toBeNull()
  })
  it('does not follow offsets that point outside', () => {
    const bytes = jpeg([31, 51, 4320], 'N', [120, 21, 720], 'E')
    new DataView(bytes).setUint32(12 + 40 + 8, 0xfffffff0, true)
    expect(exifPlace(bytes)).toBeNull()
  })
})
