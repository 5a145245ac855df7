// Drawn sample photos, offered only where the city says that it is a demo: a desktop visitor has no camera.
// The same shot gives the same bytes, so that the demo can also show what happens to a photo that was used before;
// another shot of the same place is another photo, as when somebody comes back and takes one from nearby.
import { personas } from '@/kernel/session'
import { geoBase } from '@/ui/map/geo'
import type { PhotoHint } from './exif'
import type { Shot } from './sample-notes'

function dice(seed: number): () => number {
  let s = seed >>> 0
  return () => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0
    return s / 2 ** 32
  }
}
const WIDTH = 1280
const HEIGHT = 960

/** Where the camera stands and how bright the day is; the first shot is straight. */
function stand(pen: CanvasRenderingContext2D, { scene, shot }: Shot): number {
  if (shot === 0) return 0
  const roll = dice(scene + shot * 7919)
  for (let n = 0; n < 3; n++) roll()
  const zoom = 1.03 + roll() * 0.1
  pen.translate(-roll() * WIDTH * (zoom - 1), -roll() * HEIGHT * (zoom - 1))
  pen.scale(zoom, zoom)
  return (roll() - 0.5) * 0.2
}

/** A street corner: with a heap of rubbish, or clean. */
function draw(pen: CanvasRenderingContext2D, which: Shot): void {
  const light = stand(pen, which)
  const roll = dice(which.scene)
  const hue = Math.floor(roll() * 360)
  const box = (colour: string, x: number, y: number, w: number, h: number) => {
    pen.fillStyle = colour
    pen.fillRect(x, y, w, h)
  }
  box('#bcd3e6', 0, 0, WIDTH, HEIGHT)
  for (let n = 0; n < 4; n++) {
    const [x, top] = [n * 330 - 40 + roll() * 60, 120 + roll() * 200]
    box(`hsl(${(hue + n * 40) % 360},28%,${58 + roll() * 18}%)`, x, top, 300, 560 - top)
    for (let w = 0; w < 12; w++) box('#5b7086', x + 24 + (w % 4) * 68, top + 30 + Math.floor(w / 4) * 84, 40, 52)
  }
  box('#a5a9ae', 0, 560, WIDTH, 120)
  box('#6f7479', 0, 680, WIDTH, 280)
  for (let n = 0; n < 6; n++) box('#e6e6e2', n * 230 + 30, 800, 120, 14)
  const heapX = 300 + roll() * 500
  for (let n = 0; n < 26 && !which.clean; n++) {
    const [dx, dy, size] = [(roll() - 0.5) * 300, -roll() * 120, 30 + roll() * 50]
    pen.fillStyle = `hsl(${Math.floor(roll() * 360)},35%,${25 + roll() * 30}%)`
    pen.beginPath()
    pen.ellipse(heapX + dx, 690 + dy * (1 - Math.abs(dx) / 180), size, size * 0.7, roll(), 0, 7)
    pen.fill()
  }
  box(`rgba(${light > 0 ? '255,255,240' : '20,30,60'},${Math.abs(light)})`, 0, 0, WIDTH, HEIGHT)
}

/** The photo of one shot. */
export async function samplePhoto(which: Shot): Promise<File> {
  const canvas = document.createElement('canvas')
  canvas.width = WIDTH
  canvas.height = HEIGHT
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('no canvas')
  draw(pen, which)
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.9))
  if (!blob) throw new Error('no picture')
  return new File([blob], 'sample.jpg', { type: 'image/jpeg' })
}

/** Degrees around the middle of a town; about 300 m. */
const NEAR = 0.003

/**
 * Where a sample was taken: in the town of the demo's responsible unit, so that the case finds its way to it, another
 * spot for each place. Null when the city does not say; then the visitor chooses.
 */
export async function samplePlace({ scene }: Shot): Promise<PhotoHint | null> {
  try {
    const [people, base] = await Promise.all([personas(), geoBase()])
    const unit = people.find((one) => one.key === 'handler')?.hint ?? ''
    const towns = base.towns.features.map((town) => town.properties)
    const town = towns.find(({ name }) => unit.startsWith(name.slice(0, 2))) ?? towns[0]
    if (!town) return null
    const roll = dice(scene)
    const [lng, lat] = town.label
    return { lng: lng + (roll() - 0.5) * 2 * NEAR, lat: lat + (roll() - 0.5) * 2 * NEAR }
  } catch {
    return null
  }
}
