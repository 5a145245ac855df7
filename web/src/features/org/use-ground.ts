// The ground of the maps of this context: loaded once, fails alone.
import { onMounted, ref, shallowRef } from 'vue'
import type { GeoBase, GeoCells, Problem } from '@/kernel/api'
import { asProblem } from '@/kernel/http'
import { geoBase, geoCells } from '@/ui/map/geo'

export function useGround() {
  const base = shallowRef<GeoBase>()
  const cells = shallowRef<GeoCells>()
  const problem = ref<Problem>()
  async function load(): Promise<void> {
    try {
      base.value = await geoBase()
      cells.value = await geoCells() // a map of towns alone is better than none: the base stays when the cells fail
      problem.value = undefined
    } catch (error) {
      problem.value = asProblem(error)
    }
  }
  onMounted(load)
  return { base, cells, ground_problem: problem, reloadGround: load }
}
