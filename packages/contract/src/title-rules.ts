import { z } from 'zod'

/** What the title standard asks (CAT-02): brand + core keyword + attributes, no repetition, no stuffing. */
export const TITLE_CHECKS = ['length', 'brand', 'core', 'attribute', 'repetition', 'stuffing', 'characters'] as const
export const TitleCheckName = z.enum(TITLE_CHECKS)
export type TitleCheckName = z.infer<typeof TitleCheckName>

export const TitleRules = z
  .object({
    minCharacters: z.int(),
    maxCharacters: z.int(),
    /** How often the same word may stand in a title. */
    maxRepeats: z.int(),
    /** How many words of selling (新款、爆款、限时 …) a title may hold. */
    maxSellingWords: z.int(),
    sellingWords: z.array(z.string()),
  })
  .meta({ id: 'TitleRules' })
export type TitleRules = z.infer<typeof TitleRules>

export interface TitleFacts {
  title: string
  brand: string
  /** What buyers call it; empty leaves it to the category. */
  coreKeyword: string
  attributes: readonly { name: string; value: string }[]
  /** Names of the category, from the root. */
  categoryPath: readonly string[]
}

export const TitleCheck = z
  .object({
    check: TitleCheckName,
    ok: z.boolean(),
    /** Numbers for those that count, and the words it is about. */
    have: z.int(),
    need: z.int(),
    words: z.array(z.string()),
  })
  .meta({ id: 'TitleCheck' })
export type TitleCheck = z.infer<typeof TitleCheck>

const CJK = /^[\p{Script=Han}]+$/u
const MAX_WORDS_NAMED = 5

/** Width of a title as shops count it: a Chinese character is one, two half-width characters are one. */
export function titleLength(title: string): number {
  let half = 0
  for (const character of title.trim()) half += (character.codePointAt(0) ?? 0) > 0xff ? 2 : 1
  return Math.ceil(half / 2)
}

/** Comparable form: full width to half width, no capitals, no spaces. */
export const plainTitle = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, '')

/**
 * Every rule of the title standard with whether the title keeps it. Pure. A rule that cannot be judged (no brand, no
 * category, no attribute is filled in) is not held against the title: those fields are asked for elsewhere.
 */
export function checkTitle(facts: TitleFacts, rules: TitleRules): TitleCheck[] {
  const title = facts.title.trim()
  const plain = plainTitle(title)
  const length = titleLength(title)
  const holds = (word: string) => word !== '' && plain.includes(plainTitle(word))
  const repeated = repeatedWords(title, rules.maxRepeats)
  const selling = rules.sellingWords.filter(holds)
  const core = facts.coreKeyword === '' ? coreWords(facts.categoryPath) : [facts.coreKeyword]
  const named = facts.attributes.filter(({ value }) => holds(value))
  const strange = title.match(/[!！?？★☆【】◆●♥❤~～]|(.)\1{3,}/gu) ?? []
  const check = (
    name: TitleCheckName,
    ok: boolean,
    have: number,
    need: number,
    words: readonly string[] = [],
  ): TitleCheck => ({
    check: name,
    ok,
    have,
    need,
    words: words.slice(0, MAX_WORDS_NAMED),
  })
  return [
    check(
      'length',
      length >= rules.minCharacters && length <= rules.maxCharacters,
      length,
      length < rules.minCharacters ? rules.minCharacters : rules.maxCharacters,
    ),
    check(
      'brand',
      facts.brand === '' || holds(facts.brand),
      holds(facts.brand) ? 1 : 0,
      1,
      facts.brand === '' ? [] : [facts.brand],
    ),
    check('core', core.length === 0 || core.some(holds), core.some(holds) ? 1 : 0, 1, core),
    check(
      'attribute',
      facts.attributes.length === 0 || named.length > 0,
      named.length,
      1,
      facts.attributes.map(({ value }) => value),
    ),
    check('repetition', repeated.length === 0, repeated.length, 0, repeated),
    check('stuffing', selling.length <= rules.maxSellingWords, selling.length, rules.maxSellingWords, selling),
    check('characters', strange.length === 0, strange.length, 0, strange),
  ]
}

export const isTitleStandard = (facts: TitleFacts, rules: TitleRules): boolean =>
  facts.title.trim() !== '' && checkTitle(facts, rules).every(({ ok }) => ok)

/** What the product is, by its category: the leaf's names, also without a general ending (茶具用品 → 茶具). */
export function coreWords(categoryPath: readonly string[]): string[] {
  const leaf = categoryPath.at(-1)
  if (leaf === undefined) return []
  const names = leaf.split(/[/／、&＆]/).map((name) => name.trim())
  const short = names.map((name) => name.replace(/(用品|系列|专区|类|大全|其他)$/, ''))
  return [...new Set([...names, ...short])].filter((name) => name !== '')
}

/**
 * Words that stand in the title more often than allowed: separate words, and runs of two or more Chinese characters
 * that come again (真丝连衣裙真丝).
 */
function repeatedWords(title: string, maxRepeats: number): string[] {
  const plain = title.normalize('NFKC').toLowerCase()
  const counts = new Map<string, number>()
  for (const word of plain.split(/[^\p{L}\p{N}]+/u).filter((each) => each.length > 1 && !CJK.test(each)))
    counts.set(word, (counts.get(word) ?? 0) + 1)
  const repeated = [...counts].filter(([, count]) => count > maxRepeats).map(([word]) => word)
  return [...repeated, ...repeatedRuns(plain, maxRepeats)]
}

const LONGEST_RUN = 8

function repeatedRuns(text: string, maxRepeats: number): string[] {
  const found: string[] = []
  for (let length = LONGEST_RUN; length >= 2; length--) {
    for (let at = 0; at + length <= text.length; at++) {
      const run = text.slice(at, at + length)
      if (!CJK.test(run) || found.some((longer) => longer.includes(run))) continue
      if (text.split(run).length - 1 > maxRepeats) found.push(run)
    }
  }
  return found
}

/** Where a part of a proposed title came from. */
export const TITLE_SOURCES = ['brand', 'keyword', 'search', 'category', 'title', 'attribute', 'scene', 'offer'] as const
export const TitleProposal = z
  .object({
    title: z.string(),
    length: z.int(),
    /** Searches of the last days that the title answers. */
    searches: z.int(),
    parts: z.array(
      z.object({
        text: z.string(),
        source: z.enum(TITLE_SOURCES),
        /** The attribute's or tag dimension's name, the search query. */
        of: z.string(),
        searches: z.int(),
      }),
    ),
    /** Rules that it still breaks. */
    broken: z.array(TitleCheckName),
  })
  .meta({ id: 'TitleProposal' })
export type TitleProposal = z.infer<typeof TitleProposal>
