// Built files must run in Chrome 87 and Safari 14 and must name no outside host: old browsers are normal on
// government desks, and the product works without the internet. Fails with file and reason.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'acorn'
import postcss from 'postcss'

/** CSS that Chrome 87 or Safari 14.0 do not know: [what, test on a node's text]. */
const SELECTORS = [
  [':has()', /:has\(/],
  ['nesting selector &', /(^|[\s,>+~])&/],
]
const AT_RULES = new Set(['layer', 'container', 'property', 'scope', 'starting-style'])
const PROPERTIES = new Set([
  'aspect-ratio',
  'inset',
  'inset-inline',
  'inset-block',
  'container-type',
  'translate',
  'scale',
  'rotate',
  'accent-color-scheme',
])
const VALUES = [
  ['color-mix()', /color-mix\(/],
  ['oklch()', /\bokl(ch|ab)\(/],
  ['dynamic viewport unit', /\d(d|s|l)v[hw]\b/],
]
/** Phones as old as Safari 14.0 know `gap` only in a grid; the desk's oldest browser, Chrome 87, knows it everywhere. */
const PHONE_PAGES = /^dist\/(m|tour)\//
const GAPS = new Set(['gap', 'row-gap', 'column-gap'])
/** A rule with a gap has to say itself that it is a grid (or text in columns). */
const gapKnown = (rule) => rule.some((n) => /^columns|column-count$/.test(n.prop) || /grid/.test(n.value ?? ''))
/** Kits use a newer property as an extra beside a fallback; each entry is [property, why it is harmless]. */
const HARMLESS = []

/** Names and links inside messages of libraries; nothing is fetched from them. */
const NAMESPACES =
  /^https?:\/\/(www\.w3\.org|github\.com|vuejs\.org|router\.vuejs\.org|element-plus\.org|maplibre\.org|maplibre\.invalid|tinyurl\.com|bit\.ly|developer\.mozilla\.org|errors\.vuejs\.org|dexie\.org|vue-i18n\.intlify\.dev|fb\.me|tc39\.es|caniuse\.com|www\.openstreetmap\.org)(\/|$)/

const problems = []

/** ES2021: what both browsers know whole (`??=` came with Chrome 85 and Safari 14). */
const ECMA = 2021

function checkScript(path, text) {
  const sourceType = /(^|[;}\s])(import|export)\b\s*[{*"'a-zA-Z_$]/.test(text) ? 'module' : 'script'
  try {
    parse(text, { ecmaVersion: ECMA, sourceType })
  } catch (error) {
    const near = text.slice(Math.max(0, error.pos - 40), error.pos + 40)
    problems.push(`${path}: not ES${ECMA}: ${error.message}: ${near}`)
  }
}

function checkStyle(path, text) {
  postcss.parse(text).walk((node) => {
    const bad = (what) => problems.push(`${path}: ${what}: ${node.toString().slice(0, 90)}`)
    if (node.type === 'rule') {
      for (const [what, test] of SELECTORS) if (test.test(node.selector)) bad(what)
      if (node.parent?.type === 'rule') bad('nested rule')
    } else if (node.type === 'atrule') {
      if (AT_RULES.has(node.name)) bad(`@${node.name}`)
    } else if (node.type === 'decl') {
      if (PROPERTIES.has(node.prop) && !HARMLESS.some(([prop]) => prop === node.prop)) bad(node.prop)
      if (GAPS.has(node.prop) && PHONE_PAGES.test(path) && !gapKnown(node.parent.nodes)) bad('gap outside of a grid')
      for (const [what, test] of VALUES) if (test.test(node.value)) bad(what)
    }
  })
}

function checkHosts(path, text) {
  for (const [url] of text.matchAll(/(?:https?:)?\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)+[/\w.-]*/gi)) {
    if (url.startsWith('//') && !/url\(\s*["']?$/.test(text.slice(0, text.indexOf(url)).slice(-8))) continue
    if (!NAMESPACES.test(url)) problems.push(`${path}: outside host ${url}`)
  }
}

let files = 0
for (const entry of readdirSync('dist', { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.(m?js|css|html)$/.test(entry.name)) continue
  const path = join(entry.parentPath ?? entry.path, entry.name)
  const text = readFileSync(path, 'utf8')
  files += 1
  if (/\.m?js$/.test(path)) checkScript(path, text)
  if (path.endsWith('.css')) checkStyle(path, text)
  checkHosts(path, text)
}
for (const problem of problems) console.error(problem)
console.log(`${files} built files read, ${problems.length} problems`)
if (files === 0 || problems.length > 0) process.exitCode = 1
