// Lists that do not change while a page is open: classes with their standards, towns, reasons. Asked for once; a
// failed answer may be asked for again.
import type { ClassGroup, PublicCity, PublicTown } from '@/kernel/api'
import { classes, refusalReasons, showCell, showUnit, townAreas, type RefusalReason } from '../api'
import { publicCity } from '../public-api'

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined
  return () =>
    (answer ??= ask().catch((error: unknown) => {
      answer = undefined
      throw error
    }))
}

/** The same for single things by id; what does not come is asked for again the next time. */
function onceEach<T>(ask: (id: string) => Promise<T>): (id: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>()
  return (id) => {
    const known = answers.get(id)
    if (known) return known
    const asked = ask(id).catch((error: unknown) => {
      answers.delete(id)
      throw error
    })
    answers.set(id, asked)
    return asked
  }
}

/** Names behind the ids of an address. */
export const unitName: (id: string) => Promise<string> = onceEach((id) => showUnit(id).then((unit) => unit.name))
export const cellName: (id: string) => Promise<string> = onceEach((id) => showCell(id).then((cell) => cell.name))

export const classTree: () => Promise<ClassGroup[]> = once(classes)
export const areaTree: () => Promise<PublicTown[]> = once(townAreas)
/** The city as residents see it: common kinds, limits. */
export const cityFacts: () => Promise<PublicCity> = once(publicCity)
export const refusals: () => Promise<RefusalReason[]> = once(refusalReasons)
