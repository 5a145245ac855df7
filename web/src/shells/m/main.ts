// The phone: residents without an account, and field staff. Opens in old WebViews, without a service worker and
// without a secure context.
import { createApp } from 'vue'
import '@/ui/palette.css'
import './theme.css'
import { makeI18n, type Texts } from '@/kernel/i18n'
import { vLabel } from '@/kernel/label'
import { offerLanguages } from '@/kernel/locale'
import { reloadOnNewRelease } from '@/kernel/release'
import { anyHeld } from '@/kernel/unsaved'
import { keepTasks } from '@/features/cases/field/known'
import field from '@/features/cases/field/zh.json'
import phone from '@/features/cases/phone/zh.json'
import ui from '@/ui/zh.json'
import App from './App.vue'
import { makeRouter } from './router'
import m from './zh.json'

// photos of a half-filled form would be lost by a reload
reloadOnNewRelease(() => !anyHeld())

/** English comes only when somebody asks for it; the field page is Chinese. */
async function english(): Promise<Texts> {
  const parts = await Promise.all([
    import('@/ui/en.json'),
    import('./en.json'),
    import('@/features/cases/phone/en.json'),
  ])
  return Object.assign({}, ...parts.map((part) => part.default as Texts))
}

const i18n = makeI18n({ ...ui, ...m, ...phone, ...field }, english)
const router = makeRouter(i18n.global.t)
router.beforeEach((to) => {
  offerLanguages(!to.path.startsWith('/field') && to.name !== 'sign-in') // staff pages are Chinese
})
keepTasks()
// Where the browser has one, in a production build: the page comes back without a network.
if (import.meta.env.PROD && 'serviceWorker' in navigator)
  window.addEventListener('load', () => void navigator.serviceWorker.register('./sw.js').catch(() => undefined))
createApp(App).use(i18n).use(router).directive('label', vLabel).mount('#app')
