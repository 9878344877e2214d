import fc from 'fast-check'
import { expect, test } from 'vitest'
import { levelOf, overlapOf, sameWords, usageOf } from './rules.ts'

const LIMITS = {
  friendAdds: { warnAt: 20, limit: 50 },
  moments: { warnAt: 3, limit: 5 },
  friends: { warnAt: 4000, limit: 5000 },
  receiptFen: { warnAt: 4_000_000, limit: 5_000_000 },
}

test('ACC-02 more never looks safer, and the limit itself is still allowed', () => {
  const rank = { fine: 0, near: 1, over: 2 }
  fc.assert(
    fc.property(fc.nat(10_000), fc.nat(10_000), fc.nat(10_000), fc.nat(10_000), (a, more, warnAt, above) => {
      const at = { warnAt, limit: warnAt + above }
      expect(rank[levelOf(a + more, at)]).toBeGreaterThanOrEqual(rank[levelOf(a, at)])
      expect(levelOf(at.limit, at)).not.toBe('over')
      expect(levelOf(at.limit + 1, at)).toBe('over')
    }),
  )
})

test('ACC-02 only a personal number is watched', () => {
  expect(usageOf('service', 1_000_000, { receipt: 9_000_000 }, LIMITS)).toEqual([])
  expect(usageOf('personal', 0, {}, LIMITS).map((each) => each.level)).toEqual(['fine', 'fine', 'fine', 'fine'])
})

test('ACC-06 an overlap lies between nothing and all, the share is never below Jaccard, and few buyers say nothing', () => {
  fc.assert(
    fc.property(fc.nat(5000), fc.nat(5000), fc.nat(5000), fc.integer({ min: 1, max: 10_000 }), (a, b, wish, highBp) => {
      const shared = Math.min(a, b, wish)
      const found = overlapOf(a, b, shared, { highBp, leastBuyers: 20 })
      expect(found.jaccardBp).toBeGreaterThanOrEqual(0)
      expect(found.shareBp).toBeLessThanOrEqual(10_000)
      expect(found.shareBp).toBeGreaterThanOrEqual(found.jaccardBp)
      if (Math.min(a, b) < 20) expect(found.isHigh).toBe(false)
      else expect(found.isHigh).toBe(found.shareBp >= highBp)
      expect(overlapOf(b, a, shared, { highBp, leastBuyers: 20 })).toEqual(found)
    }),
  )
})

test('ACC-06 words that both use are named once, blanks are none', () => {
  const tea = { track: '茶', audience: '上班族', pillars: ['泡茶', '茶器', ''] }
  expect(sameWords(tea, { track: '咖啡', audience: '上班族', pillars: [' 茶器 ', ''] })).toEqual(['上班族', '茶器'])
  expect(sameWords(tea, { track: '', audience: '', pillars: [] })).toEqual([])
})
