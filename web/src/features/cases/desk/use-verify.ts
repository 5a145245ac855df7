// Verifying cases from a list: one by one, or the whole page one after another. Each answer is of the moment it was
// asked for and stays until the list is read anew.
import { onScopeDispose, reactive, ref } from 'vue'
import type { Verification } from '@/kernel/api'
import { asProblem } from '@/kernel/http'
import { verifyCase } from '../api'

/** What is known of one case: asked for, answered, or not to be had. */
export type Proof = { is: 'asked' } | { is: 'held' | 'broken'; answer: Verification } | { is: 'failed'; why: string }

export function useVerify() {
  const proofs = reactive(new Map<string, Proof>())
  /** Cases of the page that are still to be asked for; 0 when nothing runs. */
  const left = ref(0)
  let run = 0

  async function verify(id: string): Promise<void> {
    proofs.set(id, { is: 'asked' })
    try {
      const answer = await verifyCase(id)
      proofs.set(id, { is: answer.ok ? 'held' : 'broken', answer })
    } catch (error) {
      proofs.set(id, { is: 'failed', why: asProblem(error).title })
    }
  }
  /** One after another, so that a page of a hundred is no burst of requests. Starting again begins anew. */
  async function verifyAll(ids: readonly string[]): Promise<void> {
    const own = ++run
    left.value = ids.length
    for (const id of ids) {
      if (own !== run) return
      await verify(id)
      if (own === run) left.value -= 1
    }
  }
  function stop(): void {
    run += 1
    left.value = 0
  }
  function clear(): void {
    stop()
    proofs.clear()
  }
  onScopeDispose(stop)
  return { proofs, left, verify, verifyAll, stop, clear }
}

/** How the answers of a page add up. */
export function sumProofs(proofs: ReadonlyMap<string, Proof>): { held: number; broken: number; failed: number } {
  const sum = { held: 0, broken: 0, failed: 0 }
  for (const proof of proofs.values()) if (proof.is !== 'asked') sum[proof.is] += 1
  return sum
}
