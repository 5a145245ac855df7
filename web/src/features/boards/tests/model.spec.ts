import { describe, expect, it } from 'vitest'
import type { LiveCase } from '@/kernel/api'
import { middleOf } from '@/ui/map/middle'
import { FILLS, fillClass, LATE_STEPS, legendRows, OPEN_STEPS } from '@/ui/map/ramp'
import {
  DOT_MS,
  dots,
  fillsOf,
  FRESH_MS,
  hear,
  lagSeconds,
  links,
  MAX_DOTS,
  openStates,
  townBars,
  wallScale,
} from '../model'

// 2026-11-23 23:30 in Shanghai is still the 23rd, though 15:30 UTC.
const as_of = Date.UTC(2026, 10, 23, 15, 30)

describe('colours of the cells', () => {
  it('go light to dark by open cases, and warm only from the first overdue one', () => {
    expect([0, 1, 2, 3, 5, 6, 9, 10, 99].map((open) => fillClass(open, 0))).toEqual([0, 1, 1, 2, 2, 3, 3, 4, 4])
    expect([1, 2, 3, 9].map((late) => fillClass(20, late))).toEqual([5, 5, 6, 6])
  })
  it('have one legend row per class, whose bounds are the classes’ own', () => {
    const rows = legendRows()
    expect(rows.map((row) => row.fill)).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(FILLS.light).toHaveLength(rows.length)
    for (const row of rows.filter((one) => !one.late && one.fill > 0)) {
      const from = Number(/\d+/.exec(row.text)?.[0])
      expect(fillClass(from, 0)).toBe(row.fill)
      expect(fillClass(from - 1, 0)).toBe(row.fill - 1)
    }
    expect(rows.filter((row) => row.late).map((row) => row.text)).toEqual([`${LATE_STEPS[0]}–2`, `≥${LATE_STEPS[1]}`])
    expect(rows[0]?.text).toBe('0')
    expect(OPEN_STEPS[0]).toBe(1)
  })
  it('leave cells without open cases out', () => {
    const cells = [
      { id: '1', open: 0, overdue: 0 },
      { id: '2', open: 4, overdue: 0 },
      { id: '3', open: 1, overdue: 1 },
    ]
    expect(fillsOf(cells)).toEqual({ '2': 2, '3': 5 })
  })
})

describe('addresses behind the numbers', () => {
  it('name the day in Shanghai and exactly one set of rows', () => {
    expect(links.reported(as_of).query).toEqual({ reported_on: '2026-11-23' })
    expect(links.closed(as_of + 3_600_000).query).toEqual({ closed_on: '2026-11-24' })
    expect(links.open().query).toEqual({ open: 'true' })
    expect(links.overdue().query).toEqual({ overdue: 'true' })
    expect(links.cell('77').query).toEqual({ cell: '77', open: 'true' })
    expect(links.townClosed('320281001', as_of).query).toEqual({ area: '320281001', closed_on: '2026-11-23' })
  })
})

describe('the table of towns', () => {
  const towns = [
    { code: '003', name: '丙', open: 20, overdue: 4, today_closed: 1 },
    { code: '001', name: '甲', open: 10, overdue: 4, today_closed: 0 },
    { code: '002', name: '乙', open: 0, overdue: 0, today_closed: 7 },
  ]
  it('stands in the order of codes, and by overdue only when asked', () => {
    expect(townBars(towns, 'code').map((row) => row.code)).toEqual(['001', '002', '003'])
    expect(townBars(towns, 'overdue').map((row) => row.code)).toEqual(['001', '003', '002'])
  })
  it('draws bars from zero to the largest number, overdue as a part of open', () => {
    const [a, b, c] = townBars(towns, 'code')
    expect([a?.late_pct, a?.rest_pct]).toEqual([20, 30])
    expect([b?.late_pct, b?.rest_pct]).toEqual([0, 0])
    expect((c?.late_pct ?? 0) + (c?.rest_pct ?? 0)).toBe(100)
  })
  it('does not divide by zero in a quiet city', () => {
    expect(townBars([{ code: '1', name: '甲', open: 0, overdue: 0, today_closed: 0 }], 'code')[0]?.late_pct).toBe(0)
    expect(openStates({}).every((row) => row.count === 0 && row.pct === 0)).toBe(true)
  })
})

