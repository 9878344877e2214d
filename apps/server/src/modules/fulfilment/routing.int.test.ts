import type { RoutingRule } from '@zhanggui/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp, type TestShop } from '../../../../../tests/support/app.ts'
import { newKey } from '../../../../../tests/support/http.ts'
import { newId } from '../../kernel/ids.ts'
import { routingOf as unpackedRouting } from './packed-routing.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ clickhouse: false })
})
afterAll(() => app?.close())

const SHANGHAI = { province: '上海市', city: '上海市', district: '徐汇区' }

/** A shop whose front warehouse stands in Shenzhen and holds half of the stock. */
async function story() {
  const shop = await app.openTestShop()
  const { shopId } = shop
  const { items } = await shop.owner.call('console.warehouses', { params: { shopId } })
  const front = items.find((each) => each.kind === 'front')!
  const central = items.find((each) => each.kind === 'central')!
  const { skuCount, units, id, ...data } = front
  await shop.owner.call('console.updateWarehouse', {
    params: { shopId, warehouseId: id },
    body: { ...data, region: '深圳' },
  })
  const product = await app.product(shop, { pricesFen: [60_000], stock: 10 })
  const skuId = product.skuIds[0]!
  await shop.owner.call('console.adjustStock', {
    params: { shopId },
    idempotencyKey: newKey(),
    body: { warehouseId: front.id, reason: 'purchase', note: '', lines: [{ skuId, quantity: 2 }] },
  })
  return { shop, shopId, front, central, skuId }
}

const rules = (shop: TestShop) => shop.owner.call('console.routingRules', { params: { shopId: shop.shopId } })
const routingOf = (shopId: string, orderId: string) =>
  app.app.db.read({ shopId }, async (tx) => {
    const [order] = await app.app.orders.ordersForRouting(tx, shopId, { orderId })
    return (await unpackedRouting(tx, shopId, order!.routing))!
  })

test('ORD-03 placing an order follows the rules, and freezes which ones and why', async () => {
  const { shop, shopId, front, central, skuId } = await story()
  const buyer = await app.buyer()
  const near = await app.order(buyer, shopId, [[skuId, 2]])
  const frozen = await routingOf(shopId, near.orderId)
  expect(frozen).toMatchObject({ carrier: 'SF', parts: [{ warehouseId: front.id, units: 2 }], version: 0 })
  expect(frozen.sentences[0]).toBe('发前置仓，因为收货城市是深圳市（规则「同城订单发前置仓」）')
  // The front warehouse is empty now: the order goes out of the central one, and says so.
  const next = await routingOf(shopId, (await app.order(buyer, shopId, [[skuId, 1]])).orderId)
  expect(next.parts).toEqual([{ warehouseId: central.id, units: 1 }])
  expect(next.sentences[0]).toContain('优先的前置仓没有足够的货')
  expect(shop.slug).not.toBe('')
})

test('ORD-03 rules are edited with versions; a stale editor is refused, bad rules lose nothing, the next order obeys', async () => {
  const { shop, shopId, central, skuId } = await story()
  const before = await rules(shop)
  expect(before).toMatchObject({ version: 0, changedAt: null })
  expect(before.rules.map((rule) => rule.name)).toEqual(['同城订单发前置仓', '高价值订单用顺丰', '促销订单提前打包'])
  const all: RoutingRule = {
    id: newId(),
    name: '深圳也发中心仓',
    enabled: true,
    match: 'all',
    stop: false,
    conditions: [{ field: 'city', operator: 'in', values: ['深圳'] }],
    effects: { warehouse: { by: 'id', warehouseIds: [central.id] }, service: 'express' },
  }
  const save = (version: number, next: RoutingRule[]) =>
    shop.owner.call('console.saveRoutingRules', { params: { shopId }, body: { version, rules: next, note: '试运行' } })
  // Two people save at once: one is told that the other was faster.
  const both = await Promise.allSettled([save(0, [all, ...before.rules]), save(0, [all])])
  expect(both.filter((each) => each.status === 'fulfilled')).toHaveLength(1)
  expect(both.find((each) => each.status === 'rejected')).toMatchObject({ reason: { code: 'CONFLICT' } })
  const unknown = { ...all, effects: { warehouse: { by: 'id' as const, warehouseIds: [newId()] } } }
  await expect(save(1, [unknown])).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const stored = await rules(shop)
  expect(stored).toMatchObject({ version: 1, note: '试运行' })
  const buyer = await app.buyer()
  const placed = await app.order(buyer, shopId, [[skuId, 1]])
  expect(await routingOf(shopId, placed.orderId)).toMatchObject({
    version: 1,
    service: 'express',
    parts: [{ warehouseId: central.id, units: 1 }],
  })
  await save(1, stored.rules.slice(0, 1))
  const { items } = await shop.owner.call('console.routingVersions', { params: { shopId }, query: { limit: 1 } })
  expect(items.map((each) => each.version)).toEqual([2])
})

