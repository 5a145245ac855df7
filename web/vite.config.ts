// One source tree, one build per app: `vite build --mode m|desk|tour` writes dist/<app>.
// Separate builds keep kits, styles and chunks of the phone and the desk apart (no shared chunk can break the other).
import { fileURLToPath, URL } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { VantResolver } from '@vant/auto-import-resolver'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig, type PluginOption } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

// Vant's icon font names a copy on an outside CDN after the embedded one; nothing may leave the origin.
const noCdn = {
  postcssPlugin: 'no-cdn',
  Declaration(decl: { prop: string; value: string }) {
    if (decl.prop === 'src' && decl.value.includes('alicdn')) {
      decl.value = decl.value.replace(/,\s*url\([^)]*alicdn[^)]*\)\s*format\([^)]*\)/g, '')
    }
  },
}

const kits: Record<string, PluginOption[]> = {
  m: [Components({ resolvers: [VantResolver()], dirs: [], dts: here('src/shells/m/components.d.ts') })],
  desk: [Components({ resolvers: [ElementPlusResolver({ importStyle: 'css' })], dirs: [], dts: false })],
  tour: [],
}

export default defineConfig(({ mode }) => {
  const app = mode in kits ? mode : 'm'
  return {
    root: here(`src/shells/${app}`),
    base: `/${app}/`,
    publicDir: here('public'),
    resolve: { alias: { '@': here('src') } },
    plugins: [vue(), ...(kits[app] ?? [])],
    css: { postcss: { plugins: [noCdn] } },
    define: { __VUE_I18N_FULL_INSTALL__: false, __VUE_I18N_LEGACY_API__: false, __INTLIFY_PROD_DEVTOOLS__: false },
    server: { proxy: { '/api': process.env['YOUJU_API'] ?? 'http://127.0.0.1:8080' } },
    build: {
      outDir: here(`dist/${app}`),
      emptyOutDir: true,
      target: ['chrome87', 'safari14'],
      manifest: true,
      assetsInlineLimit: 2048,
      // MapLibre alone has 954 kB and comes only with a map; what a first page weighs is judged by scripts/first-pages.mjs.
      chunkSizeWarningLimit: 1000,
      reportCompressedSize: false,
      rolldownOptions: {
        output: {
          codeSplitting: {
            groups: [
              { name: 'vue', test: /node_modules[\\/](@vue|vue|vue-router|vue-i18n|@intlify)[\\/]/, priority: 30 },
              {
                name: 'ui',
                test: /node_modules[\\/](element-plus|@element-plus|vant|@vant|@floating-ui|@vueuse|lodash-es|dayjs|async-validator)[\\/]/,
                priority: 20,
              },
              { name: 'maplibre', test: /node_modules[\\/]maplibre-gl[\\/]/, priority: 20 },
            ],
          },
        },
      },
    },
  }
})
