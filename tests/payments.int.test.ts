import { describe, expect, test } from 'vitest'
import { sql } from '../apps/server/src/kernel/db.ts'
import { startTestApp } from './support/app.ts'
import { MINUTE_MS, payingScene, STOCK } from './support/paying.ts'
import type { Letter } from './support/postman.ts'

const NO_MERCHANT = Object.fromEntries(
  ['MCHID', 'MERCHANT_SERIAL', 'MERCHANT_PRIVATE_KEY', 'APIV3_KEY', 'PUBLIC_KEY_ID', 'PUBLIC_KEY'].map((name) => [
    `WECHAT_PAY_${name}`,
    '',
  ]),
)

const scene = payingScene()

describe('paying', () => {
  test('PAY-01 in the mini program: the signed notification marks the order paid', async () => {
    const { jsapi, amountFen, expiresAt } = await scene.start('mini')
    expect([amountFen, expiresAt]).toEqual([scene.order.totalFen, (await scene.orderNow()).payBefore])
    scene.app.sim.pay({ request: jsapi!, person: scene.buyer.person, action: 'confirm' })
    await scene.app.sim.settle()
    const paid = await scene.orderNow()
    expect(paid).toMatchObject({
      state: 'awaiting-shipment',
      paidFen: scene.order.totalFen,
      payments: [{ state: 'paid', method: 'mini' }],
    })
    expect(scene.payNotices()).toHaveLength(1)
    expect(paid.payments[0]!.transactionId).toBe(scene.app.sim.order(paid.payments[0]!.outTradeNo)!.transaction_id)
    expect(await scene.stockNow()).toEqual({ available: STOCK - 2, reserved: 0, committed: 2 })
  })

  test('PAY-01 in WeChat’s browser (JSAPI), for a buyer who came through the web', async () => {
    const browser = scene.app.visitor()
    const begin = new URL((await browser.ask('/api/auth/wechat/web')).headers.get('location')!)
    begin.searchParams.set('person', scene.buyer.person)
    const back = new URL((await scene.app.visitor().ask(begin.href)).headers.get('location')!)
    await browser.ask(back.pathname + back.search)
    const { jsapi } = await scene.start('jsapi', browser)
    expect(jsapi!.appId).toBe(scene.app.sim.credentials.env.WECHAT_MP_APPID)
    scene.app.sim.pay({ request: jsapi!, person: scene.buyer.person, action: 'confirm' })
    await scene.app.sim.settle()
    expect((await scene.orderNow()).state).toBe('awaiting-shipment')
  })

  test('PAY-01 in a phone’s browser (H5), by somebody else than the buyer', async () => {
    const { h5Url } = await scene.buyer.call('payments.start', {
      params: scene.at,
      body: { method: 'h5', returnTo: '/orders' },
    })
    expect(new URL(h5Url!).searchParams.get('redirect_url')).toBe(`${scene.postman.url}/orders`)
    scene.app.sim.pay({ h5_url: h5Url!, person: '周大海', action: 'confirm' })
    await scene.app.sim.settle()
    expect((await scene.orderNow()).state).toBe('awaiting-shipment')
  })

  test('PAY-01 by scanning a code on a desk (Native)', async () => {
    const { codeUrl, qrSvg } = await scene.start('native')
    expect(qrSvg).toContain('<svg')
    scene.app.sim.pay({ code_url: codeUrl!, person: scene.buyer.person, action: 'confirm' })
    await scene.app.sim.settle()
    expect((await scene.orderNow()).state).toBe('awaiting-shipment')
  })

  test('PAY-01 a payment that was begun goes on under its number, another method closes it first', async () => {
    const [first, again] = [await scene.start('mini'), await scene.start('mini')]
    expect(again.paymentId).toBe(first.paymentId)
    const native = await scene.start('native')
    expect(native.paymentId).not.toBe(first.paymentId)
    const [open, closed] = (await scene.orderNow()).payments
    expect([open!.state, closed!.state]).toEqual(['pending', 'closed'])
    expect(scene.app.sim.order(closed!.outTradeNo)!.state).toBe('CLOSED')
    expect(() => scene.app.sim.pay({ request: first.jsapi!, person: scene.buyer.person, action: 'confirm' })).toThrow()
  })

  test('PAY-01 a buyer who cancels on the phone can still pay', async () => {
    const { jsapi } = await scene.start('mini')
    expect(scene.app.sim.pay({ request: jsapi!, person: scene.buyer.person, action: 'refuse' }).result).toBe('cancel')
    expect(await scene.buyer.call('payments.status', { params: scene.at })).toMatchObject({
      state: 'pending',
      orderState: 'awaiting-payment',
    })
    await scene.app.pay(scene.buyer, scene.order)
    await scene.app.settle()
    expect((await scene.orderNow()).state).toBe('awaiting-shipment')
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
    scene.postman.isLosing = true
    await scene.app.pay(scene.buyer, scene.order)
    await scene.app.sim.settle()
    expect((await scene.orderNow()).state).toBe('awaiting-payment')
    expect(await scene.buyer.call('payments.status', { params: scene.at })).toMatchObject({
      state: 'paid',
      orderState: 'awaiting-shipment',
    })
  })

  test('PAY-01 a lost notification is made up for by the sweeper when nobody asks', async () => {
    scene.postman.isLosing = true
    await scene.app.pay(scene.buyer, scene.order)
    await scene.app.sim.settle()
    await scene.app.advance(2 * MINUTE_MS)
    expect((await scene.orderNow()).state).toBe('awaiting-shipment')
  })

  test('PAY-01 the same notification many times, at once and later, counts once', async () => {
    await scene.app.pay(scene.buyer, scene.order)
    await scene.app.sim.settle()
    const [letter] = scene.payNotices() as [Letter]
    expect(await Promise.all(Array.from({ length: 8 }, () => scene.postman.deliver(letter)))).toEqual(
      Array(8).fill(200),
    )
    await scene.app.sim.resend(scene.app.sim.notifications((await scene.orderNow()).payments[0]!.outTradeNo)[0]!.id)
    await scene.app.settle()
    expect(await scene.orderNow()).toMatchObject({
      state: 'awaiting-shipment',
      paidFen: scene.order.totalFen,
      refunds: [],
    })
    expect(await scene.stockNow()).toEqual({ available: STOCK - 2, reserved: 0, committed: 2 })
    expect((await scene.orderNow()).timeline.filter((entry) => entry.event.includes('paid'))).toHaveLength(1)
  })

  test('PAY-01 notifications, questions and sweepers that come at the same moment count once', async () => {
    scene.postman.isLosing = true
    await scene.app.pay(scene.buyer, scene.order)
    await scene.app.sim.settle()
    scene.postman.isLosing = false
    const [letter] = scene.payNotices() as [Letter]
    scene.app.clock.advance(2 * MINUTE_MS)
    await Promise.all([
      scene.postman.deliver(letter),
      scene.buyer.call('payments.status', { params: scene.at }),
      scene.app.app.payments.sweepPayments(),
      scene.postman.deliver(letter),
      scene.buyer.call('payments.status', { params: scene.at }),
    ])
    await scene.app.settle()
    expect(await scene.orderNow()).toMatchObject({
      state: 'awaiting-shipment',
      paidFen: scene.order.totalFen,
      refunds: [],
    })
  })

  test('PAY-01 news of the payment that comes after the refund’s changes nothing', async () => {
    scene.postman.isLosing = true
    await scene.app.pay(scene.buyer, scene.order)
    await scene.app.sim.settle()
    await scene.buyer.call('payments.status', { params: scene.at })
    await scene.requestRefund()
    await scene.app.settle()
    await scene.app.advance(5 * MINUTE_MS)
    scene.postman.isLosing = false
    for (const letter of [...scene.postman.letters].reverse()) expect(await scene.postman.deliver(letter)).toBe(200)
    expect(await scene.orderNow()).toMatchObject({ state: 'refunded', refundedFen: scene.order.totalFen })
    expect(await scene.moneyNow()).toBe(0)
  })

  test('PAY-01 SYS-03 a forged, changed or foreign notification is refused and changes nothing', async () => {
    scene.postman.isLosing = true
    await scene.app.pay(scene.buyer, scene.order)
    await scene.app.sim.settle()
    const [letter] = scene.payNotices() as [Letter]
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
    for (const each of wrong) expect([401, 400]).toContain(await scene.postman.deliver(each))
    const other = await scene.app.openTestShop()
    await scene.postman.deliver({ ...letter, path: letter.path.replace(scene.shop.shopId, other.shopId) })
    expect((await scene.orderNow()).state).toBe('awaiting-payment')
    expect(await scene.postman.deliver(letter)).toBe(200)
    expect((await scene.orderNow()).state).toBe('awaiting-shipment')
  })

  test('PAY-01 WeChat’s probe with a wrong signature is refused, as it demands, and the real one is taken', async () => {
    scene.app.sim.settings({ signature_probes: 1 })
    await scene.app.pay(scene.buyer, scene.order)
    await scene.app.settle()
    const [notice] = scene.app.sim.notifications((await scene.orderNow()).payments[0]!.outTradeNo)
    expect(notice!.log.map((attempt) => [attempt.kind, attempt.status])).toEqual([
      ['probe', 401],
      ['delivery', 200],
    ])
    expect((await scene.orderNow()).state).toBe('awaiting-shipment')
  })
})

