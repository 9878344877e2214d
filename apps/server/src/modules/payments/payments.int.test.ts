import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type PlacedOrder,
  startTestApp,
  type TestApp,
  type TestBuyer,
  type TestShop,
} from '../../../../../tests/support/app.ts'
import { newKey } from '../../../../../tests/support/http.ts'
import { type Postman, startPostman } from '../../../../../tests/support/postman.ts'
import { type WechatPay, WechatPayError } from '../../adapters/wechat-pay/index.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts'
import { auditLedger } from '../../ledger/index.ts'
import { connectWechat } from '../../wechat.ts'
import { createPayments } from './index.ts'

const PRICE_FEN = 3990
const NEVER = new Promise<never>(() => {})

let app: TestApp
let postman: Postman
let admin: pg.Client
let shop: TestShop
let buyer: TestBuyer
let skuId: string
let order: PlacedOrder
let at: { shopId: string; orderId: string }
beforeAll(async () => {
  postman = await startPostman()
  app = await startTestApp({ clickhouse: false, env: { PUBLIC_URL: postman.url } })
  postman.target = app.url
  admin = new pg.Client({ connectionString: app.database.adminUrl })
  await admin.connect()
})
afterAll(async () => {
  await admin?.end()
  await app?.close()
  await postman?.close()
})

beforeEach(async () => {
  postman.letters.length = 0
  app.logs.length = 0
  shop = await app.openTestShop()
  buyer = await app.buyer()
  skuId = (await app.product(shop, { pricesFen: [PRICE_FEN] })).skuIds[0]!
  await place()
})
afterEach(async () => {
  postman.isLosing = false
  app.sim.clearFaults()
  app.sim.settings({ refund_delay_ms: 0 })
  await app.settle()
  expect(await app.app.db.read('system', (tx) => auditLedger(tx))).toMatchObject({ deviations: [] })
})

async function place(): Promise<void> {
  order = await app.order(buyer, shop.shopId, [[skuId, 1]])
  at = { shopId: shop.shopId, orderId: order.orderId }
}

type Method = 'mini' | 'jsapi' | 'h5' | 'native'
const start = (method: Method, by: Pick<TestBuyer, 'call'> = buyer) =>
  by.call('payments.start', { params: at, body: { method } })
const orderNow = () => buyer.call('orders.get', { params: at })
const asStaff = () => shop.owner.call('console.order', { params: at })
const requestRefund = (reason = '不想要了') =>
  buyer.call('orders.requestRefund', { params: at, idempotencyKey: newKey(), body: { reason } })
const confirm = (with_: { request?: object | null; code_url?: string | null; h5_url?: string | null }) =>
  app.sim.pay({ ...(with_ as object), person: buyer.person, action: 'confirm' })
const atWechat = () => app.sim.orders().filter((each) => each.out_trade_no.startsWith(order.orderNo))
const refundsAtWechat = () => app.sim.refunds().filter((each) => each.out_trade_no.startsWith(order.orderNo))
const errorsOf = (trouble: string) => app.logs.filter((line) => line.includes(`"trouble":"${trouble}"`))
const troubles = async (kind: string) =>
  Number(
    new RegExp(`payments_trouble_total{kind="${kind}"} (\\d+)`).exec(
      (await app.app.engines.metrics.text()).body,
    )?.[1] ?? 0,
  )

/** How many calls of a path WeChat cuts off from now on; answers how many it has. */
function cutOff(path: string, method: 'GET' | 'POST'): () => Promise<number> {
  const times = 10_000
  app.sim.fault({ path, method, kind: 'drop', times })
  return async () => {
    const { faults } = (await (await fetch(`${app.sim.url}/__sim/faults`)).json()) as { faults: { times: number }[] }
    return times - faults[0]!.times
  }
}

const realWechatPay = () => connectWechat(app.app.config, () => app.clock.millis()).pay!

/** Another process with the same shop, in which some calls to WeChat go as told. */
function otherProcess(wechat: Partial<WechatPay>, mini: 'own' | 'none' | object = 'own') {
  const { config, db, engines, orders, identity } = app.app
  const real = connectWechat(config, () => app.clock.millis())
  return createPayments({
    db,
    clock: app.clock,
    settings: engines.settings,
    orders,
    openidsOf: identity.openidsOf,
    wechatPay: overridden(real.pay!, wechat),
    wechatMini: mini === 'own' ? real.mini : mini === 'none' ? undefined : overridden(real.mini!, mini),
    miniAppid: config.WECHAT_MINI_APPID ?? '',
    mpAppid: config.WECHAT_MP_APPID ?? '',
    publicUrl: config.publicUrl,
    metrics: { counter: () => ({ inc() {} }) as never },
    log: { warn() {}, error() {} },
  })
}

