// Serves dist/ with invented data: `node tests/mock-server.mjs [port]`. For looking at screens only; journeys
// drive the true binary.
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { files, listeners, Refusal, routes } from './mock/api.mjs'

const dist = process.env.YOUJU_DIST ?? fileURLToPath(new URL('../dist', import.meta.url))
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
}
const CSP =
  "default-src 'self'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'self'"

function drawn(id) {
  const before = id.startsWith('b')
  const heap = before
    ? '<path d="M180 380l70-120 60 50 80-110 110 180z" fill="#7a6a53"/><circle cx="300" cy="330" r="34" fill="#3f6d4e"/>'
    : ''
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 480" width="640" height="480"><rect width="640" height="480" fill="#bcd3e6"/><rect y="240" width="640" height="240" fill="#9b9fa6"/><rect x="40" y="90" width="180" height="170" fill="#d9b48a"/><rect x="400" y="60" width="200" height="200" fill="#c5c9d2"/>${heap}<rect x="0" y="400" width="640" height="10" fill="#e8e8e8"/></svg>`
}

function matched(method, path) {
  for (const [verb, pattern, handle] of routes) {
    if (verb !== method) continue
    const names = []
    const rule = new RegExp(`^${pattern.replace(/:(\w+)/g, (_, name) => (names.push(name), '([^/]+)'))}$`)
    const hit = rule.exec(path)
    if (hit)
      return { handle, params: Object.fromEntries(names.map((name, n) => [name, decodeURIComponent(hit[n + 1])])) }
  }
  return undefined
}

async function api(request, response, url) {
  const path = url.pathname.slice('/api/v1'.length)
  if (path === '/live') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    const send = (event, data) => response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    send('ping', { at: Date.now(), seq: 4711 })
    listeners.add(send)
    const timer = setInterval(() => send('ping', { at: Date.now(), seq: 4711 }), 15_000)
    request.on('close', () => (listeners.delete(send), clearInterval(timer)))
    return
  }
  const photo = /\/photos\/(\w+)\/(thumb|view)$/.exec(path)
  if (photo) {
    const file = files.get(photo[1])
    response.writeHead(200, { 'Content-Type': file?.type ?? 'image/svg+xml' })
    response.end(file?.bytes ?? drawn(photo[1]))
    return
  }
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  const json = request.headers['content-type']?.startsWith('application/json') && bytes.length > 0
  const answer = (status, body, type = 'application/json') => {
    response.writeHead(status, { 'Content-Type': type })
    response.end(body === undefined ? '' : JSON.stringify(body))
  }
  try {
    const hit = matched(request.method, path)
    if (!hit) throw new Refusal(404, 'platform/no-route', '没有这个接口')
    const body = hit.handle({
      params: hit.params,
      query: url.searchParams,
      body: json ? JSON.parse(bytes) : undefined,
      bytes,
      headers: request.headers,
    })
    answer(body === undefined ? 204 : request.method === 'POST' ? 201 : 200, body)
  } catch (error) {
    if (!(error instanceof Refusal)) console.error(error)
    const problem = error instanceof Refusal ? error.body : { status: 500, code: 'platform/fault', title: '系统出错' }
    answer(problem.status, problem, 'application/problem+json')
  }
}

/** A server on the mock; `fail` may be set to make every API request break. */
export function mockServer(control = {}) {
  return createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost')
    if (url.pathname.startsWith('/api/')) {
      if (control.fail) return void request.destroy()
      return void api(request, response, url)
    }
    const app = /^\/(m|desk|tour)$/.exec(url.pathname)
    if (app && app[1] !== 'tour') return void response.writeHead(302, { Location: `/${app[1]}/` }).end()
    let path = normalize(url.pathname === '/tour' ? '/tour/' : url.pathname)
    if (path.endsWith('/')) path += 'index.html'
    const file = join(dist, path)
    if (!file.startsWith(dist) || !existsSync(file)) return void response.writeHead(404).end('not found')
    response.writeHead(200, {
      'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
      'Content-Security-Policy': CSP,
    })
    response.end(readFileSync(file))
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const port = Number(process.argv[2] ?? 8090)
  mockServer().listen(port, '127.0.0.1', () => console.log(`mock at http://127.0.0.1:${port}/tour`))
}
