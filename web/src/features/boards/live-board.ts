// Keeps the board's numbers true: reloads within a second after a live change, asks again every 15 s anyway, and
// heals after a broken line. Old numbers stay on the screen; their age is said. The regular question is also what
// keeps the session of a screen in use that nobody touches for weeks.
import { computed, onBeforeUnmount, onMounted, ref, type Ref } from 'vue'
import { useLive } from '@/kernel/live'
import { useLoad } from '@/kernel/load'
import { board, demoBoard } from './api'
import { hear, lagSeconds, STALE_MS, type Heard } from './model'

/** A change is on the screen at most this much later, plus one request. */
const SETTLE_MS = 250
const POLL_MS = 15_000
/** Of a wall that is only shown: the live line is told to people with rights. */
const SHOWN_POLL_MS = 2_000
const RETRY_MS = 5_000

/** The present, moving every second. */
export function useSecond(): Ref<number> {
  const now = ref(Date.now())
  let timer: ReturnType<typeof setInterval> | undefined
  onMounted(() => (timer = setInterval(() => (now.value = Date.now()), 1000)))
  onBeforeUnmount(() => clearInterval(timer))
  return now
}

/** `shown`: the wall beside the tour, which is the same for everybody. */
export function useLiveBoard(now: Readonly<Ref<number>>, shown = false) {
  const load = useLoad((signal) => (shown ? demoBoard(signal) : board(signal)))
  const heard = ref<Heard[]>([])
  const answered_at = ref<number | null>(null)
  /** Server's clock minus this device's: the computer behind a big screen often runs wrong. */
  const offset_ms = ref(0)
  let timer: ReturnType<typeof setTimeout> | undefined
  let poll: ReturnType<typeof setTimeout> | undefined
  let running = false
  let again = false
  let gone = false

  async function reload(): Promise<void> {
    if (running) {
      again = true // one more when this one is through: an answer under way may be older than the change
      return
    }
    running = true
    do {
      again = false
      await load.reload()
      if (!gone && !load.problem.value && load.data.value) {
        answered_at.value = Date.now()
        offset_ms.value = load.data.value.as_of - Date.now()
      }
    } while (again && !gone)
    running = false
    if (gone) return
    clearTimeout(poll)
    poll = setTimeout(() => void reload(), load.problem.value ? RETRY_MS : shown ? SHOWN_POLL_MS : POLL_MS)
  }
  function soon(): void {
    timer ??= setTimeout(() => {
      timer = undefined
      void reload()
    }, SETTLE_MS)
  }

  if (!shown)
    useLive((change) => {
      heard.value = hear(heard.value, change, Date.now())
      soon()
    }, soon)
  const wake = () => document.hidden || void reload()
  onMounted(() => {
    void reload()
    window.addEventListener('online', wake)
    document.addEventListener('visibilitychange', wake)
  })
  onBeforeUnmount(() => {
    gone = true
    clearTimeout(timer)
    clearTimeout(poll)
    window.removeEventListener('online', wake)
    document.removeEventListener('visibilitychange', wake)
  })

  // Only an answer makes numbers new: the live line may ping on while the question is refused or hangs.
  const lag_s = computed(() => lagSeconds(answered_at.value, now.value))
  const stale = computed(() => lag_s.value !== null && lag_s.value * 1000 >= STALE_MS)
  const clock = computed(() => now.value + offset_ms.value)
  return { data: load.data, problem: load.problem, slow: load.slow, heard, lag_s, stale, clock, reload }
}
