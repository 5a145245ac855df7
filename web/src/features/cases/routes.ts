// Pages of the context cases at the desk. The phone's pages of the same context are in phone.ts.
import { EditPen, Files, Tickets } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'
import '@/kernel/route-meta'

export const deskRoutes: RouteRecordRaw[] = [
  {
    path: '/cases',
    name: 'queue',
    component: () => import('./pages/CaseQueue.vue'),
    meta: { title: 'casework.queue.title', right: 'case_read', menu: { group: 'cases', order: 1, icon: Tickets } },
  },
  // The shorter name of the same list, in links of other pages.
  { path: '/queue', redirect: (to) => ({ path: '/cases', query: to.query }) },
  {
    path: '/inbox',
    name: 'inbox',
    component: () => import('./pages/UnitInbox.vue'),
    meta: { title: 'casework.inbox.title', right: 'case_handle', menu: { group: 'cases', order: 2, icon: Files } },
  },
  {
    path: '/cases/new',
    name: 'case-report',
    component: () => import('./pages/CaseReport.vue'),
    meta: { title: 'casework.report.title', right: 'case_report', menu: { group: 'cases', order: 3, icon: EditPen } },
  },
  {
    path: '/cases/:id',
    name: 'case',
    component: () => import('./pages/CaseShow.vue'),
    meta: { title: 'casework.show.title', right: 'case_read', under: '/cases' },
  },
  {
    path: '/cases/:id/print',
    name: 'case-print',
    component: () => import('./pages/CasePrint.vue'),
    meta: { title: 'casework.print.title', right: 'case_read', bare: true },
  },
]
