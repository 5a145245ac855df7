// Which drawn samples of the demo have been sent, and for which case: so that later photos show the same place, and
// so that a photo is offered as a used one only when it is.
import { ref } from 'vue'
import { recall, remember } from '@/kernel/storage'

/** One shot of one drawn place: with its rubbish or without. */
export interface Shot {
  scene: number
  shot: number
  clean: boolean
}
export const shotName = ({ scene, shot, clean }: Shot) => `${scene}.${shot}.${clean ? 'clean' : 'dirty'}`
export function readShot(name: string): Shot | undefined {
  const [, scene, shot, state] = /^(\d+)\.(\d+)\.(clean|dirty)$/.exec(name) ?? []
  return scene && shot ? { scene: Number(scene), shot: Number(shot), clean: state === 'clean' } : undefined
}

interface Sent {
  /** Number of the case. */
  number: string
  sample: string
}
interface Notes {
  /** Sent samples, oldest first. */
  sent: Sent[]
  /** Shots taken of each scene. */
  shots: Record<number, number>
}
const KEY = 'samples'
const KEEP = 40

function read(): Notes {
  try {
    const notes = JSON.parse(recall(KEY) ?? '{}') as Partial<Notes>
    return { sent: Array.isArray(notes.sent) ? notes.sent : [], shots: notes.shots ?? {} }
  } catch {
    return { sent: [], shots: {} }
  }
}
const notes = ref(read())
function save(next: Notes): void {
  notes.value = next
  remember(KEY, JSON.stringify(next))
}

/** Notes the samples that went out with a case. */
export function noteSent(number: string, photos: { sample?: string }[]): void {
  const now = photos.flatMap(({ sample }) => (sample ? [{ number, sample }] : []))
  if (now.length > 0) save({ ...notes.value, sent: [...notes.value.sent, ...now].slice(-KEEP) })
}

/** A sample that this browser has sent, of this case if there is one; undefined when none was. */
export function usedSample(number: string | undefined): string | undefined {
  const { sent } = notes.value
  return (sent.find((one) => one.number === number) ?? sent[sent.length - 1])?.sample
}

/** The next shot of a place: of what is in the form already, of the case, or of a new place. */
export function nextShot(clean: boolean, photos: { sample?: string }[], number: string | undefined): Shot {
  const begun =
    photos.find((photo) => photo.sample)?.sample ?? notes.value.sent.find((one) => one.number === number)?.sample
  const scene = (begun ? readShot(begun)?.scene : undefined) ?? (number ? hash(number) : Date.now() % 2_000_000_000)
  const shot = notes.value.shots[scene] ?? 0
  const shots = Object.fromEntries([...Object.entries(notes.value.shots), [scene, shot + 1]].slice(-KEEP))
  save({ ...notes.value, shots })
  return { scene, shot, clean }
}

/** A place of its own for each case that was reported elsewhere. */
function hash(text: string): number {
  let sum = 7
  for (const letter of text) sum = (Math.imul(sum, 31) + (letter.codePointAt(0) ?? 0)) >>> 0
  return sum % 2_000_000_000
}
