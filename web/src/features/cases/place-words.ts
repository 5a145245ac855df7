// Where a case is, in words: town, village or community, cell. The name of a cell usually begins with its village's,
// and then says both.
import type { CaseRow } from '@/kernel/api'

type Placed = Pick<CaseRow, 'town_name' | 'village_name' | 'cell_name'>

/** Village and cell, each once; empty where only the town is known. */
export function insideTown({ village_name: village, cell_name: cell }: Omit<Placed, 'town_name'>): string {
  if (!village || !cell) return village ?? cell ?? ''
  return cell.startsWith(village) ? cell : `${village} ${cell}`
}

/** Town and what is known inside of it, e.g. `周庄镇 山泉村第2网格`. */
export const placeWords = (row: Placed): string => `${row.town_name} ${insideTown(row)}`.trim()
