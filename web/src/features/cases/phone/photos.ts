// Photos picked on this device, before they are sent.
import { uuid } from '@/kernel/uuid'
import { compress } from './compress'
import { EXIF_BYTES, exifPlace, type PhotoHint } from './exif'
import type { DraftPhoto } from './queue-store'

export interface PickedPhoto {
  /** Idempotency key of its upload. */
  id: string
  blob: Blob
  /** Object URL of the small picture. */
  url: string
  hint: PhotoHint | null
  /** A drawn sample of the demo, by its name. */
  sample?: string
}

/** Reads the place of the original, then makes it small. Null: this device cannot read it as a photo at all. */
export async function pickPhoto(file: File): Promise<PickedPhoto | null> {
  const hint = exifPlace(
    await file
      .slice(0, EXIF_BYTES)
      .arrayBuffer()
      .catch(() => new ArrayBuffer(0)),
  )
  const { blob, readable } = await compress(file)
  if (!readable && !/^image\/(jpeg|png|webp)$/.test(file.type)) return null
  return { id: uuid(), blob, url: URL.createObjectURL(blob), hint }
}

export function dropPhoto(photo: PickedPhoto): void {
  URL.revokeObjectURL(photo.url)
}

/** A photo as it is kept: bytes, because some WebViews cannot store a Blob. */
export async function packPhoto({ id, blob, sample }: PickedPhoto): Promise<DraftPhoto> {
  return { id, type: blob.type || 'image/jpeg', bytes: await blob.arrayBuffer(), ...(sample ? { sample } : {}) }
}

/** A kept photo as it is shown in a form. */
export function unpackPhoto({ id, type, bytes, sample }: DraftPhoto): PickedPhoto {
  const blob = new Blob([bytes], { type })
  return { id, blob, url: URL.createObjectURL(blob), hint: null, ...(sample ? { sample } : {}) }
}
