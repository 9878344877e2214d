import fc from 'fast-check'
import { expect, test } from 'vitest'
import { linesByRate, worthOf } from './rules.ts'

const good = fc.record({
  rateBp: fc.constantFrom(0, 100, 600, 900, 1300),
  ...{ title: fc.constant('茶'), options: fc.constant(''), quantity: fc.integer({ min: 1, max: 9 }) },
  weightFen: fc.integer({ min: 0, max: 1_000_000 }),
})

test('PAY-06 the lines of an invoice add up to it, each rate once, and tax is within what it is of', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000_000 }),
      fc.array(good, { minLength: 1, maxLength: 8 }),
      (amount, goods) => {
        const lines = linesByRate(amount, goods)
        expect(lines.reduce((sum, line) => sum + line.netFen, 0)).toBe(amount)
        expect(new Set(lines.map(({ rateBp }) => rateBp)).size).toBe(lines.length)
        for (const { rateBp, netFen, taxFen } of lines)
          expect(Math.abs(taxFen - (netFen * rateBp) / (10_000 + rateBp))).toBeLessThanOrEqual(0.5)
      },
    ),
  )
})

test('PAY-06 an order is worth what was paid and did not go back; nobody can say while money is on its way back', () => {
  const order = { paidFen: 1000, partRefundFen: 300 }
  expect(worthOf({ ...order, state: 'completed' })).toBe(700)
  expect(worthOf({ ...order, state: 'refunding' })).toBeUndefined()
  expect(worthOf({ ...order, state: 'refunded' })).toBe(0)
  expect(worthOf({ ...order, paidFen: 0, partRefundFen: 0, state: 'awaiting-payment' })).toBe(0)
})
