// The steps of the work and their addresses. What else the server lists for a case (to see the reporter, say) has its
// own place on the page.
import type { ActName } from '@/kernel/api'
import type { ActBodies } from '../api'

export const ACTS: Record<ActName, keyof ActBodies> = {
  pre_verify: 'pre-verify',
  file: 'file',
  refuse: 'refuse',
  dispatch: 'dispatch',
  handle: 'handle',
  check: 'check',
  close: 'close',
}