function overridden<T extends object>(real: T, own: object): T {
  return new Proxy(real, {
    get(target, name) {
      if (name in own) return own[name as keyof typeof own]
      const value = target[name as keyof T]
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** A payment that reaches the shop only after the order was cancelled. */
async function payTooLate(): Promise<void> {
  postman.isLosing = true
  await app.pay(buyer, order)
  await app.sim.settle()
  postman.isLosing = false
  await buyer.call('orders.cancel', { params: at, body: {} })
}

describe('a first attempt that came to nothing', () => {
  test('PAY-01 a way that needs a sign-in we do not have leaves nothing behind, and closes no other', async () => {
    const mini = await start('mini')
    await expect(start('jsapi')).rejects.toMatchObject({
      code: 'PAYMENT_REFUSED',
      message: expect.stringContaining('请先用微信登录'),
    })
    expect((await orderNow()).payments).toMatchObject([{ method: 'mini', state: 'pending' }])
    confirm({ request: mini.jsapi })
    await app.settle()
    expect((await orderNow()).state).toBe('awaiting-shipment')
  })

  test.each(['drop', 'drop_after'] as const)(
    'PAY-01 prepay lost on the way (%s): every other way to pay is open, and only it can be paid',
    async (kind) => {
      app.sim.fault({ path: '/v3/pay/transactions/jsapi', kind })
      await expect(start('mini')).rejects.toMatchObject({ code: 'PAYMENT_REFUSED' })
      expect((await orderNow()).payments).toMatchObject([{ state: 'created' }])
      const { codeUrl } = await start('native')
      expect(atWechat().filter((each) => each.state === 'NOTPAY')).toHaveLength(1)
      confirm({ code_url: codeUrl })
      await app.settle()
      expect(await orderNow()).toMatchObject({
        state: 'awaiting-shipment',
        payments: [
          { method: 'native', state: 'paid' },
          { method: 'mini', state: 'closed' },
        ],
      })
    },
  )

  test('PAY-01 what WeChat never heard of is closed by a fresh program while the order can still be paid', async () => {
    app.sim.fault({ path: '/v3/pay/transactions/jsapi', kind: 'drop' })
    await expect(start('mini')).rejects.toMatchObject({ code: 'PAYMENT_REFUSED' })
    await app.restart()
    await app.advance(MINUTE_MS)
    expect((await orderNow()).payments).toMatchObject([{ state: 'created' }])
    await app.advance(MINUTE_MS + SECOND_MS)
    expect(await orderNow()).toMatchObject({ state: 'awaiting-payment', payments: [{ state: 'closed' }] })
    await app.pay(buyer, order)
    await app.settle()
    expect(await orderNow()).toMatchObject({
      state: 'awaiting-shipment',
      payments: [{ state: 'paid' }, { state: 'closed' }],
    })
  })

  test('PAY-01 prepay answered and the answer lost, then nobody comes back: closed at WeChat with the order', async () => {
    app.sim.fault({ path: '/v3/pay/transactions/native', kind: 'drop_after' })
    await expect(start('native')).rejects.toMatchObject({ code: 'PAYMENT_REFUSED' })
    expect(atWechat()).toMatchObject([{ state: 'NOTPAY' }])
    await app.restart()
    await buyer.call('orders.cancel', { params: at, body: {} })
    await app.settle()
    await app.advance(2 * MINUTE_MS)
    expect(atWechat()).toMatchObject([{ state: 'CLOSED' }])
    expect((await orderNow()).payments).toMatchObject([{ state: 'closed' }])
  })

  test('PAY-01 what WeChat refuses for good is closed at once; the next try has a number of its own', async () => {
    app.sim.fault({
      path: '/v3/pay/transactions/jsapi',
      kind: 'refuse',
      status: 400,
      code: 'PARAM_ERROR',
      message: '参数错误',
    })
    await expect(start('mini')).rejects.toMatchObject({
      code: 'PAYMENT_REFUSED',
      message: expect.stringContaining('参数错误'),
    })
    expect((await orderNow()).payments).toMatchObject([{ state: 'closed' }])
    await app.pay(buyer, order)
    await app.settle()
    const { payments } = await orderNow()
    expect(payments.map((each) => [each.state, each.outTradeNo])).toEqual([
      ['paid', `${order.orderNo}P02`],
      ['closed', `${order.orderNo}P01`],
    ])
  })

  test('PAY-01 a phone that has changed its network goes on paying, under a number of its own', async () => {
    const from = (address: string) =>
      app.visitor({ authorization: `Bearer ${buyer.token}`, 'x-forwarded-for': address })
    const home = await start('h5', from('203.0.113.7'))
    const away = await start('h5', from('198.51.100.20'))
    expect(away.paymentId).not.toBe(home.paymentId)
    expect(() => confirm({ h5_url: home.h5Url })).toThrow()
    confirm({ h5_url: away.h5Url })
    await app.settle()
    expect(await orderNow()).toMatchObject({ state: 'awaiting-shipment', refunds: [] })
  })

  test('PAY-01 ORD-01 an order that is closed at WeChat behind our back is paid under another number', async () => {
    const first = await start('mini')
    await realWechatPay().close(`${order.orderNo}P01`)
    const second = await start('mini')
    expect(second.paymentId).not.toBe(first.paymentId)
    confirm({ request: second.jsapi })
    await app.settle()
    expect((await orderNow()).state).toBe('awaiting-shipment')
  })

  test('PAY-01 however many ways are begun at once, one can be paid', async () => {
    const begun = await Promise.allSettled(
      (['mini', 'h5', 'native', 'mini', 'native'] as const).map((each) => start(each)),
    )
    expect(begun.filter((each) => each.status === 'fulfilled').length).toBeGreaterThan(0)
    for (const each of begun)
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'PAYMENT_REFUSED' })
    const open = atWechat().filter((each) => each.state === 'NOTPAY')
    expect(open).toHaveLength(1)
    const { payments } = await orderNow()
    expect(payments.filter((each) => each.state === 'pending').map((each) => each.outTradeNo)).toEqual([
      open[0]!.out_trade_no,
    ])
  })
})

describe('stopped in the middle', () => {
  test('PAY-01 the answers to a question and to closing are lost: a fresh program closes it, once', async () => {
    await start('mini')
    app.sim.fault({ path: '/v3/pay/transactions/out-trade-no', kind: 'drop_after', times: 3 })
    await buyer.call('orders.cancel', { params: at, body: {} })
    await app.settle()
    expect((await orderNow()).payments).toMatchObject([{ state: 'pending' }])
    await app.restart()
    for (let n = 0; n < 4; n++) await app.advance(5 * MINUTE_MS)
    expect((await orderNow()).payments).toMatchObject([{ state: 'closed' }])
    expect(atWechat()).toMatchObject([{ state: 'CLOSED' }])
  })

  test('PAY-01 a process that died with a payment in its hands: another one asks when the lease is over', async () => {
    postman.isLosing = true
    await app.pay(buyer, order)
    await app.sim.settle()
    app.clock.advance(MINUTE_MS)
    const asked = Promise.withResolvers<void>()
    void otherProcess({
      queryByOutTradeNo: () => {
        asked.resolve()
        return NEVER
      },
    }).sweepPayments()
    await asked.promise
    await app.advance(MINUTE_MS)
    expect((await orderNow()).state).toBe('awaiting-payment')
    await app.advance(MINUTE_MS + SECOND_MS)
    expect((await orderNow()).state).toBe('awaiting-shipment')
  })

  test.each(['before', 'after'] as const)(
    'PAY-01 ORD-01 a process that died %s WeChat took the refund: another one finishes it, and the money goes back once',
    async (when) => {
      await app.pay(buyer, order)
      await app.settle()
      const real = realWechatPay()
      postman.isLosing = true
      app.sim.settings({ refund_delay_ms: 30 * SECOND_MS })
      // The refund is decided, and nobody has asked WeChat yet.
      app.sim.fault({ path: '/v3/refund', kind: 'drop', times: 1000 })
      await requestRefund()
      await app.settle()
      app.sim.clearFaults()
      app.clock.advance(10 * MINUTE_MS)
      const died = Promise.withResolvers<void>()
      void otherProcess({
        refund: async (input) => {
          if (when === 'after') await real.refund(input)
          died.resolve()
          return NEVER
        },
      }).sweepRefunds()
      await died.promise
      expect(refundsAtWechat()).toHaveLength(when === 'after' ? 1 : 0)
      await app.advance(MINUTE_MS)
      expect((await orderNow()).state).toBe('refunding')
      for (let n = 0; n < 6; n++) await app.advance(10 * MINUTE_MS)
      expect(await orderNow()).toMatchObject({ state: 'refunded', refunds: [{ state: 'succeeded' }] })
      expect(refundsAtWechat()).toHaveLength(1)
    },
  )

  test('PAY-01 a payment that WeChat calls paid and not paid is asked about with growing pauses, not again and again', async () => {
    const { paymentId } = await start('mini')
    app.sim.fault({ path: '/v3/pay/transactions/out-trade-no', method: 'POST', kind: 'drop' })
    await buyer.call('orders.cancel', { params: at, body: {} })
    await app.settle()
    expect((await orderNow()).payments).toMatchObject([{ state: 'pending' }])
    let asked = 0
    const real = realWechatPay()
    const muddled = otherProcess({
      close: async () => {
        throw new WechatPayError({ status: 400, code: 'ORDER_PAID', message: '该订单已支付' })
      },
      queryByOutTradeNo: async (no) => {
        asked++
        return { ...(await real.queryByOutTradeNo(no)), tradeState: 'NOTPAY' }
      },
    })
    for (const [pauseBefore, pauseAfter] of [
      [60, 120],
      [120, 240],
      [240, 480],
    ] as const) {
      asked = 0
      app.clock.advance(pauseBefore * SECOND_MS)
      expect([await muddled.sweepPayments(), await muddled.sweepPayments(), asked]).toEqual([1, 0, 2])
      const { rows } = await admin.query('select check_at, last_error from payments where id = $1', [paymentId])
      expect(new Date(rows[0].check_at).getTime() - app.clock.millis()).toBe(pauseAfter * SECOND_MS)
      expect(rows[0].last_error).toContain('ORDER_PAID')
    }
    await app.advance(HOUR_MS)
    expect((await orderNow()).payments).toMatchObject([{ state: 'closed' }])
  })
})

describe('refunds that do not go through', () => {
  beforeEach(async () => {
    await app.pay(buyer, order)
    await app.settle()
    app.sim.settings({ refund_delay_ms: 30 * SECOND_MS })
  })

  test('PAY-01 ORD-01 an abnormal refund stays open, keeps its money, is seen by staff, and may still succeed', async () => {
    await requestRefund()
    await app.settle()
    const [refund] = (await orderNow()).refunds
    expect(app.sim.decideRefund(refund!.outRefundNo, 'ABNORMAL')).toBe(true)
    const before = await troubles('refund-abnormal')
    await app.advance(MINUTE_MS)
    for (let n = 0; n < 5; n++) await app.advance(HOUR_MS)
    expect(await asStaff()).toMatchObject({
      state: 'refunding',
      refunds: [{ state: 'processing', finishedAt: null, lastError: expect.stringContaining('退款异常') }],
    })
    expect((await orderNow()).refunds).toMatchObject([{ state: 'processing', lastError: null }])
    // Told once, not with every question.
    expect([errorsOf('refund-abnormal').length, (await troubles('refund-abnormal')) - before]).toEqual([1, 1])
    await expect(requestRefund()).rejects.toMatchObject({ code: 'ORDER_STATE' })
    // The merchant finishes it by hand in WeChat's own back office, and the notification gets lost.
    postman.isLosing = true
    expect(app.sim.decideRefund(refund!.outRefundNo, 'SUCCESS')).toBe(true)
    await app.advance(HOUR_MS)
    await app.advance(HOUR_MS)
    expect(await asStaff()).toMatchObject({ state: 'refunded', refunds: [{ state: 'succeeded', lastError: null }] })
    expect(refundsAtWechat()).toHaveLength(1)
  })

  test('PAY-01 ORD-01 a closed refund ends as failed, the order is where it was, and a new one has a new number and the money', async () => {
    await requestRefund()
    await app.settle()
    const first = (await orderNow()).refunds[0]!
    app.sim.decideRefund(first.outRefundNo, 'CLOSED')
    await app.advance(MINUTE_MS)
    expect(await asStaff()).toMatchObject({
      state: 'awaiting-shipment',
      refunds: [{ state: 'failed', lastError: expect.stringContaining('关闭') }],
    })
    await requestRefund('还是不要了')
    await app.settle()
    await app.advance(5 * MINUTE_MS)
    const { state, refundedFen, refunds } = await orderNow()
    expect([state, refundedFen]).toEqual(['refunded', order.totalFen])
    expect(refunds.map((each) => each.state).sort()).toEqual(['failed', 'succeeded'])
    expect(new Set(refunds.map((each) => each.outRefundNo)).size).toBe(2)
  })

  test.each(['before', 'after'] as const)(
    'PAY-01 ORD-01 the money turns out to be back by a refund thought closed, %s a new one was asked for',
    async (when) => {
      await requestRefund()
      await app.settle()
      const { outRefundNo } = (await orderNow()).refunds[0]!
      const real = realWechatPay()
      const mistaken = otherProcess({
        queryRefund: async (no) => ({ ...(await real.queryRefund(no)), status: 'CLOSED' }),
      })
      postman.isLosing = true
      app.clock.advance(10 * MINUTE_MS)
      await mistaken.sweepRefunds()
      expect((await orderNow()).state).toBe('awaiting-shipment')
      if (when === 'after') {
        await requestRefund('再次申请')
        await app.settle()
        expect(await asStaff()).toMatchObject({
          state: 'refunding',
          refunds: [{ lastError: expect.stringContaining('可退') }, {}],
        })
      }
      await app.sim.settle()
      // Letters of other tests, which got lost, may come again meanwhile.
      const [letter] = postman.letters.filter(
        (each) => each.path.includes(shop.shopId) && each.body.includes('REFUND.SUCCESS'),
      )
      for (let n = 0; n < 2; n++) expect(await postman.deliver(letter!)).toBe(200)
      for (let n = 0; n < 3; n++) await app.advance(HOUR_MS)
      const now = await asStaff()
      expect([now.state, now.refundedFen]).toEqual(['refunded', order.totalFen])
      expect(now.refunds.map((each) => [each.outRefundNo === outRefundNo, each.state])).toEqual(
        when === 'after'
          ? [
              [false, 'failed'],
              [true, 'succeeded'],
            ]
          : [[true, 'succeeded']],
      )
      expect(refundsAtWechat()).toHaveLength(1)
    },
  )

  test('PAY-01 a refund that WeChat refuses is tried with growing pauses, seen by staff, and goes through when cured', async () => {
    const before = await troubles('refund-refused')
    const refuse = { kind: 'refuse', status: 403, code: 'NOT_ENOUGH', message: '基本账户余额不足' } as const
    app.sim.fault({ path: '/v3/refund/domestic/refunds', method: 'POST', times: 1000, ...refuse })
    await requestRefund()
    await app.settle()
    expect(await asStaff()).toMatchObject({
      state: 'refunding',
      refunds: [{ state: 'created', lastError: 'NOT_ENOUGH: 基本账户余额不足' }],
    })
    expect((await orderNow()).refunds).toMatchObject([{ lastError: null }])
    expect([errorsOf('refund-refused').length, (await troubles('refund-refused')) - before]).toEqual([1, 1])
    for (let n = 0; n < 60; n++) await app.advance(MINUTE_MS)
    // After 2, 4, 8, 16 and 32 minutes: a minute's pause would have been sixty times.
    expect(errorsOf('refund-refused').length).toBeLessThanOrEqual(6)
    app.sim.clearFaults()
    for (let n = 0; n < 3; n++) await app.advance(HOUR_MS)
    expect(await asStaff()).toMatchObject({ state: 'refunded', refunds: [{ state: 'succeeded', lastError: null }] })
    expect(refundsAtWechat()).toHaveLength(1)
  })
})

describe('money that an order could not take', () => {
  test('PAY-01 a closed refund of it is followed by another by itself, until the money is back', async () => {
    app.sim.settings({ refund_delay_ms: 30 * SECOND_MS })
    await payTooLate()
    await app.advance(2 * MINUTE_MS)
    const [first] = refundsAtWechat()
    app.sim.decideRefund(first!.out_refund_no, 'CLOSED')
    for (let n = 0; n < 3; n++) await app.advance(5 * MINUTE_MS)
    const { state, refunds } = await orderNow()
    expect(state).toBe('cancelled')
    expect(refunds.map((each) => [each.state, each.amountFen, each.requestedBy])).toEqual([
      ['succeeded', order.totalFen, 'system'],
      ['failed', order.totalFen, 'system'],
    ])
  })

  test('PAY-01 after five refunds that WeChat has closed somebody is called', async () => {
    const before = await troubles('refund-given-up')
    app.sim.settings({ refund_delay_ms: 30 * SECOND_MS })
    await payTooLate()
    for (let n = 0; n < 40; n++) {
      await app.advance(10 * MINUTE_MS)
      for (const each of refundsAtWechat()) app.sim.decideRefund(each.out_refund_no, 'CLOSED')
    }
    const { refunds } = await asStaff()
    expect(refunds.map((each) => each.state)).toEqual(Array(5).fill('failed'))
    expect([errorsOf('refund-given-up').length, (await troubles('refund-given-up')) - before]).toEqual([1, 1])
  })

  test('PAY-01 DAT-01 it is no turnover, neither when it comes nor when it goes', async () => {
    const day = () => {
      const from = new Date(app.clock.millis() - HOUR_MS).toISOString()
      const to = new Date(app.clock.millis() + HOUR_MS).toISOString()
      return app.app.db.read({ shopId: shop.shopId }, (tx) => app.app.payments.moneyBetween(tx, shop.shopId, from, to))
    }
    await payTooLate()
    await app.advance(2 * MINUTE_MS)
    await app.advance(5 * MINUTE_MS)
    expect((await orderNow()).refunds).toMatchObject([{ state: 'succeeded' }])
    expect(await day()).toEqual({ paidFen: 0, paidOrders: 0, buyers: 0, refundedFen: 0 })
    await place()
    await app.pay(buyer, order)
    await app.settle()
    expect(await day()).toEqual({ paidFen: order.totalFen, paidOrders: 1, buyers: 1, refundedFen: 0 })
    await requestRefund()
    await app.settle()
    expect(await day()).toEqual({ paidFen: order.totalFen, paidOrders: 1, buyers: 1, refundedFen: order.totalFen })
  })
})

describe('two records of one buyer', () => {
  test('PAY-01 ACC-03 payments and refunds follow the orders, and paying goes on', async () => {
    await admin.query(`delete from buyer_identities where kind = 'unionid'`)
    const web = app.visitor()
    const begin = new URL((await web.ask('/api/auth/wechat/web')).headers.get('location')!)
    begin.searchParams.set('person', buyer.person)
    const back = new URL((await app.visitor().ask(begin.href)).headers.get('location')!)
    await web.ask(back.pathname + back.search)
    const asWeb = { ...web, token: '', buyerId: (await web.call('buyer.me')).id, person: buyer.person }
    expect(asWeb.buyerId).not.toBe(buyer.buyerId)

    // One order of the web record is being refunded, another is about to be paid.
    const refunded = await app.order(asWeb, shop.shopId, [[skuId, 1]])
    const params = { shopId: shop.shopId, orderId: refunded.orderId }
    const { codeUrl } = await web.call('payments.start', { params, body: { method: 'native' } })
    confirm({ code_url: codeUrl })
    await app.settle()
    app.sim.settings({ refund_delay_ms: 30 * SECOND_MS })
    await web.call('orders.requestRefund', { params, idempotencyKey: newKey(), body: { reason: '重复' } })
    await app.settle()
    order = await app.order(asWeb, shop.shopId, [[skuId, 1]])
    at = { shopId: shop.shopId, orderId: order.orderId }
    await start('native', web)

    await app.visitor().call('auth.miniSignIn', { body: { code: app.sim.people.loginCode(buyer.person) } })
    app.clock.advance(5 * SECOND_MS)
    expect(await buyer.call('orders.get', { params })).toMatchObject({
      state: 'refunding',
      payments: [{ method: 'native', state: 'paid' }],
      refunds: [{ state: 'processing' }],
    })
    expect((await orderNow()).payments).toMatchObject([{ method: 'native', state: 'pending' }])
    await app.pay(buyer, order)
    await app.advance(5 * MINUTE_MS)
    expect(await orderNow()).toMatchObject({
      state: 'awaiting-shipment',
      payments: [
        { method: 'mini', state: 'paid' },
        { method: 'native', state: 'closed' },
      ],
    })
    expect(await buyer.call('payments.status', { params: at })).toMatchObject({ state: 'paid' })
    expect(await buyer.call('orders.get', { params })).toMatchObject({
      state: 'refunded',
      refunds: [{ state: 'succeeded' }],
    })
  })
})

describe('asking and being told', () => {
  test('PAY-01 SYS-03 however often a buyer’s page asks, WeChat is asked every two seconds at most', async () => {
    await start('mini')
    const asked = cutOff('/v3/pay/transactions/out-trade-no', 'GET')
    const askMany = () => Promise.all(Array.from({ length: 25 }, () => buyer.call('payments.status', { params: at })))
    for (const answer of await askMany()) expect(answer.state).toBe('pending')
    expect(await asked()).toBe(1)
    app.clock.advance(1_900)
    await askMany()
    expect(await asked()).toBe(1)
    app.clock.advance(100)
    await askMany()
    expect(await asked()).toBe(2)
  })

  test('PAY-01 news of money that is not in the shop’s books is refused, so that WeChat repeats, and somebody is called', async () => {
    const before = [await troubles('unknown-payment'), await troubles('unknown-refund')]
    await app.pay(buyer, order)
    await app.sim.settle()
    await requestRefund()
    await app.settle()
    const other = await app.openTestShop()
    const notices = postman.letters.map((each) => ({ ...each, path: each.path.replace(shop.shopId, other.shopId) }))
    expect(notices.map((each) => each.path.split('/').at(-1))).toEqual(['notify', 'refund-notify'])
    for (const each of notices) expect(await postman.deliver(each)).toBe(404)
    expect([errorsOf('unknown-payment').length, errorsOf('unknown-refund').length]).toEqual([1, 1])
    expect([await troubles('unknown-payment'), await troubles('unknown-refund')]).toEqual(
      before.map((each) => each + 1),
    )
    // The same at the address of the other kind of news is understood: nothing is answered "taken" unread.
    const [payment, refund] = postman.letters
    expect(await postman.deliver({ ...payment!, path: refund!.path })).toBe(200)
    expect(await orderNow()).toMatchObject({ state: 'refunded' })
  })
})

describe('telling WeChat what was shipped', () => {
  const ship = () =>
    shop.owner.call('console.shipOrder', {
      params: at,
      idempotencyKey: newKey(),
      body: { carrierCode: 'ZTO', trackingNo: '7300012345678' },
    })

  test('PAY-01 ORD-04 the parcel is told under the payment that paid the order, not one that went back', async () => {
    const mini = await start('mini')
    // WeChat's answer to closing was believed, and the order stayed open there.
    await admin.query(`update payments set state = 'closed', check_at = null where order_id = $1`, [at.orderId])
    const native = await start('native')
    confirm({ request: mini.jsapi })
    await app.sim.settle()
    confirm({ code_url: native.codeUrl })
    await app.settle()
    await app.advance(5 * MINUTE_MS)
    const { payments, refunds } = await orderNow()
    expect(payments.map((each) => [each.method, each.state])).toEqual([
      ['native', 'paid'],
      ['mini', 'paid'],
    ])
    expect(refunds).toMatchObject([{ state: 'succeeded' }])
    expect((await buyer.call('payments.status', { params: at })).payment).toMatchObject({ method: 'mini' })
    app.sim.fault({ path: '/wxa/sec/order/upload_shipping_info', kind: 'drop' })
    await ship()
    await app.settle()
    expect((await orderNow()).shipments).toMatchObject([{ reportedToWechat: 'pending' }])
    app.clock.advance(10 * MINUTE_MS)
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
    await app.pay(buyer, order)
    await app.settle()
    await ship()
    const { rows } = await admin.query(
      `select id, name, version, shop_id as "shopId", aggregate, aggregate_id as "aggregateId", payload, occurred_at as "occurredAt"
       from outbox_events where name = 'orders.order-shipped' and aggregate_id = $1`,
      [at.orderId],
    )
    expect(rows).toHaveLength(1)
    const [subscriber] = otherProcess({}, 'none').subscribers
    await app.app.db.tx('system', (tx) => subscriber!.handle(tx, rows))
    expect((await orderNow()).shipments).toMatchObject([{ reportedToWechat: 'not-needed' }])
    await app.settle()
    expect((await orderNow()).shipments).toMatchObject([{ reportedToWechat: 'accepted' }])
  })
})