describe('live dots', () => {
  const change = (case_id: string, cell_id: string | null = 'c1'): LiveCase => ({
    seq: 1,
    case_id,
    number: 'N1',
    kind: 'closed',
    title: '办结',
    state: 'closed',
    state_name: '已办结',
    class_name: '道路不洁',
    area_code: '320281001',
    cell_id,
    unit_id: null,
    at: 0,
  })
  const at = new Map([['c1', { lng: 120.3, lat: 31.9 }]])

  it('stand in the middle of the cell, ringed while fresh, and go after a while', () => {
    const heard = hear([], change('a'), 1000)
    expect(dots(heard, at, 1000)).toEqual([{ id: 'a', lng: 120.3, lat: 31.9, tone: 'done', fresh: true }])
    expect(dots(heard, at, 1000 + FRESH_MS)[0]?.fresh).toBe(false)
    expect(dots(heard, at, 1000 + DOT_MS)).toEqual([])
  })
  it('are the same array while nothing about them changes, so that the map rests', () => {
    const heard = hear([], change('a'), 1000)
    const first = dots(heard, at, 1000)
    expect(dots(heard, at, 2000, first)).toBe(first)
    const later = dots(heard, at, 1000 + FRESH_MS, first)
    expect(later).not.toBe(first)
    expect(dots(heard, at, 1000 + FRESH_MS + 1000, later)).toBe(later)
    const none = dots([], at, 0, [])
    expect(dots([], at, 1000, none)).toBe(none)
  })
  it('are one per case, newest first, and never grow without end', () => {
    let heard = hear([], change('a'), 0)
    heard = hear(heard, change('b'), 1)
    heard = hear(heard, change('a'), 2)
    expect(heard.map((one) => one.change.case_id)).toEqual(['a', 'b'])
    for (let n = 0; n < 200; n++) heard = hear(heard, change(`x${n}`), 3)
    expect(heard).toHaveLength(MAX_DOTS)
  })
  it('skip changes without a known cell', () => {
    expect(dots(hear([], change('a', null), 0), at, 0)).toEqual([])
    expect(dots(hear([], change('a', 'c9'), 0), at, 0)).toEqual([])
  })
})

describe('the middle of a cell', () => {
  const square = (x: number, y: number, side: number) => [
    [x, y],
    [x + side, y],
    [x + side, y + side],
    [x, y + side],
    [x, y],
  ]
  it('is the centroid of the largest part, whatever the direction of the ring', () => {
    const two: GeoJSON.Geometry = {
      type: 'MultiPolygon',
      coordinates: [[square(120, 31, 0.01)], [square(121, 32, 0.002).reverse()]],
    }
    expect(middleOf(two)?.lng).toBeCloseTo(120.005, 6)
    expect(middleOf({ type: 'Polygon', coordinates: [square(120, 31, 0.02).reverse()] })?.lat).toBeCloseTo(31.01, 6)
    expect(middleOf({ type: 'Point', coordinates: [1, 2] })).toBeNull()
  })
})

describe('age and size', () => {
  it('counts whole seconds since the last answer', () => {
    expect(lagSeconds(null, 5000)).toBeNull()
    expect(lagSeconds(1000, 62_500)).toBe(61)
    expect(lagSeconds(2000, 1000)).toBe(0)
  })
  it('doubles names on a 4K screen', () => {
    expect(wallScale(3840, 2160)).toBeCloseTo(2 * wallScale(1920, 1080), 6)
    expect(wallScale(1366, 768)).toBe(0.9)
  })
})
