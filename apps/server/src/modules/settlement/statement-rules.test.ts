import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayName } from '../../kernel/days.ts'
import type { Movement } from '../../ledger/index.ts'
import { MERCHANT_CODES } from './accounts.ts'
import { linesFrom, nothing, periodEnd, periodEndAt, plus, sumLines, totalOf } from './statement-rules.ts'

test('PAY-05 a week ends with its Sunday, a month with its last day', () => {
  expect(periodEnd('2026-11-11', 'day')).toBe('2026-11-12')
  expect(periodEnd('2026-11-11', 'week')).toBe('2026-11-16')
  expect(periodEnd('2026-11-15', 'week')).toBe('2026-11-16')
  expect(periodEnd('2026-11-16', 'week')).toBe('2026-11-23')
  expect(periodEnd('2026-12-31', 'month')).toBe('2027-01-01')
  expect(periodEndAt('2026-11-10T16:00:00.000Z', 'day', 'Asia/Shanghai')).toBe('2026-11-11T16:00:00.000Z')
})

test('PAY-05 periods follow one another without a gap, and each begins on a day of its own', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2030-01-01') }),
      fc.constantFrom('day' as const, 'week' as const, 'month' as const),
      fc.constantFrom('Asia/Shanghai', 'America/New_York', 'UTC'),
      (at, period, zone) => {
        let from = new Date(at).toISOString()
        for (let step = 0; step < 4; step++) {
          const to = periodEndAt(from, period, zone)
          expect(to > from).toBe(true)
          expect(dayName(Date.parse(to) - 1, zone) < dayName(Date.parse(to), zone)).toBe(true)
          from = to
        }
      },
    ),
  )
})

const CODES = [
  ...MERCHANT_CODES,
  ...['order.paid', 'fee.channel', 'share.pending', 'share.payable', 'channel.wechat', 'fee.withdrawal', 'adjustment'],
]
const movement: fc.Arbitrary<Movement> = fc
  .record({
    id: fc.uuid(),
    sides: fc.uniqueArray(fc.constantFrom(...CODES), { minLength: 2, maxLength: 2 }),
    amount: fc.integer({ min: 1, max: 1_000_000 }),
    type: fc.constantFrom('order', 'withdrawal', 'freeze', 'deposit', 'difference', null),
    about: fc.constantFrom('1', '2', '3'),
  })
  .map(({ id, sides: [debitCode, creditCode], amount, type, about }) => ({
    ...{ id, debit: 'd', credit: 'c', debitCode: debitCode!, creditCode: creditCode!, amount, code: 'x' },
    ...{ referenceType: type, referenceId: type && about, createdAt: '2026-11-11T00:00:00.000Z' },
  }))

test('PAY-05 whatever moved, each line explains its net to the fen, and the lines together every account', () => {
  fc.assert(
    fc.property(fc.array(movement, { maxLength: 40 }), (moves) => {
      const lines = linesFrom(moves)
      for (const line of lines)
        expect(line.grossFen - line.feeFen - line.sharesFen - line.refundsFen + line.otherFen).toBe(line.netFen)
      const changes = lines.map((line) => line.changes).reduce(plus, nothing())
      for (const code of MERCHANT_CODES) {
        const came = moves.filter((move) => move.creditCode === code).reduce((sum, move) => sum + move.amount, 0)
        const left = moves.filter((move) => move.debitCode === code).reduce((sum, move) => sum + move.amount, 0)
        expect(changes[code]).toBe(came - left)
      }
      expect(sumLines(lines).netFen).toBe(totalOf(changes))
      expect(lines.flatMap((line) => line.transferIds).sort()).toEqual(moves.map((move) => move.id).sort())
    }),
  )
})
