import { createApp } from 'vue'
import '@/ui/palette.css'
import App from './App.vue'

createApp(App).mount('#app')