test('ORD-03 the test bench says where an order would go; a dry run says what would change', async () => {
  const { shop, shopId, front, skuId } = await story()
  const tried = (body: object) => shop.owner.call('console.tryRouting', { params: { shopId }, body })
  const lines = [{ skuId, quantity: 1 }]
  const near = await tried({ trial: { province: '广东省', city: '深圳市', district: '', lines } })
  expect(near).toMatchObject({
    warehouses: [{ id: front.id, name: '前置仓', units: 1 }],
    short: null,
    totalFen: 60_000,
  })
  const far = await tried({ trial: { ...SHANGHAI, lines, promotion: true } })
  expect(far.decision.prePack).toBe(true)
  expect(far.warehouses[0]!.name).toBe('中心仓')
  const short = await tried({ trial: { ...SHANGHAI, lines: [{ skuId, quantity: 99 }] } })
  expect(short.short).toContain('要 99 件')

  const buyer = await app.buyer()
  const placed = await app.order(buyer, shopId, [[skuId, 2]])
  await app.order(buyer, shopId, [[skuId, 1]])
  const again = await tried({ orderNo: placed.orderNo })
  expect(again.order).toMatchObject({ orderId: placed.orderId })
  await expect(tried({ orderNo: '不存在' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(tried({})).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })

  const { rules: current, version } = await rules(shop)
  const edited = current.map((rule) =>
    rule.name === '高价值订单用顺丰' ? { ...rule, effects: { carrier: 'JD' as const } } : rule,
  )
  const run = await shop.owner.call('console.dryRunRouting', { params: { shopId }, body: { rules: edited, last: 50 } })
  expect(run.looked).toBe(2)
  expect(run.changed).toHaveLength(1)
  expect(run.changed[0]).toMatchObject({
    orderId: placed.orderId,
    changes: [
      { what: '快递', before: '顺丰速运', after: '京东快递' },
      { what: '打包备注', before: '高价值订单，加固包装', after: '无' },
    ],
  })
  expect((await rules(shop)).version).toBe(version)
})

test('ORD-03 channel, buyer level and product role are known when an order is routed, kept with it, and tried on the bench', async () => {
  const { shop, shopId, skuId } = await story()
  const params = { shopId }
  const level = await shop.owner.call('console.createMemberLevel', {
    params,
    body: { name: '金卡', rank: 1, note: '' },
  })
  const [gold, plain] = [await app.buyer(), await app.buyer()]
  await app.order(gold, shopId, [[skuId, 1]])
  await shop.owner.call('console.setMemberLevel', {
    params: { ...params, buyerId: gold.buyerId },
    body: { levelId: level.id, note: '' },
  })
  const { version } = await rules(shop)
  const rule = (name: string, condition: RoutingRule['conditions'][number], note: string): RoutingRule => ({
    ...{ id: newId(), name, enabled: true, match: 'all', stop: false },
    ...{ conditions: [condition], effects: { packingNote: note } },
  })
  const saved: RoutingRule[] = [
    rule('金卡', { field: 'buyer-level', operator: 'in', values: ['金卡'] }, '附感谢卡'),
    rule('不是金卡', { field: 'buyer-level', operator: 'not-in', values: ['金卡'] }, '附入会卡'),
    rule('小程序', { field: 'channel', operator: 'in', values: ['mini'] }, '小程序袋'),
    rule('常规', { field: 'role', operator: 'in', values: ['regular'] }, '普通箱'),
  ]
  await shop.owner.call('console.saveRoutingRules', { params, body: { version, rules: saved, note: '按会员和渠道' } })
  const notesOf = async (buyer: Awaited<ReturnType<typeof app.buyer>>) => {
    const { orderId, orderNo } = await app.order(buyer, shopId, [[skuId, 1]])
    return { orderNo, ...(await routingOf(shopId, orderId)) }
  }
  const [forGold, forPlain] = await Promise.all([notesOf(gold), notesOf(plain)])
  expect(forGold).toMatchObject({
    packingNotes: ['附感谢卡', '小程序袋', '普通箱'],
    channel: 'mini',
    buyerLevel: '金卡',
  })
  expect(forPlain).toMatchObject({ packingNotes: ['附入会卡', '小程序袋', '普通箱'], buyerLevel: 'none' })
  expect(forPlain.rules[2]!.because).toBe('下单渠道是小程序')
  expect(forPlain.rules[3]!.because).toBe('商品角色是常规')
  const again = await shop.owner.call('console.tryRouting', {
    params,
    body: { orderNo: forGold.orderNo, rules: saved },
  })
  expect(again.decision.packingNotes).toEqual(['附感谢卡', '小程序袋', '普通箱'])
  const trial = {
    province: '上海市',
    city: '上海市',
    lines: [{ skuId, quantity: 1 }],
    channel: 'h5',
    buyerLevel: 'none',
  }
  const tried = await shop.owner.call('console.tryRouting', { params, body: { trial } })
  expect(tried.decision.packingNotes).toEqual(['附入会卡', '普通箱'])
  const history = await shop.owner.call('console.routingVersions', { params, query: { limit: 1 } })
  expect(history.items[0]).toMatchObject({ note: '按会员和渠道', version: version + 1 })
})
