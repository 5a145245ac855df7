// Finding a kind of problem by the words that people use (窨井, 电瓶车, 油烟): the catalogue brings them along, see
// crates/cases/data/words.csv. Everything is compared folded, so width, case, blanks and dashes do not matter.

/** A kind that can be found: its name, and other words that mean it. */
export interface Findable {
  name: string
  /** What it is called elsewhere: by residents, or by the standard. */
  plain_name?: string | null | undefined
  official_name?: string | null | undefined
  words?: string[] | undefined
}

/** A text as it is compared: one width, small letters, without blanks, dashes and marks. */
export const fold = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}\p{S}\p{Cf}]/gu, '')

/** How well a word fits what was typed; 0: not at all. Words of one letter are found only when they are typed. */
function fits(word: string, typed: string): number {
  if (word === typed) return 1_000
  if (word.startsWith(typed)) return 800 - word.length
  if (word.includes(typed)) return 600 - word.length
  // a whole sentence was typed: the longest word in it says what it is about
  return word.length > 1 && typed.includes(word) ? 100 + 10 * word.length : 0
}

/** Letters of the longest piece that both have. */
function shared(word: string, typed: string): number {
  let longest = 0
  for (let from = 0; from < typed.length; from++)
    while (word.includes(typed.slice(from, from + longest + 1)) && from + longest < typed.length) longest++
  return longest
}

/** The kinds that fit, best first; all of them as they stand where nothing was typed. */
export function findKinds<Kind extends Findable>(all: readonly Kind[], typed: string): Kind[] {
  const wanted = fold(typed)
  if (!wanted) return [...all]
  const folded = all.map((kind, place) => ({
    kind,
    place,
    names: [kind.name, kind.plain_name, kind.official_name].flatMap((name) => (name ? [fold(name)] : [])),
    words: (kind.words ?? []).map(fold),
  }))
  const rank = (fit: (word: string) => number) =>
    folded.flatMap(({ kind, place, names, words }) => {
      // between equals its name goes before its other words
      const best = Math.max(...names.map((name) => fit(name) && fit(name) + 1), ...words.map(fit), 0)
      return best > 0 ? [{ kind, place, fit: best }] : []
    })
  let found = rank((word) => fits(word, wanted))
  // 不牵绳的狗: no word is in it, but a piece of one is
  if (found.length === 0 && wanted.length > 2)
    found = rank((word) => Math.max(0, shared(word, wanted) - 1) * 100 - Math.min(word.length, 99))
  return found.sort((a, b) => b.fit - a.fit || a.place - b.place).map(({ kind }) => kind)
}
