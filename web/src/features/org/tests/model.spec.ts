import { describe, expect, it } from 'vitest'
import { areaGeometry } from '@/ui/map/areas'
import type { CellShow, GeoBase, GeoCells, ImportPreview, MatrixFinding } from '@/kernel/api'
import { asksForNextYear, addDays, dayWords, monthsOf, readYear, spansOf, sumDays } from '../model/calendar'
import { byDuty, cellFilter, geometryOf, openCasesLink, readCellQuery, roomy } from '../model/cells'
import { changedFields, diffOf, isWorkbook, nextOf, takesMuchAway, undoable } from '../model/imports'
import {
  countFindings,
  fromPicker,
  groupFindings,
  isClass,
  matrixFilter,
  placeOfFinding,
  readMatrixQuery,
  toPicker,
  writeMatrixQuery,
} from '../model/matrix'

const ring = (x: number) => [
  [x, 31],
  [x + 0.1, 31],
  [x + 0.1, 31.1],
  [x, 31],
]
const polygon = (x: number): GeoJSON.Polygon => ({ type: 'Polygon', coordinates: [ring(x)] })
const base: GeoBase = {
  hash: 'h',
  credit: '',
  outline: polygon(119),
  neighbours: { type: 'FeatureCollection', features: [] },
  towns: {
    type: 'FeatureCollection',
    features: [
      { type: 'Feature', properties: { code: '320281001', name: '甲镇', label: [0, 0] }, geometry: polygon(120) },
    ],
  },
}
const cell = (id: string, code: string, x: number): GeoCells['features'][number] => ({
  type: 'Feature',
  properties: { id, code, name: code, town_code: code.slice(0, 9) },
  geometry: polygon(x),
})
const cells: GeoCells = {
  type: 'FeatureCollection',
  features: [
    cell('7', '3202810010010001', 121),
    cell('8', '3202810010010002', 122),
    cell('9', '3202810010020001', 123),
  ],
}

describe('cells', () => {
  it('keep filters in the address and drop what is none', () => {
    expect(readCellQuery({ level: 'town', area: '320281001', q: '花园', cell: '7' })).toEqual({
      level: 'town',
      area: '320281001',
      q: '花园',
      cell: '7',
    })
    expect(readCellQuery({ level: 'county', area: "1' or", q: '', cell: ['7'] })).toEqual({})
    expect(cellFilter({ level: 'cell', cell: '7' })).toEqual({ level: 'cell' })
  })
  it('have the geometry of their level', () => {
    expect(geometryOf({ id: '1', code: '320281', level: 'city' }, base, cells)).toBe(base.outline)
    expect(geometryOf({ id: '2', code: '320281001', level: 'town' }, base, cells)).toEqual(polygon(120))
    expect(geometryOf({ id: '8', code: '3202810010010002', level: 'cell' }, base, cells)).toEqual(polygon(122))
    expect(geometryOf({ id: '8', code: '3202810010010002', level: 'cell' }, base, undefined)).toBeUndefined()
  })
  it('open exactly their own cases', () => {
    expect(openCasesLink({ id: '7', code: '3202810010010001', level: 'cell' }).query).toEqual({
      cell: '7',
      open: 'true',
    })
    expect(openCasesLink({ id: '2', code: '320281001', level: 'town' }).query).toEqual({
      area: '320281001',
      open: 'true',
    })
    expect(openCasesLink({ id: '1', code: '320281', level: 'city' }).query).toEqual({ open: 'true' })
  })
  it('list persons by duty in the order of the server', () => {
    const persons: CellShow['persons'] = [
      { duty: 'leader', duty_name: '网格长', name: '王某', phone_masked: '138****0001' },
      { duty: 'worker', duty_name: '网格员', name: '李某', phone_masked: null },
      { duty: 'worker', duty_name: '网格员', name: '张某', phone_masked: '139****0002' },
    ]
    const groups = byDuty(persons)
    expect(groups.map((group) => [group.name, group.persons.length])).toEqual([
      ['网格长', 1],
      ['网格员', 2],
    ])
    expect(byDuty([])).toEqual([])
  })
  it('are shown with their neighbours', () => {
    expect(roomy([120, 31, 121, 32], 1)).toEqual([119, 30, 122, 33])
  })
})

const finding = (kind: MatrixFinding['kind'], more: Partial<MatrixFinding> = {}): MatrixFinding => ({
  kind,
  title: kind,
  class_code: null,
  class_name: null,
  area_code: null,
  area_name: null,
  time_text: null,
  rows: [],
  answering_units: [],
  ask: null,
  backstop_unit: null,
  point: null,
  geometry: null,
  ...more,
})

