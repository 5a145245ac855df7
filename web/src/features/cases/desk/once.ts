// Lists that do not change while a page is open: classes with their standards, towns, reasons. Asked for once; a
// failed answer may be asked for again.
import type { ClassGroup, PublicTown } from '@/kernel/api'
import { classes, refusalReasons, townAreas, type RefusalReason } from '../api'

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined
  return () =>
    (answer ??= ask().catch((error: unknown) => {
      answer = undefined
      throw error
    }))
}

export const classTree: () => Promise<ClassGroup[]> = once(classes)
export const areaTree: () => Promise<PublicTown[]> = once(townAreas)
export const refusals: () => Promise<RefusalReason[]> = once(refusalReasons)
