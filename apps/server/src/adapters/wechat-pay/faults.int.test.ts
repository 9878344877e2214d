import { TRANSFER_RETRY_DELAYS_MS } from '@zhanggui/wechat-simulator'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { WechatPayError } from './errors.ts'
import { moneyActs } from './test-money.ts'
import { startTestShop, type TestShop } from './test-shop.ts'

let shop: TestShop
beforeAll(async () => {
  shop = await startTestShop()
})
afterEach(() => {
  shop.sim.clearFaults()
  shop.sim.chaos(null)
  shop.sim.settings({ refund_delay_ms: 2000, refund_interval_ms: 60_000 })
  shop.notices.length = 0
  shop.refusals.length = 0
})
afterAll(() => shop.close())

const { newNo, paidToSplit, splitOf, transferOf } = moneyActs(() => shop)
const control = async (path: string, method = 'GET', body?: unknown) => {
  const init = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(`${shop.sim.url}/__sim/${path}`, { method, ...init })
  return { status: response.status, json: (await response.json()) as Record<string, unknown> }
}
const aboutOf = (no: string) =>
  shop.notices.filter((each) => each.kind === 'payment' && each.transaction.outTradeNo === no)

describe('faults of notifications', () => {
  test('PAY-01 a lost notification never comes, one lost once comes with the next attempt', async () => {
    const { sim } = shop
    sim.fault({ kind: 'notice_lose', path: 'TRANSACTION' })
    const lost = await shop.paid()
    await sim.clock.advance(86_400_000 * 2)
    expect(aboutOf(lost.outTradeNo)).toEqual([])
    expect(sim.notifications(lost.outTradeNo)[0]).toMatchObject({ state: 'lost', attempts: 0 })
    sim.fault({ kind: 'notice_lose_once' })
    const late = await shop.paid()
    await sim.settle()
    expect(aboutOf(late.outTradeNo)).toEqual([])
    await sim.clock.advance(15_000)
    expect(aboutOf(late.outTradeNo)).toHaveLength(1)
  })

  test('PAY-01 twice, late, and wrongly signed once', async () => {
    const { sim, refusals } = shop
    sim.fault({ kind: 'notice_twice' })
    const twice = await shop.paid()
    await sim.settle()
    expect(new Set(aboutOf(twice.outTradeNo).map((each) => each.id)).size).toBe(1)
    expect(aboutOf(twice.outTradeNo)).toHaveLength(2)
    sim.fault({ kind: 'notice_late', delay_ms: 40_000 })
    const late = await shop.paid()
    await sim.clock.advance(39_000)
    expect(aboutOf(late.outTradeNo)).toHaveLength(0)
    await sim.clock.advance(1000)
    expect(aboutOf(late.outTradeNo)).toHaveLength(1)
    sim.fault({ kind: 'notice_bad_signature' })
    const forged = await shop.paid()
    await sim.settle()
    expect(refusals.at(-1)?.code).toBe('NOTICE_SIGNATURE_PROBE')
    await sim.clock.advance(15_000)
    expect(aboutOf(forged.outTradeNo)).toHaveLength(1)
  })

  test('PAY-01 out of order: the refund is announced before the payment', async () => {
    const { sim, pay, notices } = shop
    sim.fault({ kind: 'notice_swap', path: 'TRANSACTION', delay_ms: 3_600_000 })
    const order = await shop.paid()
    await pay.refund({
      ...{ outTradeNo: order.outTradeNo, outRefundNo: newNo('R'), refundFen: 12_800, totalFen: 12_800 },
      notifyUrl: shop.notifyUrl,
    })
    await sim.clock.advance(5000)
    expect(notices.map((each) => each.kind)).toEqual(['refund', 'payment'])
  })

  test('PAY-01 before the call is answered: the refund is done and announced first', async () => {
    const { sim, pay, notices } = shop
    const order = await shop.paid()
    await sim.settle()
    notices.length = 0
    sim.fault({ kind: 'notify_first', path: '/v3/refund', method: 'POST' })
    let announced = 0
    const input = { outTradeNo: order.outTradeNo, outRefundNo: newNo('R'), refundFen: 100, totalFen: 12_800 }
    const answer = pay.refund({ ...input, notifyUrl: shop.notifyUrl }).then((refund) => {
      announced = notices.length
      return refund
    })
    expect((await answer).status).toBe('PROCESSING')
    expect(announced).toBe(1)
    expect((await pay.queryRefund(input.outRefundNo)).status).toBe('SUCCESS')
  })
})

