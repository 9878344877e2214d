import { expect, test } from 'vitest'
import { ordersText, readOrders } from './together.ts'

test('PAY-01 orders of several shops travel in an address; what is none is left out', () => {
  const orders = [
    { shopId: '01a21e86-6d80-7468-aca8-b51a2ca87da6', orderId: '01a21e86-6d80-7468-aca8-b51a2ca87da7' },
    { shopId: '01a21e86-6d80-7468-aca8-b51a2ca87da8', orderId: '01a21e86-6d80-7468-aca8-b51a2ca87da9' },
  ]
  expect(readOrders(ordersText(orders))).toEqual(orders)
  expect(readOrders(`${ordersText(orders)},../x:1,`)).toEqual(orders)
  expect(readOrders(undefined)).toEqual([])
})
