import type { Tx } from '../../../kernel/db.ts'
import { correct, lookupOf } from './correct.ts'
import { lexemeOf, normalize, type SearchTerm, searchQuery, termsOf } from './grams.ts'
import { type Counts, partsOf, type Ranked, rank, saysOf, type Wording, wordingOf } from './rank.ts'
import { candidatesOf, candidatesOfAny, countsOf, vocabularyOf, type Way } from './store.ts'
import { COMMON_SYNONYMS, otherWordings } from './synonyms.ts'
import { isHan, loadWords } from './words.ts'

/** Other ways to say the words of a query: each is a whole query. */
export type Synonyms = (tx: Tx, shopId: string, query: string) => Promise<string[]>

const commonSynonyms: Synonyms = async (_tx, _shopId, query) => otherWordings(normalize(query), COMMON_SYNONYMS)

/**
 * The products on sale that a query finds.
 * - `ranked`: the best of them, best first, at most `MAX_RANKED`.
 * - `broad`: more products have all of the query than are ranked. The list is PostgreSQL's (`strict`), the most
 *   popular first; `sample` are the most popular of them.
 * - `nothing`: there is nothing in the query to search for.
 */
export type Match =
  | { kind: 'ranked'; ranked: Ranked[]; corrected: string | null; isLoose: boolean }
  | { kind: 'broad'; strict: string; sample: string[] }
  | { kind: 'nothing' }

export const MAX_RANKED = 1_000
/** Candidates that each way of the wider query brings at most. */
const MAX_OF_A_WAY = 80
/** Of all ways together so many are ranked by their texts: those whose ways say the most. */
const MAX_LIKELY = 120
/** Parts are taken into the wider query, rarest first, as long as this many products have them. */
const RELAXED_BUDGET = 200
/** Of parts that are too common for that, products must have two of so many. */
const PAIRED_PARTS = 3
/** So many products with all of the query, and nothing else is shown. */
const ENOUGH = 10
/** A query of parts that this share of the shop's products have is looked up from the most popular product down. */
const COMMON_SHARE = 0.05
/** Below this share of the query the words are looked up for what they may have meant. */
const DOUBTFUL_COVERAGE = 0.72
const CORRECTED_FACTOR = 0.92
const SYNONYM_FACTOR = 0.85
/** How much more of itself a correction must find than the query did. */
const CORRECTION_GAIN = 0.12
/** Results below this share of the best one are left out. */
const TAIL_RATIO = 0.3
/** A best result that has less of the query than this is only a guess. */
const LOOSE_COVERAGE = 0.3
const MAX_GUESSES = 60
const MAX_LATIN_PREFIX = 4
const MIN_LATIN_PREFIX = 3

export async function matchProducts(
  tx: Tx,
  shopId: string,
  query: string,
  synonyms: Synonyms = commonSynonyms,
): Promise<Match> {
  await loadWords()
  if (searchQuery(shopId, query) === undefined) return { kind: 'nothing' }
  const texts = [query, ...(await synonyms(tx, shopId, query))]
  const strict = texts
    .flatMap((text) => searchQuery(shopId, text) ?? [])
    .map((one) => `(${one})`)
    .join(' | ')
  const counts = await countsOf(tx, shopId, [...new Set(texts.flatMap((text) => [...partsOf(text).keys()]))])
  const all = await candidatesOf(tx, shopId, strict, MAX_RANKED + 1, isCommon(query, counts))
  if (all.length > MAX_RANKED)
    return { kind: 'broad', strict, sample: all.slice(0, MAX_RANKED).map(({ productId }) => productId) }
  const wordings = texts.map((text, i) => wordingOf(text, i === 0 ? 1 : SYNONYM_FACTOR, counts))
  const found = new Map(all.map((candidate) => [candidate.productId, candidate]))
  const lookFor = async (wanted: readonly Wording[], with_: Counts) => {
    const ways = waysOf(shopId, wanted, with_)
    if (ways.length === 0) return
    for (const candidate of await candidatesOfAny(tx, shopId, ways, MAX_OF_A_WAY, MAX_LIKELY))
      found.set(candidate.productId, candidate)
  }
  if (all.length < ENOUGH) await lookFor(wordings, counts)
  let ranked = rank(wordings, [...found.values()])
  let corrected: string | null = null
  if ((ranked[0]?.coverage ?? 0) < DOUBTFUL_COVERAGE) {
    const meant = correct(query, await vocabularyOf(tx, shopId, lookupOf(query)))
    if (meant !== undefined) {
      const meantCounts = await countsOf(tx, shopId, [...partsOf(meant).keys()])
      const wording = wordingOf(meant, CORRECTED_FACTOR, meantCounts)
      await lookFor([wording], meantCounts)
      const again = rank([wording], [...found.values()])
      if ((again[0]?.coverage ?? 0) > (ranked[0]?.coverage ?? 0) + CORRECTION_GAIN) {
        ranked = again
        corrected = meant
      }
    }
  }
  if (ranked.length === 0) ranked = rank([wordingOf(shortened(query), 1, counts)], await guesses(tx, shopId, query))
  return result(ranked, corrected)
}

