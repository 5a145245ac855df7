// Who is signed in. The cookie is the server's; here is only what `GET /api/v1/me` said about it.
import { computed, ref } from 'vue'
import type { Me, Persona, Right } from './api'
import { del, get, post, ProblemError } from './http'
import { forgetPerson, keepPerson, keptPerson } from './person'

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

/** Kept on the device by the phone only; see person.ts. */
let keeps = false
let last_person: string | undefined
export function keepOnDevice(): void {
  keeps = true
  last_person = keptPerson(Date.now())?.user_id
}
/** Goes on as the person of the last visit while nobody can be asked; the server asks the session again. */
export function resumeKept(): boolean {
  const kept = keeps ? keptPerson(Date.now()) : undefined
  if (kept) me.value = kept
  return kept !== undefined
}

const leaving: (() => void)[] = []

/** Called when somebody signs out, and when another person signs in after a session that ran out. */
export function whenPersonLeaves(callback: () => void): void {
  leaving.push(callback)
}
function left(): void {
  last_person = undefined
  forgetPerson()
  leaving.forEach((callback) => callback())
}
/** The same person coming back after the session ran out finds everything as it was. */
function come(person: Me): Me {
  if (last_person !== undefined && last_person !== person.user_id) left()
  last_person = person.user_id
  if (keeps) keepPerson(person, Date.now())
  return (me.value = person)
}

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
  return come(await post<Me>('/api/v1/session', { login, password }))
}

export async function signOut(): Promise<void> {
  await del('/api/v1/session')
  left()
  me.value = null
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
  return come(await post<Me>('/api/v1/demo/session', { persona: key }))
}
