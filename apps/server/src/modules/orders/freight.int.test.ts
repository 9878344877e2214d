import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../../tests/support/database.ts'
import { newId } from '../../kernel/ids.ts'
import {
  ADDRESS,
  callRoute,
  createGoods,
  createTestWorld,
  guestCaller,
  openShop,
  placeInput,
  receive,
  staffCaller,
  type World,
} from './testing.ts'

let database: TestDatabase
let world: World
const caller = staffCaller(['settings.read', 'settings.write'])

beforeAll(async () => {
  database = await createTestDatabase()
  world = await createTestWorld(database.appUrl)
})
afterAll(async () => {
  await world?.close()
  await database?.drop()
})

const rule = (provinces: string[], firstFen: number, more: object = {}) => ({
  provinces,
  firstUnits: 1,
  firstFen,
  moreUnits: 1,
  moreFen: 100,
  ...more,
})
const body = (name: string, more: object = {}) => ({ name, basis: 'piece' as const, rules: [rule([], 800)], ...more })

const create = (shopId: string, input: ReturnType<typeof body>) =>
  callRoute(world.orders.handlers, 'console.createFreightTemplate', { caller, params: { shopId }, body: input })
const change = (shopId: string, templateId: string, input: ReturnType<typeof body>, version: number) =>
  callRoute(world.orders.handlers, 'console.updateFreightTemplate', {
    caller,
    params: { shopId, templateId },
    body: { ...input, version },
  })
const remove = (shopId: string, templateId: string) =>
  callRoute(world.orders.handlers, 'console.deleteFreightTemplate', { caller, params: { shopId, templateId } })
const list = async (shopId: string) =>
  (await callRoute(world.orders.handlers, 'console.freightTemplates', { caller, params: { shopId } })).items

test('ORD-04 freight templates: one is the default, names are unique, the older version is refused, one in use stays', async () => {
  const { shopId } = await openShop(world)
  const [first] = await list(shopId)
  expect(first).toMatchObject({ name: '全国包邮', isDefault: true, version: 1, productCount: 0 })
  const heavy = await create(shopId, body('大件'))
  await expect(create(shopId, body('大件'))).rejects.toMatchObject({ code: 'DUPLICATE' })
  await expect(create(shopId, body('重复', { rules: [rule(['广东'], 1), rule(['广东省'], 2)] }))).rejects.toMatchObject(
    { code: 'VALIDATION_FAILED' },
  )
  await expect(create(shopId, body('重复', { rules: [rule([], 1), rule([], 2)] }))).rejects.toMatchObject({
    code: 'VALIDATION_FAILED',
  })
  await createGoods(world, shopId, [100], { freightTemplateId: heavy.id })
  expect((await list(shopId)).map((row) => [row.name, row.productCount])).toEqual([
    ['全国包邮', 0],
    ['大件', 1],
  ])
  await expect(remove(shopId, heavy.id)).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('1 个商品在用'),
  })
  await expect(remove(shopId, first!.id)).rejects.toMatchObject({ code: 'CONFLICT' })
  const race = await Promise.allSettled([
    change(shopId, heavy.id, body('大件甲'), 1),
    change(shopId, heavy.id, body('大件乙'), 1),
  ])
  expect(race.filter((each) => each.status === 'fulfilled')).toHaveLength(1)
  expect(race.find((each) => each.status === 'rejected')).toMatchObject({ reason: { code: 'CONFLICT' } })
  await change(shopId, heavy.id, body('大件', { isDefault: true }), 2)
  expect((await list(shopId)).filter((row) => row.isDefault).map((row) => row.name)).toEqual(['大件'])
  expect(await remove(shopId, first!.id)).toEqual({ ok: true })
  const { shopId: elsewhere } = await openShop(world)
  await expect(change(elsewhere, heavy.id, body('偷'), 3)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('ORD-04 the quote groups goods by template, explains the freight, and the order costs what was quoted', async () => {
  const { shopId } = await openShop(world)
  const [fallback] = await list(shopId)
  const rules = [
    rule(['新疆', '西藏'], 0, { deliverable: false }),
    rule(['广东'], 600, { freeFromFen: 9900 }),
    rule([], 1200),
  ]
  await change(shopId, fallback!.id, body('普通', { isDefault: true, rules }), 1)
  const heavy = await create(
    shopId,
    body('大件', { basis: 'weight', rules: [{ ...rule([], 1500), firstUnits: 1000, moreUnits: 500, moreFen: 300 }] }),
  )
  const cup = (await createGoods(world, shopId, [1000])).skuIds[0]!
  const pot = (await createGoods(world, shopId, [5000], { freightTemplateId: heavy.id, weightGrams: 900 })).skuIds[0]!
  await receive(world, shopId, [cup, pot], 20)
  const quote = (lines: [string, number][], province?: string) =>
    callRoute(world.orders.handlers, 'store.quote', {
      caller: guestCaller(newId()),
      params: { shopId },
      body: { lines: lines.map(([skuId, quantity]) => ({ skuId, quantity })), province },
    })
  const both = await quote(
    [
      [cup, 2],
      [pot, 2],
    ],
    '广东省',
  )
  expect(both).toMatchObject({ goodsFen: 12000, freightFen: 700 + 2100, totalFen: 14800, deliverable: true })
  expect(both.freightNote.split('；').sort()).toEqual([
    '「大件」共 1.8 千克：首 1 千克 ¥15.00，续 1 千克 ¥6.00',
    '「普通」共 2 件：首 1 件 ¥6.00，续 1 件 ¥1.00',
  ])
  expect(both.refusals).toEqual([{ source: `freight:${fallback!.id}`, reason: '再买 ¥79.00 可免「普通」运费' }])
  expect((await quote([[cup, 10]], '广东')).freightFen).toBe(0)
  expect(await quote([[cup, 1]], '西藏自治区')).toMatchObject({ deliverable: false })
  expect(await quote([[cup, 1]])).toMatchObject({ deliverable: null, freightFen: 1200 })
  expect((await quote([[cup, 25]], '广东')).lines[0]).toMatchObject({ available: 20, problem: 'short' })
  await expect(quote([[newId(), 1]])).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const order = await world.orders.placeOrder(
    placeInput(
      shopId,
      newId(),
      [
        [cup, 2],
        [pot, 2],
      ],
      14800,
    ),
  )
  expect(order.totalFen).toBe(14800)
  const far = placeInput(shopId, newId(), [[cup, 1]], 1000, {
    address: { ...ADDRESS, province: '西藏自治区', city: '拉萨市' },
  })
  await expect(world.orders.placeOrder(far)).rejects.toMatchObject({ code: 'NOT_DELIVERABLE' })
})