/** Products on sale whose texts are like a title, best first: however little they have of it, but two words at least. */
export async function productsLike(tx: Tx, shopId: string, title: string): Promise<Ranked[]> {
  await loadWords()
  const counts = await countsOf(tx, shopId, [...partsOf(title).keys()])
  const wording = wordingOf(title, 1, counts)
  const ways = waysOf(shopId, [wording], counts)
  return ways.length === 0 ? [] : rank([wording], await candidatesOfAny(tx, shopId, ways, MAX_OF_A_WAY, MAX_LIKELY))
}

function result(ranked: Ranked[], corrected: string | null): Match {
  const best = ranked[0]?.score ?? 0
  return {
    kind: 'ranked',
    ranked: ranked.filter(({ score }) => score >= best * TAIL_RATIO).slice(0, MAX_RANKED),
    corrected,
    isLoose: (ranked[0]?.coverage ?? 0) < LOOSE_COVERAGE,
  }
}

/** Whether even the rarest pair or word of the query is in many products. */
function isCommon(query: string, counts: Counts): boolean {
  const found = termsOf(query).map(({ text }) => counts.of.get(text) ?? 0)
  return counts.products > MAX_RANKED && Math.min(...found) > counts.products * COMMON_SHARE
}

/**
 * The ways of a wider query: any of the rarest parts, or two of those that are too common to be looked up alone, or all
 * of the query's characters and words. What a way says is what its parts say.
 */
function waysOf(shopId: string, wordings: readonly Wording[], counts: Counts): Way[] {
  const ways = new Map<string, number>()
  const put = (parts: readonly SearchTerm[]) =>
    ways.set(
      parts.map((part) => lexemeOf(shopId, part)).join(' & '),
      parts.reduce((sum, { text }) => sum + saysOf(text, counts), 0),
    )
  let budget = RELAXED_BUDGET
  const rated = [
    ...new Map(wordings.flatMap(({ text }) => partsToFind(text)).map((part) => [keyOf(part), part])).values(),
  ]
    .map((part) => ({ part, products: counts.of.get(part.text) ?? 1 }))
    .sort((a, b) => a.products - b.products)
  const common = rated.filter(({ part, products }) => {
    budget -= products
    if (budget >= 0) put([part])
    return budget < 0
  })
  const paired = common.slice(0, PAIRED_PARTS)
  paired.forEach((one, i) => {
    for (const other of paired.slice(i + 1)) put([one.part, other.part])
  })
  for (const { text } of wordings) {
    const units = partsToFind(text).filter(isUnit)
    if (units.length > 0) put(units)
  }
  return [...ways].map(([query, says]) => ({ query, says }))
}

const keyOf = ({ text, prefix }: SearchTerm): string => `${text}${prefix ? '*' : ''}`

/** The pairs and words of a query, then its characters. */
function partsToFind(query: string): SearchTerm[] {
  const letters = [...normalize(query)].filter(isHan).map((text) => ({ text, prefix: false }))
  return [...new Map([...termsOf(query), ...letters].map((part) => [keyOf(part), part])).values()]
}

const isUnit = ({ text, prefix }: SearchTerm): boolean => prefix || [...text].length === 1

/** Beginnings of the query's Latin words: a name that the shop does not have may be near one that it has. */
const shortened = (query: string): string =>
  (normalize(query).match(/[a-z]{3,}/g) ?? []).map((word) => word.slice(0, MIN_LATIN_PREFIX)).join(' ')

async function guesses(tx: Tx, shopId: string, query: string) {
  for (let length = MAX_LATIN_PREFIX; length >= MIN_LATIN_PREFIX; length--) {
    const starts = (normalize(query).match(/[a-z]{3,}/g) ?? []).map((word) =>
      lexemeOf(shopId, { text: word.slice(0, length), prefix: true }),
    )
    if (starts.length === 0) return []
    const found = await candidatesOf(tx, shopId, starts.join(' | '), MAX_GUESSES)
    if (found.length > 0) return found
  }
  return []
}
