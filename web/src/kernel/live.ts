// Live changes over server-sent events. The browser reconnects with Last-Event-ID by itself; what it does not do
// is notice a line that is open but dead, so silence of 40 s (the server pings every 15) opens a new one.
// All parts of a page share one line: a browser allows only six to one host, over all tabs.
import { onScopeDispose, readonly, ref, type Ref } from 'vue'
import type { LiveCase } from './api'
import { locale } from './locale'

const SILENCE_MS = 40_000

export interface Live {
  /** Time of the last sign of life (ms), or null before the first. */
  heard_at: Readonly<Ref<number | null>>
  connected: Readonly<Ref<boolean>>
}

const heard_at = ref<number | null>(null)
const connected = ref(false)
interface Listener {
  change: (change: LiveCase) => void
  missed: () => void
}
const listeners = new Set<Listener>()
let source: EventSource | undefined
let guard: ReturnType<typeof setTimeout> | undefined

function alive(): void {
  heard_at.value = Date.now()
  connected.value = true
  clearTimeout(guard)
  guard = setTimeout(open, SILENCE_MS)
}
function open(): void {
  // A line that had to be given up has lost its place: nobody knows what was missed.
  if (source) listeners.forEach((one) => one.missed())
  source?.close()
  connected.value = false
  // An event source sends no header of ours, and the browser's own may name another language than the page speaks.
  source = new EventSource(`/api/v1/live?lang=${locale.value}`)
  source.addEventListener('open', alive)
  source.addEventListener('ping', alive)
  source.addEventListener('case', (event) => {
    alive()
    const change = JSON.parse((event as MessageEvent<string>).data) as LiveCase
    listeners.forEach((one) => one.change(change))
  })
  source.addEventListener('reload', () => {
    alive()
    listeners.forEach((one) => one.missed())
  })
  source.addEventListener('error', () => (connected.value = false))
  clearTimeout(guard)
  guard = setTimeout(open, SILENCE_MS)
}
function close(): void {
  clearTimeout(guard)
  source?.close()
  source = undefined
  connected.value = false
  heard_at.value = null
}

/**
 * Calls `onCase` for each change of a case the person may see, until the component goes; `onMissed` when changes were
 * lost and everything should be loaded again.
 */
export function useLive(onCase: (change: LiveCase) => void, onMissed: () => void = () => undefined): Live {
  const listener: Listener = { change: onCase, missed: onMissed }
  listeners.add(listener)
  if (!source && typeof EventSource !== 'undefined') open()
  onScopeDispose(() => {
    listeners.delete(listener)
    if (listeners.size === 0) close()
  })
  return { heard_at: readonly(heard_at), connected: readonly(connected) }
}
