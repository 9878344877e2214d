import { describe, expect, test } from 'vitest'
import { newKey } from '../../../../../tests/support/http.ts'
import { MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts'
import { payStage } from './testing.ts'

const s = payStage()
const { start, orderNow, confirm, otherProcess } = s

describe('two records of one buyer', () => {
  test('PAY-01 ACC-03 payments and refunds follow the orders, and paying goes on', async () => {
    await s.admin.query(`delete from buyer_identities where kind = 'unionid'`)
    const web = s.app.visitor()
    const begin = new URL((await web.ask('/api/auth/wechat/web')).headers.get('location')!)
    begin.searchParams.set('person', s.buyer.person)
    const back = new URL((await s.app.visitor().ask(begin.href)).headers.get('location')!)
    await web.ask(back.pathname + back.search)
    const asWeb = { ...web, token: '', buyerId: (await web.call('buyer.me')).id, person: s.buyer.person }
    expect(asWeb.buyerId).not.toBe(s.buyer.buyerId)

    // One order of the web record is being refunded, another is about to be paid.
    const refunded = await s.app.order(asWeb, s.shop.shopId, [[s.skuId, 1]])
    const params = { shopId: s.shop.shopId, orderId: refunded.orderId }
    const { codeUrl } = await web.call('payments.start', { params, body: { method: 'native' } })
    confirm({ code_url: codeUrl })
    await s.app.settle()
    s.app.sim.settings({ refund_delay_ms: 30 * SECOND_MS })
    await web.call('orders.requestRefund', { params, idempotencyKey: newKey(), body: { reason: '重复' } })
    await s.app.settle()
    s.order = await s.app.order(asWeb, s.shop.shopId, [[s.skuId, 1]])
    s.at = { shopId: s.shop.shopId, orderId: s.order.orderId }
    await start('native', web)

    await s.app.visitor().call('auth.miniSignIn', { body: { code: s.app.sim.people.loginCode(s.buyer.person) } })
    s.app.clock.advance(5 * SECOND_MS)
    expect(await s.buyer.call('orders.get', { params })).toMatchObject({
      state: 'refunding',
      payments: [{ method: 'native', state: 'paid' }],
      refunds: [{ state: 'processing' }],
    })
    expect((await orderNow()).payments).toMatchObject([{ method: 'native', state: 'pending' }])
    await s.app.pay(s.buyer, s.order)
    await s.app.advance(5 * MINUTE_MS)
    expect(await orderNow()).toMatchObject({
      state: 'awaiting-shipment',
      payments: [
        { method: 'mini', state: 'paid' },
        { method: 'native', state: 'closed' },
      ],
    })
    expect(await s.buyer.call('payments.status', { params: s.at })).toMatchObject({ state: 'paid' })
    expect(await s.buyer.call('orders.get', { params })).toMatchObject({
      state: 'refunded',
      refunds: [{ state: 'succeeded' }],
    })
  })
})

describe('telling WeChat what was shipped', () => {
  const ship = () =>
    s.shop.owner.call('console.shipOrder', {
      params: s.at,
      idempotencyKey: newKey(),
      body: { carrierCode: 'ZTO', trackingNo: '7300012345678' },
    })

  test('PAY-01 ORD-04 the parcel is told under the payment that paid the order, not one that went back', async () => {
    const mini = await start('mini')
    // WeChat's answer to closing was believed, and the order stayed open there.
    await s.admin.query(`update payments set state = 'closed', check_at = null where order_id = $1`, [s.at.orderId])
    const native = await start('native')
    confirm({ request: mini.jsapi })
    await s.app.sim.settle()
    confirm({ code_url: native.codeUrl })
    await s.app.settle()
    await s.app.advance(5 * MINUTE_MS)
    const { payments, refunds } = await orderNow()
    expect(payments.map((each) => [each.method, each.state])).toEqual([
      ['native', 'paid'],
      ['mini', 'paid'],
    ])
    expect(refunds).toMatchObject([{ state: 'succeeded' }])
    expect((await s.buyer.call('payments.status', { params: s.at })).payment).toMatchObject({ method: 'mini' })
    s.app.sim.fault({ path: '/wxa/sec/order/upload_shipping_info', kind: 'drop' })
    await ship()
    await s.app.settle()
    expect((await orderNow()).shipments).toMatchObject([{ reportedToWechat: 'pending' }])
    s.app.clock.advance(10 * MINUTE_MS)
    const told: object[] = []
    const listening = otherProcess(
      {},
      { uploadShipping: async (input: { order: object }) => void told.push(input.order) },
    )
    expect(await listening.reportShipments()).toBe(1)
    expect(told).toEqual([{ transactionId: payments.find((each) => each.method === 'mini')!.transactionId }])
    expect((await orderNow()).shipments).toMatchObject([{ reportedToWechat: 'accepted' }])
  })

  test('PAY-01 ORD-04 without a mini program to tell it by nothing waits to be told', async () => {
    await s.app.pay(s.buyer, s.order)
    await s.app.settle()
    await ship()
    const { rows } = await s.admin.query(
      `select id, name, version, shop_id as "shopId", aggregate, aggregate_id as "aggregateId", payload, occurred_at as "occurredAt"
       from outbox_events where name = 'orders.order-shipped' and aggregate_id = $1`,
      [s.at.orderId],
    )
    expect(rows).toHaveLength(1)
    const [subscriber] = otherProcess({}, 'none').subscribers
    await s.app.app.db.tx('system', (tx) => subscriber!.handle(tx, rows))
    expect((await orderNow()).shipments).toMatchObject([{ reportedToWechat: 'not-needed' }])
    await s.app.settle()
    expect((await orderNow()).shipments).toMatchObject([{ reportedToWechat: 'accepted' }])
  })
})
