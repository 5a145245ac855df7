// The person who was signed in last on this phone, so that a page that was reloaded without a network knows whose tasks
// it may show. Gone with the sign-out, and of no use to the server: it asks the session again for everything.
import type { Me } from './api'
import { forget, recall, remember } from './storage'

const KEY = 'person'
/** A session does not live longer without a line either. */
const KEPT_MS = 12 * 3_600_000

export function keepPerson(me: Me, now: number): void {
  remember(KEY, JSON.stringify({ me, at: now }))
}
export function keptPerson(now: number): Me | undefined {
  try {
    const { me, at } = JSON.parse(recall(KEY) ?? '{}') as { me?: Me; at?: number }
    return me && at !== undefined && now - at < KEPT_MS && at <= now ? me : undefined
  } catch {
    return undefined
  }
}
export const forgetPerson = () => forget(KEY)
