// Field tasks on the phone: for whoever must go and look (采集员, 责任单位, 核查员).
import type { RouteRecordRaw } from 'vue-router'
import '@/kernel/route-meta'

export const fieldRoutes: RouteRecordRaw[] = [
  { path: '/field', name: 'field', component: () => import('./FieldList.vue'), meta: { title: 'field.list.title' } },
  {
    path: '/field/new',
    name: 'field-new',
    component: () => import('./FieldNew.vue'),
    meta: { title: 'field.report.title' },
  },
  {
    path: '/field/:id',
    name: 'field-task',
    component: () => import('./FieldTask.vue'),
    meta: { title: 'field.task.title' },
  },
]
