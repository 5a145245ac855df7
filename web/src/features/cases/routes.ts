// Pages of the context cases at the desk. The phone's pages of the same context are in phone.ts.
import { Files, Tickets } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'
import '@/kernel/route-meta'

export const deskRoutes: RouteRecordRaw[] = [
  {
    path: '/queue',
    name: 'queue',
    component: () => import('./pages/CaseQueue.vue'),
    meta: { title: 'cases.queue.title', right: 'case_read', menu: { group: 'cases', order: 1, icon: Tickets } },
  },
  {
    path: '/inbox',
    name: 'inbox',
    component: () => import('./pages/UnitInbox.vue'),
    meta: { title: 'cases.inbox.title', right: 'case_handle', menu: { group: 'cases', order: 2, icon: Files } },
  },
  {
    path: '/cases/:id',
    name: 'case',
    component: () => import('./pages/CaseShow.vue'),
    meta: { title: 'cases.show.title', right: 'case_read', under: '/queue' },
  },
]
