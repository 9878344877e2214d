import fc from 'fast-check'
import { expect, test } from 'vitest'
import { drawnArea } from './areas.ts'

test('UX-02 whatever frame is pulled over a picture, it lies inside of it', () => {
  const corner = fc.tuple(
    fc.double({ min: -50, max: 150, noNaN: true }),
    fc.double({ min: -50, max: 150, noNaN: true }),
  )
  fc.assert(
    fc.property(corner, corner, (from, to) => {
      const area = drawnArea(from, to)
      if (!area) return
      expect(area.x).toBeGreaterThanOrEqual(0)
      expect(area.y).toBeGreaterThanOrEqual(0)
      expect(area.x + area.width).toBeLessThanOrEqual(100.01)
      expect(area.y + area.height).toBeLessThanOrEqual(100.01)
      expect(drawnArea(to, from)).toEqual(area)
    }),
  )
  expect(drawnArea([10, 10], [11, 40])).toBeUndefined()
})
