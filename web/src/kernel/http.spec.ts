import { afterEach, describe, expect, it, vi } from 'vitest'
import { get, post, ProblemError, queryString, whenSignedOut } from './http'
import { uuid } from './uuid'

const answers = (status: number, body: unknown, type = 'application/json') =>
  vi.spyOn(globalThis, 'fetch').mockImplementation(() =>
    Promise.resolve(
      new Response(typeof body === 'string' ? body : JSON.stringify(body), {
        status,
        headers: { 'Content-Type': type },
      }),
    ),
  )
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => error as ProblemError,
  )
afterEach(() => vi.useRealTimers())

describe('requests', () => {
  it('carry language, key and version', async () => {
    const fetch = answers(200, { ok: true })
    await post('/api/v1/cases/1/close', { note: 'x' }, { idempotencyKey: 'k', version: 7 })
    const headers = fetch.mock.calls[0]?.[1]?.headers as Record<string, string>
    expect(headers).toMatchObject({ 'Accept-Language': 'zh-CN', 'Idempotency-Key': 'k', 'If-Match': '"7"' })
  })
  it('leave empty filters out and join lists', () => {
    expect(queryString({ state: ['a', 'b'], open: true, overdue: false, unit: '', size: 0 })).toBe(
      '?state=a%2Cb&open=true&size=0',
    )
    expect(queryString(undefined)).toBe('')
  })
})

describe('refusals', () => {
  it('become problems with code and fields', async () => {
    answers(422, {
      code: 'cases/outside-city',
      title: '不在本市',
      fields: [{ pointer: '/place', code: 'c', title: 't' }],
    })
    const error = await failure(get('/api/v1/x'))
    expect(error.problem).toMatchObject({ code: 'cases/outside-city', status: 422 })
    expect(error.problem.fields).toHaveLength(1)
    expect(error.permanent).toBe(true)
  })
  it('of a proxy that speaks HTML are problems too', async () => {
    answers(502, '<html>bad gateway</html>', 'text/html')
    const error = await failure(get('/api/v1/x'))
    expect(error.problem).toMatchObject({ code: 'client/unreadable', status: 502 })
    expect(error.permanent).toBe(false)
  })
  it('by a broken line can be tried again', async () => {
    vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('failed to fetch'))
    const error = await failure(get('/api/v1/x'))
    expect([error.problem.code, error.offline, error.permanent]).toEqual(['client/offline', true, false])
  })
  it('for lack of a session tell the shell, except where asking is the point', async () => {
    const told = vi.fn()
    whenSignedOut(told)
    answers(401, { code: 'platform/not-signed-in', title: '请登录' })
    await failure(get('/api/v1/me'))
    await failure(post('/api/v1/session', {}))
    expect(told).not.toHaveBeenCalled()
    await failure(get('/api/v1/cases'))
    expect(told).toHaveBeenCalledOnce()
  })
})

describe('keys', () => {
  const form = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
  it('have the same form with randomUUID, without it, and without crypto', () => {
    const bytes = { getRandomValues: globalThis.crypto.getRandomValues.bind(globalThis.crypto) }
    expect(uuid()).toMatch(form)
    expect(uuid(bytes)).toMatch(form)
    expect(uuid(null)).toMatch(form)
    expect(uuid(bytes)).not.toBe(uuid(bytes))
  })
})
