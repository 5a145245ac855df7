// Where a case is, in words, also where nobody gave a point: then the area's code says which village.
import { shallowRef, watchEffect } from 'vue'
import type { CaseRow, PublicTown } from '@/kernel/api'
import { loadTowns } from '../phone/city'

type Placed = Pick<CaseRow, 'town_name' | 'cell_name' | 'area_code'>
const towns = shallowRef<PublicTown[]>([])

/** Town and cell, or town and village. */
export function placeOf(row: Placed): string {
  const villages = towns.value.flatMap((town) => town.villages)
  const inner = row.cell_name ?? villages.find((one) => one.code === row.area_code)?.name
  return inner ? `${row.town_name} ${inner}` : row.town_name
}
/** Fetches the names of the villages when one of these rows needs them. */
export function useVillages(rows: () => Placed[]): void {
  watchEffect(() => {
    if (towns.value.length > 0 || rows().every((row) => row.cell_name !== null)) return
    loadTowns().then(
      (found) => (towns.value = found),
      () => undefined, // the town alone is shown
    )
  })
}
