import { describe, expect, test } from 'vitest'
import { aftersaleStage, HOUR_MS, PRICE_FEN } from './support/aftersale.ts'
import { newKey } from './support/http.ts'

const s = aftersaleStage({ clickhouse: false, express: true })
const { paid, ship, receive, apply, approve, reject, cancel, dispute, sendBack, inspect, caseNow, orderNow } = s

const back = { type: 'return', reasonCode: 'no-reason' } as const
const received = async (quantity = 1, at = 0) => {
  const order = await paid([[s.cup.skuIds[at]!, quantity]])
  await ship(order)
  await receive(order)
  return order
}

describe('goods that come back', () => {
  test('ORD-06 agreed, sent, followed, inspected: part into stock, part scrapped, and the money is back', async () => {
    const [sku] = s.cup.skuIds as [string]
    const order = await received(3)
    const made = await apply(order, { ...back, lines: [{ line: 0, quantity: 2 }] })
    expect(made).toMatchObject({ state: 'requested', freightBy: 'buyer', amountFen: 2 * PRICE_FEN })
    await approve(made.id)
    const agreed = await caseNow(made.id)
    expect(agreed).toMatchObject({ state: 'returning', returnAddress: { name: '张仓管', city: '杭州市' } })
    const number = 'SF1900000000001'
    await sendBack(made.id, number)
    await s.app.advance(6 * HOUR_MS)
    for (let stop = 0; stop < 8; stop++) {
      s.app.sim.parcels.move(number)
      await s.app.settle()
    }
    const arrived = await caseNow(made.id)
    expect(arrived).toMatchObject({ state: 'inspecting', returnParcel: { track: { state: 'signed' } } })
    expect(arrived.timeline[0]!.text).toContain('已签收')
    // What comes back is no parcel of the order, and keeps nobody's receipt.
    const { parcels } = await s.buyer.call('orders.followUp', { params: s.key(order) })
    expect(parcels.map((each) => each.trackingNo)).not.toContain(number)
    const looks = await Promise.allSettled([1, 2, 3].map(() => inspect(made.id, [{ line: 0, restock: 1, scrap: 1 }])))
    expect(looks.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await s.app.settle()
    expect(await caseNow(made.id)).toMatchObject({
      ...{ state: 'done', refundedFen: 2 * PRICE_FEN },
      lines: [{ restocked: 1, scrapped: 1 }],
    })
    expect(await s.stockOf(sku)).toMatchObject({ available: 8, committed: 0 })
    expect(await orderNow(order)).toMatchObject({ state: 'completed', refundedFen: 2 * PRICE_FEN })
    // What went back of an order that goes on is of the day's figures as much as a whole one.
    const { today } = await s.shop.owner.call('console.overview', { params: { shopId: s.shop.shopId } })
    expect(today.refundedFen).toBe(2 * PRICE_FEN)
    // The unit that stayed can still go; those that went cannot.
    const { lines } = await s.options(order)
    expect(lines).toMatchObject([{ shipped: 1, unshipped: 0 }])
  })

  test('ORD-06 not sent back: reminded, then closed; not inspected: paid back, and the goods wait to be counted', async () => {
    const [sku] = s.cup.skuIds as [string]
    const order = await received(2)
    const lines = [{ line: 0, quantity: 1 }]
    const [lazy, sent] = [await apply(order, { ...back, lines }), await apply(order, { ...back, lines })]
    await approve(lazy.id, sent.id)
    await sendBack(sent.id)
    await s.days(7)
    expect(await caseNow(lazy.id)).toMatchObject({ state: 'closed', refundedFen: 0 })
    await s.days(4)
    expect(await caseNow(sent.id)).toMatchObject({ state: 'done', refundedFen: PRICE_FEN })
    expect(await s.stockOf(sku)).toMatchObject({ available: 8, committed: 0 })
    const waiting = () => s.shop.owner.call('console.aftersales', { params: s.at(), query: { toCount: 'true' } })
    expect((await waiting()).items.map(({ id }) => id)).toEqual([sent.id])
    expect(await s.shop.owner.call('console.aftersaleCounts', { params: s.at() })).toMatchObject({ toCount: 1 })
    const params = { ...s.at(), caseId: sent.id }
    const { warehouses, actions } = await s.staffCase(sent.id)
    expect(actions).toContain('count')
    const count = (restock: number) =>
      s.shop.owner.call('console.countReturned', {
        params,
        body: { warehouseId: warehouses[0]!.id, lines: [{ line: 0, restock, scrap: 0 }], note: '完好' },
      })
    await expect(count(2)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
    const counts = await Promise.allSettled([1, 2, 3, 4].map(() => count(1)))
    expect(counts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await s.stockOf(sku)).toMatchObject({ available: 9, committed: 0 })
    expect((await waiting()).items).toEqual([])
    expect((await s.staffCase(sent.id)).timeline[0]!.text).toContain('入库 1 件')
    expect((await caseNow(sent.id)).timeline.some(({ text }) => text.includes('清点'))).toBe(false)
  })

  test('ORD-06 goods that the platform pays back without a look, or a refund of the whole order, wait to be counted', async () => {
    const platform = await s.app.platformStaff()
    const order = await received(2)
    const lines = [{ line: 0, quantity: 1 }]
    const [ruled, overtaken] = [await apply(order, { ...back, lines }), await apply(order, { ...back, lines })]
    await approve(ruled.id, overtaken.id)
    for (const each of [ruled, overtaken]) await sendBack(each.id)
    await reject(ruled.id, '没有收到')
    await dispute(ruled.id)
    const ruling = { outcome: 'refund', reason: '物流显示已签收' } as const
    await platform.call('platform.ruleAftersale', { params: { ...s.at(), caseId: ruled.id }, body: ruling })
    await s.app.settle()
    await s.shop.owner
      .call('console.refundUnits', {
        ...{ params: s.key(order), idempotencyKey: newKey() },
        body: { reasonCode: 'price', lines },
      })
      .then(
        () => expect.unreachable('the unit is in an open case'),
        (error) => expect(error).toMatchObject({ code: 'VALIDATION_FAILED' }),
      )
    const { items } = await s.shop.owner.call('console.aftersales', { params: s.at(), query: { toCount: 'true' } })
    expect(items.map(({ id }) => id)).toEqual([ruled.id])
    await inspect(overtaken.id, [{ line: 0, restock: 1, scrap: 0 }])
    await s.app.settle()
    expect((await s.staffCase(overtaken.id)).toCountAt).toBeNull()
  })

  test('ORD-06 receipt waits for a case; the order is received when it would have been after it', async () => {
    const order = await paid([[s.cup.skuIds[0]!, 1]])
    await ship(order)
    const before = (await orderNow(order)).autoReceiveAt!
    const made = await apply(order, { ...back, lines: [{ line: 0, quantity: 1 }] })
    expect(Date.parse((await orderNow(order)).autoReceiveAt!)).toBeGreaterThan(Date.parse(before))
    await cancel(made.id)
    expect((await orderNow(order)).autoReceiveAt).toBe(before)
  })
})

describe('exchanges', () => {
  const swap = (at: number) => ({
    ...({ type: 'exchange', reasonCode: 'wrong-size' } as const),
    lines: [{ line: 0, quantity: 1, exchangeSkuId: s.cup.skuIds[at]! }],
  })

  test('ORD-06 the replacement is kept at once, leaves after inspection, and the case ends with its arrival', async () => {
    const order = await received()
    await expect(apply(order, swap(2))).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
    const made = await apply(order, swap(1))
    expect(made).toMatchObject({ amountFen: 0, lines: [{ exchangeOptions: '2 号' }] })
    await approve(made.id)
    expect(await s.stockOf(s.cup.skuIds[1]!)).toMatchObject({ available: 9, committed: 1 })
    await sendBack(made.id)
    await inspect(made.id, [{ line: 0, restock: 1, scrap: 0 }])
    const params = { ...s.at(), caseId: made.id }
    const body = { carrierCode: 'YTO', trackingNo: 'YT190000000001' } as const
    const sent = await Promise.allSettled(
      [1, 2, 3].map(() => s.shop.owner.call('console.resendAftersale', { params, body })),
    )
    expect(sent.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await s.stockOf(s.cup.skuIds[1]!)).toMatchObject({ available: 9, committed: 0 })
    await s.buyer.call('aftersale.confirm', { params })
    await s.app.settle()
    expect(await caseNow(made.id)).toMatchObject({ state: 'done', refundedFen: 0, lines: [{ restocked: 1 }] })
    expect(await orderNow(order)).toMatchObject({ refundedFen: 0 })
  })

  test('ORD-06 the last replacement goes to one case; what was kept is for sale again when a case closes', async () => {
    const few = await s.app.product(s.shop, { pricesFen: [PRICE_FEN, PRICE_FEN], stock: 3 })
    const orders = await Promise.all([1, 2, 3].map(() => paid([[few.skuIds[0]!, 1]])))
    await s.shop.owner.call('console.adjustStock', {
      ...{ params: s.at(), idempotencyKey: newKey() },
      body: {
        warehouseId: (await s.shop.owner.call('console.warehouses', { params: s.at() })).items[0]!.id,
        ...{ reason: 'damage', lines: [{ skuId: few.skuIds[1]!, quantity: -2 }] },
      },
    })
    const cases = []
    for (const order of orders) {
      await ship(order)
      await receive(order)
      const lines = [{ line: 0, quantity: 1, exchangeSkuId: few.skuIds[1]! }]
      cases.push(await apply(order, { type: 'exchange', reasonCode: 'wrong-size', lines }))
    }
    const agreed = await Promise.all(cases.map(({ id }) => approve(id)))
    expect(agreed.reduce((sum, { approved }) => sum + approved, 0)).toBe(1)
    expect(agreed.flatMap(({ refused }) => refused)[0]!.reason).toContain('库存')
    const won = cases[agreed.findIndex(({ approved }) => approved === 1)]!
    expect(await s.stockOf(few.skuIds[1]!)).toMatchObject({ available: 0, committed: 1 })
    await cancel(won.id)
    expect(await s.stockOf(few.skuIds[1]!)).toMatchObject({ available: 1, committed: 0 })
  })
})

describe('disputes', () => {
  test('ORD-06 refused, disputed, ruled for the buyer with less; the shop cannot undo it and the rest is left', async () => {
    const platform = await s.app.platformStaff()
    const order = await received()
    const made = await apply(order, { ...back, lines: [{ line: 0, quantity: 1 }] })
    await expect(dispute(made.id)).rejects.toMatchObject({ code: 'CONFLICT' })
    await reject(made.id, '已影响二次销售')
    await dispute(made.id)
    const params = { ...s.at(), caseId: made.id }
    expect((await platform.call('platform.aftersales', {})).items.map(({ id }) => id)).toContain(made.id)
    const rule = (amountFen: number) =>
      platform.call('platform.ruleAftersale', {
        params,
        body: { outcome: 'refund', amountFen, reason: '双方各担一半' },
      })
    await expect(rule(PRICE_FEN + 1)).rejects.toMatchObject({ code: 'REFUND_TOO_LARGE' })
    const rulings = await Promise.allSettled([1, 2, 3].map(() => rule(2000)))
    expect(rulings.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await approve(made.id)).approved).toBe(0)
    await s.app.settle()
    expect(await caseNow(made.id)).toMatchObject({ state: 'done', refundedFen: 2000 })
    expect(await orderNow(order)).toMatchObject({ refundedFen: 2000, state: 'completed' })
    const { items } = await platform.call('platform.aftersales', { query: { ruled: 'true' } })
    expect(items[0]).toMatchObject({ id: made.id, state: 'done' })
  })

  test('ORD-06 the platform sees nothing that was not brought before it; without an address silence goes there', async () => {
    const platform = await s.app.platformStaff()
    const order = await received()
    const made = await apply(order, { ...back, lines: [{ line: 0, quantity: 1 }] })
    const params = { ...s.at(), caseId: made.id }
    await expect(platform.call('platform.aftersale', { params })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await s.shop.owner.call('console.saveReturnAddresses', { params: s.at(), body: { version: 1, addresses: [] } })
    await s.days(2)
    expect(await caseNow(made.id)).toMatchObject({ state: 'disputed', turn: 'platform' })
    const again = await s.app.platformStaff()
    await again.call('platform.ruleAftersale', { params, body: { outcome: 'reject', reason: '超过七天' } })
    expect(await caseNow(made.id)).toMatchObject({ state: 'closed' })
  })
})

test('ORD-06 WeChat closes the refund of a whole order: it is asked for again, and arrives once', async () => {
  s.app.sim.settings({ refund_delay_ms: 30_000 })
  const order = await paid([[s.cup.skuIds[0]!, 1]])
  const made = await apply(order, { type: 'refund', reasonCode: 'not-wanted', lines: [{ line: 0, quantity: 1 }] })
  await s.app.settle()
  const [refund] = (await orderNow(order)).refunds
  s.app.sim.decideRefund(refund!.outRefundNo, 'CLOSED')
  await s.app.advance(60_000)
  expect(await orderNow(order)).toMatchObject({ state: 'awaiting-shipment' })
  expect(await caseNow(made.id)).toMatchObject({ state: 'refunding' })
  await s.app.advance(11 * 60_000)
  await s.app.advance(60_000)
  expect(await caseNow(made.id)).toMatchObject({ state: 'done', refundedFen: order.totalFen })
  expect(await orderNow(order)).toMatchObject({ state: 'refunded', refundedFen: order.totalFen })
  s.app.sim.settings({ refund_delay_ms: 0 })
})
