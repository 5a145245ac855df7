// Invented data for looking at screens without the server. Nothing here is in any build.
import { readFileSync } from 'node:fs'
import { phrase } from './phrases.mjs'

const file = (name) =>
  JSON.parse(readFileSync(new URL(`../../../crates/scenery/data/${name}`, import.meta.url), 'utf8'))
const HOUR = 3_600_000
export const CITY = '320281'

export const outline = file('jiangyin-outline.geojson').features[0].geometry
export const neighbours = file('neighbours.geojson')
const divisions = file('jiangyin-divisions.json')
const centres = readFileSync(new URL('../../../crates/scenery/data/jiangyin-town-centres.tsv', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split('\t'))
  .map(([code, name, lng, lat]) => ({ code, name, lng: Number(lng), lat: Number(lat) }))

/** A seeded chance, so that every start shows the same. */
function dice(seed) {
  let s = seed
  return () => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0
    return s / 2 ** 32
  }
}
const roll = dice(7)
const pick = (list) => list[Math.floor(roll() * list.length)]

function inside(lng, lat) {
  let hit = false
  for (const polygon of outline.coordinates) {
    const ring = polygon[0]
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i]
      const [xj, yj] = ring[j]
      if (yi > lat !== yj > lat && lng < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) hit = !hit
    }
  }
  return hit
}
const near = (list, lng, lat) =>
  list.reduce((best, one) =>
    Math.hypot((one.lng - lng) * 0.85, one.lat - lat) < Math.hypot((best.lng - lng) * 0.85, best.lat - lat)
      ? one
      : best,
  )

export const areas = centres.map((town) => ({
  code: town.code,
  name: town.name,
  villages: (divisions.find((one) => one.code === town.code)?.villages ?? []).map((one) => ({
    code: one.code,
    name: one.name.replace(/(居委会|村委会|村村委会)$/, ''),
  })),
}))

/** Village-level cells: a grid of small squares, each given to the nearest town. Only a likeness. */
export const cells = []
const STEP = 0.0115
for (let lat = 31.66; lat < 32.05; lat += STEP * 0.85) {
  for (let lng = 119.95; lng < 120.6; lng += STEP) {
    if (!inside(lng, lat)) continue
    const town = near(centres, lng, lat)
    const villages = areas.find((one) => one.code === town.code).villages
    const n = cells.length
    const village = villages.length > 0 ? villages[n % villages.length] : { name: town.name, code: `${town.code}001` }
    cells.push({
      id: String(700000 + n),
      code: `${village.code}${String((n % 9) + 1).padStart(4, '0')}`,
      name: `${village.name}第${(n % 9) + 1}网格`,
      village: village.name,
      town,
      lng,
      lat,
    })
  }
}
const square = (c) => {
  const [dx, dy] = [STEP / 2, (STEP * 0.85) / 2]
  const { lng, lat } = c
  return [
    [lng - dx, lat - dy],
    [lng + dx, lat - dy],
    [lng + dx, lat + dy],
    [lng - dx, lat + dy],
    [lng - dx, lat - dy],
  ]
}
export const geoCells = {
  type: 'FeatureCollection',
  features: cells.map((c) => ({
    type: 'Feature',
    properties: { id: c.id, code: c.code, name: c.name, town_code: c.town.code },
    geometry: { type: 'Polygon', coordinates: [square(c)] },
  })),
}
export const geoBase = {
  hash: 'mock',
  outline,
  neighbours,
  towns: {
    type: 'FeatureCollection',
    features: centres.map((t) => ({
      type: 'Feature',
      properties: { code: t.code, name: t.name, label: [t.lng, t.lat] },
      geometry: { type: 'Polygon', coordinates: [square({ lng: t.lng, lat: t.lat })] },
    })),
  },
  credit: '边界：天地图（演示）',
}

export function locate(place) {
  if (place.area_code) {
    return cells.find((c) => c.code.startsWith(place.area_code)) ?? cells.find((c) => c.town.code === place.area_code)
  }
  return inside(place.lng, place.lat) ? near(cells, place.lng, place.lat) : undefined
}

export const kinds = [
  ['0110', '暴露垃圾', '市容环境', 4],
  ['0112', '道路不洁', '市容环境', 2],
  ['0113', '道路破损', '市容环境', 40],
  ['0136', '乱堆物料', '市容环境', 8],
  ['0107', '沿街晾挂', '市容环境', 2],
  ['0201', '非法小广告', '宣传广告', 8],
  ['0299', '公益广告破损', '宣传广告', 40],
  ['0304', '施工扬尘', '施工管理', 2],
  ['0406', '占道经营', '街面秩序', 2],
  ['0410', '非机动车乱停放', '街面秩序', 2],
  ['0496', '占用消防通道', '街面秩序', 2],
  ['0498', '农贸市场管理', '街面秩序', 16],
].map(([class_code, name, group_name, hours]) => ({
  class_code,
  name,
  group_code: class_code.slice(0, 2),
  group_name,
  hours,
  limit_text: hours >= 8 ? `${hours / 8} 工作日` : `${hours} 工作时`,
}))

export const units = [
  ['市城市管理局', '城管局', 'department', '市级部门'],
  ['市住房和城乡建设局', '住建局', 'department', '市级部门'],
  ['市市场监督管理局', '市监局', 'department', '市级部门'],
  ['市消防救援大队', '消防大队', 'department', '市级部门'],
  ...centres.map((t) => [`${t.name}综合行政执法局`, `${t.name}执法局`, 'town', '镇街']),
].map(([name, short_name, kind, kind_name], n) => ({
  id: String(5000 + n),
  name,
  short_name,
  kind,
  kind_name,
  area_code: kind === 'town' ? centres[n - 4].code : CITY,
}))
export const unitFor = (cell) => units.find((u) => u.area_code === cell.town.code)

