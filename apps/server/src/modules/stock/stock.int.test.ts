import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../../tests/support/database.ts'
import { sql } from '../../kernel/db.ts'
import { newId } from '../../kernel/ids.ts'
import {
  callRoute,
  createGoods,
  createTestWorld,
  openShop,
  placeInput,
  receive,
  staffCaller,
  type World,
} from '../orders/testing.ts'
import { frontShareBp } from './settings.ts'

let database: TestDatabase
let world: World
const caller = staffCaller(['stock.read', 'stock.write'])

beforeAll(async () => {
  database = await createTestDatabase()
  world = await createTestWorld(database.appUrl)
})
afterAll(async () => {
  await world?.close()
  await database?.drop()
})

const available = (shopId: string, skuIds: readonly string[]) =>
  world.db.read({ shopId }, async (tx) => [...(await world.stock.available(tx, shopId, skuIds)).values()])

const stockOf = async (shopId: string, query: object = {}) =>
  (await callRoute(world.stock.handlers, 'console.stock', { caller, params: { shopId }, query })).items

test('SUP-01 goods are received into the central warehouse, into a named one, or split by the setting', async () => {
  const { shopId, centralId, frontId } = await openShop(world)
  const { skuIds } = await createGoods(world, shopId, [100])
  const [sku] = skuIds as [string]
  await receive(world, shopId, skuIds, 10)
  await receive(world, shopId, skuIds, 4, frontId)
  await receive(world, shopId, skuIds, 11, 'split')
  expect(await stockOf(shopId)).toMatchObject([
    {
      skuId: sku,
      available: 25,
      reserved: 0,
      committed: 0,
      byWarehouse: expect.arrayContaining([
        { warehouseId: centralId, available: 18, reserved: 0, committed: 0 },
        { warehouseId: frontId, available: 7, reserved: 0, committed: 0 },
      ]),
    },
  ])
  await world.db.tx({ shopId }, (tx) => world.settings.set(tx, frontShareBp, { shopId }, 10_000, { kind: 'staff' }))
  await receive(world, shopId, skuIds, 5, 'split')
  expect((await stockOf(shopId, { warehouseId: frontId }))[0]).toMatchObject({
    available: 12,
    byWarehouse: [{ available: 12 }],
  })
  await expect(receive(world, shopId, [newId()], 1)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(receive(world, shopId, skuIds, 1, newId())).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('SUP-01 adjusting: receive, issue and count, all lines or none, once for a key, with movements, audit and event', async () => {
  const { shopId, centralId: warehouseId } = await openShop(world)
  const { skuIds } = await createGoods(world, shopId, [100, 200])
  const [one, two] = skuIds as [string, string]
  const adjust = (
    reason: 'purchase' | 'damage' | 'count',
    lines: { skuId: string; quantity: number }[],
    idempotencyKey = newId(),
  ) =>
    callRoute(world.stock.handlers, 'console.adjustStock', {
      caller,
      params: { shopId },
      body: { warehouseId, reason, note: '十一月', lines },
      idempotencyKey,
    })
  const key = newId()
  const lines = [
    { skuId: one, quantity: 10 },
    { skuId: two, quantity: 3 },
  ]
  const first = await adjust('purchase', lines, key)
  expect(await adjust('purchase', lines, key)).toEqual(first)
  expect(await available(shopId, skuIds)).toEqual([10, 3])
  await expect(adjust('purchase', [{ skuId: one, quantity: 1 }], key)).rejects.toMatchObject({
    code: 'IDEMPOTENCY_KEY_REUSED',
  })

  const short = adjust('damage', [
    { skuId: one, quantity: -1 },
    { skuId: two, quantity: -4 },
  ])
  await expect(short).rejects.toMatchObject({ code: 'OUT_OF_STOCK', message: '「青瓷杯」库存不足，剩余 3 件' })
  expect(await available(shopId, skuIds)).toEqual([10, 3])

  const counted = await adjust('count', [
    { skuId: one, quantity: 7 },
    { skuId: two, quantity: 3 },
  ])
  expect(counted.movements.map((movement) => movement.quantity).sort()).toEqual([-3, 0])
  expect(counted.movements[0]).toMatchObject({
    reason: 'count',
    note: '十一月',
    actorName: '店员小王',
    warehouseName: '中心仓',
  })
  expect(await available(shopId, skuIds)).toEqual([7, 3])
  await expect(adjust('count', [{ skuId: one, quantity: -1 }])).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
  await expect(adjust('purchase', [lines[0]!, lines[0]!])).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })

  await world.db.tx({ shopId }, async (tx) => {
    const audits = await tx.rows(sql`select action from audit_log where shop_id = ${shopId}`)
    expect(audits).toHaveLength(2)
    const events = await tx.rows(
      sql`select name from outbox_events where shop_id = ${shopId} and name = 'stock.stock-changed'`,
    )
    expect(events).toHaveLength(2)
  })
})

test('SUP-01 two people count the same goods while they sell: the last count stands, nothing is lost', async () => {
  const { shopId, centralId: warehouseId } = await openShop(world)
  const { skuIds } = await createGoods(world, shopId, [100])
  const [skuId] = skuIds as [string]
  await receive(world, shopId, skuIds, 50)
  const count = (quantity: number) =>
    callRoute(world.stock.handlers, 'console.adjustStock', {
      caller,
      params: { shopId },
      body: { warehouseId, reason: 'count', lines: [{ skuId, quantity }] },
    })
  const sell = () => world.orders.placeOrder(placeInput(shopId, newId(), [[skuId, 1]], 100))
  const done = await Promise.allSettled([count(30), sell(), count(40), sell(), sell(), count(35)])
  const sold = done.filter((each, index) => each.status === 'fulfilled' && [1, 3, 4].includes(index)).length
  expect(sold).toBe(3)
  const [left] = await available(shopId, skuIds)
  const { sum } = await world.db.read({ shopId }, (tx) =>
    tx.one<{ sum: number }>(
      sql`select sum(quantity)::int as sum from stock_movements where shop_id = ${shopId} and sku_id = ${skuId}`,
    ),
  )
  expect(sum).toBe(left)
  expect([27, 28, 29, 30, 32, 33, 34, 35, 37, 38, 39, 40]).toContain(left)
})

test('SUP-01 a transfer moves all lines or none, and is one movement out and one in', async () => {
  const { shopId, centralId, frontId } = await openShop(world)
  const { skuIds } = await createGoods(world, shopId, [100, 200])
  const [one, two] = skuIds as [string, string]
  await receive(world, shopId, skuIds, 5)
  const transfer = (lines: { skuId: string; quantity: number }[], toWarehouseId = frontId) =>
    callRoute(world.stock.handlers, 'console.transferStock', {
      caller,
      params: { shopId },
      body: { fromWarehouseId: centralId, toWarehouseId, lines },
    })
  const { movements } = await transfer([
    { skuId: one, quantity: 2 },
    { skuId: two, quantity: 5 },
  ])
  expect(movements.map(({ warehouseName, quantity }) => `${warehouseName}${quantity}`).sort()).toEqual([
    '中心仓-2',
    '中心仓-5',
    '前置仓2',
    '前置仓5',
  ])
  await expect(
    transfer([
      { skuId: one, quantity: 1 },
      { skuId: two, quantity: 1 },
    ]),
  ).rejects.toMatchObject({ code: 'OUT_OF_STOCK' })
  await expect(transfer([{ skuId: one, quantity: 1 }], centralId)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
  const rows = await stockOf(shopId, { warehouseId: centralId })
  expect(rows.map((row) => row.available).sort()).toEqual([0, 3])
  expect(await available(shopId, skuIds)).toEqual([5, 5])
})

test('SUP-01 warehouses: codes are unique, one that holds stock cannot be closed, the order of serving can be changed', async () => {
  const { shopId, centralId, frontId } = await openShop(world)
  const { skuIds } = await createGoods(world, shopId, [100])
  await receive(world, shopId, skuIds, 5)
  const body = { code: 'F01', name: '南山前置仓', kind: 'front' as const, region: '南山', active: true, priority: 1 }
  const create = callRoute(world.stock.handlers, 'console.createWarehouse', { caller, params: { shopId }, body })
  await expect(create).rejects.toMatchObject({ code: 'DUPLICATE' })
  const change = (warehouseId: string, more: object) =>
    callRoute(world.stock.handlers, 'console.updateWarehouse', {
      caller,
      params: { shopId, warehouseId },
      body: { ...body, ...more },
    })
  await expect(change(centralId, { code: 'C01', active: false })).rejects.toMatchObject({ code: 'WAREHOUSE_NOT_EMPTY' })
  await expect(change(centralId, {})).rejects.toMatchObject({ code: 'DUPLICATE' })
  expect(await change(frontId, { active: false })).toMatchObject({ name: '南山前置仓', active: false, units: 0 })
  await expect(receive(world, shopId, skuIds, 1, frontId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const { items } = await callRoute(world.stock.handlers, 'console.warehouses', { caller, params: { shopId } })
  expect(items.map(({ code, units, skuCount }) => [code, units, skuCount])).toEqual([
    ['F01', 0, 0],
    ['C01', 5, 1],
  ])
  expect(await world.db.read({ shopId }, (tx) => world.stock.defaultWarehouse(tx, shopId))).toBe(centralId)
})

test('SUP-01 lists of stock and movements: search, filters, pages without gaps or repeats', async () => {
  const { shopId, centralId } = await openShop(world)
  const { skuIds } = await createGoods(world, shopId, new Array(25).fill(100))
  await receive(world, shopId, skuIds.slice(0, 20), 3)
  const list = async (query: object) => {
    const codes: string[] = []
    let cursor: string | undefined
    do {
      const page = await callRoute(world.stock.handlers, 'console.stock', {
        caller,
        params: { shopId },
        query: { ...query, limit: 7, cursor },
      })
      codes.push(...page.items.map((row) => row.skuId))
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    return codes
  }
  expect((await list({})).sort()).toEqual([...skuIds].sort())
  expect((await list({ below: 1 })).sort()).toEqual(skuIds.slice(20).sort())
  expect(await list({ warehouseId: centralId })).toHaveLength(20)
  expect(await list({ q: skuIds[3]! })).toEqual([skuIds[3]])
  expect(await list({ q: '没有这个' })).toEqual([])
  await receive(world, shopId, [skuIds[4]!, skuIds[9]!], 5)
  const up = await list({ sort: 'available' })
  expect(new Set(up.slice(0, 5))).toEqual(new Set(skuIds.slice(20)))
  expect(new Set(up.slice(-2))).toEqual(new Set([skuIds[4], skuIds[9]]))
  expect(up).toHaveLength(25)
  for (const sort of ['code', 'title', 'available', 'reserved', 'committed'])
    expect(await list({ sort: `-${sort}` }), sort).toEqual((await list({ sort })).reverse())
  const first = await callRoute(world.stock.handlers, 'console.stock', {
    caller,
    params: { shopId },
    query: { limit: 2 },
  })
  const other = { limit: 2, cursor: first.nextCursor!, sort: 'title' as const }
  await expect(
    callRoute(world.stock.handlers, 'console.stock', { caller, params: { shopId }, query: other }),
  ).rejects.toMatchObject({ code: 'INVALID_CURSOR' })
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await callRoute(world.stock.handlers, 'console.movements', {
      caller,
      params: { shopId },
      query: { limit: 6, cursor, reason: 'purchase' },
    })
    seen.push(...page.items.map((movement) => movement.id))
    await receive(world, shopId, [skuIds[0]!], 1)
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  expect(new Set(seen).size).toBe(seen.length)
  expect(seen).toHaveLength(22)
  expect(seen).toEqual([...seen].sort().reverse())
})

test('SUP-01 a shop neither sees nor moves the stock of another', async () => {
  const mine = await openShop(world)
  const theirs = await openShop(world)
  const { skuIds } = await createGoods(world, theirs.shopId, [100])
  await receive(world, theirs.shopId, skuIds, 5)
  expect(await stockOf(mine.shopId)).toEqual([])
  expect(await available(mine.shopId, skuIds)).toEqual([0])
  const steal = callRoute(world.stock.handlers, 'console.adjustStock', {
    caller,
    params: { shopId: mine.shopId },
    body: { warehouseId: theirs.centralId, reason: 'gift', lines: [{ skuId: skuIds[0]!, quantity: -1 }] },
  })
  await expect(steal).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const rows = await world.db.read({ shopId: mine.shopId }, (tx) =>
    tx.rows(sql`select 1 from stock_movements union all select 1 from stock_levels union all
      select 1 from warehouses where shop_id = ${theirs.shopId}`),
  )
  expect(rows).toEqual([])
})
