import { expect, test } from 'vitest'
import { openLines, shipmentLines } from './ship-lines.ts'

const line = (skuId: string, quantity: number, shippedQuantity: number) => ({
  skuId,
  title: skuId,
  options: '',
  quantity,
  shippedQuantity,
})
const order = { lines: [line('a', 3, 1), line('b', 1, 1), line('c', 2, 0)] } as never

test('ORD-04 only what has not left yet can be shipped', () => {
  expect(openLines(order).map((each) => [each.skuId, each.left])).toEqual([
    ['a', 2],
    ['c', 2],
  ])
})

test('ORD-04 everything that is left needs no lines, a part names its own', () => {
  const open = openLines(order)
  expect(shipmentLines(open, {})).toBeUndefined()
  expect(shipmentLines(open, { a: 2, c: 2 })).toBeUndefined()
  expect(shipmentLines(open, { a: 1, c: 0 })).toEqual([{ skuId: 'a', quantity: 1 }])
  expect(shipmentLines(open, { a: 9, c: 1 })).toEqual([
    { skuId: 'a', quantity: 2 },
    { skuId: 'c', quantity: 1 },
  ])
})

test('ORD-04 a parcel with nothing in it has no lines, which the route refuses', () => {
  expect(shipmentLines(openLines(order), { a: 0, c: 0 })).toEqual([])
})
