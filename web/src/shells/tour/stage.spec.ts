import { describe, expect, it } from 'vitest'
import { stepFor } from './roles'
import { SIZES, stageOf, type Place } from './stage'

const apart = (a: Place, b: Place) =>
  a.left + a.width <= b.left || b.left + b.width <= a.left || a.top + a.height <= b.top || b.top + b.height <= a.top

describe.each([
  [1366, 768],
  [1920, 1080],
  [1280, 720],
])('stage of %i × %i', (width, height) => {
  it.each(['desk', 'wall'] as const)('holds all screens with %s in front, none over another', (focus) => {
    const stage = stageOf({ width, height }, 52, focus)
    const parts = [stage.phone, stage.main, stage.side, stage.steps]
    for (const part of parts) {
      expect(part.left + part.width).toBeLessThanOrEqual(width)
      expect(part.top + part.height).toBeLessThanOrEqual(height)
    }
    parts.forEach((a, i) => parts.slice(i + 1).forEach((b) => expect(apart(a, b)).toBe(true)))
  })
  it('keeps every screen in its own proportions', () => {
    const { phone, main, side } = stageOf({ width, height }, 52, 'desk')
    expect(phone.width / phone.height).toBeCloseTo(SIZES.phone[0] / SIZES.phone[1])
    expect(main.own[0]).toBeGreaterThanOrEqual(SIZES.desk[0])
    expect(main.own[1]).toBeGreaterThan(600)
    expect(side.width / side.height).toBeCloseTo(SIZES.wall[0] / SIZES.wall[1])
  })
  it('gives a list in the frame of the wall the size of the desk', () => {
    const [list, desk] = (['wall', 'desk'] as const).map((focus) => stageOf({ width, height }, 52, focus, 'desk').main)
    expect(list?.own).toEqual(desk?.own)
  })
  it('shows the phone and the desk large enough to read', () => {
    const { phone, main } = stageOf({ width, height }, 52, 'desk')
    expect(phone.scale).toBeGreaterThan(0.7)
    expect(main.scale).toBeGreaterThan(0.65)
  })
})

describe('stage of a narrow window', () => {
  it('holds the steps and all screens one below the other, none wider than the window', () => {
    const { steps, phone, main, side } = stageOf({ width: 390, height: 844 }, 96, 'desk')
    const parts = [steps, phone, main, side]
    for (const part of parts) expect(part.left + part.width).toBeLessThanOrEqual(390)
    parts.forEach((a, i) => parts.slice(i + 1).forEach((b) => expect(apart(a, b)).toBe(true)))
    expect([phone, main, side].map(({ scale }) => scale)).toEqual([1, 1, 1])
  })
})

describe('step of a role', () => {
  it('stays where the role has a part, goes forward else, and starts again after the end', () => {
    expect(stepFor('acceptor', 'dispatch')).toBe('dispatch')
    expect(stepFor('inspector', 'report')).toBe('dispatch')
    expect(stepFor('handler', 'report')).toBe('handle')
    expect(stepFor('acceptor', 'handle')).toBe('check')
    expect(stepFor('resident', 'check')).toBe('verdict')
    expect(stepFor('dispatcher', 'verdict')).toBe('dispatch')
  })
})
