import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RETRY_DELAYS_MS, startSimulator } from '@zhanggui/wechat-simulator'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createWechatPay } from './live.ts'
import { payConfigOf, startTestShop, type TestShop } from './test-shop.ts'

let shop: TestShop
beforeEach(async () => {
  shop = await startTestShop()
})
afterEach(() => shop.close())

describe('notifications', () => {
  test('PAY-01 a payment is announced once, signed by the public key, and says what the query says', async () => {
    const { sim, pay, notices } = shop
    const order = await shop.paid({ attach: 'x' })
    await sim.settle()
    expect(notices).toHaveLength(1)
    expect(notices[0]).toMatchObject({ kind: 'payment', eventType: 'TRANSACTION.SUCCESS' })
    const notice = notices[0]
    expect(notice?.kind === 'payment' && notice.transaction).toEqual(await pay.queryByOutTradeNo(order.outTradeNo))
    expect(sim.notifications(order.outTradeNo)[0]).toMatchObject({
      state: 'delivered',
      attempts: 1,
      log: [{ status: 204 }],
    })
    await sim.clock.advance(48 * 3_600_000)
    expect(notices).toHaveLength(1)
  })

  test('PAY-01 notifications signed by a platform certificate are read too, before and after a rotation', async () => {
    const { sim, notices } = shop
    sim.settings({ notification_key: 'platform_certificate' })
    await shop.paid()
    await sim.settle()
    await sim.clock.advance(60_000)
    await sim.rotatePlatformCertificate()
    await shop.paid()
    await sim.settle()
    expect(notices.map((notice) => notice.kind)).toEqual(['payment', 'payment'])
    expect(shop.refusals).toEqual([])
  })

  test("PAY-01 a failed notification is repeated on WeChat's schedule: 15 times over 24 h 4 min, then given up", async () => {
    const { sim, failWith, notices } = shop
    failWith.push(...Array.from({ length: 16 }, () => 500))
    const order = await shop.paid()
    await sim.settle()
    const began = sim.notifications(order.outTradeNo)[0]?.log[0]?.at ?? 0
    await sim.clock.advance(24 * 3_600_000 + 5 * 60_000)
    const [sent] = sim.notifications(order.outTradeNo)
    expect(sent).toMatchObject({ state: 'given_up', attempts: 16, next_at: null })
    const gaps = sent?.log.slice(1).map((attempt, index) => attempt.at - (sent.log[index]?.at ?? 0)) ?? []
    expect(gaps.map((gap) => Math.round(gap / 1000))).toEqual(RETRY_DELAYS_MS.map((delay) => delay / 1000))
    expect(Math.round(((sent?.log.at(-1)?.at ?? 0) - began) / 60_000)).toBe(24 * 60 + 4)
    expect(notices).toEqual([])

    expect(await sim.resend(sent?.id ?? '')).toMatchObject({ kind: 'manual', status: 204 })
    expect(notices).toHaveLength(1)
    expect(sim.notifications(order.outTradeNo)[0]?.state).toBe('delivered')
  })

  test.each([200, 201, 204])('PAY-01 the answer %i ends the repeats', async (status) => {
    shop.failWith.push(404, status)
    await shop.paid()
    await shop.sim.clock.advance(15_000)
    expect(shop.sim.notifications()[0]).toMatchObject({ state: 'delivered', attempts: 2 })
  })

  test('PAY-01 a redirect is not followed and counts as a failure', async () => {
    shop.failWith.push(302)
    await shop.paid()
    await shop.sim.settle()
    expect(shop.sim.notifications()[0]).toMatchObject({ state: 'pending', log: [{ status: 302 }] })
    expect(shop.notices).toEqual([])
  })

  test('PAY-01 a signature probe is refused and the true notification that follows is taken', async () => {
    const { sim, notices, refusals } = shop
    sim.settings({ signature_probes: 1 })
    await shop.paid()
    await sim.settle()
    expect(refusals.map((error) => error.code)).toEqual(['NOTICE_SIGNATURE_PROBE'])
    expect(notices).toHaveLength(1)
    expect(sim.notifications()[0]?.log.map((attempt) => [attempt.kind, attempt.status])).toEqual([
      ['probe', 401],
      ['delivery', 204],
    ])
  })

  test.each([
    ['SUCCESS', 'REFUND.SUCCESS'],
    ['CLOSED', 'REFUND.CLOSED'],
    ['ABNORMAL', 'REFUND.ABNORMAL'],
  ] as const)('PAY-01 a refund that ends in %s is announced as %s', async (outcome, eventType) => {
    const { sim, pay, notices, notifyUrl } = shop
    const order = await shop.paid()
    await sim.settle()
    await pay.refund({ outRefundNo: 'R-1', outTradeNo: order.outTradeNo, refundFen: 100, totalFen: 12_800, notifyUrl })
    expect(sim.decideRefund('R-1', outcome)).toBe(true)
    await sim.clock.advance(2_000)
    const notice = notices[1]
    expect(notice).toMatchObject({
      kind: 'refund',
      eventType,
      refund: { outRefundNo: 'R-1', status: outcome, refundFen: 100, totalFen: 12_800 },
    })
    expect(notice?.kind === 'refund' && notice.refund.succeededAt !== null).toBe(outcome === 'SUCCESS')
    expect((await pay.queryRefund('R-1')).status).toBe(outcome)
  })

  test('PAY-01 a shop that stayed in real time while the desk moved ahead is still served and notified', async () => {
    const { sim } = shop
    await sim.clock.advance(3 * 86_400_000)
    const real = shop.client({}, Date.now)
    const order = shop.order()
    const { client } = await real.prepayJsapi(order)
    sim.pay({ request: client, person: '林晓雨', action: 'confirm' })
    await sim.settle()
    // The shop's own client lives in the simulator's time, so it finds this notice three days old.
    expect(shop.refusals.map((error) => error.code)).toEqual(['NOTICE_EXPIRED'])
    expect((await real.queryByOutTradeNo(order.outTradeNo)).tradeState).toBe('SUCCESS')
  })

  test('PAY-01 a restarted WeChat still knows the payment of yesterday and what it has to announce', async () => {
    const data = mkdtempSync(join(tmpdir(), 'simulator-restart-'))
    try {
      const first = await startSimulator({ data })
      const order = { ...shop.order(), appid: first.credentials.env.WECHAT_MINI_APPID }
      const openid = first.people.get('林晓雨').openids[order.appid] ?? ''
      const placed = createWechatPay(payConfigOf(first), { now: first.clock.now })
      const notifyUrl = 'http://127.0.0.1:9/nobody'
      const { client } = await placed.prepayJsapi({ ...order, openid, notifyUrl })
      first.pay({ request: client, person: '林晓雨', action: 'confirm' })
      await first.settle()
      const before = await placed.queryByOutTradeNo(order.outTradeNo)
      await first.close()

      const second = await startSimulator({ data })
      const pay = createWechatPay(payConfigOf(second), { now: second.clock.now })
      expect(await pay.queryByOutTradeNo(order.outTradeNo)).toEqual(before)
      expect(second.notifications(order.outTradeNo)[0]).toMatchObject({ state: 'pending', attempts: 1 })
      await second.clock.advance(15_000)
      expect(second.notifications(order.outTradeNo)[0]?.attempts).toBe(2)
      await second.close()
    } finally {
      rmSync(data, { recursive: true, force: true })
    }
  })
})
