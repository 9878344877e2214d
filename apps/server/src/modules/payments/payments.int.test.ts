import { describe, expect, test } from 'vitest'
import { WechatPayError } from '../../adapters/wechat-pay/index.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts'
import { payStage } from './testing.ts'

const NEVER = new Promise<never>(() => {})

const s = payStage()
const {
  start,
  orderNow,
  requestRefund,
  confirm,
  atWechat,
  refundsAtWechat,
  errorsOf,
  troubles,
  cutOff,
  realWechatPay,
  otherProcess,
} = s

describe('a first attempt that came to nothing', () => {
  test('PAY-01 a way that needs a sign-in we do not have leaves nothing behind, and closes no other', async () => {
    const mini = await start('mini')
    await expect(start('jsapi')).rejects.toMatchObject({
      code: 'PAYMENT_REFUSED',
      message: expect.stringContaining('请先用微信登录'),
    })
    expect((await orderNow()).payments).toMatchObject([{ method: 'mini', state: 'pending' }])
    confirm({ request: mini.jsapi })
    await s.app.settle()
    expect((await orderNow()).state).toBe('awaiting-shipment')
  })

  test.each(['drop', 'drop_after'] as const)(
    'PAY-01 prepay lost on the way (%s): every other way to pay is open, and only it can be paid',
    async (kind) => {
      s.app.sim.fault({ path: '/v3/pay/transactions/jsapi', kind })
      await expect(start('mini')).rejects.toMatchObject({ code: 'PAYMENT_REFUSED' })
      expect((await orderNow()).payments).toMatchObject([{ state: 'created' }])
      const { codeUrl } = await start('native')
      expect(atWechat().filter((each) => each.state === 'NOTPAY')).toHaveLength(1)
      confirm({ code_url: codeUrl })
      await s.app.settle()
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
    s.app.sim.fault({ path: '/v3/pay/transactions/jsapi', kind: 'drop' })
    await expect(start('mini')).rejects.toMatchObject({ code: 'PAYMENT_REFUSED' })
    await s.app.restart()
    await s.app.advance(MINUTE_MS)
    expect((await orderNow()).payments).toMatchObject([{ state: 'created' }])
    await s.app.advance(MINUTE_MS + SECOND_MS)
    expect(await orderNow()).toMatchObject({ state: 'awaiting-payment', payments: [{ state: 'closed' }] })
    await s.app.pay(s.buyer, s.order)
    await s.app.settle()
    expect(await orderNow()).toMatchObject({
      state: 'awaiting-shipment',
      payments: [{ state: 'paid' }, { state: 'closed' }],
    })
  })

  test('PAY-01 prepay answered and the answer lost, then nobody comes back: closed at WeChat with the order', async () => {
    s.app.sim.fault({ path: '/v3/pay/transactions/native', kind: 'drop_after' })
    await expect(start('native')).rejects.toMatchObject({ code: 'PAYMENT_REFUSED' })
    expect(atWechat()).toMatchObject([{ state: 'NOTPAY' }])
    await s.app.restart()
    await s.buyer.call('orders.cancel', { params: s.at, body: {} })
    await s.app.settle()
    await s.app.advance(2 * MINUTE_MS)
    expect(atWechat()).toMatchObject([{ state: 'CLOSED' }])
    expect((await orderNow()).payments).toMatchObject([{ state: 'closed' }])
  })

  test('PAY-01 what WeChat refuses for good is closed at once; the next try has a number of its own', async () => {
    s.app.sim.fault({
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
    await s.app.pay(s.buyer, s.order)
    await s.app.settle()
    const { payments } = await orderNow()
    expect(payments.map((each) => [each.state, each.outTradeNo])).toEqual([
      ['paid', `${s.order.orderNo}P02`],
      ['closed', `${s.order.orderNo}P01`],
    ])
  })

  test('PAY-01 a phone that has changed its network goes on paying, under a number of its own', async () => {
    const from = (address: string) =>
      s.app.visitor({ authorization: `Bearer ${s.buyer.token}`, 'x-forwarded-for': address })
    const home = await start('h5', from('203.0.113.7'))
    const away = await start('h5', from('198.51.100.20'))
    expect(away.paymentId).not.toBe(home.paymentId)
    expect(() => confirm({ h5_url: home.h5Url })).toThrow()
    confirm({ h5_url: away.h5Url })
    await s.app.settle()
    expect(await orderNow()).toMatchObject({ state: 'awaiting-shipment', refunds: [] })
  })

  test('PAY-01 ORD-01 an order that is closed at WeChat behind our back is paid under another number', async () => {
    const first = await start('mini')
    await realWechatPay().close(`${s.order.orderNo}P01`)
    const second = await start('mini')
    expect(second.paymentId).not.toBe(first.paymentId)
    confirm({ request: second.jsapi })
    await s.app.settle()
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
  test('PAY-01 another way was begun, and closing the first one failed: a fresh program closes it', async () => {
    const first = await start('mini')
    s.app.sim.fault({ path: '/v3/pay/transactions/out-trade-no', method: 'POST', kind: 'drop', times: 10 })
    await expect(start('native')).rejects.toMatchObject({ code: 'PAYMENT_REFUSED' })
    s.app.sim.clearFaults()
    await s.app.restart()
    for (let n = 0; n < 3; n++) await s.app.advance(MINUTE_MS)
    expect(() => confirm({ request: first.jsapi })).toThrow()
    expect(atWechat()).toMatchObject([{ state: 'CLOSED' }])
    expect((await orderNow()).state).toBe('awaiting-payment')
  })

  test('PAY-01 the answers to a question and to closing are lost: a fresh program closes it, once', async () => {
    await start('mini')
    s.app.sim.fault({ path: '/v3/pay/transactions/out-trade-no', kind: 'drop_after', times: 3 })
    await s.buyer.call('orders.cancel', { params: s.at, body: {} })
    await s.app.settle()
    expect((await orderNow()).payments).toMatchObject([{ state: 'pending' }])
    await s.app.restart()
    for (let n = 0; n < 4; n++) await s.app.advance(5 * MINUTE_MS)
    expect((await orderNow()).payments).toMatchObject([{ state: 'closed' }])
    expect(atWechat()).toMatchObject([{ state: 'CLOSED' }])
  })

  test('PAY-01 a process that died with a payment in its hands: another one asks when the lease is over', async () => {
    s.postman.isLosing = true
    await s.app.pay(s.buyer, s.order)
    await s.app.sim.settle()
    s.app.clock.advance(MINUTE_MS)
    const asked = Promise.withResolvers<void>()
    void otherProcess({
      queryByOutTradeNo: () => {
        asked.resolve()
        return NEVER
      },
    }).sweepPayments()
    await asked.promise
    await s.app.advance(MINUTE_MS)
    expect((await orderNow()).state).toBe('awaiting-payment')
    await s.app.advance(MINUTE_MS + SECOND_MS)
    expect((await orderNow()).state).toBe('awaiting-shipment')
  })

  test.each(['before', 'after'] as const)(
    'PAY-01 ORD-01 a process that died %s WeChat took the refund: another one finishes it, and the money goes back once',
    async (when) => {
      await s.app.pay(s.buyer, s.order)
      await s.app.settle()
      const real = realWechatPay()
      s.postman.isLosing = true
      s.app.sim.settings({ refund_delay_ms: 30 * SECOND_MS })
      // The refund is decided, and nobody has asked WeChat yet.
      s.app.sim.fault({ path: '/v3/refund', kind: 'drop', times: 1000 })
      await requestRefund()
      await s.app.settle()
      s.app.sim.clearFaults()
      s.app.clock.advance(10 * MINUTE_MS)
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
      await s.app.advance(MINUTE_MS)
      expect((await orderNow()).state).toBe('refunding')
      for (let n = 0; n < 6; n++) await s.app.advance(10 * MINUTE_MS)
      expect(await orderNow()).toMatchObject({ state: 'refunded', refunds: [{ state: 'succeeded' }] })
      expect(refundsAtWechat()).toHaveLength(1)
    },
  )

  test('PAY-01 a payment that WeChat calls paid and not paid is asked about with growing pauses, not again and again', async () => {
    const { paymentId } = await start('mini')
    s.app.sim.fault({ path: '/v3/pay/transactions/out-trade-no', method: 'POST', kind: 'drop' })
    await s.buyer.call('orders.cancel', { params: s.at, body: {} })
    await s.app.settle()
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
      s.app.clock.advance(pauseBefore * SECOND_MS)
      expect([await muddled.sweepPayments(), await muddled.sweepPayments(), asked]).toEqual([1, 0, 2])
      const { rows } = await s.admin.query('select check_at, last_error from payments where id = $1', [paymentId])
      expect(new Date(rows[0].check_at).getTime() - s.app.clock.millis()).toBe(pauseAfter * SECOND_MS)
      expect(rows[0].last_error).toContain('ORDER_PAID')
    }
    await s.app.advance(HOUR_MS)
    expect((await orderNow()).payments).toMatchObject([{ state: 'closed' }])
  })
})

describe('asking and being told', () => {
  test('PAY-01 SYS-03 however often a buyer’s page asks, WeChat is asked every two seconds at most', async () => {
    await start('mini')
    const asked = cutOff('/v3/pay/transactions/out-trade-no', 'GET')
    const askMany = () =>
      Promise.all(Array.from({ length: 25 }, () => s.buyer.call('payments.status', { params: s.at })))
    for (const answer of await askMany()) expect(answer.state).toBe('pending')
    expect(await asked()).toBe(1)
    s.app.clock.advance(1_900)
    await askMany()
    expect(await asked()).toBe(1)
    s.app.clock.advance(100)
    await askMany()
    expect(await asked()).toBe(2)
  })

  test('PAY-01 news of money that is not in the shop’s books is refused, so that WeChat repeats, and somebody is called', async () => {
    const before = [await troubles('unknown-payment'), await troubles('unknown-refund')]
    await s.app.pay(s.buyer, s.order)
    await s.app.sim.settle()
    await requestRefund()
    await s.app.settle()
    const other = await s.app.openTestShop()
    const notices = s.postman.letters.map((each) => ({ ...each, path: each.path.replace(s.shop.shopId, other.shopId) }))
    expect(notices.map((each) => each.path.split('/').at(-1))).toEqual(['notify', 'refund-notify'])
    for (const each of notices) expect(await s.postman.deliver(each)).toBe(404)
    expect([errorsOf('unknown-payment').length, errorsOf('unknown-refund').length]).toEqual([1, 1])
    expect([await troubles('unknown-payment'), await troubles('unknown-refund')]).toEqual(
      before.map((each) => each + 1),
    )
    // The same at the address of the other kind of news is understood: nothing is answered "taken" unread.
    const [payment, refund] = s.postman.letters
    expect(await s.postman.deliver({ ...payment!, path: refund!.path })).toBe(200)
    expect(await orderNow()).toMatchObject({ state: 'refunded' })
  })
})
