// The one place that talks to the server: JSON in and out, problems as errors, idempotency keys, If-Match.
// A broken line is a problem too (code `client/offline`), so that every screen shows failures one way.
import type { FieldProblem, Problem } from './api'
import { locale } from './locale'

/** Thrown for every refusal and every broken line. */
export class ProblemError extends Error {
  override name = 'ProblemError'
  constructor(readonly problem: Problem) {
    super(`${problem.code}: ${problem.title}`)
  }
  /** The line broke or the server did not answer; sending again later may help. */
  get offline(): boolean {
    return this.problem.status === 0
  }
  /** Sending the same again cannot help: the request itself is refused. */
  get permanent(): boolean {
    const { status } = this.problem
    return status >= 400 && status < 500 && status !== 401 && status !== 408 && status !== 425 && status !== 429
  }
}

export interface Options {
  query?: object
  /** JSON value, or bytes when it is a Blob. */
  body?: unknown
  /** Makes a repeated creating request safe (≤ 64 characters). */
  idempotencyKey?: string
  /** Version of the thing that is changed; the server refuses when it has moved on. */
  version?: number
  signal?: AbortSignal
  /** Milliseconds until the request is given up; default 30,000. */
  timeout_ms?: number
}

const CLIENT_TITLES = {
  'client/offline': { zh: '网络不通，请稍后再试', en: 'No connection, please try again' },
  'client/timeout': { zh: '服务器没有及时应答', en: 'The server did not answer in time' },
  'client/other-person': { zh: '这台设备上现在登录的是别人', en: 'Somebody else is signed in on this device' },
  'client/unreadable': { zh: '服务器的应答无法读取', en: 'The answer of the server could not be read' },
} as const

/** A problem made on this side. */
export function clientProblem(code: keyof typeof CLIENT_TITLES, status = 0): ProblemError {
  return new ProblemError({ code, status, title: CLIENT_TITLES[code][locale.value] })
}

/** Anything thrown, as a problem to show. */
export function asProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem
  console.error(error)
  return clientProblem('client/unreadable').problem
}

/** `{a: 1, b: undefined, c: ['x','y']}` → `?a=1&c=x,y`; empty values are left out. */
export function queryString(query: object | undefined): string {
  const parts: string[] = []
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === null || value === '' || value === false) continue
    const text = Array.isArray(value) ? value.join(',') : String(value)
    if (text !== '') parts.push(`${encodeURIComponent(key)}=${encodeURIComponent(text)}`)
  }
  return parts.length > 0 ? `?${parts.join('&')}` : ''
}

async function readProblem(response: Response): Promise<ProblemError> {
  try {
    const body = (await response.json()) as Partial<Problem>
    if (typeof body.code === 'string' && typeof body.title === 'string') {
      const fields = Array.isArray(body.fields) ? (body.fields as FieldProblem[]) : []
      return new ProblemError({ ...body, code: body.code, title: body.title, status: response.status, fields })
    }
  } catch {
    // Not a problem document: a proxy or a crash answered. Fall through.
  }
  return clientProblem('client/unreadable', response.status)
}

/** Why nobody is signed in on this page any longer: it ran out, somebody else signed in beside it, he left elsewhere. */
export type SignedOut = 'expired' | 'other' | 'left'
let onSignedOut: (why: SignedOut) => void = () => undefined
/** Called for each 401 of a staff route, so that the shell can offer to sign in. */
export function whenSignedOut(callback: (why: SignedOut) => void): void {
  onSignedOut = callback
}
/** Tells the shell that the session of this page is over. */
export function noteSignedOut(why: SignedOut): void {
  onSignedOut(why)
}

/** A frame of the tour shows whoever the tour has signed in; every other page belongs to one person. */
export const FOLLOWS = window.parent !== window && new URLSearchParams(window.location.search).has('tour')
let person: string | undefined
/** Names the person whose page this is: the server refuses what is asked in another one's session. */
export function actAs(user_id: string | undefined): void {
  person = user_id
}
/** The header of it, for requests that act for somebody; who is signed in is asked, and changed, without. */
export function personHeader(method: string, path: string): Record<string, string> {
  const asks = path.endsWith('/me') || (method === 'POST' && path.endsWith('/session')) || path.includes('/public/')
  return person === undefined || asks || FOLLOWS ? {} : { 'Youju-Person': person }
}

/** One request. `path` starts with `/api/v1`. */
export async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const headers: Record<string, string> = {
    Accept: 'application/json, application/problem+json',
    'Accept-Language': locale.value === 'zh' ? 'zh-CN' : 'en',
    ...personHeader(method, path),
  }
  let body: BodyInit | undefined
  if (options.body instanceof Blob) {
    body = options.body
    headers['Content-Type'] = options.body.type || 'application/octet-stream'
  } else if (options.body !== undefined) {
    body = JSON.stringify(options.body)
    headers['Content-Type'] = 'application/json'
  }
  if (options.idempotencyKey) headers['Idempotency-Key'] = options.idempotencyKey
  if (options.version !== undefined) headers['If-Match'] = `"${options.version}"`

  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), options.timeout_ms ?? 30_000)
  const follow = () => abort.abort()
  options.signal?.addEventListener('abort', follow)
  try {
    const response = await fetch(path + queryString(options.query), {
      method,
      headers,
      body: body ?? null,
      signal: abort.signal,
      credentials: 'same-origin',
      cache: 'no-store',
    })
    if (!response.ok) {
      const error = await readProblem(response)
      if (error.problem.code === 'platform/other-person') onSignedOut('other')
      else if (response.status === 401 && !path.endsWith('/me') && !path.includes('/session')) onSignedOut('expired')
      throw error
    }
    if (response.status === 204) return undefined as T
    return (await response.json()) as T
  } catch (error) {
    if (error instanceof ProblemError) throw error
    if (options.signal?.aborted) throw error
    if (abort.signal.aborted) throw clientProblem('client/timeout')
    if (error instanceof SyntaxError) throw clientProblem('client/unreadable')
    throw clientProblem('client/offline')
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', follow)
  }
}

export const get = <T>(path: string, query?: object, options: Options = {}) =>
  request<T>('GET', path, query === undefined ? options : { ...options, query })
export const post = <T>(path: string, body?: unknown, options: Options = {}) =>
  request<T>('POST', path, { ...options, body })
export const put = <T>(path: string, body?: unknown, options: Options = {}) =>
  request<T>('PUT', path, { ...options, body })
export const del = <T>(path: string, options: Options = {}) => request<T>('DELETE', path, options)
