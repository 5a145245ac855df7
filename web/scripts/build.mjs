// Builds every app, writes .gz and .br beside each file, then prints and checks the weight of each first page.
import { build } from 'vite'
import { compressTree } from './compress.mjs'
import { writeServiceWorker } from './service-worker.mjs'
import { firstPages } from './first-pages.mjs'

const apps = process.argv.slice(2).length > 0 ? process.argv.slice(2) : ['m', 'desk', 'tour']
for (const app of apps) {
  await build({ configFile: 'vite.config.ts', mode: app, logLevel: 'warn' })
  if (app === 'm') writeServiceWorker('dist/m', 'src/shells/m/sw.js')
  compressTree(`dist/${app}`)
}
if (!firstPages('dist', apps)) process.exitCode = 1
