// Where each screen stands on the stage: the phone on the left over the full height, the focused screen large,
// the other one small below it, the steps beside that. Pure arithmetic on the window's size.

export interface Rect {
  left: number
  top: number
  width: number
  height: number
  /** Factor from the screen's own pixels. */
  scale: number
}
export interface Stage {
  phone: Rect
  main: Rect
  side: Rect
  /** What is left for the steps. */
  steps: Omit<Rect, 'scale'>
}
export const SIZES = { phone: [390, 800], desk: [1366, 768], wall: [1920, 1080] } as const

const GAP = 12
/** Line with the name of a frame above it. */
const CAPTION = 26
const SIDE_HEIGHT = 150

const fit = ([w, h]: readonly [number, number], width: number, height: number) =>
  Math.max(0.1, Math.min(1, width / w, height / h))

/** `top` is the height of the bar; frames are placed below it. */
export function stageOf(window: { width: number; height: number }, top: number, focus: 'desk' | 'wall'): Stage {
  const height = window.height - top - GAP
  const place = (size: readonly [number, number], left: number, at: number, scale: number): Rect => ({
    left,
    top: at + CAPTION,
    width: size[0] * scale,
    height: size[1] * scale,
    scale,
  })
  const phone = place(SIZES.phone, GAP, top, fit(SIZES.phone, window.width * 0.3, height - CAPTION))
  const left = phone.left + phone.width + GAP
  const room = window.width - left - GAP
  const sideHeight = Math.max(SIDE_HEIGHT, height * 0.2)
  const other = focus === 'desk' ? SIZES.wall : SIZES.desk
  const main = place(SIZES[focus], left, top, fit(SIZES[focus], room, height - 2 * CAPTION - sideHeight - GAP))
  const below = main.top + main.height + GAP / 2
  const side = place(other, left, below, fit(other, room * 0.4, sideHeight))
  const stepsLeft = side.left + side.width + GAP
  return {
    phone,
    main,
    side,
    steps: {
      left: stepsLeft,
      top: below,
      width: window.width - stepsLeft - GAP,
      height: window.height - below - GAP,
    },
  }
}
