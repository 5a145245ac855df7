import { beforeEach, describe, expect, it, vi } from 'vitest'

describe('drawn samples of the demo', () => {
  beforeEach(() => {
    localStorage.clear()
    vi.resetModules()
  })
  const fresh = () => import('./sample-notes')

  it('show one place from the report to the check, in a new photo each time', async () => {
    const { nextShot, noteSent, shotName } = await fresh()
    const reported = nextShot(false, [], undefined)
    noteSent('JY1', [{ sample: shotName(reported) }])
    const later = [nextShot(false, [], 'JY1'), nextShot(true, [], 'JY1'), nextShot(true, [], 'JY1')]
    expect(new Set(later.map((one) => one.scene))).toEqual(new Set([reported.scene]))
    expect(new Set([reported, ...later].map((one) => one.shot)).size).toBe(4)
  })
  it('stay at the place of the photo that is in the form already', async () => {
    const { nextShot, shotName } = await fresh()
    const first = nextShot(false, [], undefined)
    expect(nextShot(false, [{ sample: shotName(first) }], undefined)).toEqual({ ...first, shot: 1 })
  })
  it('have a used one only after one was sent, of the case itself if there is one', async () => {
    const { noteSent, usedSample } = await fresh()
    expect(usedSample('JY1')).toBeUndefined()
    noteSent('JY1', [{ sample: '5.0.dirty' }])
    noteSent('JY2', [{}, { sample: '6.0.dirty' }])
    expect(usedSample('JY1')).toBe('5.0.dirty')
    expect(usedSample('JY9')).toBe('6.0.dirty')
  })
  it('draw another place for a case from elsewhere, the same each time', async () => {
    const { nextShot } = await fresh()
    const [a, b, c] = [nextShot(true, [], 'JY5'), nextShot(true, [], 'JY5'), nextShot(true, [], 'JY6')]
    expect(a.scene).toBe(b.scene)
    expect(a.scene).not.toBe(c.scene)
  })
  it('are read back by their names', async () => {
    const { readShot, shotName } = await fresh()
    expect(readShot(shotName({ scene: 12, shot: 3, clean: true }))).toEqual({ scene: 12, shot: 3, clean: true })
    expect(readShot('odd')).toBeUndefined()
  })
})
