// Which cell, which unit, until when: asked again whenever place, kind or language changes, and, after a broken
// line, until there is an answer.
import { onScopeDispose, ref, watch } from 'vue'
import type { Located, Problem } from '@/kernel/api'
import { asProblem, ProblemError } from '@/kernel/http'
import { locale } from '@/kernel/locale'
import { locate } from '../public-api'
import { asPlace, type Chosen } from './place'

/** How many photos a report needs and may have. */
export interface PhotoRule {
  least: number
  most: number
}
/** The browser does not always notice that the line is back. */
const AGAIN_MS = 15_000

/** `source`: where it is not a resident who reports. */
export function useLocate(form: () => { chosen: Chosen | null; class_code: string }, source?: string) {
  const located = ref<Located>()
  /** Of the source, whatever the place: it stays when another one is chosen. */
  const photos = ref<PhotoRule>()
  const busy = ref(false)
  const offline = ref(false)
  const problem = ref<Problem>()
  let abort: AbortController | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  async function ask(): Promise<void> {
    abort?.abort()
    clearTimeout(timer)
    const { chosen, class_code } = form()
    if (!chosen) {
      busy.value = offline.value = false
      problem.value = undefined
      return
    }
    const own = (abort = new AbortController())
    busy.value = true
    try {
      const answer = await locate(asPlace(chosen), class_code || undefined, own.signal, source)
      if (own.signal.aborted) return
      located.value = answer
      const { report_photos_least: least, photos_most: most } = answer
      if (least !== undefined && most !== undefined) photos.value = { least, most }
      problem.value = undefined
      offline.value = false
    } catch (error) {
      if (own.signal.aborted) return
      offline.value = error instanceof ProblemError && error.offline
      problem.value = offline.value ? undefined : asProblem(error)
      if (offline.value) timer = setTimeout(() => void ask(), AGAIN_MS)
    } finally {
      if (!own.signal.aborted) busy.value = false
    }
  }
  const online = () => void (offline.value || problem.value ? ask() : undefined)

  watch(
    () => [form().chosen, form().class_code, locale.value] as const,
    ([chosen, class_code], before) => {
      if (chosen !== before?.[0]) located.value = undefined
      // the place is still right, the unit that was named for another kind may not be
      else if (class_code !== before[1] && located.value) located.value = { ...located.value, unit: null, due_at: null }
      problem.value = undefined
      void ask()
    },
    { immediate: true },
  )
  window.addEventListener('online', online)
  onScopeDispose(() => {
    window.removeEventListener('online', online)
    clearTimeout(timer)
    abort?.abort()
  })
  return { located, photos, busy, offline, problem, ask }
}
