import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../apps/server/src/kernel/db.ts'
import { type PlacedOrder, startTestApp, type TestApp, type TestBuyer, type TestShop } from './support/app.ts'
import { newKey, type Visitor } from './support/http.ts'
import { type Letter, type Postman, startPostman } from './support/postman.ts'

const PRICE_FEN = 4990
const STOCK = 50
const MINUTE_MS = 60_000
const NO_MERCHANT = Object.fromEntries(
  ['MCHID', 'MERCHANT_SERIAL', 'MERCHANT_PRIVATE_KEY', 'APIV3_KEY', 'PUBLIC_KEY_ID', 'PUBLIC_KEY'].map((name) => [
    `WECHAT_PAY_${name}`,
    '',
  ]),
)

let app: TestApp
let postman: Postman
let shop: TestShop
let buyer: TestBuyer
let skuId: string
let order: PlacedOrder
let at: { shopId: string; orderId: string }
beforeAll(async () => {
  postman = await startPostman()
  app = await startTestApp({ env: { PUBLIC_URL: postman.url } })
  postman.target = app.url
})
afterAll(async () => {
  await app?.close()
  await postman?.close()
})

beforeEach(async () => {
  postman.letters.length = 0
  shop = await app.openTestShop()
  buyer = await app.buyer()
  skuId = (await app.product(shop, { pricesFen: [PRICE_FEN], stock: STOCK })).skuIds[0]!
  order = await app.order(buyer, shop.shopId, [[skuId, 2]])
  at = { shopId: shop.shopId, orderId: order.orderId }
})
afterEach(async () => {
  postman.isLosing = false
  app.sim.clearFaults()
  app.sim.settings({ refund_delay_ms: 0, signature_probes: 0 })
  await app.settle()
  expect((await app.audit()).deviations).toEqual([])
})

const orderNow = () => buyer.call('orders.get', { params: at })
const start = (method: 'mini' | 'jsapi' | 'h5' | 'native', by: Visitor = buyer) =>
  by.call('payments.start', { params: at, body: { method } })
const payNotices = () => postman.letters.filter((letter) => letter.path.endsWith('/notify'))

async function stockNow() {
  const { items } = await shop.owner.call('console.stock', { params: { shopId: shop.shopId } })
  const { available, reserved, committed } = items.find((each) => each.skuId === skuId)!
  return { available, reserved, committed }
}

/** What the books say was paid for the order and not given back. */
async function moneyNow(): Promise<number> {
  const { paidFen, refundedFen } = await orderNow()
  return paidFen - refundedFen
}

async function ship(): Promise<void> {
  const body = { carrierCode: 'ZTO', trackingNo: `ZT${Date.now()}` } as const
  await shop.owner.call('console.shipOrder', { params: at, idempotencyKey: newKey(), body })
}

const requestRefund = () =>
  buyer.call('orders.requestRefund', { params: at, idempotencyKey: newKey(), body: { reason: '不想要了' } })

