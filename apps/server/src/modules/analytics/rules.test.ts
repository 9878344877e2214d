import fc from 'fast-check'
import { expect, test } from 'vitest'
import { businessDay } from '../../kernel/days.ts'
import { newId } from '../../kernel/ids.ts'
import { sortBatch } from './rules.ts'

const NOW = Date.parse('2026-11-11T03:00:00.000Z')

function batch(events: unknown[], sentAt = NOW) {
  return { shopId: newId(), deviceId: newId(), sessionId: newId(), platform: 'h5' as const, sentAt, events }
}

test('DAT-01 a bad event is named with its reason and the others are kept', () => {
  const good = { name: 'page', id: newId(), at: NOW - 1000, page: 'home' }
  const sorted = sortBatch(
    batch([good, { name: 'nonsense' }, { ...good, id: 'x' }, { ...good, at: NOW - 8 * 86_400_000 }]),
    null,
    NOW,
  )
  expect(sorted.rows.map((row) => row.event_id)).toEqual([good.id])
  expect(sorted.refused.map((refusal) => refusal.index)).toEqual([1, 2, 3])
})

test('DAT-01 the clock of a client that is wrong by hours is corrected, and nothing happens in the future', () => {
  const wrong = NOW - 5 * 3_600_000
  const events = [
    { name: 'page', id: newId(), at: wrong - 2000, page: 'home' },
    { name: 'page', id: newId(), at: wrong + 99_000, page: 'home' },
  ]
  expect(sortBatch(batch(events, wrong), null, NOW).rows.map((row) => row.at)).toEqual([NOW - 2000, NOW])
})

test('DAT-01 a business day in Shanghai runs from 16:00 UTC to 16:00 UTC', () => {
  expect(businessDay(Date.parse('2026-11-11T15:59:59.999Z'), 'Asia/Shanghai')).toEqual({
    day: '2026-11-11',
    from: '2026-11-10T16:00:00.000Z',
    to: '2026-11-11T16:00:00.000Z',
  })
  expect(businessDay(Date.parse('2026-11-11T16:00:00.000Z'), 'Asia/Shanghai').day).toBe('2026-11-12')
})

test('DAT-01 every instant lies in its business day, also where clocks change', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: Date.parse('2020-01-01'), max: Date.parse('2035-01-01') }),
      fc.constantFrom('Asia/Shanghai', 'America/New_York', 'Australia/Lord_Howe', 'UTC'),
      (instant, zone) => {
        const { from, to } = businessDay(instant, zone)
        expect(Date.parse(from)).toBeLessThanOrEqual(instant)
        expect(Date.parse(to)).toBeGreaterThan(instant)
      },
    ),
  )
})
