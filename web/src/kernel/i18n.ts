// Texts of the screens, by key. Each feature brings its own JSON under its own name; the shell merges them.
// Texts of problems are not here: the server says them in the caller's language.
import { watch } from 'vue'
import { createI18n } from 'vue-i18n'
import { locale, offerLanguages, type Locale } from './locale'

/** Nested texts; leaves are strings with `{name}` places. */
export interface Texts {
  [key: string]: string | Texts
}

/**
 * The texts of an app, by feature. `loadEn` fetches the English ones when a resident asks for them; an app without it
 * speaks Chinese only.
 */
export function makeI18n(zh: Texts, loadEn?: () => Promise<Texts>) {
  offerLanguages(loadEn !== undefined)
  const i18n = createI18n({
    legacy: false,
    locale: 'zh',
    fallbackLocale: 'zh',
    messages: { zh, en: {} } as Record<Locale, Texts>,
    missingWarn: import.meta.env?.DEV === true,
    fallbackWarn: false,
  })
  let enLoaded = false
  watch(
    locale,
    async (value) => {
      if (value === 'en' && !enLoaded) {
        if (!loadEn) return
        const texts = await loadEn().catch(() => undefined)
        if (!texts) {
          locale.value = 'zh' // the texts could not be fetched: better Chinese than keys
          return
        }
        i18n.global.setLocaleMessage('en', texts)
        enLoaded = true
      }
      i18n.global.locale.value = locale.value // not `value`: the page may have changed while the texts came
    },
    { immediate: true },
  )
  return i18n
}
