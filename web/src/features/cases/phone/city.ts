// What the city says about itself: kinds, limits, hotline. Asked once per language; kept for bad networks.
import { ref, watch } from 'vue'
import type { Problem, PublicCity, PublicTown } from '@/kernel/api'
import { asProblem } from '@/kernel/http'
import { locale } from '@/kernel/locale'
import { recall, remember } from '@/kernel/storage'
import { publicAreas, publicCity } from '../public-api'

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
watch(locale, loadCity)

let towns: Promise<PublicTown[]> | undefined
/** Towns and villages, for the way without a map. A failed fetch may be tried again. */
export function loadTowns(): Promise<PublicTown[]> {
  towns ??= publicAreas().catch((error: unknown) => {
    towns = undefined
    throw error
  })
  return towns
}
