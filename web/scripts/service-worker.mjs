// Writes dist/m/sw.js: the worker of the phone page with the list of what its first pages and its pages without a network
// need. The map comes only with a line: it alone weighs more than all the rest.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const NOT = /maplibre|MapPick|MapPane|worker/i

export function writeServiceWorker(folder, source) {
  const files = readdirSync(join(folder, 'assets'))
    .filter((name) => /\.(js|css|svg|woff2?)$/.test(name) && !NOT.test(name))
    .sort()
    .map((name) => `./assets/${name}`)
  const hash = createHash('sha256')
    .update(readFileSync(join(folder, 'index.html')))
    .update(files.join())
  const shell = { version: hash.digest('hex').slice(0, 12), files }
  const text = readFileSync(source, 'utf8')
  writeFileSync(join(folder, 'sw.js'), text.replace('__SHELL__\n', `${JSON.stringify(shell)}\n`))
}
