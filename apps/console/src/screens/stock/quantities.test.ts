import { expect, test } from 'vitest'
import { ADJUST_REASONS, adjustQuantity, entryBounds } from './quantities.ts'

test('SUP-01 goods that leave are sent as a negative change, a count as what was found', () => {
  expect(adjustQuantity('purchase', 5)).toBe(5)
  expect(adjustQuantity('damage', 5)).toBe(-5)
  expect(adjustQuantity('gift', 2)).toBe(-2)
  expect(adjustQuantity('count', 0)).toBe(0)
  expect(adjustQuantity('correction', -3)).toBe(-3)
})

test('SUP-01 only a correction may be negative, only a count may be zero', () => {
  for (const reason of ADJUST_REASONS) {
    const { min } = entryBounds(reason)
    expect(min < 0, reason).toBe(reason === 'correction')
    expect(min === 0, reason).toBe(reason === 'count')
  }
})
