// Every desk page has an address (hash routing: no server rewrite needed). The guard asks once who is signed in.
import { createRouter, createWebHashHistory, type Router } from 'vue-router'
import { deskRoutes as audit } from '@/features/audit/routes'
import { deskRoutes as boards } from '@/features/boards/routes'
import { deskRoutes as cases } from '@/features/cases/routes'
import { deskRoutes as org } from '@/features/org/routes'
import { whenSignedOut } from '@/kernel/http'
import { hasRole, loadMe, may, me } from '@/kernel/session'

/**
 * Where a person starts: handlers at their inbox, leaders at the running map, auditors at every case there is (each
 * can be verified there), administrators where units and people come in, others at their own view of the queue.
 */
export function homePath(): string {
  if (may('case_handle')) return '/inbox'
  if (hasRole('leader')) return '/wall'
  if (hasRole('auditor')) return '/cases?all=true'
  if (may('case_read')) return '/cases'
  return may('user_edit') ? '/imports' : '/cells'
}

export function makeRouter(t: (key: string) => string): Router {
  const router = createRouter({
    history: createWebHashHistory(),
    routes: [
      ...cases,
      ...boards,
      ...audit,
      ...org,
      {
        path: '/sign-in',
        name: 'sign-in',
        component: () => import('./SignIn.vue'),
        meta: { title: 'desk.sign_in.title', public: true, bare: true },
      },
      { path: '/', redirect: () => homePath() },
      {
        path: '/:rest(.*)*',
        component: () => import('./NotFound.vue'),
        meta: { title: 'desk.not_found.title', public: true },
      },
    ],
  })
  router.beforeEach(async (to) => {
    if (to.meta.public) {
      if (me.value === undefined) await loadMe().catch(() => undefined)
      return true
    }
    let person
    try {
      person = await loadMe()
    } catch {
      return { name: 'sign-in', query: { to: to.fullPath, offline: '1' } }
    }
    if (!person) return { name: 'sign-in', query: { to: to.fullPath } }
    // The redirect of `/` ran before it was known who is signed in: send on to the right start.
    if (to.redirectedFrom?.path === '/' && to.fullPath !== homePath()) return homePath()
    return true
  })
  router.afterEach((to) => {
    document.title = `${t(to.meta.title)} · ${me.value?.city.system_title ?? t('desk.product')}`
  })
  whenSignedOut(() => {
    me.value = null
    const here = router.currentRoute.value
    if (!here.meta.public) void router.push({ name: 'sign-in', query: { to: here.fullPath, expired: '1' } })
  })
  return router
}
