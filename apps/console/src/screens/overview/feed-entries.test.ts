import { expect, test } from 'vitest'
import { entryFrom, merged } from './feed-entries.ts'

const step = (orderId: string, event: string, at: string) => ({
  orderId,
  orderNo: `N-${orderId}`,
  totalFen: 100,
  reviewId: null,
  stars: null,
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

test('DAT-01 reviews stand in the feed, each by itself, once however they came', () => {
  const review = (reviewId: string) => ({
    ...{ name: 'reviews.review-written', orderId: 'a', orderNo: 'N-a', reviewId, stars: 4 },
    at: '2026-11-11T05:00:00.000Z',
  })
  const [first, second] = [entryFrom(review('r1'))!, entryFrom(review('r2'))!]
  expect(first).toMatchObject({ event: 'reviewed', stars: 4, totalFen: null })
  const read = [{ ...step('a', 'reviewed', '2026-11-11T05:00:00.000Z'), totalFen: null, reviewId: 'r1', stars: 4 }]
  expect(merged(read as never, [first, second]).map(({ key }) => key)).toEqual(['a:reviewed:r1', 'a:reviewed:r2'])
})

test('DAT-01 what is no news of an order is left alone', () => {
  for (const data of [null, 'x', {}, { name: 'orders.order-paid' }]) expect(entryFrom(data)).toBeUndefined()
})
