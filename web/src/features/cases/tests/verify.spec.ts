import { effectScope } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import type { Verification } from '@/kernel/api'
import { clientProblem } from '@/kernel/http'
import { verifyCase } from '../api'
import { sumProofs, useVerify } from '../desk/use-verify'

vi.mock('../api', () => ({ verifyCase: vi.fn() }))
const asked = vi.mocked(verifyCase)
const answer = (ok: boolean): Verification => ({
  ok,
  events: 7,
  findings: ok ? [] : [{ what: 'Hash', where: '3', message: '校验值不符' }],
})
function audit() {
  const verify = effectScope().run(() => useVerify())
  if (!verify) throw new Error('no scope')
  return verify
}

describe('verifying a page of cases', () => {
  it('asks one after another and keeps what each answered', async () => {
    let under_way = 0
    asked.mockImplementation(async (id) => {
      expect(++under_way).toBe(1)
      await Promise.resolve()
      under_way -= 1
      if (id === '3') throw clientProblem('client/offline')
      return answer(id !== '2')
    })
    const verify = audit()
    await verify.verifyAll(['1', '2', '3', '4'])
    expect(verify.left.value).toBe(0)
    expect(sumProofs(verify.proofs)).toEqual({ held: 2, broken: 1, failed: 1 })
    expect(verify.proofs.get('2')).toMatchObject({ is: 'broken' })
  })
  it('stops when told to, and forgets with the list', async () => {
    asked.mockImplementation(async (id) => {
      if (id === '2') verify.stop()
      return answer(true)
    })
    const verify = audit()
    await verify.verifyAll(['1', '2', '3'])
    expect([...verify.proofs.keys()]).toEqual(['1', '2'])
    verify.clear()
    expect(verify.proofs.size).toBe(0)
  })
})
