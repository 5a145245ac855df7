// Live changes over server-sent events. The browser reconnects with Last-Event-ID by itself; what it does not do
// is notice a line that is open but dead, so silence of 40 s (the server pings every 15) opens a new one.
import { onScopeDispose, ref, type Ref } from 'vue'
import type { LiveCase } from './api'

const SILENCE_MS = 40_000

export interface Live {
  /** Time of the last sign of life (ms), or null before the first. */
  heard_at: Ref<number | null>
  connected: Ref<boolean>
}

/** Calls `onCase` for each change of a case the person may see, until the component goes. */
export function useLive(onCase: (change: LiveCase) => void): Live {
  const heard_at = ref<number | null>(null)
  const connected = ref(false)
  let source: EventSource | undefined
  let guard: ReturnType<typeof setTimeout> | undefined

  function alive(): void {
    heard_at.value = Date.now()
    connected.value = true
    clearTimeout(guard)
    guard = setTimeout(open, SILENCE_MS)
  }
  function open(): void {
    source?.close()
    connected.value = false
    source = new EventSource('/api/v1/live')
    source.addEventListener('open', alive)
    source.addEventListener('ping', alive)
    source.addEventListener('case', (event) => {
      alive()
      onCase(JSON.parse((event as MessageEvent<string>).data) as LiveCase)
    })
    source.addEventListener('error', () => (connected.value = false))
    clearTimeout(guard)
    guard = setTimeout(open, SILENCE_MS)
  }
  if (typeof EventSource !== 'undefined') open()
  onScopeDispose(() => {
    clearTimeout(guard)
    source?.close()
  })
  return { heard_at, connected }
}
