// What the city says about itself: kinds, limits, hotline. Asked once per language; kept for bad networks.
import { ref, watch } from 'vue'
import type { FoundKind, Problem, PublicCity, PublicTown } from '@/kernel/api'
import { asProblem } from '@/kernel/http'
import { locale } from '@/kernel/locale'
import { recall, remember } from '@/kernel/storage'
import { publicAreas, publicCity, publicKinds } from '../public-api'

export const city = ref<PublicCity>()
export const cityProblem = ref<Problem>()
/** Asked for more than 300 ms ago, and nothing to show yet. */
export const citySlow = ref(false)

const key = () => `city.${locale.value}`

export async function loadCity(): Promise<void> {
  const timer = setTimeout(() => (citySlow.value = city.value === undefined), 300)
  try {
    city.value = await publicCity()
    cityProblem.value = undefined
    remember(key(), JSON.stringify(city.value))
  } catch (error) {
    const kept = recall(key())
    if (kept && !city.value) city.value = JSON.parse(kept) as PublicCity
    if (!city.value) cityProblem.value = asProblem(error)
  } finally {
    clearTimeout(timer)
    citySlow.value = false
  }
}
/** Every kind with the words by which it is found; empty until somebody searches. Kept for bad networks. */
export const allKinds = ref<FoundKind[]>([])
let kinds_of = ''
const kinds_key = () => `kinds.${locale.value}`

/** Asked for once per language, when somebody begins to search; without a network what was kept. */
export async function loadKinds(): Promise<void> {
  const key = kinds_key()
  if (kinds_of === key) return
  try {
    allKinds.value = await publicKinds()
    kinds_of = key
    remember(key, JSON.stringify(allKinds.value))
  } catch {
    const kept = recall(key)
    if (kept) allKinds.value = JSON.parse(kept) as FoundKind[]
  }
}
/** What residents call a kind; its code where nobody has said. */
export const kindName = (code: string): string =>
  [...(city.value?.kinds ?? []), ...allKinds.value].find((one) => one.class_code === code)?.name ?? code

watch(locale, () => {
  void loadCity()
  if (allKinds.value.length > 0) void loadKinds()
})

let towns: Promise<PublicTown[]> | undefined
/** Towns and villages, for the way without a map; kept for bad networks. A failed fetch may be tried again. */
export function loadTowns(): Promise<PublicTown[]> {
  towns ??= publicAreas().then(
    (found) => {
      remember('towns', JSON.stringify(found))
      return found
    },
    (error: unknown) => {
      towns = undefined
      const kept = recall('towns')
      if (kept) return JSON.parse(kept) as PublicTown[]
      throw error
    },
  )
  return towns
}