describe('paying', () => {
  test('PAY-01 in the mini program: the signed notification marks the order paid', async () => {
    const { jsapi, amountFen, expiresAt } = await start('mini')
    expect([amountFen, expiresAt]).toEqual([order.totalFen, (await orderNow()).payBefore])
    app.sim.pay({ request: jsapi!, person: buyer.person, action: 'confirm' })
    await app.sim.settle()
    const paid = await orderNow()
    expect(paid).toMatchObject({
      state: 'awaiting-shipment',
      paidFen: order.totalFen,
      payments: [{ state: 'paid', method: 'mini' }],
    })
    expect(payNotices()).toHaveLength(1)
    expect(paid.payments[0]!.transactionId).toBe(app.sim.order(paid.payments[0]!.outTradeNo)!.transaction_id)
    expect(await stockNow()).toEqual({ available: STOCK - 2, reserved: 0, committed: 2 })
  })

  test('PAY-01 in WeChat’s browser (JSAPI), for a buyer who came through the web', async () => {
    const browser = app.visitor()
    const begin = new URL((await browser.ask('/api/auth/wechat/web')).headers.get('location')!)
    begin.searchParams.set('person', buyer.person)
    const back = new URL((await app.visitor().ask(begin.href)).headers.get('location')!)
    await browser.ask(back.pathname + back.search)
    const { jsapi } = await start('jsapi', browser)
    expect(jsapi!.appId).toBe(app.sim.credentials.env.WECHAT_MP_APPID)
    app.sim.pay({ request: jsapi!, person: buyer.person, action: 'confirm' })
    await app.sim.settle()
    expect((await orderNow()).state).toBe('awaiting-shipment')
  })

  test('PAY-01 in a phone’s browser (H5), by somebody else than the buyer', async () => {
    const { h5Url } = await buyer.call('payments.start', { params: at, body: { method: 'h5', returnTo: '/orders' } })
    expect(new URL(h5Url!).searchParams.get('redirect_url')).toBe(`${postman.url}/orders`)
    app.sim.pay({ h5_url: h5Url!, person: '周大海', action: 'confirm' })
    await app.sim.settle()
    expect((await orderNow()).state).toBe('awaiting-shipment')
  })

  test('PAY-01 by scanning a code on a desk (Native)', async () => {
    const { codeUrl, qrSvg } = await start('native')
    expect(qrSvg).toContain('<svg')
    app.sim.pay({ code_url: codeUrl!, person: buyer.person, action: 'confirm' })
    await app.sim.settle()
    expect((await orderNow()).state).toBe('awaiting-shipment')
  })

  test('PAY-01 a payment that was begun goes on under its number, another method closes it first', async () => {
    const [first, again] = [await start('mini'), await start('mini')]
    expect(again.paymentId).toBe(first.paymentId)
    const native = await start('native')
    expect(native.paymentId).not.toBe(first.paymentId)
    const [open, closed] = (await orderNow()).payments
    expect([open!.state, closed!.state]).toEqual(['pending', 'closed'])
    expect(app.sim.order(closed!.outTradeNo)!.state).toBe('CLOSED')
    expect(() => app.sim.pay({ request: first.jsapi!, person: buyer.person, action: 'confirm' })).toThrow()
  })

  test('PAY-01 a buyer who cancels on the phone can still pay', async () => {
    const { jsapi } = await start('mini')
    expect(app.sim.pay({ request: jsapi!, person: buyer.person, action: 'refuse' }).result).toBe('cancel')
    expect(await buyer.call('payments.status', { params: at })).toMatchObject({
      state: 'pending',
      orderState: 'awaiting-payment',
    })
    await app.pay(buyer, order)
    await app.settle()
    expect((await orderNow()).state).toBe('awaiting-shipment')
  })

  test('PAY-01 without a merchant account paying says what to set', async () => {
    const bare = await startTestApp({ clickhouse: false, env: NO_MERCHANT })
    try {
      const [itsShop, itsBuyer] = [await bare.openTestShop(), await bare.buyer()]
      const goods = await bare.product(itsShop)
      const placed = await bare.order(itsBuyer, itsShop.shopId, [[goods.skuIds[0]!, 1]])
      const params = { shopId: itsShop.shopId, orderId: placed.orderId }
      const refused = itsBuyer.call('payments.start', { params, body: { method: 'native' } })
      await expect(refused).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: expect.stringContaining('WECHAT_PAY_MCHID'),
      })
    } finally {
      await bare.close()
    }
  })
})

