import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TokenBuckets } from './token-buckets.ts'

test('SYS-03 whatever the pace, nobody gets more than the burst and what came back meanwhile', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(3000), { maxLength: 200 }), (pausesMs) => {
      let now = 0
      const buckets = new TokenBuckets({ perSecond: 2, burst: 5, ticks: () => now })
      let taken = 0
      for (const pauseMs of pausesMs) {
        now += pauseMs
        const waitMs = buckets.take('a')
        if (waitMs === 0) taken++
        else expect(waitMs).toBeLessThanOrEqual(500)
        expect(taken).toBeLessThanOrEqual(5 + (now / 1000) * 2 + 1e-6)
      }
    }),
  )
})

test('SYS-03 who was told to wait gets a token after that long; others are not disturbed', () => {
  let now = 0
  const buckets = new TokenBuckets({ perSecond: 1, burst: 1, ticks: () => now, maxKeys: 2 })
  expect(buckets.take('a')).toBe(0)
  const waitMs = buckets.take('a')
  expect(waitMs).toBe(1000)
  expect(buckets.take('b')).toBe(0)
  now += waitMs
  expect(buckets.take('a')).toBe(0)
})
