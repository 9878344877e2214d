import { fen } from '@zhanggui/contract/money'
import { expect, test } from 'vitest'
import { dayPoints, hourPoints } from './trend-points.ts'

const hour = (hour: number, paidFen: number, ordersPaid: number, visitors: number) => ({
  hour,
  paidFen: fen(paidFen),
  ordersPaid,
  visitors,
  pageViews: 0,
})

test('DAT-01 an hour that has not come has no figures, one without visits no conversion', () => {
  const [first, second, third] = hourPoints([hour(0, 1000, 2, 8), hour(1, 0, 0, 0), hour(2, 0, 0, 0)], 1)
  expect(first).toEqual({ label: '00:00', money: 1000, orders: 2, visitors: 8, conversion: 25, average: 500 })
  expect(second).toMatchObject({ money: 0, conversion: null, average: null })
  expect(third).toMatchObject({ money: null, orders: null, visitors: null })
})

test('DAT-01 without an event store a day has its money and no visitors', () => {
  const day = { day: '2026-11-11', paidFen: fen(300), refundedFen: fen(0), paidOrders: 1, buyers: 1, visitors: null }
  expect(dayPoints([day])).toEqual([
    { label: '11-11', money: 300, orders: 1, visitors: null, conversion: null, average: 300 },
  ])
})
