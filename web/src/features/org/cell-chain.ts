// A cell with everything above it, loaded together: the server answers one parent at a time.
import type { CellShow, Named } from '@/kernel/api'
import { showCell } from './api'

export interface CellWithChain {
  cell: CellShow
  /** From the city down to the parent. */
  chain: Named[]
}

/** Levels above a village-level cell are two; more would be a broken tree. */
const MAX_DEPTH = 4

export async function loadCell(id: string, signal?: AbortSignal): Promise<CellWithChain> {
  const cell = await showCell(id, signal)
  const chain: Named[] = []
  let parent = cell.parent
  while (parent && chain.length < MAX_DEPTH) {
    chain.unshift(parent)
    parent = (await showCell(parent.id, signal)).parent
  }
  return { cell, chain }
}
