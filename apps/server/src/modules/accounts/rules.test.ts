import fc from 'fast-check'
import { expect, test } from 'vitest'
import { levelOf, usageOf } from './rules.ts'

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