describe('news that is lost, late, double or false', () => {
  test('PAY-01 a lost notification is made up for by the buyer’s question', async () => {
    postman.isLosing = true
    await app.pay(buyer, order)
    await app.sim.settle()
    expect((await orderNow()).state).toBe('awaiting-payment')
    expect(await buyer.call('payments.status', { params: at })).toMatchObject({
      state: 'paid',
      orderState: 'awaiting-shipment',
    })
  })

  test('PAY-01 a lost notification is made up for by the sweeper when nobody asks', async () => {
    postman.isLosing = true
    await app.pay(buyer, order)
    await app.sim.settle()
    await app.advance(2 * MINUTE_MS)
    expect((await orderNow()).state).toBe('awaiting-shipment')
  })

  test('PAY-01 the same notification many times, at once and later, counts once', async () => {
    await app.pay(buyer, order)
    await app.sim.settle()
    const [letter] = payNotices() as [Letter]
    expect(await Promise.all(Array.from({ length: 8 }, () => postman.deliver(letter)))).toEqual(Array(8).fill(200))
    await app.sim.resend(app.sim.notifications((await orderNow()).payments[0]!.outTradeNo)[0]!.id)
    await app.settle()
    expect(await orderNow()).toMatchObject({ state: 'awaiting-shipment', paidFen: order.totalFen, refunds: [] })
    expect(await stockNow()).toEqual({ available: STOCK - 2, reserved: 0, committed: 2 })
    expect((await orderNow()).timeline.filter((entry) => entry.event.includes('paid'))).toHaveLength(1)
  })

  test('PAY-01 notifications, questions and sweepers that come at the same moment count once', async () => {
    postman.isLosing = true
    await app.pay(buyer, order)
    await app.sim.settle()
    postman.isLosing = false
    const [letter] = payNotices() as [Letter]
    app.clock.advance(2 * MINUTE_MS)
    await Promise.all([
      postman.deliver(letter),
      buyer.call('payments.status', { params: at }),
      app.app.payments.sweepPayments(),
      postman.deliver(letter),
      buyer.call('payments.status', { params: at }),
    ])
    await app.settle()
    expect(await orderNow()).toMatchObject({ state: 'awaiting-shipment', paidFen: order.totalFen, refunds: [] })
  })

  test('PAY-01 news of the payment that comes after the refund’s changes nothing', async () => {
    postman.isLosing = true
    await app.pay(buyer, order)
    await app.sim.settle()
    await buyer.call('payments.status', { params: at })
    await requestRefund()
    await app.settle()
    await app.advance(5 * MINUTE_MS)
    postman.isLosing = false
    for (const letter of [...postman.letters].reverse()) expect(await postman.deliver(letter)).toBe(200)
    expect(await orderNow()).toMatchObject({ state: 'refunded', refundedFen: order.totalFen })
    expect(await moneyNow()).toBe(0)
  })

  test('PAY-01 SYS-03 a forged, changed or foreign notification is refused and changes nothing', async () => {
    postman.isLosing = true
    await app.pay(buyer, order)
    await app.sim.settle()
    const [letter] = payNotices() as [Letter]
    const signature = letter.headers['wechatpay-signature']!
    const wrong: Letter[] = [
      { ...letter, headers: { ...letter.headers, 'wechatpay-signature': `${signature.slice(0, -8)}AAAAAAA=` } },
      { ...letter, headers: { ...letter.headers, 'wechatpay-signature': '' } },
      { ...letter, headers: { ...letter.headers, 'wechatpay-serial': 'PUB_KEY_ID_0000000000' } },
      { ...letter, headers: { ...letter.headers, 'wechatpay-nonce': 'another' } },
      {
        ...letter,
        headers: {
          ...letter.headers,
          'wechatpay-timestamp': String(Number(letter.headers['wechatpay-timestamp']) - 86_400),
        },
      },
      { ...letter, body: letter.body.replace('支付成功', '支付成功!') },
      { ...letter, body: '{}' },
      { ...letter, body: '' },
    ]
    for (const each of wrong) expect([401, 400]).toContain(await postman.deliver(each))
    const other = await app.openTestShop()
    await postman.deliver({ ...letter, path: letter.path.replace(shop.shopId, other.shopId) })
    expect((await orderNow()).state).toBe('awaiting-payment')
    expect(await postman.deliver(letter)).toBe(200)
    expect((await orderNow()).state).toBe('awaiting-shipment')
  })

  test('PAY-01 WeChat’s probe with a wrong signature is refused, as it demands, and the real one is taken', async () => {
    app.sim.settings({ signature_probes: 1 })
    await app.pay(buyer, order)
    await app.settle()
    const [notice] = app.sim.notifications((await orderNow()).payments[0]!.outTradeNo)
    expect(notice!.log.map((attempt) => [attempt.kind, attempt.status])).toEqual([
      ['probe', 401],
      ['delivery', 200],
    ])
    expect((await orderNow()).state).toBe('awaiting-shipment')
  })
})

