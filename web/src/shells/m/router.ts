// Addresses of the phone: /m/#/ , /m/#/r/CODE, /m/#/mine, /m/#/field.
import { createRouter, createWebHashHistory, type Router } from 'vue-router'
import { fieldRoutes } from '@/features/cases/field/routes'
import { phoneRoutes } from '@/features/cases/phone/routes'
import { city } from '@/features/cases/phone/city'
import { whenSignedOut } from '@/kernel/http'
import { loadMe, me } from '@/kernel/session'

export function makeRouter(t: (key: string) => string): Router {
  const router = createRouter({
    history: createWebHashHistory(),
    routes: [
      ...phoneRoutes,
      ...fieldRoutes,
      {
        path: '/sign-in',
        name: 'sign-in',
        component: () => import('./SignIn.vue'),
        meta: { title: 'm.sign_in.title', public: true, bare: true },
      },
      {
        path: '/:rest(.*)*',
        component: () => import('./NotFound.vue'),
        meta: { title: 'm.not_found.title', public: true },
      },
    ],
    scrollBehavior: (_to, _from, saved) => saved ?? { left: 0, top: 0 },
  })
  router.beforeEach(async (to) => {
    if (to.meta.public) return true
    const person = await loadMe().catch(() => null)
    return person ? true : { name: 'sign-in', query: { to: to.fullPath } }
  })
  router.afterEach((to) => {
    document.title = `${t(to.meta.title)} · ${city.value?.system_title ?? me.value?.city.system_title ?? t('m.product')}`
  })
  whenSignedOut(() => {
    me.value = null
    const here = router.currentRoute.value
    if (!here.meta.public) void router.push({ name: 'sign-in', query: { to: here.fullPath, expired: '1' } })
  })
  return router
}
