import { expect, test } from 'vitest'
import { STORY } from './chapters.ts'
import { DEMO_PRODUCTS } from './goods.ts'
import { MONTH_BUYERS, MONTH_ORDERS, MORNINGS } from './month-story.ts'

test('SYS-01 what the demo’s buyers buy is in the shop, one product for each name, and they review what they bought', () => {
  for (const { goods, reviews = [], until, journey } of STORY) {
    for (const words of goods) {
      const named = DEMO_PRODUCTS.filter(({ title }) => title.includes(words))
      expect(named.map(({ title }) => title)).toHaveLength(1)
      // Pick-up and same-city are served by the front warehouse, which has three tenths of the first SKU.
      expect(named[0]!.skus[0]![3]).toBeGreaterThanOrEqual(4)
    }
    for (const { of } of reviews) expect(goods).toContain(of)
    if (reviews.length > 0) expect(until).toBe('received')
    if (until === 'shipped' || until === 'received') expect(journey).toBeDefined()
  }
})

test('SYS-01 orders of the demo’s past month are of goods that are there, in the order of time, while the shop is looked after', () => {
  const moments = MONTH_ORDERS.map(({ at: [daysAgo, time] }) => `${String(99 - daysAgo)} ${time}`)
  expect(moments.toSorted()).toEqual(moments)
  expect(new Set(MONTH_ORDERS.map(({ key }) => key)).size).toBe(MONTH_ORDERS.length)
  for (const { goods, buyer, at } of MONTH_ORDERS) {
    expect(MONTH_BUYERS[buyer]).toBeDefined()
    expect(at[0]).toBeLessThanOrEqual(MORNINGS[0])
    for (const words of goods) expect(DEMO_PRODUCTS.filter(({ title }) => title.includes(words))).toHaveLength(1)
  }
})