test('PAY-05 a transfer nobody takes note of is announced on its own schedule: 64 repeats, then given up', async () => {
  const { sim, pay } = shop
  sim.topUp(10_000)
  const input = transferOf()
  const { packageInfo } = await pay.transfers.create(input)
  shop.failWith.push(...Array.from({ length: 65 }, () => 500))
  sim.confirmTransfer({ package: packageInfo!, person: '苏婉清' })
  await sim.clock.advance(2 * 86_400_000)
  const [notice] = sim.notifications(input.outBillNo)
  expect(notice).toMatchObject({ state: 'given_up', attempts: 65 })
  const times = notice!.log.map((each) => each.at)
  // The simulator's clock also runs with the machine's while it posts.
  const gaps = times.slice(1).map((at, index) => Math.round((at - times[index]!) / 5000) * 5000)
  expect(gaps).toEqual(TRANSFER_RETRY_DELAYS_MS)
  expect(shop.failWith).toEqual([])
})

describe('faults of calls', () => {
  test('PAY-01 what timed out after it was done is found by its number', async () => {
    const { sim } = shop
    const { transactionId } = await paidToSplit()
    const input = await splitOf(transactionId)
    const hasty = shop.client({ timeoutMs: 300 })
    sim.fault({ kind: 'slow', path: '/v3/profitsharing/orders', delay_ms: 3000 })
    await expect(hasty.sharing.request(input)).rejects.toMatchObject({ code: 'TIMEOUT', retryable: true })
    expect((await shop.pay.sharing.query(input)).outOrderNo).toBe(input.outOrderNo)
    sim.fault({ kind: 'drop_after', path: '/v3/profitsharing/orders', method: 'GET' })
    await expect(shop.pay.sharing.query(input)).rejects.toMatchObject({ code: 'NETWORK_ERROR', retryable: true })
  })

  test('PAY-01 every documented refusal reaches the caller with its code, and says whether to try again', async () => {
    const { sim, pay } = shop
    const { json } = await control('faults/catalogue')
    const calls = json.calls as Array<{
      path: string
      refusals: Array<{ status: number; code: string; message: string }>
    }>
    const call: Record<string, () => Promise<unknown>> = {
      '/v3/pay/': () => pay.queryByOutTradeNo('X'),
      '/v3/refund/': () => pay.queryRefund('X'),
      '/v3/profitsharing/orders': () => pay.sharing.query({ transactionId: '4', outOrderNo: 'X' }),
      '/v3/profitsharing/return-orders': () => pay.sharing.queryReturn({ outOrderNo: 'X', outReturnNo: 'Y' }),
      '/v3/profitsharing/receivers': () =>
        pay.sharing.deleteReceiver({ appid: 'wx', type: 'MERCHANT_ID', account: '1' }),
      '/v3/fund-app/mch-transfer/': () => pay.transfers.query('X'),
      '/v3/combine-transactions/': () => pay.combined.query('X'),
      '/v3/bill/': () => pay.tradeBill('2026-01-01'),
    }
    let count = 0
    for (const { path, refusals } of calls) {
      for (const refusal of call[path] ? refusals : []) {
        sim.fault({ kind: 'refuse', path, ...refusal })
        const error: unknown = await call[path]!().catch((caught: unknown) => caught)
        const retryable = (refusal.status >= 500 || refusal.status === 429) && refusal.code !== 'OPENID_MISMATCH'
        expect(error).toMatchObject({ ...refusal, retryable })
        count += 1
      }
    }
    expect(count).toBeGreaterThan(90)
  })

  test('PAY-01 the control API plays, lists, counts and clears faults, and refuses what it does not know', async () => {
    const before = shop.sim.faultsPlayed().total
    const fault = { kind: 'rate_limit', path: '/v3/pay', times: 2 }
    expect((await control('faults', 'POST', fault)).json).toMatchObject(fault)
    await expect(shop.pay.queryByOutTradeNo('X')).rejects.toMatchObject({ status: 429, code: 'FREQUENCY_LIMITED' })
    const { json } = await control('faults')
    expect(json).toMatchObject({
      faults: [{ kind: 'rate_limit', times: 1 }],
      chaos: null,
      played: { total: before + 1 },
    })
    expect((await control('faults', 'DELETE', {})).json).toEqual({ ok: true })
    await expect(shop.pay.queryByOutTradeNo('X')).rejects.toMatchObject({ code: 'ORDER_NOT_EXIST' })
    expect((await control('faults', 'POST', { kind: 'earthquake' })).status).toBe(400)
    expect((await control('chaos', 'PUT', { rates: { drop: 2 } })).status).toBe(400)
  })
})

