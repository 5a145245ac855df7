// The case that the visitor has reported on the tour's phone: where it stands, and whose turn it is. The phone notes
// it on the device (demo only); its receipt says the rest, so no account is needed to follow it.
import { onBeforeUnmount, onMounted, ref, shallowRef } from 'vue'
import { receipt } from '@/features/cases/public-api'
import { readReported, type ReportedCase } from '@/features/cases/phone/last-report'
import type { CaseState, Receipt } from '@/kernel/api'
import type { StepKey, TourRole } from './roles'

const LOOK_MS = 3_000

export interface Followed extends ReportedCase {
  state: CaseState
  state_name: string
  /** Whose turn it is, in which step; nobody's when the case was not accepted. */
  next: { role: TourRole['key']; step: StepKey } | undefined
  /** Closed, and the reporter has given his word: nothing is left to do. */
  done: boolean
}

const TURNS: Record<CaseState, Followed['next']> = {
  pending_pre_verify: { role: 'inspector', step: 'dispatch' },
  pending_file: { role: 'acceptor', step: 'dispatch' },
  pending_dispatch: { role: 'dispatcher', step: 'dispatch' },
  handling: { role: 'handler', step: 'handle' },
  pending_check: { role: 'checker', step: 'check' },
  pending_close: { role: 'acceptor', step: 'check' },
  closed: { role: 'resident', step: 'verdict' },
  not_accepted: undefined,
}
/** Whose turn it is after this; the leader looks at the map when the resident has had the last word. */
export function turnOf({ state, verdict }: Pick<Receipt, 'state' | 'verdict'>): Followed['next'] {
  return state === 'closed' && verdict ? { role: 'leader', step: 'verdict' } : TURNS[state]
}

/** Looks at the case while the page is open; `turned` hears when it is somebody else's turn. */
export function useFollowed(turned: (now: Followed) => void) {
  const followed = shallowRef<Followed>()
  const asking = ref(false)
  let looked = readReported() === undefined

  async function look(): Promise<void> {
    const reported = readReported()
    if (!reported || asking.value) return
    asking.value = true
    try {
      const found = await receipt(reported.code)
      const { state, state_name } = found
      const now: Followed = {
        ...reported,
        state,
        state_name,
        next: turnOf(found),
        done: state === 'closed' && found.verdict !== null,
      }
      const before = followed.value
      followed.value = now
      // what an earlier visit has left is only shown
      const known = before !== undefined || looked
      looked = true
      if (known && (before?.id !== now.id || before.next?.role !== now.next?.role)) turned(now)
    } catch {
      followed.value = undefined // another demo's receipt, or no line: the tour works without it
    } finally {
      asking.value = false
    }
  }
  let timer: ReturnType<typeof setInterval>
  onMounted(() => {
    void look()
    timer = setInterval(() => void (document.hidden ? undefined : look()), LOOK_MS)
    window.addEventListener('storage', look)
  })
  onBeforeUnmount(() => {
    clearInterval(timer)
    window.removeEventListener('storage', look)
  })
  return { followed, look }
}
