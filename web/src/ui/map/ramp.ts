// From numbers to the classes of the choropleth (guide §10.14): five classes light → dark for counts, and two warm
// ones only where something is overdue. Every class says its numbers in the legend.

export type Theme = 'light' | 'dark'

/** Class of a cell: 0 nothing open, 1–4 open by steps, 5 some overdue, 6 many overdue. */
export type FillClass = 0 | 1 | 2 | 3 | 4 | 5 | 6

/** Lower bounds of the classes 1–4. */
export const OPEN_STEPS: [number, number, number, number] = [1, 3, 6, 10]
/** Lower bounds of the warm classes 5 and 6. */
export const LATE_STEPS: [number, number] = [1, 3]

export const FILLS: Record<Theme, [string, string, string, string, string, string, string]> = {
  light: ['#f4f6fa', '#d3e2f4', '#a5c5ea', '#6d9fda', '#2f6fbb', '#f0a63c', '#d4492a'],
  dark: ['#0d1d3a', '#153a6e', '#1c559c', '#2b78c9', '#5fa6ea', '#e09a35', '#e0573a'],
}

/** The class of a cell with so many open and overdue cases. */
export function fillClass(open: number, overdue: number): FillClass {
  if (overdue >= LATE_STEPS[1]) return 6
  if (overdue >= LATE_STEPS[0]) return 5
  if (open >= OPEN_STEPS[3]) return 4
  if (open >= OPEN_STEPS[2]) return 3
  if (open >= OPEN_STEPS[1]) return 2
  return open >= OPEN_STEPS[0] ? 1 : 0
}

const between = (from: number, below: number) => (below - from === 1 ? `${from}` : `${from}–${below - 1}`)

/** Legend rows, in class order: what the numbers of the class are, and whether they count overdue cases. */
export function legendRows(): { fill: FillClass; text: string; late: boolean }[] {
  const [a, b, c, d] = OPEN_STEPS
  return [
    { fill: 0, text: '0', late: false },
    { fill: 1, text: between(a, b), late: false },
    { fill: 2, text: between(b, c), late: false },
    { fill: 3, text: between(c, d), late: false },
    { fill: 4, text: `≥${d}`, late: false },
    { fill: 5, text: between(...LATE_STEPS), late: true },
    { fill: 6, text: `≥${LATE_STEPS[1]}`, late: true },
  ]
}
