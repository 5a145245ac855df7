// Which language the screens speak. Kept apart from the texts so that the kernel needs no kit.
import { ref, watch } from 'vue'
import { recall, remember } from './storage'

export type Locale = 'zh' | 'en'

const saved = recall('locale')
/** The language of this device; Chinese unless chosen otherwise. */
export const locale = ref<Locale>(saved === 'en' ? 'en' : 'zh')

watch(
  locale,
  (value) => {
    remember('locale', value)
    document.documentElement.lang = value === 'zh' ? 'zh-CN' : 'en'
  },
  { immediate: true, flush: 'sync' },
)
