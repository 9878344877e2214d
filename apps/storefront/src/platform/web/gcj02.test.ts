import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toGcj02 } from './gcj02.ts'

const METERS_PER_DEGREE = 111_195

test('ORD-04 places in China are shifted by some hundred metres as its maps are, places elsewhere stay', () => {
  // Tiananmen, as published beside the common implementations of the transformation.
  const shifted = toGcj02({ latitude: 39.908823, longitude: 116.39747 })
  expect(shifted.latitude).toBeCloseTo(39.910226, 3)
  expect(shifted.longitude).toBeCloseTo(116.403714, 3)
  const inChina = fc.record({
    latitude: fc.double({ min: 20, max: 50, noNaN: true }),
    longitude: fc.double({ min: 80, max: 130, noNaN: true }),
  })
  fc.assert(
    fc.property(inChina, (place) => {
      const there = toGcj02(place)
      const north = (there.latitude - place.latitude) * METERS_PER_DEGREE
      const east = (there.longitude - place.longitude) * METERS_PER_DEGREE
      expect(Math.hypot(north, east)).toBeLessThan(1500)
    }),
  )
  expect(toGcj02({ latitude: 48.85, longitude: 2.35 })).toEqual({ latitude: 48.85, longitude: 2.35 })
})