describe('the responsibility list', () => {
  it('keeps tab, filters, place and time in the address, both ways', () => {
    const query = {
      tab: 'explain' as const,
      class: 'E0410',
      area: '320281001',
      unit: '5',
      find: 3,
      at_point: { lng: 120.3000004, lat: 31.9 },
      at: 1_790_000_000_000,
    }
    const address = writeMatrixQuery(query)
    expect(address['lng']).toBe('120.3')
    expect(readMatrixQuery(address)).toEqual({ ...query, at_point: { lng: 120.3, lat: 31.9 } })
    expect(writeMatrixQuery({ tab: 'list' })).toEqual({})
    expect(readMatrixQuery({})).toEqual({ tab: 'list' })
  })
  it('drops broken values of an old link', () => {
    expect(readMatrixQuery({ tab: 'x', class: '<', area: '1', find: '-1', lng: 'x', lat: '31', at: '' })).toEqual({
      tab: 'list',
    })
  })
  it('asks the server only for filters', () => {
    expect(matrixFilter({ tab: 'list', class: '04', row: '9', find: 2 })).toEqual({ class: '04' })
  })
  it('groups findings by kind and counts exactly what it lists', () => {
    const groups = groupFindings([
      finding('grid_hole'),
      finding('overlap'),
      finding('hole'),
      finding('hole'),
      finding('grid_overlap'),
    ])
    expect(groups.map((group) => group.kind)).toEqual(['hole', 'overlap', 'grid_hole', 'grid_overlap'])
    expect(groups.flatMap((group) => group.items.map((item) => item.no))).toEqual([1, 2, 3, 4, 5])
    expect(countFindings(groups)).toEqual({ holes: 3, overlaps: 2 })
    expect(groupFindings([])).toEqual([])
    expect(countFindings([])).toEqual({ holes: 0, overlaps: 0 })
  })
  it('marks a fault of the grid, outlines the area of a fault of the list, else shows its point', () => {
    const geometry = polygon(125)
    const point = { lng: 120, lat: 31 }
    expect(placeOfFinding(finding('grid_hole', { geometry, area_code: '320281001', point }), base, cells)).toEqual({
      mark: geometry,
    })
    expect(placeOfFinding(finding('hole', { geometry, area_code: '320281001' }), base, cells)).toEqual({
      frame: geometry,
    })
    expect(placeOfFinding(finding('hole', { area_code: '320281001', point }), base, cells)).toEqual({
      frame: polygon(120),
    })
    expect(placeOfFinding(finding('hole', { area_code: '999999001', point }), base, cells)).toEqual({ pin: point })
    expect(placeOfFinding(finding('hole'), base, cells)).toEqual({})
  })
  it('knows the ground of a village as its cells together', () => {
    expect(areaGeometry('320281', base, cells)).toBe(base.outline)
    expect(areaGeometry('320281001001', base, cells)).toEqual({
      type: 'MultiPolygon',
      coordinates: [[ring(121)], [ring(122)]],
    })
    expect(areaGeometry('3202810010020001', base, cells)).toEqual({ type: 'MultiPolygon', coordinates: [[ring(123)]] })
    expect(areaGeometry('320281009', base, cells)).toBeUndefined()
  })
  it('tells a class from a whole group', () => {
    const groups = [
      {
        code: 'E04',
        name: '街面秩序',
        kind: 'event' as const,
        classes: [{ code: 'E0410', name: '非机动车乱停放', standards: [] }],
      },
    ]
    expect([
      isClass(groups, 'E0410'),
      isClass(groups, 'E04'),
      isClass(groups, undefined),
      isClass([], 'E0410'),
    ]).toEqual([true, false, false, false])
  })
  it('reads the picker’s fields as time in Shanghai', () => {
    const at = Date.UTC(2026, 10, 23, 7, 42)
    const picked = toPicker(at)
    expect([picked?.getFullYear(), picked?.getDate(), picked?.getHours(), picked?.getMinutes()]).toEqual([
      2026, 23, 15, 42,
    ])
    expect(fromPicker(picked)).toBe(at)
    expect(toPicker(undefined)).toBeUndefined()
    expect(fromPicker(new Date(NaN))).toBeUndefined()
  })
})

const preview = (more: Partial<ImportPreview> = {}): ImportPreview => ({
  id: '1',
  kind: 'units',
  file_name: '单位.xlsx',
  rows: 3,
  adds: 1,
  changes: 1,
  removes: 1,
  errors: [],
  diff: [
    { row: 2, change: 'add', key: '甲', before: {}, after: { 名称: '甲', 备注: '' } },
    { row: 3, change: 'change', key: '乙', before: { 名称: '乙', 类型: '部门' }, after: { 名称: '乙', 类型: '企业' } },
    { row: 0, change: 'remove', key: '丙', before: { 名称: '丙' }, after: {} },
  ],
  state: 'preview',
  ...more,
})

