// `v-label="'…'"` on a kit component: names the inner inputs that the kit leaves without one (pagination's size
// select, an uploader's file input), so that a screen reader can say what they are.
import type { Directive } from 'vue'

function name(el: HTMLElement, text: string): void {
  queueMicrotask(() =>
    el.querySelectorAll('input, textarea').forEach((input) => {
      if (!input.hasAttribute('aria-label') && !input.hasAttribute('aria-labelledby')) {
        input.setAttribute('aria-label', text)
      }
    }),
  )
}

export const vLabel: Directive<HTMLElement, string> = {
  mounted: (el, binding) => name(el, binding.value),
  updated: (el, binding) => name(el, binding.value),
}
