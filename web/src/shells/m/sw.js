// The phone page comes back without a network: its shell and its assets, never an answer of the API, never a photo.
// The page itself is asked for anew each time there is a line, so nobody is held on an old version; what has a hash in
// its name never changes. The build puts in what there is.
/* global self, caches, fetch, __SHELL__ */
const { version, files } = __SHELL__
const PREFIX = 'youju-m-'
const NAME = PREFIX + version
/** A line that answers this slowly is no line for a page that is here already. */
const PATIENCE_MS = 4000
const PAGE = './'

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(NAME)
      .then((cache) => cache.addAll([PAGE, ...files]))
      .then(() => self.skipWaiting()),
  )
})
self.addEventListener('activate', (event) => {
  // pages of the version before may still be open: their parts stay until the next one comes
  const tidy = caches.keys().then((names) => {
    const ours = names.filter((name) => name.startsWith(PREFIX) && name !== NAME)
    return Promise.all(ours.slice(0, -1).map((name) => caches.delete(name)))
  })
  event.waitUntil(tidy.then(() => self.clients.claim()))
})

const late = () => new Promise((_done, fail) => setTimeout(() => fail(new Error('late')), PATIENCE_MS))

async function page(request) {
  const cache = await caches.open(NAME)
  try {
    const answer = await Promise.race([fetch(request), late()])
    if (answer.ok) await cache.put(PAGE, answer.clone())
    // a gateway that is down answers too; the page that is here is better
    return answer.status >= 500 ? ((await cache.match(PAGE)) ?? answer) : answer
  } catch (error) {
    const kept = await cache.match(PAGE)
    if (kept) return kept
    throw error
  }
}
async function asset(request) {
  const kept = await caches.match(request)
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.ok) await (await caches.open(NAME)).put(request, answer.clone())
  return answer
}
self.addEventListener('fetch', (event) => {
  const { request } = event
  const scope = new URL(self.registration.scope)
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== scope.origin || !url.pathname.startsWith(scope.pathname)) return
  if (request.mode === 'navigate') event.respondWith(page(request))
  else if (url.pathname.startsWith(`${scope.pathname}assets/`)) event.respondWith(asset(request))
})
