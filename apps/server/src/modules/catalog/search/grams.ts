/**
 * What the catalogue's search index holds, for index and query alike. Chinese has no spaces, so a run of CJK
 * characters is indexed as its single characters and its pairs; a strict query then needs all its pairs (or, when it
 * is a single character, that one). Everything else is a word; a query's word matches the beginning of an indexed one.
 * Words of a dictionary are not in the index: they cut compounds differently in title and query, and what is not
 * found by its parts is lost. They weigh the parts when results are ranked (`rank.ts`) and correct queries (`words.ts`).
 */

/** Grows when what is indexed changes: rows of an older version are written anew (`reindex.ts`). */
export const ANALYSER_VERSION = 2

const RUNS =
  /([\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+)|([[\p{L}\p{N}]--[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]]+)/gv
const LETTERS_OR_DIGITS = /\p{N}+|[^\p{N}]+/gu
const MAX_WORD_LENGTH = 40
/** How much of one text is indexed; a tsvector holds 1 MB. */
const MAX_INDEXED_LENGTH = 6_000
const MAX_QUERY_TERMS = 24

export interface SearchTerm {
  text: string
  /** A word of the query matches every indexed word that begins with it. */
  prefix: boolean
}

/** The form in which texts are compared: full-width to half-width, no capitals. */
export const normalize = (text: string): string => text.normalize('NFKC').toLowerCase()

/** What `text` is found by: characters and pairs of CJK runs, words, and the letters and digits of mixed words. */
export function gramsOf(text: string): Set<string> {
  const grams = new Set<string>()
  for (const [, cjk, word] of normalize(text.slice(0, MAX_INDEXED_LENGTH)).matchAll(RUNS)) {
    if (cjk !== undefined) addPairs(grams, [...cjk])
    if (word !== undefined) addWord(grams, word)
  }
  return grams
}

/** What must all be found for `query`; empty when the query holds nothing that can be searched. */
export function termsOf(query: string): SearchTerm[] {
  const terms = new Map<string, SearchTerm>()
  for (const [, cjk, word] of normalize(query).matchAll(RUNS)) {
    if (word !== undefined) terms.set(`${word}*`, { text: word.slice(0, MAX_WORD_LENGTH), prefix: true })
    if (cjk === undefined) continue
    const letters = [...cjk]
    if (letters.length === 1) terms.set(cjk, { text: cjk, prefix: false })
    for (let i = 0; i + 1 < letters.length; i++) {
      const pair = `${letters[i]}${letters[i + 1]}`
      terms.set(pair, { text: pair, prefix: false })
    }
  }
  return [...terms.values()].slice(0, MAX_QUERY_TERMS)
}

/** A tsvector literal of one shop's text. */
export function searchVector(shopId: string, texts: readonly string[]): string {
  const all = new Set<string>()
  for (const text of texts) for (const gram of gramsOf(text)) all.add(gram)
  return [...all].map((text) => lexemeOf(shopId, { text, prefix: false })).join(' ')
}

/** A tsquery literal, or undefined when there is nothing to search for. */
export function searchQuery(shopId: string, query: string): string | undefined {
  const terms = termsOf(query)
  if (terms.length === 0) return undefined
  return terms.map((term) => lexemeOf(shopId, term)).join(' & ')
}

const SHOP_KEY_LENGTH = 4

/**
 * A term as the index holds it: behind the last characters of its shop's id, so that one GIN index serves all shops
 * and each has postings of its own, whose length is what the shop's own counts say. Two shops may share a key; rows
 * are compared with the whole id. Terms hold letters and digits only, so nothing has to be escaped.
 */
export const lexemeOf = (shopId: string, { text, prefix }: SearchTerm): string =>
  `'${shopId.slice(-SHOP_KEY_LENGTH)}${text}'${prefix ? ':*' : ''}`

function addPairs(grams: Set<string>, letters: readonly string[]): void {
  for (let i = 0; i < letters.length; i++) {
    grams.add(letters[i]!)
    if (i + 1 < letters.length) grams.add(`${letters[i]}${letters[i + 1]}`)
  }
}

function addWord(grams: Set<string>, word: string): void {
  grams.add(word.slice(0, MAX_WORD_LENGTH))
  const parts = word.match(LETTERS_OR_DIGITS) ?? []
  if (parts.length > 1) for (const part of parts) grams.add(part.slice(0, MAX_WORD_LENGTH))
}
