import { beforeEach, describe, expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts'
import { newId } from '../../kernel/ids.ts'
import { payStage } from './testing.ts'

const s = payStage()
const {
  place,
  orderNow,
  asStaff,
  requestRefund,
  refundsAtWechat,
  errorsOf,
  troubles,
  realWechatPay,
  otherProcess,
  payTooLate,
} = s

describe('refunds that do not go through', () => {
  beforeEach(async () => {
    await s.app.pay(s.buyer, s.order)
    await s.app.settle()
    s.app.sim.settings({ refund_delay_ms: 30 * SECOND_MS })
  })

  test('PAY-01 ORD-01 an abnormal refund stays open, keeps its money, is seen by staff, and may still succeed', async () => {
    await requestRefund()
    await s.app.settle()
    const [refund] = (await orderNow()).refunds
    expect(s.app.sim.decideRefund(refund!.outRefundNo, 'ABNORMAL')).toBe(true)
    const before = await troubles('refund-abnormal')
    await s.app.advance(MINUTE_MS)
    for (let n = 0; n < 5; n++) await s.app.advance(HOUR_MS)
    expect(await asStaff()).toMatchObject({
      state: 'refunding',
      refunds: [{ state: 'processing', finishedAt: null, lastError: expect.stringContaining('退款异常') }],
    })
    expect((await orderNow()).refunds).toMatchObject([{ state: 'processing', lastError: null }])
    // Told once, not with every question.
    expect([errorsOf('refund-abnormal').length, (await troubles('refund-abnormal')) - before]).toEqual([1, 1])
    await expect(requestRefund()).rejects.toMatchObject({ code: 'ORDER_STATE' })
    // The merchant finishes it by hand in WeChat's own back office, and the notification gets lost.
    s.postman.isLosing = true
    expect(s.app.sim.decideRefund(refund!.outRefundNo, 'SUCCESS')).toBe(true)
    await s.app.advance(HOUR_MS)
    await s.app.advance(HOUR_MS)
    expect(await asStaff()).toMatchObject({ state: 'refunded', refunds: [{ state: 'succeeded', lastError: null }] })
    expect(refundsAtWechat()).toHaveLength(1)
  })

  test('PAY-01 staff find payments and refunds by number, state and amount, and may ask WeChat about one that is on its way', async () => {
    await requestRefund()
    await s.app.settle()
    const { shopId } = s.at
    const [refund] = (await orderNow()).refunds
    const number = refund!.outRefundNo
    const [payment] = (await s.shop.owner.call('console.payments', { params: { shopId }, query: { state: 'paid' } }))
      .items
    expect(payment).toMatchObject({
      orderId: s.at.orderId,
      refundedFen: 0,
      refundingFen: refund!.amountFen,
      taken: true,
    })
    const find = async (query: object) =>
      (await s.shop.owner.call('console.refunds', { params: { shopId }, query })).items.map((row) => row.outRefundNo)
    expect(await find({ q: payment!.outTradeNo, maxFen: refund!.amountFen })).toEqual([number])
    expect(await find({ minFen: refund!.amountFen + 1 })).toEqual([])
    expect(await find({ state: 'succeeded' })).toEqual([])
    const asked = await s.shop.owner.call('console.askRefund', { params: { shopId, refundId: refund!.id } })
    expect(asked).toMatchObject({ state: 'processing', lastError: null })
    // It is done at WeChat, and the news of it are lost: whoever asks learns it, and it is booked once.
    s.postman.isLosing = true
    s.app.sim.decideRefund(number, 'SUCCESS')
    s.app.clock.advance(MINUTE_MS)
    await s.app.sim.settle()
    const ask = () => s.shop.owner.call('console.askRefund', { params: { shopId, refundId: refund!.id } })
    const answers = await Promise.all([ask(), ask(), ask()])
    expect(answers.map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'succeeded'])
    await s.app.settle()
    expect(await orderNow()).toMatchObject({ state: 'refunded', refundedFen: refund!.amountFen })
    expect((await ask()).state).toBe('succeeded')
    const unknown = { params: { shopId, refundId: newId() } }
    await expect(s.shop.owner.call('console.askRefund', unknown)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('PAY-01 ORD-01 a closed refund ends as failed, the order is where it was, and a new one has a new number and the money', async () => {
    await requestRefund()
    await s.app.settle()
    const first = (await orderNow()).refunds[0]!
    s.app.sim.decideRefund(first.outRefundNo, 'CLOSED')
    await s.app.advance(MINUTE_MS)
    expect(await asStaff()).toMatchObject({
      state: 'awaiting-shipment',
      refunds: [{ state: 'failed', lastError: expect.stringContaining('关闭') }],
    })
    await requestRefund('还是不要了')
    await s.app.settle()
    await s.app.advance(5 * MINUTE_MS)
    const { state, refundedFen, refunds } = await orderNow()
    expect([state, refundedFen]).toEqual(['refunded', s.order.totalFen])
    expect(refunds.map((each) => each.state).sort()).toEqual(['failed', 'succeeded'])
    expect(new Set(refunds.map((each) => each.outRefundNo)).size).toBe(2)
  })

  test.each(['before', 'after'] as const)(
    'PAY-01 ORD-01 the money turns out to be back by a refund thought closed, %s a new one was asked for',
    async (when) => {
      await requestRefund()
      await s.app.settle()
      const { outRefundNo } = (await orderNow()).refunds[0]!
      const real = realWechatPay()
      const mistaken = otherProcess({
        queryRefund: async (no) => ({ ...(await real.queryRefund(no)), status: 'CLOSED' }),
      })
      s.postman.isLosing = true
      s.app.clock.advance(10 * MINUTE_MS)
      await mistaken.sweepRefunds()
      expect((await orderNow()).state).toBe('awaiting-shipment')
      if (when === 'after') {
        await requestRefund('再次申请')
        await s.app.settle()
        expect(await asStaff()).toMatchObject({
          state: 'refunding',
          refunds: [{ lastError: expect.stringContaining('可退') }, {}],
        })
      }
      await s.app.sim.settle()
      // Letters of other tests, which got lost, may come again meanwhile.
      const [letter] = s.postman.letters.filter(
        (each) => each.path.includes(s.shop.shopId) && each.body.includes('REFUND.SUCCESS'),
      )
      for (let n = 0; n < 2; n++) expect(await s.postman.deliver(letter!)).toBe(200)
      for (let n = 0; n < 3; n++) await s.app.advance(HOUR_MS)
      const now = await asStaff()
      expect([now.state, now.refundedFen]).toEqual(['refunded', s.order.totalFen])
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
    s.app.sim.fault({ path: '/v3/refund/domestic/refunds', method: 'POST', times: 1000, ...refuse })
    await requestRefund()
    await s.app.settle()
    expect(await asStaff()).toMatchObject({
      state: 'refunding',
      refunds: [{ state: 'created', lastError: 'NOT_ENOUGH: 基本账户余额不足' }],
    })
    expect((await orderNow()).refunds).toMatchObject([{ lastError: null }])
    expect([errorsOf('refund-refused').length, (await troubles('refund-refused')) - before]).toEqual([1, 1])
    for (let n = 0; n < 60; n++) await s.app.advance(MINUTE_MS)
    // After 2, 4, 8, 16 and 32 minutes: a minute's pause would have been sixty times.
    expect(errorsOf('refund-refused').length).toBeLessThanOrEqual(6)
    s.app.sim.clearFaults()
    for (let n = 0; n < 3; n++) await s.app.advance(HOUR_MS)
    expect(await asStaff()).toMatchObject({ state: 'refunded', refunds: [{ state: 'succeeded', lastError: null }] })
    expect(refundsAtWechat()).toHaveLength(1)
  })
})

describe('money that an order could not take', () => {
  test('PAY-01 a closed refund of it is followed by another by itself, until the money is back', async () => {
    s.app.sim.settings({ refund_delay_ms: 30 * SECOND_MS })
    await payTooLate()
    await s.app.advance(2 * MINUTE_MS)
    const [first] = refundsAtWechat()
    s.app.sim.decideRefund(first!.out_refund_no, 'CLOSED')
    for (let n = 0; n < 3; n++) await s.app.advance(5 * MINUTE_MS)
    const { state, refunds } = await orderNow()
    expect(state).toBe('cancelled')
    expect(refunds.map((each) => [each.state, each.amountFen, each.requestedBy])).toEqual([
      ['succeeded', s.order.totalFen, 'system'],
      ['failed', s.order.totalFen, 'system'],
    ])
  })

  test('PAY-01 after five refunds that WeChat has closed somebody is called', async () => {
    const before = await troubles('refund-given-up')
    s.app.sim.settings({ refund_delay_ms: 30 * SECOND_MS })
    await payTooLate()
    for (let n = 0; n < 40; n++) {
      await s.app.advance(10 * MINUTE_MS)
      for (const each of refundsAtWechat()) s.app.sim.decideRefund(each.out_refund_no, 'CLOSED')
    }
    const { refunds } = await asStaff()
    expect(refunds.map((each) => each.state)).toEqual(Array(5).fill('failed'))
    expect([errorsOf('refund-given-up').length, (await troubles('refund-given-up')) - before]).toEqual([1, 1])
  })

  test('PAY-01 DAT-01 it is no turnover, neither when it comes nor when it goes', async () => {
    const day = () => {
      const from = new Date(s.app.clock.millis() - HOUR_MS).toISOString()
      const to = new Date(s.app.clock.millis() + HOUR_MS).toISOString()
      return s.app.app.db.read({ shopId: s.shop.shopId }, (tx) =>
        s.app.app.payments.moneyBetween(tx, s.shop.shopId, from, to),
      )
    }
    await payTooLate()
    await s.app.advance(2 * MINUTE_MS)
    await s.app.advance(5 * MINUTE_MS)
    expect((await orderNow()).refunds).toMatchObject([{ state: 'succeeded' }])
    expect(await day()).toEqual({ paidFen: 0, paidOrders: 0, buyers: 0, refundedFen: 0 })
    await place()
    await s.app.pay(s.buyer, s.order)
    await s.app.settle()
    expect(await day()).toEqual({ paidFen: s.order.totalFen, paidOrders: 1, buyers: 1, refundedFen: 0 })
    await requestRefund()
    await s.app.settle()
    expect(await day()).toEqual({ paidFen: s.order.totalFen, paidOrders: 1, buyers: 1, refundedFen: s.order.totalFen })
  })
})