describe('money that an order cannot take', () => {
  test('PAY-01 ORD-02 paid at WeChat while the order was cancelled: it goes back by itself', async () => {
    postman.isLosing = true
    await app.pay(buyer, order)
    await app.sim.settle()
    await buyer.call('orders.cancel', { params: at, body: {} })
    postman.isLosing = false
    expect(await postman.deliver(payNotices()[0]!)).toBe(200)
    await app.settle()
    await app.advance(5 * MINUTE_MS)
    const now = await orderNow()
    expect(now).toMatchObject({
      state: 'cancelled',
      refunds: [{ state: 'succeeded', amountFen: order.totalFen, requestedBy: 'system' }],
    })
    expect(app.sim.refunds().filter((refund) => refund.out_trade_no === now.payments[0]!.outTradeNo)).toMatchObject([
      { amount: order.totalFen, status: 'SUCCESS' },
    ])
    expect(await stockNow()).toEqual({ available: STOCK, reserved: 0, committed: 0 })
  })

  test('PAY-01 ORD-02 two ways to pay that are begun at once: only one of them can be paid', async () => {
    const begun = await Promise.allSettled([start('mini'), start('native')])
    const ways = begun.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
    const paid = ways.filter(({ jsapi, codeUrl }) => {
      try {
        const way = jsapi ? { request: jsapi } : { code_url: codeUrl! }
        return app.sim.pay({ ...way, person: buyer.person, action: 'confirm' }).result === 'ok'
      } catch {
        return false
      }
    })
    expect(paid).toHaveLength(1)
    await app.settle()
    expect(await orderNow()).toMatchObject({ state: 'awaiting-shipment', paidFen: order.totalFen, refunds: [] })
  })

  test('PAY-01 ORD-02 paid a second time, by an attempt that we had given up and WeChat had not: that one goes back', async () => {
    const mini = await start('mini')
    await app.app.db.tx('system', (tx) =>
      tx.exec(sql`update payments set state = 'closed' where id = ${mini.paymentId}`),
    )
    const native = await start('native')
    expect(mini.paymentId).not.toBe(native.paymentId)
    app.sim.pay({ request: mini.jsapi!, person: buyer.person, action: 'confirm' })
    app.sim.pay({ code_url: native.codeUrl!, person: '周大海', action: 'confirm' })
    await app.settle()
    await app.advance(5 * MINUTE_MS)
    const now = await orderNow()
    expect(now.state).toBe('awaiting-shipment')
    expect(now.payments.map((each) => each.state)).toEqual(['paid', 'paid'])
    expect(now.refunds).toMatchObject([{ state: 'succeeded', amountFen: order.totalFen, requestedBy: 'system' }])
    expect(await stockNow()).toEqual({ available: STOCK - 2, reserved: 0, committed: 2 })
  })

  test('ORD-01 PAY-01 an order that nobody pays is closed at WeChat, and its stock is released once', async () => {
    const { jsapi } = await start('mini')
    expect(await stockNow()).toEqual({ available: STOCK - 2, reserved: 2, committed: 0 })
    await app.advance(31 * MINUTE_MS)
    const now = await orderNow()
    expect(now).toMatchObject({ state: 'cancelled', payments: [{ state: 'closed' }] })
    expect(app.sim.order(now.payments[0]!.outTradeNo)!.state).toBe('CLOSED')
    expect(() => app.sim.pay({ request: jsapi!, person: buyer.person, action: 'confirm' })).toThrow()
    await Promise.all([app.app.orders.cancelDueOrders(), app.app.orders.cancelDueOrders(), app.advance(MINUTE_MS)])
    expect(await stockNow()).toEqual({ available: STOCK, reserved: 0, committed: 0 })
    const { items } = await shop.owner.call('console.movements', { params: { shopId: shop.shopId }, query: { skuId } })
    expect(items.filter((each) => each.reason === 'release').map((each) => each.quantity)).toEqual([2])
    await expect(start('mini')).rejects.toMatchObject({ code: 'ORDER_STATE' })
  })

  test('ORD-02 PAY-01 the payment that comes in the moment of the time-out is taken, or goes back whole', async () => {
    postman.isLosing = true
    await app.pay(buyer, order)
    await app.sim.settle()
    postman.isLosing = false
    app.clock.advance(30 * MINUTE_MS + 1)
    const letter = payNotices()[0]!
    await Promise.all([app.app.orders.cancelDueOrders(), postman.deliver(letter), app.app.orders.cancelDueOrders()])
    await app.settle()
    await app.advance(10 * MINUTE_MS)
    const now = await orderNow()
    expect(['awaiting-shipment', 'cancelled']).toContain(now.state)
    const isTaken = now.state === 'awaiting-shipment'
    expect(await stockNow()).toEqual({
      available: isTaken ? STOCK - 2 : STOCK,
      reserved: 0,
      committed: isTaken ? 2 : 0,
    })
    expect(now.refunds.map((refund) => refund.state)).toEqual(isTaken ? [] : ['succeeded'])
  })
})

