import { expect, test } from 'vitest'
import { businessDay, localDay, plusDays, startOfDay } from './days.ts'

test('GOV-06 what is named after a day in the small hours has that day’s name, not the day before of a clock elsewhere', () => {
  expect(localDay('2026-11-27T15:59:59.999Z')).toBe('2026-11-27')
  expect(localDay('2026-11-27T16:00:00.000Z')).toBe('2026-11-28')
  expect(plusDays(localDay('2026-12-31T20:00:00.000Z'), -1)).toBe('2026-12-31')
})

test('GOV-06 a business day is as long as its time zone makes it', () => {
  const hours = (day: string, zone: string) => {
    const { from, to } = businessDay(startOfDay(day, zone) + 12 * 3_600_000, zone)
    return (Date.parse(to) - Date.parse(from)) / 3_600_000
  }
  expect(hours('2026-11-11', 'Asia/Shanghai')).toBe(24)
  expect(hours('2026-03-29', 'Europe/Berlin')).toBe(23)
  expect(hours('2026-10-25', 'Europe/Berlin')).toBe(25)
})