describe('random mode', () => {
  const ORDERS = 30

  /** Repeats a call as a careful shop does: as long as its outcome may be unknown. */
  async function insist<T>(call: () => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await call()
      } catch (error) {
        if (tries === 30 || !(error instanceof WechatPayError) || !error.retryable) throw error
      }
    }
  }

  test('PAY-01 thirty orders under every fault: each is paid once, each refund is one, the account agrees', async () => {
    const { sim, pay } = shop
    sim.settings({ refund_interval_ms: 0, refund_delay_ms: 0 })
    await sim.clock.advance(60_000)
    const before = sim.account().balanceFen
    const played = sim.faultsPlayed().total
    const { json } = await control('chaos', 'PUT', {
      seed: 20260701,
      slow_ms: 20,
      rates: {
        ...{ server_error: 0.05, rate_limit: 0.05, drop: 0.05, drop_after: 0.05, slow: 0.05, bad_signature: 0.05 },
        ...{ notify_first: 0.05, stall: 0.1, notice_lose: 0.05, notice_lose_once: 0.1, notice_twice: 0.1 },
        ...{ notice_late: 0.1, notice_swap: 0.1, notice_bad_signature: 0.1 },
      },
    })
    expect(json).toMatchObject({ seed: 20260701 })
    const orders = Array.from({ length: ORDERS }, () => shop.order({ amountFen: 10_000 }))
    const lane = async (mine: typeof orders) => {
      for (const order of mine) {
        const { client } = await insist(() => pay.prepayJsapi(order))
        sim.pay({ request: client, person: order.openid, action: 'confirm' })
        const input = {
          outTradeNo: order.outTradeNo,
          outRefundNo: `R${order.outTradeNo}`,
          refundFen: 2500,
          totalFen: 10_000,
        }
        await insist(() => pay.refund({ ...input, notifyUrl: shop.notifyUrl }))
      }
    }
    await Promise.all([0, 1, 2, 3].map((part) => lane(orders.filter((_, index) => index % 4 === part))))
    await sim.clock.advance(2 * 86_400_000)
    sim.chaos(null)
    for (const order of orders) {
      expect(await pay.queryRefund(`R${order.outTradeNo}`)).toMatchObject({ status: 'SUCCESS', refundFen: 2500 })
    }
    expect(sim.account().balanceFen - before).toBe(ORDERS * (10_000 - 60 - (2500 - 15)))
    expect(sim.faultsPlayed().total - played).toBeGreaterThan(ORDERS)
    const told = new Set(shop.notices.flatMap((each) => (each.kind === 'payment' ? [each.transaction.outTradeNo] : [])))
    const sent = orders.filter((order) => sim.notifications(order.outTradeNo)[0]!.state !== 'lost')
    expect(told).toEqual(new Set(sent.map((order) => order.outTradeNo)))
  })
})
