import { expect, test } from 'vitest'
import { backoffMs } from './backoff.ts'

test('waits double up to half a minute', () => {
  const longest = [0, 1, 2, 3, 10, 50].map((attempt) => backoffMs(attempt, () => 1))
  expect(longest).toEqual([500, 1000, 2000, 4000, 30_000, 30_000])
})

test('jitter takes off half at most', () => {
  expect(backoffMs(3, () => 0)).toBe(2000)
})
