// Where each screen stands on the stage: the phone on the left over the full height, the focused screen large,
// the other one small below it, the steps beside that. Pure arithmetic on the window's size.

export interface Rect {
  left: number
  top: number
  width: number
  height: number
  /** Factor from the screen's own pixels. */
  scale: number
  /** Width and height in the screen's own pixels. */
  own: readonly [number, number]
}
/** A place without a screen in it. */
export type Place = Pick<Rect, 'left' | 'top' | 'width' | 'height'>
export interface Stage {
  phone: Rect
  main: Rect
  side: Rect
  /** What is left for the steps. */
  steps: Place
}
/** The desk works from this size on; in front it fills its place, so that its letters are as large as they can be. */
export const SIZES = { phone: [390, 800], desk: [1366, 768], wall: [1920, 1080] } as const

/** Below this width there is no room for screens side by side: they stand one below the other, as large as the window. */
export const NARROW = 900

const GAP = 12
/** The steps, and each screen, where they stand one below the other. */
const STACKED = { steps: 320, screen: 720 }
/** Line with the name of a frame above it. */
const CAPTION = 26
const SIDE_HEIGHT = 150

const fit = ([w, h]: readonly [number, number], width: number, height: number) =>
  Math.max(0.1, Math.min(1, width / w, height / h))

/**
 * `top` is the height of the bar; frames are placed below it. `front` says what the frame in front shows: pages of
 * the desk also open in the wall's frame, when somebody follows one of its numbers.
 */
export function stageOf(
  window: { width: number; height: number },
  top: number,
  focus: 'desk' | 'wall',
  front: 'desk' | 'wall' = focus,
): Stage {
  if (window.width < NARROW) return stacked(window.width, top)
  const height = window.height - top - GAP
  const place = (own: readonly [number, number], left: number, at: number, scale: number): Rect => ({
    left,
    top: at + CAPTION,
    width: own[0] * scale,
    height: own[1] * scale,
    scale,
    own,
  })
  const phone = place(SIZES.phone, GAP, top, fit(SIZES.phone, window.width * 0.3, height - CAPTION))
  const left = phone.left + phone.width + GAP
  const room = window.width - left - GAP
  const sideHeight = Math.max(SIDE_HEIGHT, height * 0.2)
  const mainHeight = height - 2 * CAPTION - sideHeight - GAP
  const other = focus === 'desk' ? SIZES.wall : SIZES.desk
  const deskScale = Math.max(0.1, Math.min(1, room / SIZES.desk[0]))
  const main =
    front === 'desk'
      ? place([Math.floor(room / deskScale), Math.floor(mainHeight / deskScale)], left, top, deskScale)
      : place(SIZES.wall, left, top, fit(SIZES.wall, room, mainHeight))
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

/** Every screen has a layout for this width, so nothing is made smaller. */
function stacked(window_width: number, top: number): Stage {
  const width = window_width - 2 * GAP
  const steps = { left: GAP, top: top + GAP, width, height: STACKED.steps }
  const below = (above: Place): Rect => ({
    left: GAP,
    top: above.top + above.height + GAP + CAPTION,
    width,
    height: STACKED.screen,
    scale: 1,
    own: [width, STACKED.screen],
  })
  const phone = below(steps)
  const main = below(phone)
  return { steps, phone, main, side: below(main) }
}
