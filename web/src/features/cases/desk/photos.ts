// What the forms ask about their photos.
import type { PhotoKey } from '@/kernel/api'

interface Sendable {
  state: 'sending' | 'sent' | 'failed'
  sent?: PhotoKey
}

/** Keys of the photos that have arrived. */
export const sentKeys = (photos: readonly Sendable[]): PhotoKey[] =>
  photos.flatMap((photo) => (photo.sent ? [photo.sent] : []))

/** Is a photo still on its way or stuck? The form waits rather than sends without it. */
export const pending = (photos: readonly Sendable[]): boolean => photos.some((photo) => photo.state !== 'sent')