describe('money that an order cannot take', () => {
  test('PAY-01 ORD-02 paid at WeChat while the order was cancelled: it goes back by itself', async () => {
    scene.postman.isLosing = true
    await scene.app.pay(scene.buyer, scene.order)
    await scene.app.sim.settle()
    await scene.buyer.call('orders.cancel', { params: scene.at, body: {} })
    scene.postman.isLosing = false
    expect(await scene.postman.deliver(scene.payNotices()[0]!)).toBe(200)
    await scene.app.settle()
    await scene.app.advance(5 * MINUTE_MS)
    const now = await scene.orderNow()
    expect(now).toMatchObject({
      state: 'cancelled',
      refunds: [{ state: 'succeeded', amountFen: scene.order.totalFen, requestedBy: 'system' }],
    })
    expect(
      scene.app.sim.refunds().filter((refund) => refund.out_trade_no === now.payments[0]!.outTradeNo),
    ).toMatchObject([{ amount: scene.order.totalFen, status: 'SUCCESS' }])
    expect(await scene.stockNow()).toEqual({ available: STOCK, reserved: 0, committed: 0 })
  })

  test('PAY-01 ORD-02 two ways to pay that are begun at once: only one of them can be paid', async () => {
    const begun = await Promise.allSettled([scene.start('mini'), scene.start('native')])
    const ways = begun.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
    const paid = ways.filter(({ jsapi, codeUrl }) => {
      try {
        const way = jsapi ? { request: jsapi } : { code_url: codeUrl! }
        return scene.app.sim.pay({ ...way, person: scene.buyer.person, action: 'confirm' }).result === 'ok'
      } catch {
        return false
      }
    })
    expect(paid).toHaveLength(1)
    await scene.app.settle()
    expect(await scene.orderNow()).toMatchObject({
      state: 'awaiting-shipment',
      paidFen: scene.order.totalFen,
      refunds: [],
    })
  })

  test('PAY-01 ORD-02 paid a second time, by an attempt that we had given up and WeChat had not: that one goes back', async () => {
    const mini = await scene.start('mini')
    await scene.app.app.db.tx('system', (tx) =>
      tx.exec(sql`update payments set state = 'closed' where id = ${mini.paymentId}`),
    )
    const native = await scene.start('native')
    expect(mini.paymentId).not.toBe(native.paymentId)
    scene.app.sim.pay({ request: mini.jsapi!, person: scene.buyer.person, action: 'confirm' })
    scene.app.sim.pay({ code_url: native.codeUrl!, person: '周大海', action: 'confirm' })
    await scene.app.settle()
    await scene.app.advance(5 * MINUTE_MS)
    const now = await scene.orderNow()
    expect(now.state).toBe('awaiting-shipment')
    expect(now.payments.map((each) => each.state)).toEqual(['paid', 'paid'])
    expect(now.refunds).toMatchObject([{ state: 'succeeded', amountFen: scene.order.totalFen, requestedBy: 'system' }])
    expect(await scene.stockNow()).toEqual({ available: STOCK - 2, reserved: 0, committed: 2 })
  })

  test('ORD-01 PAY-01 an order that nobody pays is closed at WeChat, and its stock is released once', async () => {
    const { jsapi } = await scene.start('mini')
    expect(await scene.stockNow()).toEqual({ available: STOCK - 2, reserved: 2, committed: 0 })
    await scene.app.advance(31 * MINUTE_MS)
    const now = await scene.orderNow()
    expect(now).toMatchObject({ state: 'cancelled', payments: [{ state: 'closed' }] })
    expect(scene.app.sim.order(now.payments[0]!.outTradeNo)!.state).toBe('CLOSED')
    expect(() => scene.app.sim.pay({ request: jsapi!, person: scene.buyer.person, action: 'confirm' })).toThrow()
    await Promise.all([
      scene.app.app.orders.cancelDueOrders(),
      scene.app.app.orders.cancelDueOrders(),
      scene.app.advance(MINUTE_MS),
    ])
    expect(await scene.stockNow()).toEqual({ available: STOCK, reserved: 0, committed: 0 })
    const { items } = await scene.shop.owner.call('console.movements', {
      params: { shopId: scene.shop.shopId },
      query: { skuId: scene.skuId },
    })
    expect(items.filter((each) => each.reason === 'release').map((each) => each.quantity)).toEqual([2])
    await expect(scene.start('mini')).rejects.toMatchObject({ code: 'ORDER_STATE' })
  })

  test('ORD-02 PAY-01 the payment that comes in the moment of the time-out is taken, or goes back whole', async () => {
    scene.postman.isLosing = true
    await scene.app.pay(scene.buyer, scene.order)
    await scene.app.sim.settle()
    scene.postman.isLosing = false
    scene.app.clock.advance(30 * MINUTE_MS + 1)
    const letter = scene.payNotices()[0]!
    await Promise.all([
      scene.app.app.orders.cancelDueOrders(),
      scene.postman.deliver(letter),
      scene.app.app.orders.cancelDueOrders(),
    ])
    await scene.app.settle()
    await scene.app.advance(10 * MINUTE_MS)
    const now = await scene.orderNow()
    expect(['awaiting-shipment', 'cancelled']).toContain(now.state)
    const isTaken = now.state === 'awaiting-shipment'
    expect(await scene.stockNow()).toEqual({
      available: isTaken ? STOCK - 2 : STOCK,
      reserved: 0,
      committed: isTaken ? 2 : 0,
    })
    expect(now.refunds.map((refund) => refund.state)).toEqual(isTaken ? [] : ['succeeded'])
  })
})
