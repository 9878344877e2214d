import { normalize, termsOf } from './grams.ts'
import { isHan, wordsOf } from './words.ts'

/**
 * Ranking: the sum of what the query's parts say, over the parts that a product has. A part says the more the fewer
 * products have it (inverse document frequency, as in BM25). How often it occurs and how long the title is say little, since sellers
 * fill titles with words. Characters carry the most: pairs and words only tell products apart that have the same
 * characters.
 */

/** A part of the query: a character, a pair, a word. */
export interface Part {
  text: string
  weight: number
  /** A single character or a word that is not Chinese: what a query is made of. */
  isUnit: boolean
}

/** The query, or another way to say it. */
export interface Wording {
  text: string
  /** 1 for what was asked; less for what was only meant. */
  factor: number
  parts: Part[]
  /** How many units a product needs at least: a single character in common says nothing. */
  least: number
  /** What a product with all parts in its title gets, before the factor. */
  most: number
}

export interface Counts {
  /** Products of the shop; 0 when they were never counted. */
  products: number
  /** In how many of them a part occurs. A part that is not there occurs in at most one. */
  of: ReadonlyMap<string, number>
}

export interface Candidate {
  productId: string
  title: string
  other: string
  popularity: number
}

export interface Ranked {
  productId: string
  score: number
  /** How much of the wording that fits best was found in the product, 0–1. */
  coverage: number
}

const CHARACTER_WEIGHT = 2
const PAIR_WEIGHT = 0.8
const WORD_WEIGHT = 0.4
const LATIN_WEIGHT = 3
/** What a part counts that is not in the title but in brand, attributes, tags or SKUs. */
const OTHER_RATIO = 0.6
/** What is said twice in a title counts this much more. */
const REPEATED_RATIO = 1.2
/** A title as long as a title can be counts this much less. */
const LENGTH_RATIO = 0.1
const MAX_TITLE = 120
/** The most popular product gets this much more than one that never sold. */
const POPULARITY_RATIO = 0.06
const MOST_POPULARITY = 32
/** Products of a shop whose products were never counted. */
const ASSUMED_PRODUCTS = 1_000
const MAX_PARTS = 60
const LEAST_UNITS = 2

const LETTERS_AND_DIGITS = /[a-z]+|[0-9]+|[^a-z0-9]+/g

/** The parts of a query with what kind of thing each is; the weights come from `wordingOf`. */
export function partsOf(query: string): Map<string, number> {
  const parts = new Map<string, number>()
  const add = (text: string, weight: number) => parts.set(text, (parts.get(text) ?? 0) + weight)
  const normal = normalize(query)
  for (const word of wordsOf(normal)) {
    if (isHan(word)) {
      if ([...word].length > 1) add(word, WORD_WEIGHT)
    } else for (const run of word.match(LETTERS_AND_DIGITS) ?? []) add(run, LATIN_WEIGHT)
  }
  for (const { text, prefix } of termsOf(normal)) if (!prefix && [...text].length === 2) add(text, PAIR_WEIGHT)
  for (const letter of normal) if (isHan(letter)) add(letter, CHARACTER_WEIGHT)
  return new Map([...parts].slice(0, MAX_PARTS))
}

/** What it says of a product that it has a part: the more, the fewer others have it. */
export function saysOf(part: string, counts: Counts): number {
  const products = counts.products || ASSUMED_PRODUCTS
  const found = Math.min(counts.of.get(part) ?? 1, products)
  return Math.log(1 + (products - found + 0.5) / (found + 0.5))
}

export function wordingOf(text: string, factor: number, counts: Counts): Wording {
  const parts = [...partsOf(text)].map(([part, weight]) => ({
    text: part,
    weight: weight * saysOf(part, counts),
    isUnit: !isHan(part) || [...part].length === 1,
  }))
  const least = Math.min(LEAST_UNITS, parts.filter(({ isUnit }) => isUnit).length)
  return { text, factor, parts, least, most: parts.reduce((sum, { weight }) => sum + weight, 0) }
}

/** All candidates with at least one part, best first; equal ones by popularity and id. */
export function rank(wordings: readonly Wording[], candidates: readonly Candidate[]): Ranked[] {
  return candidates
    .map((candidate) => ({ ...scoreOf(wordings, candidate), candidate }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.candidate.productId < b.candidate.productId ? 1 : -1))
    .map(({ score, coverage, candidate }) => ({ productId: candidate.productId, score, coverage }))
}

function scoreOf(wordings: readonly Wording[], { title, other, popularity }: Candidate) {
  let score = 0
  let coverage = 0
  for (const { parts, most, least, factor } of wordings) {
    let sum = 0
    let units = 0
    for (const { text, weight, isUnit } of parts) {
      const at = placeOf(title, text)
      const ratio =
        at >= 0
          ? title.includes(text, at + text.length)
            ? REPEATED_RATIO
            : 1
          : placeOf(other, text) >= 0
            ? OTHER_RATIO
            : 0
      sum += weight * ratio
      if (isUnit && ratio > 0) units++
    }
    if (units < least || sum * factor <= score) continue
    score = sum * factor
    coverage = most === 0 ? 0 : Math.min(1, sum / most) * factor
  }
  const shortness = 1 - LENGTH_RATIO * (Math.min(title.length, MAX_TITLE) / MAX_TITLE)
  const boost = 1 + POPULARITY_RATIO * (Math.min(popularity, MOST_POPULARITY) / MOST_POPULARITY)
  return { score: score * shortness * boost, coverage }
}

/** Where a text has a part, or -1. Letters and digits count where a run of their kind begins: `5` is not in `15`. */
function placeOf(text: string, part: string): number {
  const kind = kindOf(part.charCodeAt(0))
  let at = text.indexOf(part)
  if (kind === 0) return at
  while (at > 0 && kindOf(text.charCodeAt(at - 1)) === kind) at = text.indexOf(part, at + 1)
  return at
}

/** 1 for Latin letters, 2 for digits, 0 for the rest. Texts are normalised, so there are no capitals. */
const kindOf = (code: number): number => (code >= 97 && code <= 122 ? 1 : code >= 48 && code <= 57 ? 2 : 0)
