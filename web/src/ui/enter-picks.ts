// `v-enter-picks` on a filterable cascader: a name typed into it and Enter takes the first that fits, as everybody
// expects; the kit itself only closes its list. While an input method composes, Enter is its own.
import type { Directive } from 'vue'

/** The kit looks for what fits a moment after the last letter. */
const PATIENCE_MS = 1_000
const STEP_MS = 30

function first(): HTMLElement | undefined {
  const items = document.querySelectorAll<HTMLElement>('.el-cascader__suggestion-item')
  return [...items].find((item) => item.offsetParent !== null)
}
/** The first that fits what is typed, once the kit shows it. */
async function fitting(input: HTMLInputElement): Promise<HTMLElement | undefined> {
  const typed = input.value
  for (let waited = 0; waited <= PATIENCE_MS; waited += STEP_MS) {
    const item = first()
    if (item?.textContent.includes(typed.trim())) return item
    await new Promise((done) => setTimeout(done, STEP_MS))
    if (input.value !== typed) return undefined
  }
  return undefined
}

async function enter(event: KeyboardEvent): Promise<void> {
  const input = event.target
  if (event.key !== 'Enter' || event.isComposing || event.keyCode === 229) return
  if (!(input instanceof HTMLInputElement) || input.value.trim() === '' || input.readOnly) return
  event.preventDefault()
  event.stopPropagation()
  const item = await fitting(input)
  item?.click()
}
const listener = (event: Event) => void enter(event as KeyboardEvent)

export const vEnterPicks: Directive<HTMLElement> = {
  mounted: (el) => el.addEventListener('keydown', listener, true),
  unmounted: (el) => el.removeEventListener('keydown', listener, true),
}
