// The mock's routes: [method, pattern, handler]. A handler answers a value, or throws `refuse(...)`.
import {
  CITY,
  addCase,
  areas,
  cases,
  cells,
  geoBase,
  geoCells,
  kinds,
  locate,
  persons,
  unitFor,
  units,
} from './data.mjs'
import { board, classes, counts, filtered, pair, proposal, receipt, row, view } from './views.mjs'

export const session = { key: null }
const files = new Map()
export const listeners = new Set()

export class Refusal extends Error {
  constructor(status, code, title, more = {}) {
    super(code)
    this.body = { type: `/problems/${code}`, title, status, code, instance: 'E-7F3A-2209', ...more }
  }
}
const me = () => {
  const person = persons.find((one) => one.key === session.key)
  if (!person?.me) throw new Refusal(401, 'platform/not-signed-in', '请先登录')
  return person.me
}
const found = (thing) => {
  if (!thing) throw new Refusal(404, 'platform/not-found', '没有找到')
  return thing
}
const caseOf = (id) => found(cases.find((c) => c.id === id))
const receiptOf = (code) => found(cases.find((c) => c.receipt_code === code.toUpperCase().replace(/[^0-9A-Z]/g, '')))
let seq = 4711
const KINDS = {
  上报: 'reported',
  'pre-verify': 'pre_verified',
  file: 'filed',
  refuse: 'refused',
  dispatch: 'dispatched',
  handle: 'handled',
  check: 'checked',
  close: 'closed',
}
function tell(c, title) {
  seq += 1
  const data = {
    seq,
    case_id: c.id,
    number: c.number,
    kind: KINDS[title] ?? title,
    title,
    state: c.state,
    state_name: row(c, { rights: [] }).state_name,
    class_name: c.kind.name,
    area_code: c.cell.code,
    cell_id: c.cell.id,
    unit_id: c.unit?.id ?? null,
    at: Date.now(),
  }
  for (const send of listeners) send('case', data)
}

function report(body, source) {
  const cell = locate(body.place)
  if (!cell)
    throw new Refusal(422, 'cases/outside-city', '地点不在本市范围内', {
      fields: [{ pointer: '/place', code: 'cases/outside-city', title: '地点不在江阴市范围内，请检查定位或改选镇村' }],
    })
  if (!body.description && body.photos.length === 0)
    throw new Refusal(422, 'cases/empty', '请拍一张照片或写几个字', {
      fields: [{ pointer: '/description', code: 'cases/empty', title: '照片和说明至少要有一样' }],
    })
  const kind = kinds.find((k) => k.class_code === body.class_code)
  const c = addCase('pending_file', cell, kind, 0, {
    source,
    summary: body.description || kind.name,
    description: body.description,
    before: body.photos.map((p) => p.id),
  })
  tell(c, '上报')
  return c
}
const NEXT = {
  'pre-verify': ['pending_file', 'verified_at'],
  file: ['pending_dispatch', 'filed_at'],
  refuse: ['not_accepted', 'x'],
  dispatch: ['handling', 'dispatched_at'],
  handle: ['pending_check', 'handled_at'],
  check: ['pending_close', 'checked_at'],
  close: ['closed', 'closed_at'],
}
function act(c, name, body, headers) {
  const asked = headers['if-match']?.replaceAll('"', '')
  if (asked !== String(c.version)) throw new Refusal(409, 'platform/stale', '这件事项刚刚被别人办理过，请刷新后再看')
  if (name === 'handle') {
    const old = [...files.values()].filter((file) => file.used)
    const reused = body.photos.find((p) => old.some((file) => file.bytes.equals(files.get(p.id)?.bytes ?? Buffer.of())))
    if (reused || body.photos.length === 0) {
      throw new Refusal(
        422,
        reused ? 'cases/photo-reused' : 'cases/no-proof',
        reused ? '这张照片 2026-03-12 在事项 JY202603120018 用过，不能再作证明' : '请拍一张处置后的照片',
      )
    }
    c.after = body.photos.map((p) => p.id)
    for (const p of body.photos) files.set(p.id, { ...files.get(p.id), used: true })
  }
  if (name === 'dispatch') c.unit = units.find((u) => u.id === body.unit_id)
  const [state, stamp] = name === 'check' && !body.passed ? ['handling', 'x'] : NEXT[name]
  c.state = state
  c[stamp] = Date.now()
  c.version += 1
  tell(c, name)
  return view(c, me())
}

function erase(c, fields) {
  if (fields.every((field) => c.erased?.fields.includes(field)))
    throw new Refusal(409, 'cases/nothing-to-erase', '没有可删除的个人信息')
  c.erased = { fields: [...(c.erased?.fields ?? []), ...fields], at: Date.now() }
  if (fields.includes('description')) Object.assign(c, { description: '', summary: c.kind.name })
  if (fields.includes('address')) c.address = null
  if (fields.includes('photos')) c.before = []
  c.version += 1
  tell(c, 'reporter_erased')
  return view(c, me())
}

