// Pages of the context cases for residents. The report page is part of the first load; the others come when asked for.
import type { RouteRecordRaw } from 'vue-router'
import '@/kernel/route-meta'
import Report from './Report.vue'

export const phoneRoutes: RouteRecordRaw[] = [
  { path: '/', name: 'report', component: Report, meta: { title: 'phone.send', public: true } },
  {
    path: '/r/:code',
    name: 'receipt',
    component: () => import('./Receipt.vue'),
    meta: { title: 'phone.receipt.title', public: true },
  },
  {
    path: '/mine',
    name: 'mine',
    component: () => import('./Mine.vue'),
    meta: { title: 'phone.mine.title', public: true },
  },
]
