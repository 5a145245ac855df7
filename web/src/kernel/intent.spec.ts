import { expect, it } from 'vitest'
import { keyKeeper } from './intent'

it('names one content by one key, and another by another', () => {
  const keyOf = keyKeeper()
  const key = keyOf({ verdict: 'partly', note: '还有一处' })
  expect(keyOf({ verdict: 'partly', note: '还有一处' })).toBe(key)
  const other = keyOf({ verdict: 'resolved', note: '还有一处' })
  expect(other).not.toBe(key)
  expect(keyOf({ verdict: 'resolved', note: '还有一处' })).toBe(other)
  expect(keyKeeper()({ verdict: 'resolved', note: '还有一处' })).not.toBe(other)
})
