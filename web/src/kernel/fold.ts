// Folding for what the screens look up by themselves; the same rule as `kernel::text::fold` of the server, with the same
// table as its test: forms of a letter are one, case goes, blanks, dashes and signs that nobody sees are left out.

// Letters that only look like dashes in the tables of Unicode are named one by one.
const LEFT_OUT =
  /[\s\p{Cf}\p{Cc}\p{Pd}\p{Variation_Selector}\u034F\u115F\u1160\u2043\u207B\u208B\u2212\u2500\u2501\u2800\u3164\u30FC\uFF70\uFFA0]/gu

export const fold = (text: string): string => {
  const bare = (some: string) => some.normalize('NFKC').replace(LEFT_OUT, '')
  return bare(bare(text).toUpperCase().toLowerCase())
}

/** A code of digits and latin letters: capitals and nothing else. */
export const foldCode = (text: string): string =>
  fold(text)
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')

/** Does a text hold what was typed into a search box? Nothing typed finds everything. */
export const finds = (typed: string, ...texts: readonly string[]): boolean => {
  const wanted = fold(typed)
  return wanted === '' || texts.some((text) => fold(text).includes(wanted))
}
