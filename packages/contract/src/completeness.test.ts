import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  COMPLETENESS_ITEMS,
  type CompletenessFacts,
  type CompletenessRules,
  completenessOf,
  PICTURE_KINDS,
} from './completeness.ts'

const rules: CompletenessRules = {
  weights: {
    title: 10,
    'picture-count': 20,
    'white-first': 10,
    square: 10,
    scene: 10,
    material: 8,
    size: 7,
    video: 10,
    attributes: 5,
    detail: 10,
  },
  minPictures: 15,
  whiteEdgeBp: 9_500,
  squarePx: 1_080,
  minScenes: 2,
  minMaterials: 1,
  minAttributes: 5,
  minDetailCharacters: 120,
}
const side = fc.constantFrom(null, 300, 1_080, 1_085, 2_000)
const facts: fc.Arbitrary<CompletenessFacts> = fc.record({
  pictures: fc.array(
    fc.record({
      kind: fc.constantFrom(...PICTURE_KINDS),
      width: side,
      height: side,
      whiteEdgeBp: fc.option(fc.nat({ max: 10_000 })),
    }),
    { maxLength: 30 },
  ),
  hasVideo: fc.boolean(),
  isTitleStandard: fc.boolean(),
  attributes: fc.nat({ max: 60 }),
  detail: fc.record({ characters: fc.nat({ max: 20_000 }), media: fc.nat({ max: 60 }), hasTable: fc.boolean() }),
})
const anyRules: fc.Arbitrary<CompletenessRules> = fc
  .array(fc.nat({ max: 100 }), { minLength: COMPLETENESS_ITEMS.length, maxLength: COMPLETENESS_ITEMS.length })
  .map((weights) => ({
    ...rules,
    weights: Object.fromEntries(
      COMPLETENESS_ITEMS.map((item, at) => [item, weights[at]!]),
    ) as CompletenessRules['weights'],
  }))

test('CAT-03 worths add up to 100 whatever the weights are, and the score to what is earned', () => {
  fc.assert(
    fc.property(facts, anyRules, (product, shop) => {
      const { score, parts } = completenessOf(product, shop)
      const total = parts.reduce((sum, { worth }) => sum + worth, 0)
      expect(total).toBe(Object.values(shop.weights).some((weight) => weight > 0) ? 100 : 0)
      expect(score).toBe(parts.reduce((sum, { earned }) => sum + earned, 0))
      expect(parts.every(({ worth, earned }) => earned >= 0 && earned <= worth)).toBe(true)
    }),
  )
})

test('CAT-03 more of what is missing never costs points', () => {
  fc.assert(
    fc.property(facts, (product) => {
      const before = completenessOf(product, rules).score
      const score = (more: Partial<CompletenessFacts>) => completenessOf({ ...product, ...more }, rules).score
      expect(score({ hasVideo: true })).toBeGreaterThanOrEqual(before)
      expect(score({ isTitleStandard: true })).toBeGreaterThanOrEqual(before)
      expect(score({ attributes: product.attributes + 1 })).toBeGreaterThanOrEqual(before)
      expect(
        score({ detail: { ...product.detail, hasTable: true, media: product.detail.media + 1 } }),
      ).toBeGreaterThanOrEqual(before)
      const square = { kind: 'scene' as const, width: 1_080, height: 1_080, whiteEdgeBp: 0 }
      expect(score({ pictures: [...product.pictures, square] })).toBeGreaterThanOrEqual(before)
    }),
  )
})

test('CAT-03 a product without anything has no points, one with everything has them all', () => {
  const nothing = {
    pictures: [],
    hasVideo: false,
    isTitleStandard: false,
    attributes: 0,
    detail: { characters: 0, media: 0, hasTable: false },
  }
  expect(completenessOf(nothing, rules).score).toBe(0)
  const kinds = [
    'white',
    'scene',
    'scene',
    'material',
    'size',
    ...Array.from({ length: 10 }, () => 'main'),
  ] as (typeof PICTURE_KINDS)[number][]
  const pictures = kinds.map((kind) => ({ kind, width: 1_080, height: 1_080, whiteEdgeBp: 9_700 }))
  expect(
    completenessOf(
      {
        ...nothing,
        pictures,
        hasVideo: true,
        isTitleStandard: true,
        attributes: 5,
        detail: { characters: 120, media: 0, hasTable: false },
      },
      rules,
    ).score,
  ).toBe(100)
})
