// Unit tests run without a browser: happy-dom for the page, fake-indexeddb for the queue.
import { fileURLToPath, URL } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { '@': fileURLToPath(new URL('src', import.meta.url)) } },
  test: { environment: 'happy-dom', include: ['src/**/*.spec.ts', 'tests/**/*.spec.ts'], restoreMocks: true },
})
