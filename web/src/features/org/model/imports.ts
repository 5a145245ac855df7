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

/** Fields of a row that differ, in the order of the workbook's columns; for additions and removals every filled one. */
export function changedFields({ before, after }: Pick<ImportDiff, 'before' | 'after'>): FieldChange[] {
  const names = [...new Set([...Object.keys(after), ...Object.keys(before)])]
  return names
    .map((name) => ({ name, before: before[name] ?? null, after: after[name] ?? null }))
    .filter((field) => (field.before ?? '') !== (field.after ?? ''))
}

/** Rows of one kind of change, or all. */
export function diffOf(preview: ImportPreview, only: ChangeKind | null): ImportDiff[] {
  return only ? preview.diff.filter((row) => row.change === only) : preview.diff
}

/** What may be done next with a workbook that was read in. */
export type ImportNext = 'fix' | 'nothing' | 'apply' | 'undo' | 'wait' | 'done'
export function nextOf(preview: ImportPreview): ImportNext {
  switch (preview.state) {
    case 'preview':
      if (preview.errors.length > 0) return 'fix'
      return preview.adds + preview.changes + preview.removes > 0 ? 'apply' : 'nothing'
    case 'applied':
      return 'undo'
    case 'applying':
    case 'undoing':
      return 'wait'
    case 'undone':
      return 'done'
  }
}

/** The picked file is a workbook of the kind that can be read (by its name; the server looks inside). */
export const isWorkbook = (name: string): boolean => /\.xlsx$/i.test(name)
