import { describe, expect, it, vi } from 'vitest'
import type { CaseCounts, CaseRow, LiveCase, Step } from '@/kernel/api'
import { countText } from '@/kernel/count'
import { clockWords, partCounts, rowWords, shortClock, urgency, wordsOf } from '../desk/clock'
import { actKey, draftOf, dropDraft, dropDrafts, typedIn } from '../desk/drafts'
import { readFilter, readPlace, sameFilter, viewQuery, viewsFor, writeFilter } from '../desk/filter'
import { countsShown, mayEnter, showRows, stepFrom, takeRow } from '../desk/merge'
import { newsOf } from '../desk/news'
import { pending, sentKeys } from '../desk/photos'
import { fillSheet, printedWords } from '../desk/sheet'

const HOUR = 3_600_000
// 2026-07-17 15:42 in Shanghai.
const NOW = Date.UTC(2026, 6, 17, 7, 42)

const row = (id: string, more: Partial<CaseRow> = {}) =>
  ({
    id,
    number: `JY-${id}`,
    state: 'pending_file',
    state_name: '待受理',
    clock: { kind: 'none', name: '', due_at: null, overdue: false },
    version: 1,
    ...more,
  }) as CaseRow

describe('filters and the address', () => {
  it('reads every filter and writes the same address again', () => {
    const query = {
      state: 'handling,pending_check',
      class: '01,0406',
      source: 'resident',
      unit: '5001',
      area: '320281001',
      cell: '700012',
      number: 'JY2026',
      due_on: '2026-07-17',
      reported_on: '2026-07-16',
      closed_on: '2026-07-15',
      open: 'true',
      overdue: 'true',
      mine: 'true',
    }
    const filter = readFilter(query)
    expect(filter.state).toEqual(['handling', 'pending_check'])
    expect(filter.class).toEqual(['01', '0406'])
    expect(filter.open).toBe(true)
    expect(writeFilter(filter)).toEqual(query)
  })
  it('leaves out what is no filter: unknown states, half dates, a switch that is off', () => {
    expect(readFilter({ state: 'boiling', due_on: '2026-7', open: 'false', unit: '  ', other: 'x' })).toEqual({})
    expect(readFilter({ state: 'boiling,closed' })).toEqual({ state: ['closed'] })
  })
  it('keeps the place in the list apart from the filters', () => {
    expect(readPlace({ after: 'c9', size: '20', case: '81' })).toEqual({ after: 'c9', size: 20, shown: '81' })
    expect(readPlace({ size: '17' })).toEqual({ size: 50 })
  })
  it('knows two ways to say the same list', () => {
    expect(sameFilter({ open: true, overdue: undefined }, { open: true })).toBe(true)
    expect(sameFilter({ open: true }, {})).toBe(false)
  })
})

describe('saved views', () => {
  const counts = { total: 9, open: 6, overdue: 2, by_state: { pending_file: 4 }, more: true } as CaseCounts
  const due = { total: 3 } as CaseCounts
  it('begin with the own step of the role and end with everything', () => {
    const keys = viewsFor(['case_read', 'case_file', 'case_close'], '2026-07-17').map((view) => view.key)
    expect(keys).toEqual(['file', 'close', 'due', 'overdue', 'open', 'all'])
    expect(viewsFor(['case_read', 'case_dispatch'], '2026-07-17')[0]?.key).toBe('dispatch')
  })
  it('show a reader what burns first', () => {
    expect(viewsFor(['case_read'], '2026-07-17')[0]).toMatchObject({
      key: 'due',
      filter: { open: true, due_on: '2026-07-17' },
    })
  })
  it('carry the number of their list', () => {
    const numbers = viewsFor(['case_file'], '2026-07-17').map((view) => [view.key, countText(view.count(counts, due))])
    // only of all cases together there may be more than were counted
    expect(Object.fromEntries(numbers)).toEqual({ file: '4', due: '3', overdue: '2', open: '6', all: '9+' })
  })
  it('"all" has an address of its own, so that a bare address can open the first view', () => {
    const views = viewsFor(['case_file'], '2026-07-17')
    expect(views.map((view) => Object.keys(viewQuery(view)).length > 0)).not.toContain(false)
  })
})

