// Sending one large body with its progress. `fetch` does not tell how much has gone out, so this one request uses
// XMLHttpRequest; refusals and broken lines come out as the same problems.
import type { Problem } from './api'
import { clientProblem, noteSignedOut, personHeader, ProblemError, queryString } from './http'
import { locale } from './locale'

export interface UploadOptions {
  query?: object
  idempotencyKey?: string
  /** Part of the body that has gone out, 0–1. */
  progress?: (part: number) => void
  /** Milliseconds until the request is given up; default 120,000. */
  timeout_ms?: number
}

function problemOf(status: number, text: string): ProblemError {
  try {
    const body = JSON.parse(text) as Partial<Problem>
    if (typeof body.code === 'string' && typeof body.title === 'string') {
      return new ProblemError({ ...body, code: body.code, title: body.title, status })
    }
  } catch {
    // Not a problem document: a proxy or a crash answered. Fall through.
  }
  return clientProblem('client/unreadable', status)
}

/** POSTs `body` and answers the JSON that comes back. */
export function upload<T>(path: string, body: Blob, options: UploadOptions = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', path + queryString(options.query))
    request.timeout = options.timeout_ms ?? 120_000
    request.setRequestHeader('Accept', 'application/json, application/problem+json')
    request.setRequestHeader('Accept-Language', locale.value === 'zh' ? 'zh-CN' : 'en')
    request.setRequestHeader('Content-Type', body.type || 'application/octet-stream')
    for (const [name, value] of Object.entries(personHeader('POST', path))) request.setRequestHeader(name, value)
    if (options.idempotencyKey) request.setRequestHeader('Idempotency-Key', options.idempotencyKey)
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable && event.total > 0) options.progress?.(event.loaded / event.total)
    })
    request.addEventListener('load', () => {
      if (request.status < 200 || request.status > 299) {
        const error = problemOf(request.status, request.responseText)
        if (error.problem.code === 'platform/other-person') noteSignedOut('other')
        else if (request.status === 401) noteSignedOut('expired')
        return reject(error)
      }
      try {
        resolve(JSON.parse(request.responseText) as T)
      } catch {
        reject(clientProblem('client/unreadable', request.status))
      }
    })
    request.addEventListener('error', () => reject(clientProblem('client/offline')))
    request.addEventListener('timeout', () => reject(clientProblem('client/timeout')))
    request.send(body)
  })
}
