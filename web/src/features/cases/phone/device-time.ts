// When a report was taken down, by the device's clock. Told only for a report that has waited on the device: what goes
// out at once needs no clock but the server's. A device whose clock is wrong must never keep a report back.
import { ProblemError } from '@/kernel/http'

/** Does the refusal go away when the time is left out? Either it cannot be, or an earlier try without it has arrived. */
function mended(error: unknown): boolean {
  if (!(error instanceof ProblemError)) return false
  const { code, fields = [] } = error.problem
  return code === 'platform/idempotency-reused' || fields.some(({ pointer }) => pointer === '/device_at')
}

/** Calls `send` with the time (ms) where there is one; where it stands in the way, once more without, under the same key. */
export async function withDeviceTime<A>(
  at: number | undefined,
  send: (time: { device_at?: number }) => Promise<A>,
): Promise<A> {
  if (at === undefined) return send({})
  return send({ device_at: at }).catch((error: unknown) => {
    if (!mended(error)) throw error
    return send({})
  })
}
