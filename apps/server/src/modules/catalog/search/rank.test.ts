import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { correct, lookupOf, type VocabularyWord } from './correct.ts'
import { type Candidate, rank, wordingOf } from './rank.ts'
import { loadWords, soundOf } from './words.ts'

beforeAll(loadWords)

const COUNTS = { products: 100, of: new Map([['的', 90]]) }
const words = ['连衣裙', '充电宝', '咖啡', '手机壳', '雨伞', '台灯', 'iphone', 'nike']
const anyText = fc.string({ unit: 'grapheme', maxLength: 60 })
const candidates = fc.uniqueArray(
  fc.record({
    productId: fc.uuid(),
    title: fc.array(fc.constantFrom(...words), { maxLength: 5 }).map((parts) => parts.join('')),
    other: fc.constantFrom('', ...words),
    popularity: fc.nat(32),
  }),
  { selector: ({ productId }) => productId, maxLength: 12 },
)

const vocabulary: VocabularyWord[] = words.map((word, i) => {
  const { full, initials } = soundOf(word)
  return { word, sound: full, initials, products: i + 1 }
})

test('CAT-09 ranking gives every candidate at most once, best first, whatever order they come in', () => {
  fc.assert(
    fc.property(candidates, fc.constantFrom(...words), (found: Candidate[], query) => {
      const ranked = rank([wordingOf(query, 1, COUNTS)], found)
      expect(ranked).toEqual(rank([wordingOf(query, 1, COUNTS)], found.toReversed()))
      expect(new Set(ranked.map(({ productId }) => productId)).size).toBe(ranked.length)
      for (const [i, { score, coverage }] of ranked.entries()) {
        expect(coverage).toBeGreaterThanOrEqual(0)
        expect(coverage).toBeLessThanOrEqual(1)
        if (i > 0) expect(score).toBeLessThanOrEqual(ranked[i - 1]!.score)
      }
    }),
  )
})

test('CAT-09 between like products the more popular stands first, and a part in the title beats one beside it', () => {
  fc.assert(
    fc.property(fc.constantFrom(...words), fc.nat(30), (word, popularity) => {
      const of = (title: string, other: string, units: number) => ({
        productId: `${title}|${units}`,
        title,
        other,
        popularity: units,
      })
      const wording = [wordingOf(word, 1, COUNTS)]
      const [first] = rank(wording, [of(word, '', popularity), of(word, '', popularity + 2)])
      expect(first!.productId).toBe(`${word}|${popularity + 2}`)
      expect(rank(wording, [of('别的', word, 32), of(word, '', 0)])[0]!.productId).toBe(`${word}|0`)
    }),
  )
})

test('CAT-09 no input breaks correction, and what is right is left alone', () => {
  fc.assert(
    fc.property(anyText, (query) => {
      lookupOf(query)
      expect(typeof (correct(query, vocabulary) ?? '')).toBe('string')
    }),
  )
  for (const word of words) expect(correct(word, vocabulary)).toBeUndefined()
})

test('CAT-09 full pinyin, initials and a slip in a Latin word come back as the word', () => {
  for (const { word, sound } of vocabulary.filter(({ word: one }) => !/[a-z]/.test(one)))
    expect(correct(sound, vocabulary), sound).toBe(word)
  expect(correct('cdb', vocabulary)).toBe('充电宝')
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.constantFrom(...'bcdfgjkl'), (at, letter) => {
      expect(correct(`iphone`.slice(0, at) + letter + `iphone`.slice(at + 1), vocabulary)).toBe('iphone')
    }),
  )
  expect(correct('iphnoe', vocabulary)).toBe('iphone')
})
