import { describe, expect, it } from 'vitest'

// Texts with places (`{n}`) and the code that fills them are far from each other: here each is held against the other.
const files = import.meta.glob<string>(['../**/*.vue', '../**/*.ts', '!../**/*.spec.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
})
const texts = import.meta.glob<object>('../**/{zh,en}.json', { import: 'default', eager: true })

/** `{a: {b: "…"}}` → `a.b` → its text. */
function flat(tree: object, before = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[before + key, value] as [string, string]] : flat(value as object, `${before}${key}.`),
  )
}
function all(language: string): Map<string, string> {
  const ours = Object.entries(texts).filter(([path]) => path.endsWith(`/${language}.json`))
  return new Map(ours.flatMap(([, tree]) => flat(tree)))
}
const zh = all('zh')
const en = all('en')
const places = (text: string) => new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ''))

/** The values of a call of `t`: the names of the object literal behind the key; undefined where it is no literal. */
function given(source: string, from: number): Set<string> | undefined {
  let depth = 1
  let at = from
  while (at < source.length && depth > 0) {
    if ('([{'.includes(source.charAt(at))) depth += 1
    if (')]}'.includes(source.charAt(at))) depth -= 1
    at += 1
  }
  const rest = source
    .slice(from, at - 1)
    .trim()
    .replace(/^,/, '')
    .trim()
  if (rest === '') return new Set()
  if (!rest.startsWith('{') || rest.includes('...')) return undefined
  let level = 0
  let plain = ''
  for (const sign of rest) {
    if (')]}'.includes(sign)) level -= 1
    if (level === 1 || (level === 0 && sign === ',')) plain += sign
    if ('([{'.includes(sign)) level += 1
  }
  return new Set(plain.split(',').flatMap((part) => /^\s*(\w+)\s*(?::|$)/.exec(part)?.[1] ?? []))
}

/** Every call of `t` with its key as a literal. */
function calls(): { path: string; key: string; names: Set<string> }[] {
  return Object.entries(files).flatMap(([path, source]) =>
    [...source.matchAll(/\bt\(\s*'([\w.-]+)'/g)].flatMap((call) => {
      const names = given(source, call.index + call[0].length)
      return names ? [{ path, key: call[1] ?? '', names }] : []
    }),
  )
}

describe('texts with places', () => {
  it('are there in both languages with the same places', () => {
    const wrong = [...en].filter(([key, text]) => {
      const other = zh.get(key)
      return other === undefined || [...places(text)].sort().join() !== [...places(other)].sort().join()
    })
    expect(wrong).toEqual([])
  })
  it('are given every value by the code that says them, and no other', () => {
    const found = calls()
    expect(found.length).toBeGreaterThan(300)
    const wrong = found.flatMap(({ path, key, names }) => {
      const text = zh.get(key)
      if (text === undefined) return [`${path}: no text ${key}`]
      const wanted = places(text)
      const missing = [...wanted].filter((name) => !names.has(name)).map((name) => `${path}: ${key} without {${name}}`)
      const idle = [...names].filter((name) => !wanted.has(name)).map((name) => `${path}: ${key} has no {${name}}`)
      return [...missing, ...idle]
    })
    expect(wrong).toEqual([])
  })
  it('have no empty words and no open braces', () => {
    // Half of a sentence may be empty in one language: where the verb stands differs.
    const empty = (key: string) => !zh.get(key)?.trim() && !en.get(key)?.trim()
    const wrong = [...zh, ...en].filter(([key, text]) => empty(key) || /[{}]/.test(text.replace(/\{\w+\}/g, '')))
    expect(wrong).toEqual([])
  })
})
