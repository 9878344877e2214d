import { expect, test } from 'vitest'
import { taxRateOn } from './tax-rates.ts'

test('PAY-06 the rate is that of the nearest category that has one by the day, else of all goods, else the setting', () => {
  const rates = [
    { categoryId: null, fromDay: '2026-07-01', rateBp: 300 },
    { categoryId: 'food', fromDay: '2026-01-01', rateBp: 900 },
    { categoryId: 'food', fromDay: '2026-10-01', rateBp: 600 },
  ]
  const on = (path: string[], day: string) => taxRateOn(rates, 1300, path, day)
  expect(on([], '2026-06-30')).toBe(1300)
  expect(on([], '2026-07-01')).toBe(300)
  expect(on(['tea', 'food'], '2026-09-30')).toBe(900)
  expect(on(['tea', 'food'], '2026-10-01')).toBe(600)
  expect(on(['tea', 'food'], '2025-12-31')).toBe(1300)
})
