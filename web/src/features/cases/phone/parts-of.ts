// Parts of a form by name, so that a summary or a refusal leads to the field that it is about.
import type { Problem } from '@/kernel/api'

/** Which part shows the field that a refusal points to, or undefined. Pointers are JSON pointers into the body. */
export function partOf(pointer: string): string | undefined {
  const parts: Record<string, string> = {
    photos: 'photo',
    place: 'place',
    address: 'address',
    class_code: 'kind',
    description: 'words',
    reporter: 'words',
    note: 'note',
    found: 'answer',
    passed: 'answer',
  }
  return parts[pointer.split('/')[1] ?? '']
}

/** What a refusal says about one part; the words of a place stand where the place does. */
export function saidOf(problem: Problem | undefined, part: string): string[] {
  const here = (pointer: string) => {
    const told = partOf(pointer)
    return told === part || (told === 'address' && part === 'place')
  }
  return (problem?.fields ?? []).filter(({ pointer }) => here(pointer)).map(({ title }) => title)
}

const CONTROLS = 'button:not([disabled]), input:not([tabindex="-1"]):not([disabled]), select, textarea, summary'

/** Brings a part (`part-<name>`) to the eye and the focus to its first control. */
export function leadTo(part: string | undefined): void {
  const section = part ? document.getElementById(`part-${part}`) : null
  section?.scrollIntoView({ block: 'start' })
  section?.querySelector<HTMLElement>(CONTROLS)?.focus({ preventScroll: true })
}
