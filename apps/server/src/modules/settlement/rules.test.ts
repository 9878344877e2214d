import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayName, plusDays } from '../../kernel/days.ts'
import { businessDayAfter, type Calendar, dueAt, isBusinessDay, repay } from './rules.ts'

const NONE: Calendar = { holidays: new Set(), workdays: new Set() }
const day = fc.integer({ min: 0, max: 3000 }).map((count) => plusDays('2026-01-01', count))
const calendar = fc
  .record({ holidays: fc.array(day, { maxLength: 20 }), workdays: fc.array(day, { maxLength: 20 }) })
  .map(({ holidays, workdays }) => ({ holidays: new Set(holidays), workdays: new Set(workdays) }))

test('PAY-02 T+1 of a Friday is Monday, and of the day before a holiday the day after it', () => {
  expect(businessDayAfter('2026-11-06', 1, NONE)).toBe('2026-11-09')
  expect(businessDayAfter('2026-11-06', 7, NONE)).toBe('2026-11-17')
  const national = { holidays: new Set(['2026-10-01', '2026-10-02', '2026-10-05']), workdays: new Set(['2026-10-10']) }
  expect(businessDayAfter('2026-09-30', 1, national)).toBe('2026-10-06')
  expect(businessDayAfter('2026-10-09', 1, national)).toBe('2026-10-10')
})

test('PAY-02 money settled late at night in Shanghai counts for the day there', () => {
  const cycle = { cycleDays: 1, holdingDays: 0, hour: 10 }
  // 23:59 on Tuesday, and a minute later on Wednesday.
  expect(dueAt(Date.parse('2026-11-10T15:59:00Z'), 'Asia/Shanghai', cycle, NONE)).toBe('2026-11-11T02:00:00.000Z')
  expect(dueAt(Date.parse('2026-11-10T16:00:00Z'), 'Asia/Shanghai', cycle, NONE)).toBe('2026-11-12T02:00:00.000Z')
  expect(dueAt(Date.parse('2026-11-10T16:00:00Z'), 'Asia/Shanghai', { ...cycle, holdingDays: 7 }, NONE)).toBe(
    '2026-11-19T02:00:00.000Z',
  )
})

test('PAY-02 T+n is the n-th business day, whatever the calendar', () => {
  fc.assert(
    fc.property(day, fc.integer({ min: 1, max: 7 }), calendar, (from, count, days) => {
      const due = businessDayAfter(from, count, days)
      expect(isBusinessDay(due, days)).toBe(true)
      let passed = 0
      for (let at = plusDays(from, 1); at <= due; at = plusDays(at, 1)) if (isBusinessDay(at, days)) passed++
      expect(passed).toBe(count)
    }),
  )
})

test('PAY-02 money is never due before its day is over, and later levels never wait shorter', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2030-01-01') }),
      fc.constantFrom('Asia/Shanghai', 'America/New_York', 'UTC'),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 0, max: 30 }),
      calendar,
      (settled, zone, cycleDays, holdingDays, days) => {
        const cycle = { cycleDays, holdingDays, hour: 10 }
        const due = dueAt(settled, zone, cycle, days)
        expect(dayName(Date.parse(due), zone) > dayName(settled, zone)).toBe(true)
        expect(dueAt(settled, zone, { ...cycle, cycleDays: cycleDays + 1 }, days) > due).toBe(true)
      },
    ),
  )
})

test('PAY-05 a debt is repaid first, and nothing is repaid twice', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: -1000, max: 1_000_000 }), (amount, owed) => {
      const { repaidFen, leftFen } = repay(amount, owed)
      expect(repaidFen + leftFen).toBe(amount)
      expect(repaidFen).toBeLessThanOrEqual(Math.max(owed, 0))
      if (leftFen > 0) expect(repaidFen).toBe(Math.max(owed, 0))
    }),
  )
})
