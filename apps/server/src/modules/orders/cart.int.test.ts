import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../../tests/support/database.ts'
import { sql } from '../../kernel/db.ts'
import type { Caller } from '../../kernel/http/caller.ts'
import { newId } from '../../kernel/ids.ts'
import { cartMaxLines } from './settings.ts'
import {
  ADDRESS,
  buyerCaller,
  callRoute,
  createGoods,
  createTestWorld,
  guestCaller,
  openShop,
  receive,
  type World,
} from './testing.ts'

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

const get = (caller: Caller) => callRoute(world.orders.handlers, 'cart.get', { caller })
const add = (caller: Caller, shopId: string, skuId: string, quantity: number) =>
  callRoute(world.orders.handlers, 'cart.add', { caller, body: { shopId, skuId, quantity } })
const quantities = (cart: Awaited<ReturnType<typeof get>>) =>
  Object.fromEntries(cart.shops.flatMap((shop) => shop.lines.map((line) => [line.skuId, line.quantity])))

test('ORD-01 a guest fills a cart with goods of two shops, changes it, and sees what is wrong with it', async () => {
  const [here, there] = [await openShop(world), await openShop(world)]
  const { productId, skuIds } = await createGoods(world, here.shopId, [100, 200, 300])
  const [one, two, three] = skuIds as [string, string, string]
  const other = (await createGoods(world, there.shopId, [500])).skuIds[0]!
  await receive(world, here.shopId, [one, two], 5)
  await receive(world, there.shopId, [other], 5)
  const guestId = newId()
  const guest = guestCaller(guestId)
  expect(await get({ kind: 'anonymous' })).toEqual({ guestToken: null, shops: [], count: 0 })
  await add(guest, here.shopId, one, 2)
  await add(guest, here.shopId, one, 1)
  await add(guest, here.shopId, two, 9)
  await add(guest, here.shopId, three, 1)
  const cart = await add(guest, there.shopId, other, 1)
  expect(cart.guestToken).toBe(guestId)
  expect(cart.count).toBe(14)
  const mine = cart.shops.find((shop) => shop.shopId === here.shopId)!
  expect(mine).toMatchObject({ shopName: '测试店', selectedTotalFen: 300 })
  expect(Object.fromEntries(mine.lines.map((line) => [line.skuId, line.problem]))).toEqual({
    [one]: null,
    [two]: 'short',
    [three]: 'sold-out',
  })

  await world.db.tx({ shopId: here.shopId }, (tx) => tx.exec(sql`update skus set price_fen = 80 where id = ${one}`))
  const change = (skuId: string, body: object) =>
    callRoute(world.orders.handlers, 'cart.update', { caller: guest, params: { skuId }, body })
  await change(two, { quantity: 1, selected: false })
  const changed = (await callRoute(world.orders.handlers, 'cart.remove', { caller: guest, body: { skuIds: [three] } }))
    .shops
  const lines = changed.find((shop) => shop.shopId === here.shopId)!
  expect(lines.selectedTotalFen).toBe(240)
  expect(lines.lines.find((line) => line.skuId === one)).toMatchObject({ priceFen: 80, addedPriceFen: 100 })
  expect(lines.lines.find((line) => line.skuId === two)).toMatchObject({ quantity: 1, selected: false, problem: null })

  await world.db.tx({ shopId: here.shopId }, (tx) =>
    tx.exec(sql`update products set state = 'off-sale' where id = ${productId}`),
  )
  expect((await get(guest)).shops.find((shop) => shop.shopId === here.shopId)!.lines[0]!.problem).toBe('off-sale')
  await expect(add(guest, here.shopId, one, 1)).rejects.toMatchObject({ code: 'PRODUCT_NOT_ON_SALE' })
  await expect(add(guest, there.shopId, one, 1)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(change(newId(), { quantity: 1 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(await get(guestCaller(newId()))).toMatchObject({ shops: [], count: 0 })
})

test('ORD-01 signing in merges the guest cart once, adds quantities within bounds, and loses nothing', async () => {
  const { shopId } = await openShop(world)
  const { skuIds } = await createGoods(world, shopId, new Array(5).fill(100))
  const [a, b, c, d, e] = skuIds as [string, string, string, string, string]
  const [guestId, buyerId] = [newId(), newId()]
  const [guest, buyer] = [guestCaller(guestId), buyerCaller(buyerId)]
  for (const [skuId, quantity] of [
    [a, 2],
    [b, 9000],
    [c, 1],
  ] as const)
    await add(guest, shopId, skuId, quantity)
  for (const [skuId, quantity] of [
    [a, 3],
    [b, 9000],
    [d, 1],
    [e, 1],
  ] as const)
    await add(buyer, shopId, skuId, quantity)
  const merge = () => world.db.tx('system', (tx) => world.orders.mergeCart(tx, { guestId, buyerId }))
  await Promise.all([merge(), merge(), merge()])
  await merge()
  expect(quantities(await get(buyer))).toEqual({ [a]: 5, [b]: 9999, [c]: 1, [d]: 1, [e]: 1 })
  expect(await get(guest)).toMatchObject({ shops: [], count: 0 })
})

test('ORD-01 a full cart takes nothing new, but more of what is in it; what does not fit stays with the guest', async () => {
  const { shopId } = await openShop(world)
  const { skuIds } = await createGoods(world, shopId, new Array(12).fill(100))
  const [guestId, buyerId] = [newId(), newId()]
  const [guest, buyer] = [guestCaller(guestId), buyerCaller(buyerId)]
  await world.db.tx('system', (tx) => world.settings.set(tx, cartMaxLines, {}, 10, { kind: 'staff' }))
  try {
    for (const skuId of skuIds.slice(0, 9)) await add(buyer, shopId, skuId, 1)
    const race = await Promise.allSettled(skuIds.slice(9).map((skuId) => add(buyer, shopId, skuId, 1)))
    expect(race.filter((each) => each.status === 'fulfilled')).toHaveLength(1)
    expect(race.find((each) => each.status === 'rejected')).toMatchObject({
      reason: { code: 'CART_FULL', message: '购物车最多放 10 种商品' },
    })
    await add(buyer, shopId, skuIds[0]!, 4)
    for (const skuId of skuIds.slice(8)) await add(guest, shopId, skuId, 1)
    await world.db.tx('system', (tx) => world.orders.mergeCart(tx, { guestId, buyerId }))
    expect(Object.keys(quantities(await get(buyer)))).toHaveLength(10)
    expect(Object.keys(quantities(await get(guest)))).toHaveLength(2)
  } finally {
    await world.db.tx('system', (tx) => world.settings.reset(tx, cartMaxLines, {}, { kind: 'staff' }))
  }
})

test('ORD-01 what is ordered from the cart leaves it, in the same transaction; the rest stays', async () => {
  const { shopId } = await openShop(world)
  const { skuIds } = await createGoods(world, shopId, [100, 200])
  const [one, two] = skuIds as [string, string]
  await receive(world, shopId, skuIds, 5)
  const buyer = buyerCaller(newId())
  await add(buyer, shopId, one, 2)
  await add(buyer, shopId, two, 1)
  const place = (expectedTotalFen: number) =>
    callRoute(world.orders.handlers, 'orders.place', {
      caller: buyer,
      params: { shopId },
      body: { lines: [{ skuId: one, quantity: 2 }], address: ADDRESS, expectedTotalFen, fromCart: true },
    })
  await expect(place(1)).rejects.toMatchObject({ code: 'PRICE_CHANGED' })
  expect(Object.keys(quantities(await get(buyer)))).toHaveLength(2)
  await place(200)
  expect(quantities(await get(buyer))).toEqual({ [two]: 1 })
})

test('ORD-01 one cart is never seen from another', async () => {
  const { shopId } = await openShop(world)
  const { skuIds } = await createGoods(world, shopId, [100])
  const buyerId = newId()
  await add(buyerCaller(buyerId), shopId, skuIds[0]!, 1)
  for (const scope of [{ buyerId: newId() }, { shopId }]) {
    const rows = await world.db.read(scope, (tx) => tx.rows(sql`select 1 from cart_lines`))
    expect(rows).toEqual([])
  }
})