export const routes = [
  [
    'GET',
    '/public/city',
    () => ({
      id: CITY,
      title: '江阴市',
      system_title: '文明江阴云平台',
      demo: true,
      map_credit: '边界：天地图（演示）',
      hotline: '12345',
      bounds: [119.98, 31.67, 120.6, 32.03],
      max_photos: 4,
      max_photo_bytes: 20_000_000,
      description_max_chars: 500,
      kinds,
      verdict_days: 7,
    }),
  ],
  ['GET', '/public/areas', () => areas],
  [
    'POST',
    '/public/locate',
    ({ body }) => {
      const cell = locate(body.place)
      if (!cell) throw new Refusal(422, 'cases/outside-city', '这个地点不在江阴市范围内')
      const kind = kinds.find((k) => k.class_code === body.class_code)
      return {
        point: { lng: cell.lng, lat: cell.lat },
        cell: { id: cell.id, name: cell.name, code: cell.code },
        village_name: cell.village,
        town_name: cell.town.name,
        unit: kind ? pair(unitFor(cell)) : null,
        limit_text: kind?.limit_text ?? null,
        due_at: kind ? Date.now() + kind.hours * 3_600_000 : null,
        border_m: 140,
        in_hole: false,
        report_photos_least: body.source === 'inspector' ? 1 : 0,
        photos_most: 4,
      }
    },
  ],
  [
    'POST',
    '/files',
    ({ bytes, headers }) => {
      if (!/^image\/(jpeg|png|webp)$/.test(headers['content-type'] ?? ''))
        throw new Refusal(415, 'files/not-a-photo', '这不是照片')
      const id = String(660000 + files.size)
      files.set(id, { bytes, type: headers['content-type'] })
      return { id, token: `t${id}`, state: 'received' }
    },
  ],
  [
    'POST',
    '/public/reports',
    ({ body }) => {
      const c = report(body, 'resident')
      return {
        case_id: c.id,
        number: c.number,
        receipt_code: c.receipt_code,
        cell_name: c.cell.name,
        unit: pair(unitFor(c.cell)),
        due_at: Date.now() + c.kind.hours * 3_600_000,
        limit_text: c.kind.limit_text,
        state: c.state,
        state_name: '待受理',
      }
    },
  ],
  ['GET', '/public/receipts/:code', ({ params }) => receipt(receiptOf(params.code))],
  [
    'POST',
    '/public/receipts/:code/verdict',
    ({ params, body }) => {
      const c = receiptOf(params.code)
      c.verdict = { value: body.verdict, note: body.note, at: Date.now() }
      return receipt(c)
    },
  ],
  ['GET', '/me', me],
  [
    'POST',
    '/session',
    ({ body }) => {
      const person = persons.find((one) => one.login === body.login && one.me)
      if (!person || body.password === '') throw new Refusal(401, 'platform/wrong-password', '账号或密码不对')
      session.key = person.key
      return person.me
    },
  ],
  ['DELETE', '/session', () => void (session.key = null)],
  ['GET', '/demo/personas', () => persons.map((one) => ({ ...one, me: undefined }))],
  [
    'POST',
    '/demo/session',
    ({ body }) => {
      session.key = body.persona
      return persons.find((one) => one.key === body.persona)?.me ?? null
    },
  ],
  [
    'GET',
    '/cases',
    ({ query }) => {
      const rows = filtered(query, me())
      const from = query.get('after') ? rows.findIndex((c) => c.id === query.get('after')) + 1 : 0
      const size = Number(query.get('size') ?? 20)
      const items = rows.slice(from, from + size)
      return { items: items.map((c) => row(c, me())), next: from + size < rows.length ? items.at(-1).id : null }
    },
  ],
  ['GET', '/cases/counts', ({ query }) => counts(filtered(query, me()))],
  [
    'POST',
    '/cases',
    ({ body }) => ({
      ...view(report(body, body.source), me()),
      receipt_code: body.source === 'hotline' ? 'K7Q2M4X9T3WB' : null,
    }),
  ],
  ['GET', '/cases/:id', ({ params }) => view(caseOf(params.id), me())],
  ['GET', '/cases/:id/proposal', ({ params }) => proposal(caseOf(params.id))],
  ['POST', '/cases/:id/reporter', () => ({ name: '王小满', phone: '13800000021' })],
  [
    'GET',
    '/cases/:id/verify',
    ({ params }) => ({ ok: true, events: view(caseOf(params.id), me()).timeline.length, findings: [] }),
  ],
  ['POST', '/cases/:id/erase', ({ params, body }) => erase(caseOf(params.id), body.fields)],
  ['POST', '/cases/:id/:act', ({ params, body, headers }) => act(caseOf(params.id), params.act, body, headers)],
  ['GET', '/classes', () => classes],
  [
    'GET',
    '/refusal-reasons',
    () => [
      { code: 'not_here', name: '不属于城市管理范围' },
      { code: 'duplicate', name: '重复上报' },
      { code: 'unclear', name: '情况不清，无法核实' },
    ],
  ],
  ['GET', '/board', () => board(areas, me())],
  ['GET', '/geo/base', () => geoBase],
  ['GET', '/geo/cells', () => geoCells],
  [
    'GET',
    '/org/cells',
    ({ query }) => {
      const rows =
        query.get('level') === 'town'
          ? areas.map((t) => ({
              id: t.code,
              code: t.code,
              name: t.name,
              level: 'town',
              town_name: t.name,
              parent_id: CITY,
              persons: 3,
              unit_name: null,
            }))
          : query.get('level') === 'city'
            ? [
                {
                  id: CITY,
                  code: CITY,
                  name: '江阴市',
                  level: 'city',
                  town_name: null,
                  parent_id: null,
                  persons: 5,
                  unit_name: '市文明办',
                },
              ]
            : cells
                .filter((c) => !query.get('area') || c.town.code === query.get('area'))
                .map((c) => ({
                  id: c.id,
                  code: c.code,
                  name: c.name,
                  level: 'cell',
                  town_name: c.town.name,
                  parent_id: c.town.code,
                  persons: 2,
                  unit_name: unitFor(c)?.name ?? null,
                }))
      const from = query.get('after') ? rows.findIndex((c) => c.id === query.get('after')) + 1 : 0
      return { items: rows.slice(from, from + 50), next: from + 50 < rows.length ? rows[from + 49].id : null }
    },
  ],
  ['GET', '/org/cells/counts', () => ({ city: 1, town: 17, cell: cells.length, total: cells.length + 18 })],
  [
    'GET',
    '/org/cells/:id',
    ({ params }) => {
      const c = found(cells.find((one) => one.id === params.id))
      return {
        id: c.id,
        code: c.code,
        name: c.name,
        level: 'cell',
        parent: { id: c.town.code, name: c.town.name },
        children_count: 0,
        area_km2: 0.71,
        centre: { lng: c.lng, lat: c.lat },
        persons: [
          { duty: 'grid_head', duty_name: '网格长', name: '徐立群', phone_masked: '139****0087' },
          { duty: 'grid_worker', duty_name: '网格员', name: '丁晓岚', phone_masked: '138****0042' },
        ],
        supporting_unit: pair(units[1]),
        linked_leader: { name: '周明远', title: '市领导' },
        backstop_unit: pair(unitFor(c)),
        version: 1,
      }
    },
  ],
  ['GET', '/org/units', () => ({ items: units, next: null })],
  [
    'GET',
    '/org/matrix',
    () => ({
      items: kinds.flatMap((k, n) =>
        areas.slice(0, 4).map((t, m) => ({
          id: String(n * 4 + m),
          row_no: n * 4 + m + 1,
          class_code: k.class_code,
          class_name: k.name,
          area_code: t.code,
          area_name: t.name,
          owner_kind: null,
          time_text: '全天',
          unit: pair(units[4 + m]),
          helpers: [],
          note: null,
          version: 1,
        })),
      ),
      next: null,
    }),
  ],
  [
    'GET',
    '/org/matrix/findings',
    () => ({
      holes: 1,
      overlaps: 1,
      items: [
        {
          kind: 'hole',
          title: '夜间占道经营无责任单位',
          class_code: '0406',
          class_name: '占道经营',
          area_code: areas[2].code,
          area_name: areas[2].name,
          time_text: '22:00–06:00',
          rows: [],
          backstop_unit: pair(units[6]),
          point: { lng: 120.352, lat: 31.862 },
          geometry: null,
        },
        {
          kind: 'overlap',
          title: '同一事项两个责任单位',
          class_code: '0110',
          class_name: '暴露垃圾',
          area_code: areas[0].code,
          area_name: areas[0].name,
          time_text: '全天',
          rows: [
            { id: '1', row_no: 1, unit_name: units[4].name },
            { id: '9', row_no: 9, unit_name: units[0].name },
          ],
          backstop_unit: null,
          point: null,
          geometry: geoCells.features[40].geometry,
        },
      ],
    }),
  ],
  ['GET', '/org/imports', () => []],
  [
    'GET',
    '/org/calendar',
    ({ query }) => ({
      year: Number(query.get('year') ?? 2026),
      known: true,
      hours: [
        ['08:00', '12:00'],
        ['14:00', '18:00'],
      ],
      days: [
        { date: '2026-10-01', kind: 'holiday', name: '国庆节' },
        { date: '2026-10-10', kind: 'workday', name: '国庆节调休' },
      ],
    }),
  ],
]
export { files }
