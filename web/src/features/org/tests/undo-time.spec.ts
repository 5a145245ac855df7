import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import type { ImportPreview } from '@/kernel/api'
import { makeI18n } from '@/kernel/i18n'
import { clockText } from '@/kernel/time'
import zh from '../i18n/zh.json'
import UndoTime from '../parts/UndoTime.vue'

const HOUR = 3_600_000
const shown = (more: Partial<ImportPreview>) =>
  mount(UndoTime, {
    props: { row: { state: 'applied', ...more } as ImportPreview },
    global: { plugins: [makeI18n(zh)] },
  }).text()

describe('the time for taking an import back', () => {
  it('is said as long as it runs, and that it is over afterwards', () => {
    const [ahead, past] = [Date.now() + HOUR, Date.now() - HOUR]
    expect(shown({ undo_until: ahead })).toBe(`可撤销至 ${clockText(ahead)}`)
    expect(shown({ undo_until: past })).toBe(`已过可撤销的时间： ${clockText(past)}`)
  })
  it('is not said of what was taken back or was never imported', () => {
    expect(shown({ state: 'undone', undo_until: Date.now() + HOUR })).toBe('')
    expect(shown({ state: 'preview', undo_until: null })).toBe('')
  })
})
