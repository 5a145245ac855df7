// Short words to the user after an act, with a way back where there is one. Drawn once per shell by `Says.vue`.
import { reactive } from 'vue'

export interface Word {
  id: number
  text: string
  tone: 'done' | 'late' | 'work'
  /** "撤销" and the like, offered as long as the word stands. */
  action?: { label: string; run: () => void }
}

export const words = reactive<Word[]>([])
let next = 1

/** Says `text`; stands 5 s, or 10 s with an action. */
export function say(text: string, tone: Word['tone'] = 'done', action?: Word['action']): void {
  const word: Word = { id: next++, text, tone, ...(action ? { action } : {}) }
  words.push(word)
  setTimeout(() => unsay(word.id), action ? 10_000 : 5_000)
}

export function unsay(id: number): void {
  const at = words.findIndex((word) => word.id === id)
  if (at >= 0) words.splice(at, 1)
}
