import { sumFen } from '@zhanggui/contract/money'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { byRate, type Mixed, revenueLines, taxOf } from './rules-revenue.ts'

const mixed = (more: Partial<Mixed>): Mixed => ({
  ...{ period: '2026-11-01', channel: 'mini', accountId: null, rates: [1300], weights: [1], orders: 0, goodsFen: 0 },
  ...{ merchantDiscountFen: 0, platformDiscountFen: 0, creatorDiscountFen: 0, freightFen: 0 },
  ...{ refundedFen: 0, feeFen: 0, sharesFen: 0 },
  ...more,
})

test('PAY-06 the tax of lines adds up to that of their sum, and each is within a fen of its own', () => {
  expect(taxOf([11_300, 5_650], 1300)).toEqual([1300, 650])
  expect(taxOf([101, 101, 101], 100)).toEqual([1, 1, 1])
  const amount = fc.integer({ min: -10_000_000, max: 10_000_000 })
  fc.assert(
    fc.property(fc.array(amount, { maxLength: 30 }), fc.integer({ min: 0, max: 2000 }), (amounts, rateBp) => {
      const taxes = taxOf(amounts, rateBp)
      const exact = (net: number) => (net * rateBp) / (10_000 + rateBp)
      expect(Math.abs(sumFen(taxes) - exact(sumFen(amounts)))).toBeLessThanOrEqual(0.5000001)
      taxes.forEach((tax, index) => void expect(Math.abs(tax - exact(amounts[index]!))).toBeLessThan(1.0000001))
    }),
  )
})

test('PAY-06 what belongs to goods of several rates is divided without a fen left over', () => {
  const amount = fc.integer({ min: 0, max: 1_000_000 })
  const row = fc
    .tuple(fc.array(fc.tuple(fc.constantFrom(0, 300, 900, 1300), amount), { minLength: 1, maxLength: 4 }), amount)
    .map(([parts, goodsFen]) =>
      mixed({
        ...{ rates: parts.map(([rate]) => rate), weights: parts.map(([, weight]) => weight), goodsFen, orders: 1 },
        ...{ merchantDiscountFen: -Math.floor(goodsFen / 3), freightFen: 1000, refundedFen: Math.floor(goodsFen / 7) },
      }),
    )
  fc.assert(
    fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
      const lines = revenueLines(byRate(rows))
      const sum = (of: readonly { [name: string]: unknown }[], name: string) =>
        of.reduce((total, each) => total + (each[name] as number), 0)
      for (const name of ['goodsFen', 'merchantDiscountFen', 'freightFen', 'refundedFen'])
        expect(sum(lines as never, name)).toBe(sum(rows as never, name))
      for (const line of lines) {
        expect(line.paidFen).toBe(line.goodsFen + line.merchantDiscountFen + line.freightFen)
        expect(line.beforeTaxFen + line.taxFen).toBe(line.paidFen - line.refundedFen)
      }
      expect(new Set(lines.map(({ rateBp }) => rateBp)).size).toBe(lines.length)
    }),
  )
})
