import { expect, test } from 'vitest'
import { goodShareText } from './reviews.ts'

test('CAT-11 the share of good reviews is said from five reviews on', () => {
  expect(goodShareText({ count: 4, goodRatioBp: 10_000 })).toBeUndefined()
  expect(goodShareText({ count: 5, goodRatioBp: 9_660 })).toBe('好评率 97%')
  expect(goodShareText({ count: 5, goodRatioBp: null })).toBeUndefined()
})
