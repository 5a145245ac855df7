// How a state looks: always colour, shape and word together (guide §10.12). The words come from the server.
import type { CaseState } from '@/kernel/api'

export type Shape = 'ring' | 'half' | 'diamond' | 'disc' | 'triangle' | 'square'
export interface Look {
  shape: Shape
  /** Name of the palette's colour: `--<tone>` and `--<tone>-soft`. */
  tone: 'wait' | 'work' | 'check' | 'done' | 'late' | 'none'
}

export const LOOKS: Record<CaseState, Look> = {
  pending_pre_verify: { shape: 'ring', tone: 'wait' },
  pending_file: { shape: 'ring', tone: 'wait' },
  pending_dispatch: { shape: 'ring', tone: 'wait' },
  handling: { shape: 'half', tone: 'work' },
  pending_check: { shape: 'diamond', tone: 'check' },
  pending_close: { shape: 'diamond', tone: 'check' },
  closed: { shape: 'disc', tone: 'done' },
  not_accepted: { shape: 'square', tone: 'none' },
}
export const LATE: Look = { shape: 'triangle', tone: 'late' }

/** Order of the states in filters and bars: the way a case goes. */
export const STATE_ORDER: CaseState[] = [
  'pending_pre_verify',
  'pending_file',
  'pending_dispatch',
  'handling',
  'pending_check',
  'pending_close',
  'closed',
  'not_accepted',
]
