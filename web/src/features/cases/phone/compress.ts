// Makes a photo small enough for a bad network: at most 1600 px, JPEG. Where the device cannot (old WebView,
// no canvas, unknown format) the original goes as it is and the server judges it.

const LONGEST_PX = 1600
const QUALITY = 0.82

/** Size inside a square of `longest`; never larger than it was. */
export function fitInside(width: number, height: number, longest: number = LONGEST_PX): [number, number] {
  const factor = Math.min(1, longest / Math.max(width, height))
  return [Math.max(1, Math.round(width * factor)), Math.max(1, Math.round(height * factor))]
}

function loadImage(url: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const image = new Image()
    image.onload = () => resolve(image)
    image.onerror = () => reject(new Error('not a picture that this device can read'))
    image.src = url
  })
}

export interface Small {
  blob: Blob
  /** The device could read it; a photo it cannot read may still be one for the server. */
  readable: boolean
}

/** The photo, smaller where possible. */
export async function compress(file: Blob): Promise<Small> {
  const url = URL.createObjectURL(file)
  let image: HTMLImageElement
  try {
    image = await loadImage(url)
  } catch {
    return { blob: file, readable: false }
  } finally {
    // the decoded image stays; the address is no longer needed after the next frame
    setTimeout(() => URL.revokeObjectURL(url), 10_000)
  }
  try {
    const [width, height] = fitInside(image.naturalWidth, image.naturalHeight)
    const canvas = document.createElement('canvas')
    canvas.width = width
    canvas.height = height
    const pen = canvas.getContext('2d')
    if (!pen) return { blob: file, readable: true }
    pen.fillStyle = '#ffffff' // a transparent PNG would turn black
    pen.fillRect(0, 0, width, height)
    pen.drawImage(image, 0, 0, width, height)
    const small = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', QUALITY))
    if (!small || small.size === 0) return { blob: file, readable: true }
    return { blob: small, readable: true }
  } catch {
    return { blob: file, readable: true }
  }
}
