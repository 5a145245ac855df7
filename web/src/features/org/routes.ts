// Pages of the context org at the desk.
import { Calendar, Grid, List, Upload } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'
import '@/kernel/route-meta'

export const deskRoutes: RouteRecordRaw[] = [
  {
    path: '/cells',
    name: 'cells',
    component: () => import('./pages/Cells.vue'),
    meta: { title: 'org.cells.title', right: 'org_read', menu: { group: 'org', order: 1, icon: Grid } },
  },
  {
    path: '/cells/:id',
    name: 'cell',
    component: () => import('./pages/CellPage.vue'),
    meta: { title: 'org.cell.title', right: 'org_read', under: '/cells' },
  },
  {
    path: '/cells/:id/card',
    name: 'cell-card',
    component: () => import('./pages/CellCard.vue'),
    meta: { title: 'org.card.title', right: 'org_read', bare: true },
  },
  {
    path: '/matrix',
    name: 'matrix',
    component: () => import('./pages/Matrix.vue'),
    meta: { title: 'org.matrix.title', right: 'org_read', menu: { group: 'org', order: 2, icon: List } },
  },
  {
    path: '/imports',
    name: 'imports',
    component: () => import('./pages/Imports.vue'),
    meta: { title: 'org.imports.title', right: 'org_edit', menu: { group: 'org', order: 3, icon: Upload } },
  },
  {
    path: '/calendar',
    name: 'calendar',
    component: () => import('./pages/Calendar.vue'),
    meta: { title: 'org.calendar.title', right: 'org_read', menu: { group: 'org', order: 4, icon: Calendar } },
  },
]
