// The desk: staff screens on Element Plus, and the wall.
import { createApp } from 'vue'
import 'element-plus/theme-chalk/base.css'
import '@/ui/palette.css'
import './theme.css'
import { makeI18n } from '@/kernel/i18n'
import { vLabel } from '@/kernel/label'
import { reloadOnNewRelease } from '@/kernel/release'
import audit from '@/features/audit/i18n/zh.json'
import boards from '@/features/boards/i18n/zh.json'
import cases from '@/features/cases/i18n/desk/zh.json'
import org from '@/features/org/i18n/zh.json'
import ui from '@/ui/zh.json'
import App from './App.vue'
import desk from './zh.json'
import { makeRouter } from './router'

reloadOnNewRelease(() => true)

const i18n = makeI18n({ ...ui, ...desk, ...cases, ...org, ...boards, ...audit })
createApp(App).use(i18n).use(makeRouter(i18n.global.t)).directive('label', vLabel).mount('#app')
