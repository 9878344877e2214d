import { describe, expect, test } from 'vitest'
import { countText, leftText, nearTimeText, timeText } from './texts.ts'

describe('texts', () => {
  test('UX-03 times are shown as China has them', () => {
    expect(timeText('2026-11-03T16:05:00.000Z')).toBe('2026年11月4日 00:05')
    const now = Date.parse('2026-11-23T02:00:00.000Z')
    expect(nearTimeText('2026-11-22T16:00:00.000Z', now)).toBe('今天 00:00')
    expect(nearTimeText('2026-11-22T15:59:00.000Z', now)).toBe('昨天 23:59')
    expect(nearTimeText('2026-11-03T06:05:00.000Z', now)).toBe('11月3日 14:05')
    expect(nearTimeText('2025-12-31T15:59:00.000Z', now)).toBe('2025年12月31日 23:59')
  })

  test('UX-03 a countdown shows the second that runs, and never less than nothing', () => {
    expect(leftText(30 * 60_000)).toBe('30:00')
    expect(leftText(29 * 60_000 + 4_001)).toBe('29:05')
    expect(leftText(3_729_000)).toBe('1:02:09')
    expect(leftText(0)).toBe('00:00')
    expect(leftText(-5)).toBe('00:00')
  })

  test('UX-03 counts are never rounded up', () => {
    expect(countText(9_999)).toBe('9999')
    expect(countText(10_999)).toBe('1万')
    expect(countText(12_999)).toBe('1.2万')
    expect(countText(9_999_999)).toBe('999万')
  })
})
