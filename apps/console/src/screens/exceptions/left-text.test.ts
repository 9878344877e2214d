import { expect, test } from 'vitest'
import { leftOf } from './left-text.ts'

test('ORD-05 the time left is written in its two largest units, and says when it is over', () => {
  const now = Date.parse('2026-11-11T00:00:00Z')
  expect(leftOf('2026-11-11T00:45:00Z', now)).toEqual({ text: '45 分钟', isOver: false })
  expect(leftOf('2026-11-11T05:05:00Z', now)).toEqual({ text: '5 小时 5 分', isOver: false })
  expect(leftOf('2026-11-13T03:00:00Z', now)).toEqual({ text: '2 天 3 小时', isOver: false })
  expect(leftOf('2026-11-10T23:00:00Z', now)).toEqual({ text: '1 小时 0 分', isOver: true })
})