describe('parts of the inbox', () => {
  it('add up to the whole list, and what was due this morning is late', () => {
    // 180 in all, 20 late of which 3 since this morning, 9 due today
    const counts = partCounts({ total: 180, overdue: 20 }, { total: 9, overdue: 3 })
    expect(counts).toEqual({ late: 20, today: 6, later: 154 })
  })
})

describe('the line of what has changed', () => {
  it('never says that nothing came in when the list may be wrong altogether', () => {
    expect(newsOf({ arrived: [], left: 0, many: true })).toEqual({ key: 'many', n: 0 })
    expect(newsOf({ arrived: [{ case_id: '1', reported: true }], left: 2, many: false })).toEqual({
      key: 'new_reports',
      n: 1,
    })
    expect(newsOf({ arrived: [], left: 2, many: false })).toEqual({ key: 'moved', n: 2 })
    expect(newsOf({ arrived: [], left: 0, many: false })).toBeUndefined()
  })
})

describe('live changes in a list that is being read', () => {
  const before = showRows([row('1'), row('2'), row('3')])
  it('change a row in its place, as a whole: what it shows is of one moment', () => {
    const fresh = row('2', { state: 'pending_dispatch', version: 3 })
    const after = takeRow(before, '2', fresh)
    expect(after.rows.map((one) => one.id)).toEqual(['1', '2', '3'])
    expect(after.rows[1]).toBe(fresh)
    expect(before.rows[1]?.state).toBe('pending_file')
  })
  it('show a row that has left the list as it stands now, or as it was where it may not be seen any longer', () => {
    const now = row('2', { state: 'pending_dispatch', version: 3 })
    expect(takeRow(before, '2', null, false, now)).toMatchObject({ left: ['2'], rows: [{}, now, {}] })
    expect(takeRow(before, '2', null)).toMatchObject({ left: ['2'], rows: before.rows })
  })
  it('count a new case once, however often it changes, and never insert it', () => {
    let shown = takeRow(before, '9', row('9'), true)
    shown = takeRow(shown, '9', row('9'))
    expect(shown.rows).toHaveLength(3)
    expect(shown.arrived).toEqual([{ case_id: '9', reported: true }])
  })
  it('forget an arrival that leaves again before it was shown', () => {
    expect(takeRow(takeRow(before, '9', row('9'), true), '9', null).arrived).toEqual([])
  })
  it('keep a row that no longer belongs, marked, until the reader refreshes', () => {
    const gone = takeRow(before, '2', null)
    expect(gone.rows.map((one) => one.id)).toEqual(['1', '2', '3'])
    expect(gone.left).toEqual(['2'])
    expect(takeRow(gone, '2', row('2', { version: 3 })).left).toEqual([])
    expect(showRows([row('1')])).toEqual({ rows: [row('1')], arrived: [], left: [] })
  })
  it('replace a row by what the server says of it', () => {
    expect(takeRow(before, '3', row('3', { version: 7 })).rows[2]?.version).toBe(7)
  })
})

describe('the numbers over a list', () => {
  const counted = { total: 6, open: 6, overdue: 0 } as CaseCounts
  const shown = showRows(['1', '2', '3', '4', '5', '6'].map((id) => row(id)))
  it('are its rows where all of them are on the screen', () => {
    const one_left = takeRow(shown, '6', null)
    expect(countsShown(one_left, true, counted, 0)).toMatchObject({ total: 5, open: 5, overdue: 0 })
    // the server has counted already, the row has not been asked for yet
    expect(countsShown(shown, true, { ...counted, total: 5 }, 0)).toMatchObject({ total: 6 })
  })
  it('call late what its own clock calls late', () => {
    const late = takeRow(shown, '1', row('1', { clock: { kind: 'intake', name: '受理', due_at: 5, overdue: false } }))
    expect(countsShown(late, true, counted, 6)).toMatchObject({ overdue: 1 })
    expect(countsShown(late, true, counted, 5)).toMatchObject({ overdue: 0 })
  })
  it('are the server’s where the list goes on, or something waits to be shown', () => {
    expect(countsShown(shown, false, counted, 0)).toBe(counted)
    expect(countsShown(takeRow(shown, '9', row('9'), true), true, counted, 0)).toBe(counted)
    expect(countsShown(shown, true, undefined, 0)).toBeUndefined()
  })
})

