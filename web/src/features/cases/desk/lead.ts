// Where the keyboard goes: to a field that lacks something, to where the next act is, back to the row.

const FIELDS = 'input:not(:disabled), textarea:not(:disabled), button:not(:disabled)'

/** Brings the cursor to a field: `/note` or `note` → the input marked `data-field="note"`. Says whether there is one. */
export function leadToField(box: HTMLElement | undefined, pointer: string): boolean {
  const name = pointer.split('/').find((part) => part !== '') ?? ''
  const field = box?.querySelector<HTMLElement>(`[data-field="${CSS.escape(name)}"]`)
  const input = field?.matches(FIELDS) ? field : firstField(field)
  input?.focus()
  return input !== undefined
}

/** The control where work in a form begins: the chosen one of its first choices, else its first field. */
export function firstField(box: HTMLElement | null | undefined): HTMLElement | undefined {
  const all = [...(box?.querySelectorAll<HTMLElement>(FIELDS) ?? [])]
  const [first] = all
  if (!(first instanceof HTMLInputElement) || first.type !== 'radio') return first
  const same = all.filter((one): one is HTMLInputElement => one instanceof HTMLInputElement && one.name === first.name)
  return same.find((one) => one.checked) ?? first
}

/** The control of a case in a list, which may still be being drawn. */
export const rowOf = (list: HTMLElement | undefined, id: string | undefined) =>
  list?.querySelector<HTMLElement>(`.list .case-${CSS.escape(id ?? '')} button`)