describe('giving money back', () => {
  beforeEach(async () => {
    await app.pay(buyer, order)
    await app.settle()
  })

  test('PAY-01 ORD-01 the whole order, asked for by the buyer before it ships', async () => {
    expect((await requestRefund()).state).toBe('refunding')
    await app.settle()
    expect(await orderNow()).toMatchObject({
      state: 'refunded',
      refundedFen: order.totalFen,
      refunds: [{ state: 'succeeded', requestedBy: 'buyer' }],
    })
    expect(app.sim.messages(buyer.person).map((message) => message.title)).toContain('退款到账通知')
    expect(await stockNow()).toEqual({ available: STOCK, reserved: 0, committed: 0 })
  })

  test('PAY-01 ORD-01 the whole order, by the merchant after it has shipped', async () => {
    await ship()
    await expect(requestRefund()).rejects.toMatchObject({ code: 'ORDER_STATE' })
    await shop.owner.call('console.refundOrder', { params: at, idempotencyKey: newKey(), body: { reason: '快递丢件' } })
    await app.settle()
    expect(await orderNow()).toMatchObject({
      state: 'refunded',
      refunds: [{ state: 'succeeded', requestedBy: 'merchant', reason: '快递丢件' }],
    })
    expect(await moneyNow()).toBe(0)
  })

  test('PAY-01 asked for many times at once, by both sides, it is given back once', async () => {
    const byMerchant = () =>
      shop.owner.call('console.refundOrder', { params: at, idempotencyKey: newKey(), body: { reason: '缺货' } })
    const outcomes = await Promise.allSettled([
      requestRefund(),
      byMerchant(),
      requestRefund(),
      byMerchant(),
      requestRefund(),
    ])
    expect(outcomes.filter((each) => each.status === 'fulfilled')).toHaveLength(1)
    await app.settle()
    expect((await orderNow()).refunds).toHaveLength(1)
    expect(await moneyNow()).toBe(0)
  })

  test('PAY-01 a refund that WeChat cannot make puts the order back, and can be asked for again', async () => {
    app.sim.settings({ refund_delay_ms: 30_000 })
    await requestRefund()
    await app.settle()
    const { refunds } = await orderNow()
    expect(app.sim.decideRefund(refunds[0]!.outRefundNo, 'CLOSED')).toBe(true)
    await app.advance(MINUTE_MS)
    expect(await orderNow()).toMatchObject({
      state: 'awaiting-shipment',
      refundedFen: 0,
      refunds: [{ state: 'failed' }],
    })
    app.sim.settings({ refund_delay_ms: 0 })
    await requestRefund()
    await app.settle()
    expect((await orderNow()).state).toBe('refunded')
    expect(await moneyNow()).toBe(0)
  })
})

