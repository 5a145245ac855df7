// The roles of the tour: which page each frame shows for whom, and which step belongs to whom.

export interface TourRole {
  key: 'resident' | 'inspector' | 'acceptor' | 'dispatcher' | 'handler' | 'checker' | 'leader' | 'office' | 'auditor'
  /** The account the frames share. A resident has none: the desk shows the intake officer's view meanwhile. */
  persona: string
  phone: string
  desk: string
  /** Frame to enlarge. */
  focus: 'desk' | 'wall'
}

export const ROLES: TourRole[] = [
  { key: 'resident', persona: 'acceptor', phone: '/', desk: '/queue?all=true', focus: 'desk' },
  { key: 'inspector', persona: 'inspector', phone: '/field', desk: '/queue', focus: 'desk' },
  { key: 'acceptor', persona: 'acceptor', phone: '/', desk: '/queue', focus: 'desk' },
  { key: 'dispatcher', persona: 'dispatcher', phone: '/', desk: '/queue', focus: 'desk' },
  { key: 'handler', persona: 'handler', phone: '/field', desk: '/inbox', focus: 'desk' },
  { key: 'checker', persona: 'checker', phone: '/field', desk: '/queue', focus: 'desk' },
  { key: 'leader', persona: 'leader', phone: '/', desk: '/queue', focus: 'wall' },
]

/** Where one may look when the tour is through; not among the roles of the bar. */
export const AFTERWARDS: TourRole[] = [
  { key: 'office', persona: 'office', phone: '/', desk: '/matrix?tab=findings', focus: 'desk' },
  { key: 'auditor', persona: 'auditor', phone: '/', desk: '/cases?all=true', focus: 'desk' },
]

/** Acts of these are done at the desk, the others' on the phone. */
const AT_DESK: TourRole['key'][] = ['acceptor', 'dispatcher']

/** What a case that is being followed looks like from here. */
interface Case {
  id: string
  code: string
  state: string
  next: { role: TourRole['key'] } | undefined
}
/** The desk's page: opened at the case when it is this role's turn there. */
export function deskPath(role: TourRole, followed: Case | undefined): string {
  if (followed?.next?.role !== role.key) return role.desk
  if (role.key === 'handler') return `${role.desk}?case=${followed.id}`
  return AT_DESK.includes(role.key) ? `/queue?state=${followed.state}&case=${followed.id}` : role.desk
}
/** The phone's page: the task when it is this role's turn there, the receipt when the resident has the word. */
export function phonePath(role: TourRole, step: StepKey, followed: Case | undefined): string {
  if (role.phone === '/field') return followed?.next?.role === role.key ? `/field/${followed.id}?act` : '/field'
  if (role.key === 'resident') return step === 'verdict' ? (followed ? `/r/${followed.code}` : '/mine') : '/'
  return followed ? `/r/${followed.code}` : '/'
}

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
