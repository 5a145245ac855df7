// The tour of the first five minutes: phone, desk and wall of the demo city side by side.
import { createApp } from 'vue'
import '@/ui/palette.css'
import { makeI18n } from '@/kernel/i18n'
import ui from '@/ui/zh.json'
import App from './App.vue'
import tour from './zh.json'

createApp(App)
  .use(makeI18n({ ...ui, ...tour }))
  .mount('#app')
