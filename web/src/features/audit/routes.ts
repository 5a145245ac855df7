// The auditor's page at the desk.
import { View } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'
import '@/kernel/route-meta'

export const deskRoutes: RouteRecordRaw[] = [
  {
    path: '/audit',
    name: 'audit',
    component: () => import('./pages/Audit.vue'),
    meta: { title: 'audit.title', right: 'audit_read', menu: { group: 'boards', order: 2, icon: View } },
  },
]
