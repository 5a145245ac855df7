// Every desk page has an address (hash routing: no server rewrite needed). The guard asks once who is signed in.
import { nextTick } from 'vue'
import { createRouter, createWebHashHistory, type Router } from 'vue-router'
import { deskRoutes as audit } from '@/features/audit/routes'
import { deskRoutes as boards } from '@/features/boards/routes'
import { deskRoutes as cases } from '@/features/cases/routes'
import { deskRoutes as org } from '@/features/org/routes'
import { whenSignedOut } from '@/kernel/http'
import { hasRole, loadMe, may, me } from '@/kernel/session'
import NotFound from './NotFound.vue'

/**
 * Where a person's work is: handlers at their inbox, leaders at the running map, auditors at every case there is (each
 * can be verified there), the office at what is late in the city, administrators where units and people come in, others
 * at their own step of the queue.
 */
export function homePath(): string {
  if (may('case_handle')) return '/inbox'
  if (hasRole('leader')) return '/wall'
  if (hasRole('auditor')) return '/cases?all=true'
  if (hasRole('office')) return '/cases?overdue=true'
  if (may('case_read')) return '/cases'
  return may('user_edit') ? '/imports' : '/cells'
}

/** Inspectors work outside: on a phone their work is the page of the field. */
const NARROW_PX = 720
const inTheField = () => hasRole('inspector') && window.innerWidth < NARROW_PX && window.parent === window

/** May the signed-in person open this address? */
export function mayOpen(router: Router, path: string): boolean {
  const { name, meta } = router.resolve(path)
  return name !== 'sign-in' && (!meta.right || may(meta.right))
}

/** Back to where somebody was going; his own start needs no address. */
const back = (to: { name?: unknown; fullPath: string }) => (to.name === 'home' ? {} : { to: to.fullPath })

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
      // Who is signed in is not known yet when the address is read: the guard sends on from here.
      { path: '/', name: 'home', component: NotFound, meta: { title: 'desk.product' } },
      {
        path: '/:rest(.*)*',
        component: NotFound,
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
      return { name: 'sign-in', query: { ...back(to), offline: '1' } }
    }
    if (!person) return { name: 'sign-in', query: back(to) }
    if (to.name !== 'home') return true
    if (!inTheField()) return homePath()
    window.location.replace('/m/#/field')
    return false
  })
  router.afterEach((to) => {
    document.title = `${t(to.meta.title)} · ${me.value?.city.system_title ?? t('desk.product')}`
    // a page begins with the focus in it, so that its keys and Tab go on from there
    void nextTick(() => {
      if (document.activeElement === document.body) document.getElementById('main')?.focus({ preventScroll: true })
    })
  })
  whenSignedOut((why) => {
    me.value = null
    const here = router.currentRoute.value
    if (!here.meta.public) void router.push({ name: 'sign-in', query: { ...back(here), [why]: '1' } })
  })
  return router
}
