import { describe, expect, it } from 'vitest'
import { turnOf } from './followed'
import { deskPath, phonePath, ROLES, type TourRole } from './roles'

const role = (key: TourRole['key']) => {
  const found = ROLES.find((one) => one.key === key)
  if (!found) throw new Error(key)
  return found
}
const at = (state: Parameters<typeof turnOf>[0]['state'], verdict: Parameters<typeof turnOf>[0]['verdict'] = null) => ({
  id: '7',
  code: 'AB12',
  state,
  next: turnOf({ state, verdict }),
})

describe("the visitor's own case in the tour", () => {
  it('opens where the role has to act, and nowhere else', () => {
    expect(deskPath(role('acceptor'), at('pending_file'))).toBe('/queue?state=pending_file&case=7')
    expect(deskPath(role('acceptor'), at('pending_close'))).toBe('/queue?state=pending_close&case=7')
    expect(deskPath(role('acceptor'), at('handling'))).toBe('/queue')
    expect(deskPath(role('dispatcher'), at('pending_dispatch'))).toBe('/queue?state=pending_dispatch&case=7')
    expect(deskPath(role('handler'), at('handling'))).toBe('/inbox?case=7')
    expect(phonePath(role('inspector'), 'dispatch', at('pending_pre_verify'))).toBe('/field/7')
    expect(phonePath(role('handler'), 'handle', at('handling'))).toBe('/field/7')
    expect(phonePath(role('handler'), 'handle', at('pending_check'))).toBe('/field')
    expect(phonePath(role('checker'), 'check', undefined)).toBe('/field')
  })
  it('is seen by the resident on its receipt in the last step', () => {
    expect(phonePath(role('resident'), 'report', at('closed'))).toBe('/')
    expect(phonePath(role('resident'), 'verdict', at('closed'))).toBe('/r/AB12')
    expect(phonePath(role('resident'), 'verdict', undefined)).toBe('/mine')
  })
  it("is the leader's after the resident has had the last word", () => {
    expect(turnOf({ state: 'closed', verdict: null })?.role).toBe('resident')
    expect(turnOf({ state: 'closed', verdict: { value: 'resolved', at: 1 } })?.role).toBe('leader')
    expect(turnOf({ state: 'not_accepted', verdict: null })).toBeUndefined()
  })
})