describe('what may come into a list', () => {
  const step = (kind: string, state: LiveCase['state']) => ({ kind, state })
  it('is a new report, in any list', () => {
    expect(mayEnter({}, step('reported', 'pending_file'))).toBe(true)
  })
  it('is a step into the states of the list from outside of them', () => {
    expect(mayEnter({ state: ['pending_dispatch'] }, step('filed', 'pending_dispatch'))).toBe(true)
    expect(mayEnter({ state: ['pending_file', 'pending_dispatch'] }, step('filed', 'pending_dispatch'))).toBe(false)
    expect(mayEnter({ state: ['handling'] }, step('checked', 'handling'))).toBe(true)
    expect(mayEnter({ state: ['handling'] }, step('overran', 'handling'))).toBe(false)
  })
  it('is not a case of another page that goes on, or that somebody looked at', () => {
    expect(mayEnter({}, step('closed', 'closed'))).toBe(false)
    expect(mayEnter({ open: true }, step('filed', 'pending_dispatch'))).toBe(false)
    expect(mayEnter({ source: 'hotline' }, step('reporter_shown', 'handling'))).toBe(false)
  })
  it('is what runs over, what is dispatched to the unit, and what is closed on the day', () => {
    expect(mayEnter({ overdue: true }, step('overran', 'handling'))).toBe(true)
    expect(mayEnter({ overdue: true }, step('filed', 'pending_dispatch'))).toBe(false)
    expect(mayEnter({ unit: '7' }, step('dispatched', 'handling'))).toBe(true)
    expect(mayEnter({ closed_on: '2026-07-17' }, step('closed', 'closed'))).toBe(true)
  })
})

describe('J and K', () => {
  const rows = [row('1'), row('2'), row('3')]
  it('start at the ends and stop there', () => {
    expect(stepFrom(rows, undefined, 1)).toBe('1')
    expect(stepFrom(rows, undefined, -1)).toBe('3')
    expect(stepFrom(rows, '2', 1)).toBe('3')
    expect(stepFrom(rows, '3', 1)).toBe('3')
    expect(stepFrom(rows, '1', -1)).toBe('1')
    expect(stepFrom([], '1', 1)).toBeUndefined()
  })
})

describe('the clock of a row', () => {
  const at = (due_at: number | null, overdue = false) => ({
    clock: { kind: 'unit' as const, name: '处置时限', due_at, overdue },
    closed_at: null,
  })
  it('says what is left and when', () => {
    expect(clockWords(at(NOW + 5 * HOUR), NOW)).toEqual({ beside: '剩 5 小时', at: '07-17 20:42', late: false })
  })
  it('says how late', () => {
    expect(clockWords(at(NOW - 3 * HOUR), NOW)).toEqual({ beside: '已超 3 小时', at: '07-17 12:42', late: true })
  })
  it('shows when a closed case was closed', () => {
    const closed = { clock: { kind: 'none' as const, name: '', due_at: null, overdue: false }, closed_at: NOW }
    expect(clockWords(closed, NOW)).toEqual({ beside: '', at: '07-17 15:42', late: false })
    expect(clockWords({ ...closed, closed_at: null }, NOW).at).toBe('')
  })
  it('names the year when it is another', () => {
    expect(shortClock(Date.UTC(2025, 11, 31, 15, 59), NOW)).toBe('2025-12-31 23:59')
  })
  it('sorts the inbox by the day in Shanghai', () => {
    expect(urgency(NOW - 1, NOW)).toBe('late')
    expect(urgency(Date.UTC(2026, 6, 17, 15, 59), NOW)).toBe('today')
    expect(urgency(Date.UTC(2026, 6, 17, 16, 0), NOW)).toBe('later')
    expect(urgency(null, NOW)).toBe('later')
  })
})

