// The shapes that the API answers, made from the mock's own rows.
import { CITY, STATES, cases, kinds, steps, unitFor } from './data.mjs'

const HASH = '9f2c41d07ab3e68815c04ef6b7d2a9310c5e87fa61b24d90e3f8a7c6b5d41e20'
const chain = (n) => ({ ok: true, events: n, head_hash: HASH })
const photos = (c, list, base) =>
  list.map((id) => ({
    id,
    state: 'ready',
    thumb_url: `${base}/photos/${id}/thumb`,
    view_url: `${base}/photos/${id}/view`,
    taken_at: c.reported_at,
  }))
const SOURCES = { resident: '市民随手拍', inspector: '采集上报', hotline: '热线代报' }
export const isOpen = (c) => c.state !== 'closed' && c.state !== 'not_accepted'
const late = (c) => isOpen(c) && c.due_at < Date.now()
const CLOCK = {
  pending_pre_verify: ['intake', '受理时限'],
  pending_file: ['intake', '受理时限'],
  pending_dispatch: ['intake', '派遣时限'],
  handling: ['unit', '处置时限'],
  pending_check: ['check', '核查时限'],
  pending_close: ['check', '结案时限'],
}

const ACTS = {
  pending_pre_verify: [['pre_verify', 'case_pre_verify', '核实']],
  pending_file: [
    ['file', 'case_file', '立案'],
    ['refuse', 'case_file', '不予受理'],
  ],
  pending_dispatch: [['dispatch', 'case_dispatch', '派遣']],
  handling: [['handle', 'case_handle', '处置反馈']],
  pending_check: [['check', 'case_check', '核查']],
  pending_close: [['close', 'case_close', '结案']],
}
const acts = (c, me) => (ACTS[c.state] ?? []).filter(([, right]) => me.rights.includes(right))

export function row(c, me) {
  const [kind, name] = CLOCK[c.state] ?? ['none', '']
  return {
    id: c.id,
    number: c.number,
    state: c.state,
    state_name: STATES[c.state],
    class_code: c.kind.class_code,
    class_name: c.kind.name,
    summary: c.summary,
    area_code: c.cell.code,
    cell_name: c.cell.name,
    village_name: c.cell.village,
    town_name: c.cell.town.name,
    unit: c.unit && { id: c.unit.id, name: c.unit.name },
    source: c.source,
    source_name: SOURCES[c.source],
    reported_at: c.reported_at,
    due_at: c.due_at,
    clock: { kind, name, due_at: isOpen(c) ? c.due_at : null, overdue: late(c) },
    closed_at: c.closed_at,
    thumb_url: `/api/v1/cases/${c.id}/photos/b/thumb`,
    verdict: c.verdict?.value ?? null,
    version: c.version,
    can: acts(c, me).map(([act]) => act),
  }
}

const PERSONAL = {
  name: '上报人姓名',
  phone: '上报人电话',
  description: '问题描述',
  address: '详细地址',
  point: '精确位置',
  photos: '上报照片',
}

export function view(c, me) {
  const base = `/api/v1/cases/${c.id}`
  const mine = acts(c, me).map(([act, , label], n) => ({ act, label, primary: n === 0, blocked: null }))
  if (me.rights.includes('case_handle') && c.state === 'pending_check') {
    mine.push({
      act: 'close',
      label: '结案',
      primary: false,
      blocked: { code: 'cases/fixer-never-closes', text: '处置人不能自行结案：由核查员核查、受理员结案' },
    })
  }
  const timeline = steps(c).map((s, n) => ({
    version: n + 1,
    kind: s.kind,
    title: s.title,
    at: s.at,
    actor: ['市民', '沈文静', '许知行', '顾建平', '陆思源', '沈文静'][n],
    unit_name: s.unit_name ?? null,
    note: s.note ?? null,
    photos: photos(c, s.kind === 'reported' ? c.before : s.kind === 'handled' ? c.after : [], base),
    facts:
      s.kind === 'dispatched'
        ? [
            { name: '责任清单', value: '第 14 行' },
            { name: '时限', value: c.kind.limit_text },
          ]
        : [],
    hash: HASH,
  }))
  if (c.erased)
    timeline.push({
      version: timeline.length + 1,
      kind: 'reporter_erased',
      title: '删除个人信息',
      at: c.erased.at,
      actor: '沈文静',
      unit_name: null,
      note: null,
      photos: [],
      facts: [{ name: '字段', value: c.erased.fields.map((field) => PERSONAL[field]).join('、') }],
      hash: HASH,
    })
  const erased = (field) => c.erased?.fields.includes(field) === true
  return {
    ...row(c, me),
    description: c.description,
    address: c.address ?? null,
    point: erased('point') ? null : { lng: c.cell.lng, lat: c.cell.lat },
    accuracy_m: erased('point') ? null : 18,
    cell: { id: c.cell.id, name: c.cell.name, code: c.cell.code },
    standard: c.filed_at ? standardsOf(c.kind)[0] : null,
    before: photos(c, c.before, base),
    after: photos(c, c.after, base),
    timeline,
    acts: mine,
    reporter: {
      kind: c.source,
      name_masked: erased('name') ? null : '王*',
      phone_masked: erased('phone') ? null : '138****0021',
    },
    row: c.unit
      ? { id: '14', row_no: 14, text: `${c.kind.group_name} × ${c.cell.town.name} × 全天 → ${c.unit.name}` }
      : null,
    chain: chain(timeline.length),
  }
}

