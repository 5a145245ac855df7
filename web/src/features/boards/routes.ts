// Pages of the context boards: the running map, for the wall screen and the desk.
import { DataBoard } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'
import '@/kernel/route-meta'

export const deskRoutes: RouteRecordRaw[] = [
  {
    path: '/wall',
    name: 'wall',
    component: () => import('./pages/Wall.vue'),
    meta: {
      title: 'boards.wall.title',
      right: 'board_read',
      bare: true,
      menu: { group: 'boards', order: 1, icon: DataBoard },
    },
  },
  // the wall beside the tour: it shows the same map whoever is signed in (demo only)
  {
    path: '/demo-wall',
    name: 'demo-wall',
    component: () => import('./pages/Wall.vue'),
    props: { shown: true },
    meta: { title: 'boards.wall.title', public: true, bare: true },
  },
]
