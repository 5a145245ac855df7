// The roles of the tour: which page each frame shows for whom, and which step belongs to whom.

export interface TourRole {
  key: 'resident' | 'inspector' | 'acceptor' | 'dispatcher' | 'handler' | 'checker' | 'leader'
  /** The account the frames share. A resident has none: the desk shows the intake officer's view meanwhile. */
  persona: string
  phone: string
  desk: string
  /** Frame to enlarge. */
  focus: 'desk' | 'wall'
  /** May the account see the running map? */
  wall: boolean
}

export const ROLES: TourRole[] = [
  { key: 'resident', persona: 'acceptor', phone: '/', desk: '/queue', focus: 'desk', wall: true },
  { key: 'inspector', persona: 'inspector', phone: '/field', desk: '/queue', focus: 'desk', wall: false },
  { key: 'acceptor', persona: 'acceptor', phone: '/', desk: '/queue', focus: 'desk', wall: true },
  { key: 'dispatcher', persona: 'dispatcher', phone: '/', desk: '/queue', focus: 'desk', wall: true },
  { key: 'handler', persona: 'handler', phone: '/field', desk: '/inbox', focus: 'desk', wall: false },
  { key: 'checker', persona: 'checker', phone: '/field', desk: '/queue', focus: 'desk', wall: false },
  { key: 'leader', persona: 'leader', phone: '/', desk: '/queue', focus: 'wall', wall: true },
]

export const STEPS = [
  { key: 'report', roles: ['resident'] },
  { key: 'dispatch', roles: ['inspector', 'acceptor', 'dispatcher'] },
  { key: 'handle', roles: ['handler'] },
  { key: 'check', roles: ['checker', 'acceptor'] },
  { key: 'verdict', roles: ['resident', 'leader'] },
] as const satisfies { key: string; roles: TourRole['key'][] }[]
export type StepKey = (typeof STEPS)[number]['key']

/** The step that fits a role: the current one if it is among its roles, else the next that is, else the first. */
export function stepFor(role: TourRole['key'], current: StepKey): StepKey {
  const fits = (one: { roles: readonly string[] }) => one.roles.includes(role)
  const at = STEPS.findIndex((one) => one.key === current)
  return (STEPS.slice(at).find(fits) ?? STEPS.find(fits))?.key ?? current
}
