import { beforeEach, describe, expect, it, vi } from 'vitest'
import { becomePersona, loadMe, me, signOut, whenPersonLeaves } from './session'

const left = vi.fn()
whenPersonLeaves(left)
const arrives = (user_id: string) =>
  vi
    .spyOn(globalThis, 'fetch')
    .mockImplementation((_, init) =>
      Promise.resolve(
        init?.method === 'DELETE' ? new Response(null, { status: 204 }) : new Response(JSON.stringify({ user_id })),
      ),
    )
beforeEach(() => left.mockReset())

describe('what is kept for a person', () => {
  it('goes when he signs out', async () => {
    arrives('1')
    await becomePersona('acceptor')
    expect(left).not.toHaveBeenCalled()
    await signOut()
    expect(left).toHaveBeenCalledOnce()
    expect(me.value).toBeNull()
  })
  it('waits for him when his session ran out, and goes when another person comes', async () => {
    arrives('1')
    await becomePersona('acceptor')
    me.value = null // the shell's answer to a 401
    await becomePersona('acceptor')
    await loadMe(true)
    expect(left).not.toHaveBeenCalled()
    arrives('2')
    await becomePersona('dispatcher')
    expect(left).toHaveBeenCalledOnce()
  })
})
