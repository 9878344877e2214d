import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dueAt, metersBetween, zoneOf, zoneOffsetMs } from './rules.ts'

const SHANGHAI = 'Asia/Shanghai'
const HOURS = { opensAt: '09:00', closesAt: '21:00' }
const SHOP = { latitude: 22.5431, longitude: 113.9519 }
const zone = (more: object) => ({
  ...{ name: '近', districts: [] as string[], maxMeters: null as number | null, feeFen: 500 as never },
  ...{ freeFromFen: null, minGoodsFen: 0 as never, promiseMinutes: null },
  ...more,
})

describe('ORD-04 same-city', () => {
  test('ORD-04 a promise counts while the shop is open and carries over the night', () => {
    expect(zoneOffsetMs(SHANGHAI, Date.parse('2026-11-11T00:00:00Z'))).toBe(8 * 3600_000)
    expect(dueAt('2026-11-11T06:00:00.000Z', 120, HOURS, SHANGHAI)).toBe('2026-11-11T08:00:00.000Z')
    // 20:30 in Shanghai: half an hour today, an hour and a half tomorrow from nine on.
    expect(dueAt('2026-11-11T12:30:00.000Z', 120, HOURS, SHANGHAI)).toBe('2026-11-12T02:30:00.000Z')
    expect(dueAt('2026-11-11T20:00:00.000Z', 120, HOURS, SHANGHAI)).toBe('2026-11-12T03:00:00.000Z')
  })

  test('ORD-04 a promise is due while open, never before its minutes are over, and later when paid later', () => {
    const from = fc.integer({ min: 0, max: 14 * 86_400 }).map((s) => Date.parse('2026-11-01T00:00:00Z') + s * 1000)
    const time = fc.integer({ min: 0, max: 23 }).map((hour) => `${String(hour).padStart(2, '0')}:00`)
    fc.assert(
      fc.property(from, from, fc.integer({ min: 1, max: 2000 }), time, time, (a, b, minutes, one, other) => {
        fc.pre(one !== other)
        const hours = one < other ? { opensAt: one, closesAt: other } : { opensAt: other, closesAt: one }
        const [first, second] = [Math.min(a, b), Math.max(a, b)].map((ms) =>
          dueAt(new Date(ms).toISOString(), minutes, hours, SHANGHAI),
        ) as [string, string]
        expect(first <= second).toBe(true)
        expect(Date.parse(first) - Math.min(a, b)).toBeGreaterThanOrEqual(minutes * 60_000)
        const local = new Date(Date.parse(first) + 8 * 3600_000).toISOString().slice(11, 19)
        // To the second: a promise may be due in the first minute after opening.
        expect(local > `${hours.opensAt}:00` && local <= `${hours.closesAt}:00`).toBe(true)
      }),
    )
  })

  test('ORD-04 the first zone that fits counts, by district or by distance, and a refusal says why', () => {
    const near = zone({ name: '三公里内', maxMeters: 3000 })
    const district = zone({ name: '南山', districts: ['南山区'], feeFen: 800 })
    const area = { province: '广东省', city: '深圳市', location: SHOP, zones: [near, district] }
    const at = { province: '广东省', city: '深圳市', district: '南山区' }
    expect(zoneOf(area, at)).toMatchObject({ ok: true, zone: { name: '南山' } })
    expect(zoneOf(area, { ...at, location: { latitude: 22.55, longitude: 113.95 } })).toMatchObject({
      ok: true,
      zone: { name: '三公里内' },
    })
    expect(zoneOf(area, { ...at, city: '广州市' })).toEqual({ ok: false, reason: '只在深圳市内配送' })
    expect(zoneOf(area, { ...at, city: '深圳', district: '福田区' })).toEqual({
      ok: false,
      reason: '请允许获取位置，才能计算配送距离',
    })
    expect(zoneOf(area, { ...at, district: '福田区', location: { latitude: 22.7, longitude: 114.2 } })).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/公里，超出配送范围$/),
    })
  })

  test('ORD-04 distance is symmetric, never negative, and nothing from a place to itself', () => {
    const place = fc.record({
      latitude: fc.double({ min: -89, max: 89, noNaN: true }),
      longitude: fc.double({ min: -179, max: 179, noNaN: true }),
    })
    fc.assert(
      fc.property(place, place, (a, b) => {
        expect(metersBetween(a, b)).toBe(metersBetween(b, a))
        expect(metersBetween(a, b)).toBeGreaterThanOrEqual(0)
        expect(metersBetween(a, a)).toBe(0)
      }),
    )
  })
})
