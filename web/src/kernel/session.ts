// Who is signed in. The cookie is the server's; here is only what `GET /api/v1/me` said about it.
import { computed, ref } from 'vue'
import type { Me, Persona, Right } from './api'
import { actAs, del, FOLLOWS, get, noteSignedOut, post, ProblemError } from './http'
import { remember, whenRemembered } from './storage'

/** undefined: not asked yet. null: nobody. */
export const me = ref<Me | null | undefined>(undefined)
export const signedIn = computed(() => me.value != null)
export const demo = computed(() => me.value?.city.demo === true)

/** May the signed-in person do this anywhere? The server decides again for each thing. */
export function may(right: Right): boolean {
  return me.value?.rights.includes(right) === true
}

/** Does the person hold this role? */
export function hasRole(role: string): boolean {
  return me.value?.grants.some((grant) => grant.role === role) === true
}

const leaving: (() => void)[] = []
let last_person: string | undefined

/** Called when somebody signs out, and when another person signs in after a session that ran out. */
export function whenPersonLeaves(callback: () => void): void {
  leaving.push(callback)
}
function left(): void {
  last_person = undefined
  leaving.forEach((callback) => callback())
}
/** The same person coming back after the session ran out finds everything as it was. */
function come(person: Me): Me {
  if (last_person !== undefined && last_person !== person.user_id) left()
  last_person = person.user_id
  actAs(person.user_id)
  return (me.value = person)
}

/** Who had this page last, as long as he has not left: it waits for him. */
export const lastPerson = (): string | undefined => last_person

// All pages of a browser share one session. Whoever signs in or out says so to the others: a page that is another
// one's stops before it asks the server for anything (which would refuse it as well).
const SAID = 'session'
const tell = (user_id: string) => remember(SAID, `${user_id} ${Date.now()}`)
whenRemembered(SAID, (said) => {
  const now = said.split(' ')[0] ?? ''
  if (!me.value || FOLLOWS || now === me.value.user_id) return
  noteSignedOut(now === '' ? 'left' : 'other')
})

/** Asks the server once who is signed in. A broken line is thrown, so that it is not taken for "nobody". */
export async function loadMe(again = false): Promise<Me | null> {
  if (me.value !== undefined && !again) return me.value
  try {
    come(await get<Me>('/api/v1/me'))
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status === 401) me.value = null
    else throw error
  }
  return me.value ?? null
}

export async function signIn(login: string, password: string): Promise<Me> {
  const person = come(await post<Me>('/api/v1/session', { login, password }))
  tell(person.user_id)
  return person
}

export async function signOut(): Promise<void> {
  await del('/api/v1/session')
  left()
  me.value = null
  actAs(undefined)
  tell('')
}

/** Demo accounts; an empty list outside the demo. */
export async function personas(): Promise<Persona[]> {
  try {
    return await get<Persona[]>('/api/v1/demo/personas')
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status === 404) return []
    throw error
  }
}

/** Takes on a demo account without a password (the server knows this only in the demo). */
export async function becomePersona(key: string): Promise<Me> {
  const person = come(await post<Me>('/api/v1/demo/session', { persona: key }))
  tell(person.user_id)
  return person
}
