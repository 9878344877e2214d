import fc from 'fast-check'
import { expect, test } from 'vitest'
import { heatOf, interestOf, PAIR_DEFAULTS, pairsOf } from './rules.ts'

const touch = fc.record({
  who: fc.constantFrom('a', 'b', 'c', 'd'),
  productId: fc.constantFrom('p1', 'p2', 'p3', 'p4', 'p5'),
  atMs: fc.integer({ min: 0, max: 10_000_000 }),
  weight: fc.constantFrom(1, 5),
})

test('CAT-10 pairs go both ways with one score, never to the product itself, and no more than asked', () => {
  fc.assert(
    fc.property(fc.array(touch, { maxLength: 60 }), fc.integer({ min: 1, max: 4 }), (touches, most) => {
      const all = pairsOf(touches, { ...PAIR_DEFAULTS, most: 10 })
      for (const { productId, otherId, score } of all) {
        expect(productId).not.toBe(otherId)
        expect(score).toBeGreaterThan(0)
        const back = all.find((pair) => pair.productId === otherId && pair.otherId === productId)
        expect(back?.score).toBeCloseTo(score, 9)
      }
      const few = pairsOf(touches, { ...PAIR_DEFAULTS, most })
      for (const rows of Map.groupBy(few, ({ productId }) => productId).values())
        expect(rows.length).toBeLessThanOrEqual(most)
    }),
  )
})

test('CAT-10 heat halves with the half-life', () => {
  const heat = heatOf([{ who: 'a', productId: 'p', atMs: 0, weight: 4 }], 2000, 1000)
  expect(heat.get('p')).toBe(1)
})

test('CAT-10 interest leaves out what was looked at', () => {
  const pairs = pairsOf([
    { who: 'a', productId: 'p1', atMs: 0, weight: 1 },
    { who: 'a', productId: 'p2', atMs: 1, weight: 1 },
    { who: 'a', productId: 'p3', atMs: 2, weight: 1 },
  ])
  expect(interestOf(['p1', 'p2'], pairs).map(({ productId }) => productId)).toEqual(['p3'])
})