describe('imports', () => {
  it('show only fields that differ', () => {
    const [add, change, remove] = preview().diff
    expect(add && changedFields(add)).toEqual([{ name: '名称', before: null, after: '甲' }])
    expect(change && changedFields(change)).toEqual([{ name: '类型', before: '部门', after: '企业' }])
    expect(remove && changedFields(remove)).toEqual([{ name: '名称', before: '丙', after: null }])
    expect(diffOf(preview(), 'change').map((row) => row.key)).toEqual(['乙'])
    expect(diffOf(preview(), null)).toHaveLength(3)
  })
  it('never offer to apply a workbook with errors, or one that changes nothing', () => {
    const error = { cell: '单位!C14', code: 'org/x', message: '错' }
    expect(nextOf(preview())).toBe('apply')
    expect(nextOf(preview({ errors: [error] }))).toBe('fix')
    expect(nextOf(preview({ adds: 0, changes: 0, removes: 0 }))).toBe('nothing')
    expect(nextOf(preview({ rows: 0, adds: 0, changes: 0, removes: 0 }))).toBe('empty')
    expect(nextOf(preview({ state: 'applied' }))).toBe('undo')
    expect(nextOf(preview({ state: 'undoing' }))).toBe('wait')
    expect(nextOf(preview({ state: 'undone' }))).toBe('done')
  })
  it('tell fields in the order of the columns, and warn of a part taken for the whole', () => {
    const after = { 备注: '3', 责任单位编码: 'CGJ', 类别编码: 'E01', 别的: 'x', 区域编码: '320281' }
    expect(changedFields({ before: {}, after }).map((field) => field.name)).toEqual([
      '类别编码',
      '区域编码',
      '责任单位编码',
      '备注',
      '别的',
    ])
    expect(takesMuchAway(preview({ removes: 168 }))).toBe(true)
    expect(takesMuchAway(preview({ adds: 200, removes: 168 }))).toBe(false)
    expect(takesMuchAway(preview({ adds: 0, changes: 0, removes: 3 }))).toBe(false)
  })
  it('take .xlsx only', () => {
    expect(['a.xlsx', 'A.XLSX', 'a.xls', 'a.csv', 'xlsx'].map(isWorkbook)).toEqual([true, true, false, false, false])
  })
})

describe('the calendar', () => {
  const year = {
    year: 2026,
    known: true,
    version: 1,
    hours: [] as [string, string][],
    days: [
      { date: '2026-10-10', kind: 'workday' as const, name: '国庆节调休' },
      ...['01', '02', '03', '04', '05', '06', '07'].map((d) => ({
        date: `2026-10-${d}`,
        kind: 'holiday' as const,
        name: '国庆节',
      })),
    ],
  }
  it('has every day of the year once, under the right weekday', () => {
    const months = monthsOf(year)
    expect(months.map((month) => month.days.length)).toEqual([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    expect(months[0]?.lead).toBe(3) // 2026-01-01 is a Thursday
    expect(monthsOf({ ...year, year: 2028, days: [] })[1]?.days).toHaveLength(29)
  })
  it('lets the table win over the weekday', () => {
    const october = monthsOf(year)[9]?.days
    expect(october?.slice(0, 11).map((day) => day.is)).toEqual([
      ...Array<string>(7).fill('holiday'),
      'work',
      'work',
      'workday',
      'weekend',
    ])
  })
  it('counts worked days as deadlines do', () => {
    // 2026 has 261 weekdays; the holiday takes five of them, the make-up day gives one back.
    expect(sumDays(monthsOf(year))).toEqual({ work: 257, holiday: 7, workday: 1 })
  })
  it('tells neighbouring days as one entry, in order', () => {
    expect(spansOf(year).map((span) => [span.name, span.from, span.to, span.days])).toEqual([
      ['国庆节', '2026-10-01', '2026-10-07', 7],
      ['国庆节调休', '2026-10-10', '2026-10-10', 1],
    ])
  })
  it('moves over month ends and asks for the next year from November', () => {
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01')
    expect(addDays('2026-03-01', -7)).toBe('2026-02-22')
    expect([asksForNextYear('2026-10-31'), asksForNextYear('2026-11-01')]).toEqual([false, true])
  })
  it('reads the year of the address', () => {
    expect(readYear('2025', '2026-11-23')).toBe(2025)
    expect([readYear('1999', '2026-11-23'), readYear('x', '2026-11-23'), readYear(undefined, '2026-11-23')]).toEqual([
      2026, 2026, 2026,
    ])
  })
})

describe('taking an import back', () => {
  const row = (more: object) => ({ state: 'applied', ...more }) as ImportPreview
  it('is offered while what was before is kept', () => {
    expect(undoable(row({}), 100)).toBe(true)
    expect(undoable(row({ undo_until: 101 }), 100)).toBe(true)
    expect(undoable(row({ undo_until: 100 }), 100)).toBe(false)
    expect(undoable(row({ state: 'undone', undo_until: 101 }), 100)).toBe(false)
  })
})

describe('a day in words', () => {
  const texts: Record<string, string> = {
    'org.calendar.weekdays': '一,二,三,四,五,六,日',
    'org.calendar.kind.holiday': '放假',
    'org.calendar.kind.work': '工作日',
  }
  it('names date, weekday, what it is and why', () => {
    const t = (key: string) => texts[key] ?? key
    expect(dayWords({ date: '2026-10-01', n: 1, is: 'holiday', name: '国庆节' }, t)).toBe(
      '2026-10-01 星期四 放假 国庆节',
    )
    expect(dayWords({ date: '2026-11-27', n: 27, is: 'work', name: '' }, t)).toBe('2026-11-27 星期五 工作日')
  })
})
