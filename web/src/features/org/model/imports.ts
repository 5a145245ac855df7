// Pure rules of the import pages: what a row of the comparison shows, what may be done with a preview.
import type { ImportPreview } from '@/kernel/api'

export type ImportDiff = ImportPreview['diff'][number]
export type ChangeKind = ImportDiff['change']
export const CHANGE_KINDS: ChangeKind[] = ['add', 'change', 'remove']

export interface FieldChange {
  name: string
  before: string | null
  after: string | null
}

/** Columns of the three workbooks from left to right; the answer carries them in no order. Others come last. */
const COLUMNS = [
  '行号 类别编码 类别名称 编号 姓名 手机 单位编码 单位名称 简称 类型 职务 登录名 角色',
  '所在区域编码 区域编码 区域名称 上级单位编码 权属条件 星期 时段 有效期起 有效期止',
  '责任单位编码 协办单位编码 状态 备注',
]
  .join(' ')
  .split(' ')
const column = (name: string) => (COLUMNS.includes(name) ? COLUMNS.indexOf(name) : COLUMNS.length)

/** Fields of a row that differ, in the order of the workbook's columns; for additions and removals every filled one. */
export function changedFields({ before, after }: Pick<ImportDiff, 'before' | 'after'>): FieldChange[] {
  const names = [...new Set([...Object.keys(after), ...Object.keys(before)])]
  return names
    .sort((a, b) => column(a) - column(b))
    .map((name) => ({ name, before: before[name] ?? null, after: after[name] ?? null }))
    .filter((field) => (field.before ?? '') !== (field.after ?? ''))
}

/** Rows of one kind of change, or all. */
export function diffOf(preview: ImportPreview, only: ChangeKind | null): ImportDiff[] {
  return only ? preview.diff.filter((row) => row.change === only) : preview.diff
}

/** What may be done next with a workbook that was read in. */
export type ImportNext = 'fix' | 'empty' | 'nothing' | 'apply' | 'undo' | 'wait' | 'done'
export function nextOf(preview: ImportPreview): ImportNext {
  switch (preview.state) {
    case 'preview':
      if (preview.errors.length > 0) return 'fix'
      if (preview.adds + preview.changes + preview.removes > 0) return 'apply'
      return preview.rows === 0 ? 'empty' : 'nothing'
    case 'applied':
      return 'undo'
    case 'applying':
    case 'undoing':
      return 'wait'
    case 'undone':
      return 'done'
  }
}

/** Can it still be taken back? What was before is kept for some time only. */
export const undoable = ({ state, undo_until }: ImportPreview, now: number): boolean =>
  state === 'applied' && (undo_until == null || undo_until > now)

/**
 * A workbook that takes away more than it brings is perhaps only a part of the list, uploaded for the whole: say so
 * before it is imported.
 */
export const takesMuchAway = ({ adds, changes, removes }: ImportPreview): boolean =>
  removes >= 10 && removes > adds + changes

/** The picked file is a workbook of the kind that can be read (by its name; the server looks inside). */
export const isWorkbook = (name: string): boolean => /\.xlsx$/i.test(name)