describe('stopped between the intent and the answer', () => {
  test.each(['drop', 'drop_after'] as const)(
    'PAY-01 of beginning a payment (%s): the next try goes on under the same number',
    async (kind) => {
      app.sim.fault({ path: '/v3/pay/transactions/jsapi', kind, times: 5 })
      await expect(start('mini')).rejects.toMatchObject({ code: 'PAYMENT_REFUSED' })
      app.sim.clearFaults()
      await app.restart()
      await app.pay(buyer, order)
      await app.settle()
      expect(await orderNow()).toMatchObject({ state: 'awaiting-shipment', payments: [{ state: 'paid' }] })
    },
  )

  test('PAY-01 of beginning a payment that nobody goes on with: it is closed with the order', async () => {
    app.sim.fault({ path: '/v3/pay/transactions/jsapi', kind: 'drop', times: 5 })
    await expect(start('mini')).rejects.toMatchObject({ code: 'PAYMENT_REFUSED' })
    app.sim.clearFaults()
    await app.restart()
    await app.advance(40 * MINUTE_MS)
    expect(await orderNow()).toMatchObject({ state: 'cancelled', payments: [{ state: 'closed' }] })
    expect(await stockNow()).toEqual({ available: STOCK, reserved: 0, committed: 0 })
  })

  test.each(['drop', 'drop_after', 'refuse', 'bad_signature'] as const)(
    'PAY-01 of a refund (%s): a fresh program finishes it, and WeChat makes it once',
    async (kind) => {
      await app.pay(buyer, order)
      await app.settle()
      app.sim.fault({ path: '/v3/refund/domestic/refunds', method: 'POST', kind, times: 3 })
      postman.isLosing = true
      await requestRefund()
      await app.settle()
      await app.restart()
      postman.isLosing = false
      for (let n = 0; n < 8; n++) await app.advance(10 * MINUTE_MS)
      const now = await orderNow()
      expect(now).toMatchObject({ state: 'refunded', refunds: [{ state: 'succeeded' }] })
      expect(app.sim.refunds().filter((refund) => refund.out_trade_no === now.payments[0]!.outTradeNo)).toHaveLength(1)
      expect(await moneyNow()).toBe(0)
    },
  )

  test('PAY-01 of the answer to the notification: WeChat sends it again to a fresh program', async () => {
    postman.isLosing = true
    await app.pay(buyer, order)
    await app.sim.settle()
    await app.restart()
    postman.isLosing = false
    app.clock.advance(15_000)
    await app.sim.settle()
    expect((await orderNow()).state).toBe('awaiting-shipment')
  })
})

describe('telling WeChat what was shipped', () => {
  beforeEach(async () => {
    await app.pay(buyer, order)
    await app.settle()
  })

  test('PAY-01 ORD-04 shipping information is uploaded, and the console says so', async () => {
    await ship()
    await app.settle()
    expect((await orderNow()).shipments).toMatchObject([{ reportedToWechat: 'accepted' }])
  })

  test('PAY-01 ORD-04 it is tried again while WeChat is down', async () => {
    app.sim.fault({ path: '/wxa/sec/order/upload_shipping_info', kind: 'drop', times: 3 })
    await ship()
    await app.settle()
    expect((await orderNow()).shipments).toMatchObject([{ reportedToWechat: 'pending' }])
    await app.restart()
    for (let n = 0; n < 6; n++) await app.advance(10 * MINUTE_MS)
    expect((await orderNow()).shipments).toMatchObject([{ reportedToWechat: 'accepted' }])
  })

  test('PAY-01 ORD-04 parcels of one order are told one by one', async () => {
    const parcel = (trackingNo: string) =>
      shop.owner.call('console.shipOrder', {
        params: at,
        idempotencyKey: newKey(),
        body: { carrierCode: 'SF', trackingNo, lines: [{ skuId, quantity: 1 }] },
      })
    await parcel('SF0000000001')
    await app.settle()
    await parcel('SF0000000002')
    await app.settle()
    const now = await orderNow()
    expect(now.state).toBe('shipped')
    expect(now.shipments.map((each) => each.reportedToWechat)).toEqual(['accepted', 'accepted'])
  })
})
