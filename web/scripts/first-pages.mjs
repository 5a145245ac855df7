// The weight of a first page: index.html, its entry, everything the entry imports statically, and their styles.
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Upper bounds in kB, gzip. The resident page must open on a bad network. */
const LIMIT_KB = { m: 200 }

function filesOf(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8'))
  const files = new Set(['index.html'])
  const walk = (key) => {
    const chunk = manifest[key]
    if (!chunk || files.has(chunk.file)) return
    files.add(chunk.file)
    for (const css of chunk.css ?? []) files.add(css)
    for (const next of chunk.imports ?? []) walk(next)
  }
  for (const [key, chunk] of Object.entries(manifest)) if (chunk.isEntry) walk(key)
  return [...files]
}

/** Prints one line per app; false when one is over its limit. */
export function firstPages(dist, apps) {
  let ok = true
  for (const app of apps) {
    const files = filesOf(join(dist, app))
    const sum = (suffix) => files.reduce((all, file) => all + statSync(join(dist, app, file + suffix)).size, 0) / 1000
    const gz = sum('.gz')
    const limit = LIMIT_KB[app]
    const over = limit !== undefined && gz > limit
    ok &&= !over
    const note = limit === undefined ? '' : `, limit ${limit} kB${over ? ' EXCEEDED' : ''}`
    console.log(
      `first page /${app}/: ${gz.toFixed(0)} kB gz, ${sum('.br').toFixed(0)} kB br, ${files.length} files${note}`,
    )
  }
  return ok
}
