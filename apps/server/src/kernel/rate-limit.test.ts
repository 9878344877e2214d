import { expect, test } from 'vitest'
import { TestClock } from './clock.ts'
import { createRateLimit } from './rate-limit.ts'

test('SYS-03 a key may call so often in a window, and again in the next; others are not disturbed', () => {
  const clock = new TestClock()
  const count = createRateLimit({ clock, limit: 2, windowMs: 60_000 })
  count('a')
  count('a')
  expect(() => count('a')).toThrow(expect.objectContaining({ code: 'TOO_MANY_REQUESTS' }))
  count('b')
  clock.advance(60_000)
  count('a')
})

test('SYS-03 the memory of keys is bounded', () => {
  const count = createRateLimit({ clock: new TestClock(), limit: 1, windowMs: 60_000, maxKeys: 2 })
  for (const key of ['a', 'b', 'c']) count(key)
  count('a')
  expect(() => count('c')).toThrow()
})
