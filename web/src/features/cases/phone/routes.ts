// Pages of the context cases for residents. All are part of the first load: after a report without a network the
// page must open that shows what waits, and nothing can be fetched then.
import type { RouteRecordRaw } from 'vue-router'
import '@/kernel/route-meta'
import Mine from './Mine.vue'
import Receipt from './Receipt.vue'
import Report from './Report.vue'

export const phoneRoutes: RouteRecordRaw[] = [
  { path: '/', name: 'report', component: Report, meta: { title: 'm.report', public: true } },
  {
    path: '/r/:code',
    name: 'receipt',
    component: Receipt,
    meta: { title: 'phone.receipt.title', public: true },
  },
  {
    path: '/mine',
    name: 'mine',
    component: Mine,
    meta: { title: 'phone.mine.title', public: true },
  },
]
