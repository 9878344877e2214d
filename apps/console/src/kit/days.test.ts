import { expect, test } from 'vitest'
import { businessDay, dayPresets, lastHour, rangeFromText, rangeInstants, rangeText } from './days.ts'

test('a business day begins at midnight in Shanghai, 16:00 UTC of the day before', () => {
  expect(businessDay(Date.parse('2026-11-22T15:59:59.999Z'))).toBe('2026-11-22')
  expect(businessDay(Date.parse('2026-11-22T16:00:00Z'))).toBe('2026-11-23')
})

test('a range covers its last day to the end, and not a moment more', () => {
  expect(rangeInstants({ from: '2026-02-28', to: '2026-03-01' })).toEqual({
    from: '2026-02-27T16:00:00.000Z',
    to: '2026-03-01T16:00:00.000Z',
  })
})

test('the last seven days include today', () => {
  const presets = dayPresets(Date.parse('2026-01-03T01:00:00Z'))
  expect(presets.week).toEqual({ from: '2025-12-28', to: '2026-01-03' })
  expect(presets.yesterday).toEqual({ from: '2026-01-02', to: '2026-01-02' })
  expect(presets.lastMonth).toEqual({ from: '2025-12-01', to: '2025-12-31' })
  expect(dayPresets(Date.parse('2026-12-24T01:00:00Z')).quarter).toEqual({ from: '2026-10-01', to: '2026-12-24' })
})

test('a range in an address is read back, junk is not', () => {
  const range = { from: '2026-11-01', to: '2026-11-07' }
  expect(rangeFromText(rangeText(range))).toEqual(range)
  for (const junk of [null, '', '2026-11-01', '2026-11-07~2026-11-01', '2026-99-01~2026-99-02'])
    expect(rangeFromText(junk)).toBeUndefined()
})

test('hours that are still to come are not shown as nothing', () => {
  const now = Date.parse('2026-11-23T14:30:00Z')
  expect([lastHour('2026-11-23', now), lastHour('2026-11-22', now), lastHour('2026-11-24', now)]).toEqual([22, 23, -1])
})
