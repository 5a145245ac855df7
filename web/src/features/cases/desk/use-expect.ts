// What a report will lead to, asked before it is sent: which cell, which unit, until when, and whether cases of the
// same kind are open there already.
import { onScopeDispose, ref, watch } from 'vue'
import type { Located, Problem } from '@/kernel/api'
import { asProblem } from '@/kernel/http'
import { countCases } from '../api'
import { locate } from '../public-api'
import { placeOf, type Where } from './report'

const PAUSE_MS = 200

export function useExpect(asked: () => { where: Where | null; class_code: string; source: string }) {
  const located = ref<Located>()
  /** Open cases of the same kind in the same cell. */
  const alike = ref(0)
  const problem = ref<Problem>()
  const busy = ref(false)
  let abort: AbortController | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  async function ask(): Promise<void> {
    abort?.abort()
    const { where, class_code, source } = asked()
    alike.value = 0
    if (!where) {
      located.value = problem.value = undefined
      return
    }
    const own = (abort = new AbortController())
    busy.value = true
    try {
      const found = await locate(placeOf(where), class_code || undefined, own.signal, source)
      if (own.signal.aborted) return
      located.value = found
      problem.value = undefined
      if (found.cell && class_code) {
        const counts = await countCases({ cell: found.cell.id, class: [class_code], open: true }, own.signal)
        if (!own.signal.aborted) alike.value = counts.total
      }
    } catch (error) {
      if (own.signal.aborted) return
      located.value = undefined
      problem.value = asProblem(error)
    } finally {
      if (!own.signal.aborted) busy.value = false
    }
  }
  watch(
    () => JSON.stringify(asked()),
    () => {
      clearTimeout(timer)
      timer = setTimeout(() => void ask(), PAUSE_MS)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
    abort?.abort()
  })
  return { located, alike, problem, busy, ask }
}
