// Addresses of the phone: /m/#/ , /m/#/r/CODE, /m/#/mine, /m/#/field.
import { watchEffect } from 'vue'
import { createRouter, createWebHashHistory, type RouteRecordRaw, type Router } from 'vue-router'
import { fieldRoutes } from '@/features/cases/field/routes'
import { phoneRoutes } from '@/features/cases/phone/routes'
import { city } from '@/features/cases/phone/city'
import { whenSignedOut } from '@/kernel/http'
import { loadMe, me, resumeKept } from '@/kernel/session'
import NotFound from './NotFound.vue'
import Offline from './Offline.vue'

const shellRoutes: RouteRecordRaw[] = [
  {
    path: '/sign-in',
    name: 'sign-in',
    component: () => import('./SignIn.vue'),
    meta: { title: 'm.sign_in.title', public: true, bare: true },
  },
  { path: '/offline', name: 'offline', component: Offline, meta: { title: 'm.offline.title', public: true } },
  { path: '/:rest(.*)*', component: NotFound, meta: { title: 'm.not_found.title', public: true } },
]

export function makeRouter(t: (key: string) => string): Router {
  const router = createRouter({
    history: createWebHashHistory(),
    routes: [...phoneRoutes, ...fieldRoutes, ...shellRoutes],
    scrollBehavior: (_to, _from, saved) => saved ?? { left: 0, top: 0 },
  })
  router.beforeEach(async (to) => {
    if (to.meta.public) return true
    try {
      return (await loadMe()) ? true : { name: 'sign-in', query: { to: to.fullPath } }
    } catch {
      // a page that was reloaded without a line still knows whose tasks it has
      if (resumeKept()) return true
      return { name: 'offline', query: { to: to.fullPath } } // who is signed in cannot be known now
    }
  })
  router.onError((_error, to) => {
    // the part of the page could not be fetched
    if (to.name !== 'offline') void router.replace({ name: 'offline', query: { to: to.fullPath, part: '1' } })
  })
  // the title follows the page, the language and the name of the city, whenever they come
  watchEffect(() => {
    const { title } = router.currentRoute.value.meta
    const name = city.value?.system_title ?? me.value?.city.system_title ?? t('m.product')
    document.title = title ? `${t(title)} · ${name}` : name
  })
  whenSignedOut(() => {
    me.value = null
    const here = router.currentRoute.value
    if (!here.meta.public) void router.push({ name: 'sign-in', query: { to: here.fullPath, expired: '1' } })
  })
  return router
}
