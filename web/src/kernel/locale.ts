// Which language the screens speak. Kept apart from the texts so that the kernel needs no kit.
// Only pages with texts in both languages offer a choice (the residents' pages of the phone). Everything else speaks
// Chinese and forgets nothing: the choice belongs to the device, and phone, desk and wall may share one.
import { computed, ref, watch } from 'vue'
import { recall, remember } from './storage'

export type Locale = 'zh' | 'en'

const chosen = ref<Locale>(recall('locale') === 'en' ? 'en' : 'zh')
const offered = ref(false)

/** The language of the open page. Setting it is the resident's choice and stays on the device. */
export const locale = computed<Locale>({
  get: () => (offered.value ? chosen.value : 'zh'),
  set: (value) => {
    chosen.value = value
    remember('locale', value)
  },
})

/** Says whether the open page has texts in the chosen language; without a word it has not. */
export function offerLanguages(both: boolean): void {
  offered.value = both
}

watch(locale, (value) => (document.documentElement.lang = value === 'zh' ? 'zh-CN' : 'en'), {
  immediate: true,
  flush: 'sync',
})
