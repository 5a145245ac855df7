// Drawn sample photos, offered only where the city says that it is a demo: a desktop visitor has no camera.
// The same seed gives the same bytes, so that the demo can also show what happens to a photo that was used before.
import { recall, remember } from '@/kernel/storage'

const KEY = 'sample-seed'

function dice(seed: number): () => number {
  let s = seed >>> 0
  return () => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0
    return s / 2 ** 32
  }
}

/** A street corner from a seed: with a heap of rubbish, or clean. */
function draw(pen: CanvasRenderingContext2D, seed: number, clean: boolean): void {
  const roll = dice(seed)
  const hue = Math.floor(roll() * 360)
  const box = (colour: string, x: number, y: number, w: number, h: number) => {
    pen.fillStyle = colour
    pen.fillRect(x, y, w, h)
  }
  box('#bcd3e6', 0, 0, 1280, 960)
  for (let n = 0; n < 4; n++) {
    const [x, top] = [n * 330 - 40 + roll() * 60, 120 + roll() * 200]
    box(`hsl(${(hue + n * 40) % 360},28%,${58 + roll() * 18}%)`, x, top, 300, 560 - top)
    for (let w = 0; w < 12; w++) box('#5b7086', x + 24 + (w % 4) * 68, top + 30 + Math.floor(w / 4) * 84, 40, 52)
  }
  box('#a5a9ae', 0, 560, 1280, 120)
  box('#6f7479', 0, 680, 1280, 280)
  for (let n = 0; n < 6; n++) box('#e6e6e2', n * 230 + 30, 800, 120, 14)
  const heapX = 300 + roll() * 500
  for (let n = 0; n < 26; n++) {
    const [dx, dy, size] = [(roll() - 0.5) * 300, -roll() * 120, 30 + roll() * 50]
    const colour = `hsl(${Math.floor(roll() * 360)},35%,${25 + roll() * 30}%)`
    if (clean) continue
    pen.fillStyle = colour
    pen.beginPath()
    pen.ellipse(heapX + dx, 690 + dy * (1 - Math.abs(dx) / 180), size, size * 0.7, roll(), 0, 7)
    pen.fill()
  }
}

async function photo(seed: number, clean: boolean): Promise<File> {
  const canvas = document.createElement('canvas')
  canvas.width = 1280
  canvas.height = 960
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('no canvas')
  draw(pen, seed, clean)
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.9))
  if (!blob) throw new Error('no picture')
  return new File([blob], 'sample.jpg', { type: 'image/jpeg' })
}

/** A problem as a resident would photograph it; another one every time. */
export function problemPhoto(): Promise<File> {
  const seed = Math.floor(Date.now() % 2_000_000_000)
  remember(KEY, String(seed))
  return photo(seed, false)
}

/** The place of the last problem, put in order. */
export const mendedPhoto = () => photo(Number(recall(KEY) ?? 1), true)

/** The problem photo of before, once more: the server must refuse it as proof. */
export const usedPhoto = () => photo(Number(recall(KEY) ?? 1), false)
