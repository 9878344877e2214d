import { beforeEach, describe, expect, test } from 'vitest'
import { newKey } from './support/http.ts'
import { MINUTE_MS, payingScene, STOCK } from './support/paying.ts'

const scene = payingScene()

describe('giving money back', () => {
  beforeEach(async () => {
    await scene.app.pay(scene.buyer, scene.order)
    await scene.app.settle()
  })

  test('PAY-01 ORD-01 the whole order, asked for by the buyer before it ships', async () => {
    expect((await scene.requestRefund()).state).toBe('refunding')
    await scene.app.settle()
    expect(await scene.orderNow()).toMatchObject({
      state: 'refunded',
      refundedFen: scene.order.totalFen,
      refunds: [{ state: 'succeeded', requestedBy: 'buyer' }],
    })
    expect(scene.app.sim.messages(scene.buyer.person).map((message) => message.title)).toContain('退款到账通知')
    expect(await scene.stockNow()).toEqual({ available: STOCK, reserved: 0, committed: 0 })
  })

  test('PAY-01 ORD-01 the whole order, by the merchant after it has shipped', async () => {
    await scene.ship()
    await expect(scene.requestRefund()).rejects.toMatchObject({ code: 'ORDER_STATE' })
    await scene.shop.owner.call('console.refundOrder', {
      params: scene.at,
      idempotencyKey: newKey(),
      body: { reason: '快递丢件' },
    })
    await scene.app.settle()
    expect(await scene.orderNow()).toMatchObject({
      state: 'refunded',
      refunds: [{ state: 'succeeded', requestedBy: 'merchant', reason: '快递丢件' }],
    })
    expect(await scene.moneyNow()).toBe(0)
  })

  test('PAY-01 asked for many times at once, by both sides, it is given back once', async () => {
    const byMerchant = () =>
      scene.shop.owner.call('console.refundOrder', {
        params: scene.at,
        idempotencyKey: newKey(),
        body: { reason: '缺货' },
      })
    const outcomes = await Promise.allSettled([
      scene.requestRefund(),
      byMerchant(),
      scene.requestRefund(),
      byMerchant(),
      scene.requestRefund(),
    ])
    expect(outcomes.filter((each) => each.status === 'fulfilled')).toHaveLength(1)
    await scene.app.settle()
    expect((await scene.orderNow()).refunds).toHaveLength(1)
    expect(await scene.moneyNow()).toBe(0)
  })

  test('PAY-01 a refund that WeChat cannot make puts the order back, and can be asked for again', async () => {
    scene.app.sim.settings({ refund_delay_ms: 30_000 })
    await scene.requestRefund()
    await scene.app.settle()
    const { refunds } = await scene.orderNow()
    expect(scene.app.sim.decideRefund(refunds[0]!.outRefundNo, 'CLOSED')).toBe(true)
    await scene.app.advance(MINUTE_MS)
    expect(await scene.orderNow()).toMatchObject({
      state: 'awaiting-shipment',
      refundedFen: 0,
      refunds: [{ state: 'failed' }],
    })
    scene.app.sim.settings({ refund_delay_ms: 0 })
    await scene.requestRefund()
    await scene.app.settle()
    expect((await scene.orderNow()).state).toBe('refunded')
    expect(await scene.moneyNow()).toBe(0)
  })
})