export const STATES = {
  pending_pre_verify: '待核实',
  pending_file: '待受理',
  pending_dispatch: '待派遣',
  handling: '处置中',
  pending_check: '待核查',
  pending_close: '待结案',
  closed: '已办结',
  not_accepted: '不予受理',
}

export const steps = (c) => [
  { kind: 'reported', title: '上报', at: c.reported_at },
  ...(c.filed_at ? [{ kind: 'filed', title: '受理立案', at: c.filed_at }] : []),
  ...(c.dispatched_at
    ? [{ kind: 'dispatched', title: '派遣', at: c.dispatched_at, unit_name: c.unit.name, note: '依据责任清单第 14 行' }]
    : []),
  ...(c.handled_at
    ? [
        {
          kind: 'handled',
          title: '处置反馈',
          at: c.handled_at,
          unit_name: c.unit.name,
          note: '已清理干净，加派一次巡查',
        },
      ]
    : []),
  ...(c.checked_at ? [{ kind: 'checked', title: '核查通过', at: c.checked_at }] : []),
  ...(c.closed_at ? [{ kind: 'closed', title: '结案', at: c.closed_at }] : []),
]

export const cases = []
let serial = 0
/** Makes a case in `state`; hours are how long ago it was reported. */
export function addCase(state, cell, kind, hours, extra = {}) {
  const reported_at = Date.now() - hours * HOUR
  const order = Object.keys(STATES).indexOf(state)
  const unit = order >= 3 && state !== 'not_accepted' ? unitFor(cell) : null
  serial += 1
  const id = String(810000000 + serial)
  const source = extra.source ?? pick(['resident', 'resident', 'inspector', 'hotline'])
  const at = (n) => reported_at + Math.min(n, hours) * HOUR
  const c = {
    id,
    number: `JY20261123${String(serial).padStart(4, '0')}`,
    receipt_code: `7K3M9QXA${String(4000 + serial)}`,
    state,
    cell,
    kind,
    unit,
    source,
    ...phrase(kind.class_code, source, serial),
    reported_at,
    filed_at: order >= 2 ? at(0.1) : null,
    dispatched_at: unit ? at(0.2) : null,
    handled_at: order >= 4 && unit ? at(1.4) : null,
    checked_at: order >= 5 && unit ? at(1.6) : null,
    closed_at: state === 'closed' ? at(1.8) : null,
    due_at: order >= 2 ? reported_at + kind.hours * HOUR : reported_at + HOUR / 2,
    version: order + 1,
    verdict: null,
    before: ['b'],
    after: order >= 4 && unit ? ['a'] : [],
    ...extra,
  }
  cases.unshift(c)
  return c
}
const order = [
  'closed',
  'closed',
  'closed',
  'handling',
  'handling',
  'pending_check',
  'pending_dispatch',
  'pending_file',
  'pending_close',
  'pending_pre_verify',
  'not_accepted',
  'closed',
]
for (let n = 0; n < 260; n++) {
  const state = order[n % order.length]
  const hours = state === 'closed' ? 3 + roll() * 60 : 0.1 + roll() * roll() * 6
  addCase(state, pick(cells), pick(kinds), hours)
}
cases.sort((a, b) => b.reported_at - a.reported_at)

const person = (key, name, role, role_name, rights, hint, unit = null) => ({
  key,
  name,
  role_name,
  login: key,
  hint,
  me: {
    user_id: `9${key.length}`,
    login: key,
    name,
    unit,
    city: { id: CITY, title: '江阴市', system_title: '文明江阴云平台', demo: true },
    grants: [{ role, role_name, area_code: CITY, area_name: '江阴市', unit_id: unit?.id, unit_name: unit?.name }],
    rights,
  },
})
const handlerUnit = cases.find((c) => c.state === 'handling').unit
export const persons = [
  { key: 'resident', name: '市民', role_name: '市民', login: '', hint: '不用登录，在手机页上报问题', me: null },
  person(
    'inspector',
    '丁晓岚',
    'inspector',
    '采集员',
    ['case_read', 'case_report', 'case_pre_verify', 'org_read'],
    '核实市民上报，路上随手采集',
  ),
  person(
    'acceptor',
    '沈文静',
    'acceptor',
    '受理员',
    ['case_read', 'case_report', 'case_file', 'case_close', 'reporter_unmask', 'org_read', 'board_read'],
    '受理、不予受理、结案',
  ),
  person(
    'dispatcher',
    '许知行',
    'dispatcher',
    '派遣员',
    ['case_read', 'case_dispatch', 'org_read', 'board_read'],
    '按责任清单派遣',
  ),
  person(
    'handler',
    '顾建平',
    'handler',
    '责任单位',
    ['case_read', 'case_handle', 'org_read'],
    '处置并反馈，不能自己结案',
    { id: handlerUnit.id, name: handlerUnit.name },
  ),
  person('checker', '陆思源', 'checker', '核查员', ['case_read', 'case_check', 'org_read'], '到现场核查处置结果'),
  person('leader', '周明远', 'leader', '领导', ['case_read', 'org_read', 'board_read'], '看运行图，数字点得开'),
  person(
    'office',
    '钱若溪',
    'office',
    '文明办',
    ['case_read', 'org_read', 'org_edit', 'board_read', 'journal_verify'],
    '责任清单、漏洞与重叠',
  ),
  person('admin', '系统管理员', 'admin', '系统管理员', ['org_read', 'org_edit', 'user_edit'], '导入表格、工作日历'),
]
