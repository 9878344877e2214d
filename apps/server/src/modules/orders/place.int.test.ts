import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../../tests/support/database.ts'
import { sql } from '../../kernel/db.ts'
import { newId } from '../../kernel/ids.ts'
import { createGoods, createTestWorld, openShop, placeInput, receive, type World } from './testing.ts'

let database: TestDatabase
let world: World

beforeAll(async () => {
  database = await createTestDatabase()
  world = await createTestWorld(database.appUrl)
})
afterAll(async () => {
  await world?.close()
  await database?.drop()
})

test('ORD-01 an order is placed: stock reserved, everything frozen, event written, answer after commit', async () => {
  const { shopId, centralId } = await openShop(world)
  const { skuIds } = await createGoods(world, shopId, [1234, 500])
  const [cup, plate] = skuIds as [string, string]
  await receive(world, shopId, skuIds, 5)
  const buyerId = newId()
  const answer = await world.orders.placeOrder(
    placeInput(
      shopId,
      buyerId,
      [
        [cup, 2],
        [plate, 1],
      ],
      2968,
    ),
  )
  expect(answer.orderNo).toMatch(/^261111\d{9}$/)
  expect(answer).toMatchObject({ totalFen: 2968, payBefore: '2026-11-11T00:30:00.000Z' })
  await world.db.tx({ shopId }, async (tx) => {
    expect(await world.stock.available(tx, shopId, skuIds)).toEqual(
      new Map([
        [cup, 3],
        [plate, 4],
      ]),
    )
    const [order] = await tx.rows(sql`select * from orders where id = ${answer.orderId}`)
    expect(order).toMatchObject({
      state: 'awaiting-payment',
      phoneMasked: '138****5678',
      receiverMasked: '欧**明',
      goodsFen: 2968,
    })
    expect(JSON.stringify(order)).not.toContain('13812345678')
    expect(
      await tx.rows(
        sql`select reason, quantity, warehouse_id from stock_movements where order_id = ${answer.orderId} order by quantity`,
      ),
    ).toEqual([
      { reason: 'reserve', quantity: -2, warehouseId: centralId },
      { reason: 'reserve', quantity: -1, warehouseId: centralId },
    ])
    const events = await tx.rows<{ name: string }>(
      sql`select name from outbox_events where aggregate_id = ${answer.orderId}`,
    )
    expect(events.map((event) => event.name)).toEqual(['orders.order-placed'])
  })
})
