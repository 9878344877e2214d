import fc from 'fast-check'
import { expect, test } from 'vitest'
import { COURSES, isLast, journeyOf, stopsBehind } from './journey.ts'

const course = fc.constantFrom(...COURSES)
const city = fc.constantFrom('', '杭州市', '深圳市', '成都市')

test('ORD-04 every way of a parcel goes forward in time, begins with its collection, and only a stalled one has no end', () => {
  fc.assert(
    fc.property(course, city, city, (way, from, to) => {
      const stops = journeyOf(way, { from, to })
      expect(stops[0]!.state).toBe('1')
      expect(stops.map((each) => each.afterMs)).toEqual(stops.map((each) => each.afterMs).toSorted((a, b) => a - b))
      expect(new Set(stops.map((each) => `${each.afterMs} ${each.text}`)).size).toBe(stops.length)
      expect(isLast(stops.at(-1)!.state)).toBe(way !== 'stalled')
      expect(stops.slice(0, -1).some((each) => isLast(each.state))).toBe(false)
      if (to !== '' && way !== 'stalled') expect(stops.some((each) => each.text.includes(to))).toBe(true)
    }),
  )
})

test('ORD-04 the older a label, the more of its way is behind it', () => {
  const age = fc.integer({ min: 0, max: 100 * 3_600_000 })
  fc.assert(
    fc.property(course, age, age, (way, a, b) => {
      const stops = journeyOf(way, { from: '', to: '' })
      expect(stopsBehind(stops, Math.max(a, b))).toBeGreaterThanOrEqual(stopsBehind(stops, Math.min(a, b)))
      expect(stopsBehind(stops, 0)).toBe(0)
    }),
  )
})