describe('words that stand twice', () => {
  it('are said once', () => {
    expect(rowWords('第103行：街面秩序 · 周庄镇 → 周庄执法局')).toBe('街面秩序 · 周庄镇 → 周庄执法局')
    expect(rowWords('街面秩序')).toBe('街面秩序')
    expect(wordsOf({ class_name: '道路不洁', summary: '道路不洁' })).toBe('')
    expect(wordsOf({ class_name: '道路不洁', summary: '桥头一片泥' })).toBe('桥头一片泥')
  })
})

describe('what was typed', () => {
  it('outlives the form until the act is done', () => {
    draftOf('1', 'handle', () => ({ note: '' })).note = ' 已清理 '
    expect(draftOf('1', 'handle', () => ({ note: '' })).note).toBe(' 已清理 ')
    expect(typedIn('1', 'handle')).toBe('已清理')
    expect(typedIn('2', 'handle')).toBe('')
    dropDraft('1', 'handle')
    expect(draftOf('1', 'handle', () => ({ note: '' })).note).toBe('')
  })
  it('lets go of the pictures with the draft, and of everything when the person leaves', () => {
    const revoked = vi.spyOn(URL, 'revokeObjectURL').mockImplementation(() => undefined)
    draftOf('3', 'handle', () => ({ photos: [{ url: 'blob:a' }] }))
    draftOf('4', 'check', () => ({ note: '王某', photos: [{ url: 'blob:b' }] }))
    dropDraft('3', 'handle')
    expect(revoked.mock.calls.flat()).toEqual(['blob:a'])
    dropDrafts()
    expect(revoked.mock.calls.flat()).toEqual(['blob:a', 'blob:b'])
    expect(typedIn('4', 'check')).toBe('')
  })
  it('is sent under one key until it is done or says something else', () => {
    const key = actKey('5', 'close', { note: '已好' })
    expect(actKey('5', 'close', { note: '已好' })).toBe(key)
    expect(actKey('6', 'close', { note: '已好' })).not.toBe(key)
    const other = actKey('5', 'close', {})
    expect(other).not.toBe(key)
    dropDraft('5', 'close')
    expect(actKey('5', 'close', {})).not.toBe(other)
  })
  it('waits for photos on their way and sends only what has arrived', () => {
    const sent = { state: 'sent' as const, sent: { id: '1', token: 'a' } }
    expect(pending([sent])).toBe(false)
    expect(pending([sent, { state: 'failed' }])).toBe(true)
    expect(sentKeys([sent, { state: 'sending' }])).toEqual([{ id: '1', token: 'a' }])
  })
})

describe('the printed page', () => {
  const step = (version: number, note = '') =>
    ({ version, actor: '沈文静', unit_name: '周庄镇综合行政执法局', note }) as Step
  const story = (n: number, note = '') => Array.from({ length: n }, (_, at) => step(at + 1, note))
  it('prints an ordinary story whole, with large photos', () => {
    const page = fillSheet({ description: '两句话', standard: null, timeline: story(6) })
    expect(page.hidden).toBe(0)
    expect(page.photo_mm).toBeGreaterThanOrEqual(36)
  })
  it('gives up middle steps of a long story, and never the beginning and the end', () => {
    const timeline = story(14, '说明'.repeat(20))
    const page = fillSheet({ description: '长'.repeat(250), standard: null, timeline })
    const versions = page.steps.map((one) => one.version)
    expect(versions.slice(0, 2)).toEqual([1, 2])
    expect(versions[versions.length - 1]).toBe(14)
    expect(page.steps.length + page.hidden).toBe(14)
    expect(page.steps.length).toBeGreaterThanOrEqual(5)
    expect(page.photo_mm).toBeGreaterThanOrEqual(24)
  })
  it('cuts a very long description and says so by three dots', () => {
    expect(printedWords('短')).toBe('短')
    expect(printedWords('长'.repeat(400))).toBe(`${'长'.repeat(150)}…`)
  })
})