describe('stopped between the intent and the answer', () => {
  test.each(['drop', 'drop_after'] as const)(
    'PAY-01 of beginning a payment (%s): the next try goes on under the same number',
    async (kind) => {
      scene.app.sim.fault({ path: '/v3/pay/transactions/jsapi', kind, times: 5 })
      await expect(scene.start('mini')).rejects.toMatchObject({ code: 'PAYMENT_REFUSED' })
      scene.app.sim.clearFaults()
      await scene.app.restart()
      await scene.app.pay(scene.buyer, scene.order)
      await scene.app.settle()
      expect(await scene.orderNow()).toMatchObject({ state: 'awaiting-shipment', payments: [{ state: 'paid' }] })
    },
  )

  test('PAY-01 of beginning a payment that nobody goes on with: it is closed with the order', async () => {
    scene.app.sim.fault({ path: '/v3/pay/transactions/jsapi', kind: 'drop', times: 5 })
    await expect(scene.start('mini')).rejects.toMatchObject({ code: 'PAYMENT_REFUSED' })
    scene.app.sim.clearFaults()
    await scene.app.restart()
    await scene.app.advance(40 * MINUTE_MS)
    expect(await scene.orderNow()).toMatchObject({ state: 'cancelled', payments: [{ state: 'closed' }] })
    expect(await scene.stockNow()).toEqual({ available: STOCK, reserved: 0, committed: 0 })
  })

  test.each(['drop', 'drop_after', 'refuse', 'bad_signature'] as const)(
    'PAY-01 of a refund (%s): a fresh program finishes it, and WeChat makes it once',
    async (kind) => {
      await scene.app.pay(scene.buyer, scene.order)
      await scene.app.settle()
      scene.app.sim.fault({ path: '/v3/refund/domestic/refunds', method: 'POST', kind, times: 3 })
      scene.postman.isLosing = true
      await scene.requestRefund()
      await scene.app.settle()
      await scene.app.restart()
      scene.postman.isLosing = false
      for (let n = 0; n < 8; n++) await scene.app.advance(10 * MINUTE_MS)
      const now = await scene.orderNow()
      expect(now).toMatchObject({ state: 'refunded', refunds: [{ state: 'succeeded' }] })
      expect(
        scene.app.sim.refunds().filter((refund) => refund.out_trade_no === now.payments[0]!.outTradeNo),
      ).toHaveLength(1)
      expect(await scene.moneyNow()).toBe(0)
    },
  )

  test('PAY-01 of the answer to the notification: WeChat sends it again to a fresh program', async () => {
    scene.postman.isLosing = true
    await scene.app.pay(scene.buyer, scene.order)
    await scene.app.sim.settle()
    await scene.app.restart()
    scene.postman.isLosing = false
    scene.app.clock.advance(15_000)
    await scene.app.sim.settle()
    expect((await scene.orderNow()).state).toBe('awaiting-shipment')
  })
})

describe('telling WeChat what was shipped', () => {
  beforeEach(async () => {
    await scene.app.pay(scene.buyer, scene.order)
    await scene.app.settle()
  })

  test('PAY-01 ORD-04 shipping information is uploaded, and the console says so', async () => {
    await scene.ship()
    await scene.app.settle()
    expect((await scene.orderNow()).shipments).toMatchObject([{ reportedToWechat: 'accepted' }])
  })

  test('PAY-01 ORD-04 it is tried again while WeChat is down', async () => {
    scene.app.sim.fault({ path: '/wxa/sec/order/upload_shipping_info', kind: 'drop', times: 3 })
    await scene.ship()
    await scene.app.settle()
    expect((await scene.orderNow()).shipments).toMatchObject([{ reportedToWechat: 'pending' }])
    await scene.app.restart()
    for (let n = 0; n < 6; n++) await scene.app.advance(10 * MINUTE_MS)
    expect((await scene.orderNow()).shipments).toMatchObject([{ reportedToWechat: 'accepted' }])
  })

  test('PAY-01 ORD-04 parcels of one order are told one by one', async () => {
    const parcel = (trackingNo: string) =>
      scene.shop.owner.call('console.shipOrder', {
        params: scene.at,
        idempotencyKey: newKey(),
        body: { carrierCode: 'SF', trackingNo, lines: [{ skuId: scene.skuId, quantity: 1 }] },
      })
    await parcel('SF0000000001')
    await scene.app.settle()
    await parcel('SF0000000002')
    await scene.app.settle()
    const now = await scene.orderNow()
    expect(now.state).toBe('shipped')
    expect(now.shipments.map((each) => each.reportedToWechat)).toEqual(['accepted', 'accepted'])
  })
})