export function receipt(c) {
  const base = `/api/v1/public/receipts/${c.receipt_code}`
  return {
    number: c.number,
    state: c.state,
    state_name: STATES[c.state],
    class_name: c.kind.name,
    place_text: `${c.cell.town.name}${c.cell.name}`,
    description: c.description,
    unit_name: c.unit?.name ?? null,
    reported_at: c.reported_at,
    due_at: c.due_at,
    closed_at: c.closed_at,
    steps: steps(c),
    before: photos(c, c.before, base),
    after: photos(c, c.after, base),
    verdict: c.verdict,
    can_verdict: c.state === 'closed' && !c.verdict,
    chain: chain(steps(c).length),
  }
}

const standardsOf = (kind) => [
  {
    id: `${kind.class_code}-1`,
    filing_condition: `发现${kind.name}，影响市容或通行`,
    closing_condition: '清理完毕，现场整洁',
    limit_text: kind.limit_text,
  },
  {
    id: `${kind.class_code}-2`,
    filing_condition: `${kind.name}范围较大，需要多部门处理`,
    closing_condition: '分步处理完毕',
    limit_text: '5 工作日',
  },
]
export const classes = [...new Set(kinds.map((k) => k.group_code))].map((code) => ({
  code,
  name: kinds.find((k) => k.group_code === code).group_name,
  kind: 'event',
  classes: kinds
    .filter((k) => k.group_code === code)
    .map((k) => ({ code: k.class_code, name: k.name, standards: standardsOf(k) })),
}))

export function filtered(query, me) {
  const list = (key) => query.get(key)?.split(',') ?? []
  const day = (at) => at && new Date(at + 8 * 3_600_000).toISOString().slice(0, 10)
  const has = (key) => query.get(key)
  return cases.filter((c) => {
    if (me.rights.includes('case_handle') && c.unit?.id !== me.unit?.id) return false
    if (has('state') && !list('state').includes(c.state)) return false
    if (has('class') && !list('class').some((code) => c.kind.class_code.startsWith(code))) return false
    if (has('source') && c.source !== has('source')) return false
    if (has('unit') && c.unit?.id !== has('unit')) return false
    if (has('cell') && c.cell.id !== has('cell')) return false
    if (has('area') && has('area') !== CITY && !c.cell.code.startsWith(has('area')) && c.cell.town.code !== has('area'))
      return false
    if (has('open') && !isOpen(c)) return false
    if (has('overdue') && !late(c)) return false
    if (has('mine') && acts(c, me).length === 0) return false
    if (has('number') && !c.number.includes(has('number'))) return false
    if (has('reported_on') && day(c.reported_at) !== has('reported_on')) return false
    if (has('closed_on') && day(c.closed_at) !== has('closed_on')) return false
    if (has('due_on') && day(c.due_at) !== has('due_on')) return false
    return true
  })
}

export function counts(rows) {
  const by_state = {}
  for (const c of rows) by_state[c.state] = (by_state[c.state] ?? 0) + 1
  return {
    total: rows.length,
    open: rows.filter(isOpen).length,
    overdue: rows.filter(late).length,
    by_state,
    more: false,
    as_of_seq: 4711,
  }
}

export function board(towns, me) {
  const by = (test) => ({
    open: cases.filter((c) => isOpen(c) && test(c)).length,
    overdue: cases.filter((c) => late(c) && test(c)).length,
  })
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
  const on = (at) => at && new Date(at + 8 * 3_600_000).toISOString().slice(0, 10) === today
  const ids = [...new Set(cases.filter(isOpen).map((c) => c.cell.id))]
  return {
    as_of_seq: 4711,
    as_of: Date.now(),
    today: {
      reported: cases.filter((c) => on(c.reported_at)).length,
      closed: cases.filter((c) => on(c.closed_at)).length,
    },
    ...counts(cases),
    towns: towns.map((t) => ({
      code: t.code,
      name: t.name,
      ...by((c) => c.cell.town.code === t.code),
      today_closed: cases.filter((c) => c.cell.town.code === t.code && on(c.closed_at)).length,
    })),
    cells: ids.map((id) => ({ id, ...by((c) => c.cell.id === id) })),
    latest: cases.slice(0, 12).map((c) => row(c, me)),
  }
}

export const proposal = (c) => ({
  unit: pair(unitFor(c.cell)),
  helpers: [],
  row: { id: '14', row_no: 14, text: `${c.kind.group_name} × ${c.cell.town.name} × 全天` },
  reason: `${c.kind.group_name}在${c.cell.town.name}有 2 行；时段“全天”的 1 行适用；取第 14 行`,
  backstop: false,
  limit_text: c.kind.limit_text,
  due_at: Date.now() + c.kind.hours * 3_600_000,
  candidates: [{ unit: pair(unitFor(c.cell)), reason: '责任清单第 14 行' }],
})
export const pair = (unit) => unit && { id: unit.id, name: unit.name }
