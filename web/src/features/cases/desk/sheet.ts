// How the one A4 page of a case is filled: the words take what they need, the photos share the rest, and a long
// story gives up its middle steps before the photos become too small to compare.
import type { CaseView, Step } from '@/kernel/api'

type Told = Pick<CaseView, 'description' | 'standard' | 'timeline'>

/** Characters of the description and of a step's note printed at most. */
const MOST_WORDS = 150
const MOST_NOTE = 31
/** Steps kept whatever happens: the beginning and the end of the story. */
const FIRST_STEPS = 2
const LEAST_STEPS = 5
/** Height inside the margins in millimetres, less what browsers and printers differ by. */
const PAGE_MM = 260
/** What is always there: head, five rows of facts (one wrapped), headings, seals, foot. */
const FIXED_MM = 136
/** The line that says how many steps are left out. */
const HIDDEN_MM = 6.5
const LINE_MM = { facts: 5.6, steps: 5 }
const ROW_MM = { facts: 2.7, steps: 1.6 }
const PHOTO_MM = { least: 24, good: 36, most: 62 }

const lines = (text: string | null | undefined, per_line: number) =>
  Math.max(1, Math.ceil((text ?? '').length / per_line))
const cut = (text: string, most: number) => (text.length <= most ? text : `${text.slice(0, most)}…`)

export const printedWords = (text: string): string => cut(text, MOST_WORDS)
export const printedNote = (step: Step): string => cut(step.note ?? '', MOST_NOTE)
/** Who did a step: the unit with the person, or the person alone. */
export const stepWho = (step: Step): string => (step.unit_name ? `${step.unit_name}（${step.actor}）` : step.actor)

function spare(told: Told, steps: readonly Step[]): number {
  const hidden = steps.length < told.timeline.length ? HIDDEN_MM : 0
  const words = lines(printedWords(told.description), 40) * LINE_MM.facts + ROW_MM.facts
  const standard = told.standard ? lines(told.standard.closing_condition, 34) * LINE_MM.facts + ROW_MM.facts : 0
  const story = steps.reduce((sum, step) => {
    const most = Math.max(lines(stepWho(step), 12), lines(printedNote(step), 16))
    return sum + most * LINE_MM.steps + ROW_MM.steps
  }, 0)
  return PAGE_MM - FIXED_MM - hidden - words - standard - story
}

/** The page of a case: which steps it prints, how many it leaves out, and how high (mm) its photos are. */
export function fillSheet(told: Told): { steps: Step[]; hidden: number; photo_mm: number } {
  const all = told.timeline
  let steps = [...all]
  for (let kept = all.length - 1; kept >= LEAST_STEPS && spare(told, steps) < PHOTO_MM.good; kept--) {
    steps = [...all.slice(0, FIRST_STEPS), ...all.slice(all.length - (kept - FIRST_STEPS))]
  }
  const photo_mm = Math.round(Math.min(PHOTO_MM.most, Math.max(PHOTO_MM.least, spare(told, steps))))
  return { steps, hidden: all.length - steps.length, photo_mm }
}
