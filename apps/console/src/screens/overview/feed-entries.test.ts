import { expect, test } from 'vitest'
import { entryFrom, merged } from './feed-entries.ts'

const step = (orderId: string, event: string, at: string) => ({
  orderId,
  orderNo: `N-${orderId}`,
  totalFen: 100,
  at,
  event,
  text: `${orderId} ${event}`,
})
const announced = (orderId: string, name: string, at: string) => ({ name, orderId, orderNo: `N-${orderId}`, at })

test('DAT-01 what is announced and then read is told once, in the words that were read', () => {
  const live = entryFrom(announced('a', 'orders.order-paid', '2026-11-11T01:00:00.000Z'))!
  const feed = merged([step('a', 'paid', '2026-11-11T01:00:00.000Z')] as never, [live])
  expect(feed).toHaveLength(1)
  expect(feed[0]).toMatchObject({ key: 'a:paid', text: 'a paid', totalFen: 100 })
})

test('DAT-01 the newest stands first, and an old order that is shipped now is told as well', () => {
  const live = entryFrom(announced('old', 'orders.order-shipped', '2026-11-11T03:00:00.000Z'))!
  const read = [step('b', 'placed', '2026-11-11T02:00:00.000Z'), step('c', 'placed', '2026-11-11T01:00:00.000Z')]
  expect(merged(read as never, [live]).map(({ key }) => key)).toEqual(['old:shipped', 'b:placed', 'c:placed'])
})

test('DAT-01 what is no news of an order is left alone', () => {
  for (const data of [null, 'x', {}, { name: 'orders.order-paid' }]) expect(entryFrom(data)).toBeUndefined()
})
