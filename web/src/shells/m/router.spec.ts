import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { me } from '@/kernel/session'
import { makeRouter } from './router'

const answer = (status: number) => new Response(JSON.stringify({ code: 'x', title: 'x', status }), { status })

describe('staff pages of the phone', () => {
  beforeEach(() => (me.value = undefined))
  afterEach(() => vi.unstubAllGlobals())

  async function openField() {
    const router = makeRouter((key) => key)
    await router.push('/field')
    await flushPromises()
    return router.currentRoute.value
  }
  it('ask to sign in when nobody is', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(answer(401)))
    expect((await openField()).name).toBe('sign-in')
  })
  it('do not take a broken line for nobody', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('network')))
    const route = await openField()
    expect(route.name).toBe('offline')
    expect(route.query['to']).toBe('/field')
    expect(document.title).toContain('m.offline.title')
  })
})
