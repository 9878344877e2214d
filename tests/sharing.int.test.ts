import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DAY_MS, MINUTE_MS } from '../apps/server/src/kernel/clock.ts'
import { sql } from '../apps/server/src/kernel/db.ts'
import { newId } from '../apps/server/src/kernel/ids.ts'
import { accountId, getBalances, transferOrThrow } from '../apps/server/src/ledger/index.ts'
import { startTestApp, type TestApp, type TestBuyer, type TestShop } from './support/app.ts'
import { newKey } from './support/http.ts'
import { receivedOrder } from './support/reviews.ts'
import { addParty, openidOf, refundPart, sign, wrongs } from './support/sharing.ts'

let app: TestApp
let shop: TestShop
let buyer: TestBuyer
let skuId: string
let params: { shopId: string }
beforeAll(async () => {
  app = await startTestApp({ clickhouse: false })
  app.sim.topUp(1_000_000)
})
afterAll(() => app?.close())
beforeEach(async () => {
  shop = await app.openTestShop()
  params = { shopId: shop.shopId }
  buyer = await app.buyer()
  skuId = (await app.product(shop, { pricesFen: [4300] })).skuIds[0]!
})
afterEach(async () => {
  app.sim.clearFaults()
  await app.settle()
  expect(await wrongs(app, shop)).toEqual([])
})

const AFTER_HOLD_MS = 8 * DAY_MS
const creator = async () => {
  const person = app.sim.people.create({ name: `达人${newKey().slice(0, 6)}`, phone: phone() })
  return addParty(shop, { account: { kind: 'openid', value: openidOf(app, person.id) } })
}
let phones = 0
const phone = () => `137${String(10_000_000 + ++phones)}`
const company = async (kind: 'supplier' | 'agency' = 'supplier') => {
  const merchant = app.sim.merchants.create(`公司${newKey().slice(0, 8)}`)
  const account = { kind: 'mchid', value: merchant.mchid } as const
  return { ...(await addParty(shop, { kind, legal: 'company', name: merchant.name, account })), mchid: merchant.mchid }
}
const received = (quantity = 2) => receivedOrder(app, shop, buyer, [[skuId, quantity]])
/** Splits come a minute after the payment, and are asked for until they have ended. */
const split = async () => {
  await app.advance(2 * MINUTE_MS)
  await app.advance(3 * MINUTE_MS)
}
const rowOf = (orderId: string, partyId: string) =>
  app.app.db.read('system', (tx) =>
    tx.one<Record<string, unknown>>(
      sql`select * from order_party_shares where order_id = ${orderId} and party_id = ${partyId}`,
    ),
  )
const moneyOf = (orderId: string) =>
  app.app.db.read('system', (tx) =>
    tx.maybe<Record<string, unknown>>(sql`select * from order_money where order_id = ${orderId}`),
  )
const splitsOf = (orderId: string) =>
  app.app.db.read('system', (tx) =>
    tx.rows<{ kind: string; state: string; outOrderNo: string }>(sql`
      select kind, state, out_order_no from splits where order_id = ${orderId} order by number`),
  )
const balance = async (code: string, ...owners: string[]) => {
  const id = accountId(code, ...owners)
  return (await app.app.db.read('system', (tx) => getBalances(tx, shop.shopId, [id]))).get(id)?.balance ?? 0
}
const refund = async (orderId: string) => {
  await shop.owner.call('console.refundOrder', {
    params: { ...params, orderId },
    idempotencyKey: newKey(),
    body: { reason: '退货' },
  })
  await app.settle()
}
describe('from the order to the split', () => {
  test('PAY-03 shares are frozen by the contract in force when the order was placed, settled on receipt, split after the holding period', async () => {
    const party = await creator()
    const contract = await sign(shop, party.id)
    const placed = await app.order(buyer, shop.shopId, [[skuId, 2]])
    await app.advance(MINUTE_MS)
    const { id, partyId, partyName, partyKind, state, createdAt, updatedAt, ...terms } = contract
    const dearer = { ...terms, rate: { kind: 'bp', bp: 2500 } as const }
    await shop.owner.call('console.updateContract', { params: { ...params, contractId: id }, body: dearer })
    await app.pay(buyer, placed)
    await app.settle()
    const { orderId } = placed
    expect(await rowOf(orderId, party.id)).toMatchObject({ shareFen: 1032, nowFen: 0, payBy: 'split' })
    expect(app.sim.orders().find((each) => each.out_trade_no.startsWith(placed.orderNo))!.profit_sharing).toBe(1)
    await shop.owner.call('console.shipOrder', {
      params: { ...params, orderId },
      idempotencyKey: newKey(),
      body: { carrierCode: 'SF', trackingNo: 'SF1234567890' },
    })
    await buyer.call('orders.confirmReceipt', { params: { ...params, orderId } })
    await app.settle()
    expect(await rowOf(orderId, party.id)).toMatchObject({ nowFen: 1032, pendingFen: 1032 })
    expect(await moneyOf(orderId)).toMatchObject({
      state: 'settled',
      paidFen: 8600,
      feeFen: 52,
      merchantNowFen: 8600 - 1032 - 52,
    })
    expect(await balance('order.paid', orderId)).toBe(0)
    expect(await balance('fee.channel', shop.shopId)).toBe(52)
    await split()
    expect(await splitsOf(orderId)).toEqual([])
    await app.advance(AFTER_HOLD_MS)
    await split()
    expect(await splitsOf(orderId)).toMatchObject([
      { kind: 'split', state: 'finished' },
      { kind: 'unfreeze', state: 'finished' },
    ])
    expect(await rowOf(orderId, party.id)).toMatchObject({ nowFen: 1032, splitFen: 1032, dueFen: 0 })
    expect(await moneyOf(orderId)).toMatchObject({ state: 'closed' })
  })

  test('PAY-03 an order that shares nothing is opened as ever, settled on receipt and done', async () => {
    const party = await creator()
    await sign(shop, party.id, { holdDays: 0, goods: { kind: 'products', ids: [(await app.product(shop)).productId] } })
    const { orderId, orderNo } = await received()
    expect(app.sim.orders().find((each) => each.out_trade_no.startsWith(orderNo))!.profit_sharing).toBe(0)
    expect(await moneyOf(orderId)).toMatchObject({ state: 'closed', merchantNowFen: 8600 - 52 })
    expect(await balance('merchant.pending', shop.shopId)).toBe(8600 - 52)
  })

  test('PAY-03 a creator, their agency and a supplier of one order are split together, each for itself', async () => {
    const [party, agency, supplier] = [await creator(), await company('agency'), await company()]
    await sign(shop, party.id, { holdDays: 0 })
    await sign(shop, agency.id, { holdDays: 0, base: 'share', rate: { kind: 'bp', bp: 2000 } })
    await sign(shop, supplier.id, { holdDays: 0, rate: { kind: 'per-unit', fen: 500 } })
    const { orderId } = await received()
    await split()
    expect(await rowOf(orderId, party.id)).toMatchObject({ splitFen: 826 })
    expect(await rowOf(orderId, agency.id)).toMatchObject({ splitFen: 206 })
    expect(await rowOf(orderId, supplier.id)).toMatchObject({ splitFen: 1000 })
    expect(app.sim.account(supplier.mchid).balanceFen).toBe(1000)
  })

  test('PAY-03 a receiver whom WeChat refuses gets it back as due and is tried under a new number; others have theirs', async () => {
    const [party, supplier] = [await creator(), await company()]
    await sign(shop, party.id, { holdDays: 0 })
    await sign(shop, supplier.id, { holdDays: 0, rate: { kind: 'bp', bp: 1000 } })
    const { orderId } = await received()
    app.sim.fault({
      path: '/v3/profitsharing/orders',
      kind: 'fail',
      reason: 'ACCOUNT_ABNORMAL',
      times: 1,
    })
    await split()
    await app.advance(10 * MINUTE_MS)
    await split()
    const splits = await splitsOf(orderId)
    expect(splits.map(({ kind }) => kind)).toEqual(['split', 'split', 'unfreeze'])
    expect(new Set(splits.map(({ outOrderNo }) => outOrderNo)).size).toBe(3)
    expect(await rowOf(orderId, party.id)).toMatchObject({ splitFen: 1032 })
    expect(await rowOf(orderId, supplier.id)).toMatchObject({ splitFen: 860 })
  })

  test('PAY-03 what cannot be split at all is paid on withdrawal after some days, and the rest of the order is unfrozen', async () => {
    const party = await addParty(shop, { account: { kind: 'openid', value: 'oNobodyAtWechat0000001' } })
    await sign(shop, party.id, { holdDays: 0 })
    const { orderId } = await received()
    await split()
    for (let time = 0; time < 3; time++) await app.advance(10 * MINUTE_MS)
    expect(await rowOf(orderId, party.id)).toMatchObject({ dueFen: 1032, tries: 3, payBy: 'split' })
    await app.advance(4 * DAY_MS)
    await split()
    expect(await rowOf(orderId, party.id)).toMatchObject({ dueFen: 1032, payBy: 'withdrawal' })
    expect(await moneyOf(orderId)).toMatchObject({ state: 'closed' })
    const payable = await app.app.db.tx('system', (tx) => app.app.sharing.payableOf(tx, shop.shopId, party.id))
    expect(payable).toMatchObject({ withdrawableFen: 1032, dueBySplitFen: 0 })
  })
})

describe('refunds', () => {
  test('PAY-03 a refund before the split lowers every share in proportion', async () => {
    const party = await creator()
    await sign(shop, party.id, { holdDays: 1 })
    const { orderId } = await received()
    await refundPart(app, shop, orderId, 4300)
    expect(await rowOf(orderId, party.id)).toMatchObject({ nowFen: 516, pendingFen: 516 })
    expect(await moneyOf(orderId)).toMatchObject({ settledFen: 4300, feeNowFen: 26, merchantNowFen: 4300 - 516 - 26 })
    await app.advance(DAY_MS)
    await split()
    expect(await rowOf(orderId, party.id)).toMatchObject({ splitFen: 516 })
  })

  test('PAY-03 a refund after the split claws back from a merchant through WeChat, and from a person by later earnings', async () => {
    const [party, supplier] = [await creator(), await company()]
    await sign(shop, party.id, { holdDays: 0 })
    await sign(shop, supplier.id, { holdDays: 0, rate: { kind: 'bp', bp: 1000 } })
    const first = await received()
    await split()
    await refundPart(app, shop, first.orderId, 2150)
    expect(await rowOf(first.orderId, supplier.id)).toMatchObject({ nowFen: 645, splitFen: 645, owedFen: 0 })
    expect(app.sim.account(supplier.mchid).balanceFen).toBe(645)
    expect(await rowOf(first.orderId, party.id)).toMatchObject({ nowFen: 774, splitFen: 1032, owedFen: 258 })
    expect(await balance('share.negative', party.id, shop.shopId)).toBe(-258)
    await refund(first.orderId)
    expect(await rowOf(first.orderId, supplier.id)).toMatchObject({ nowFen: 0, splitFen: 0 })
    expect(await balance('share.negative', party.id, shop.shopId)).toBe(-1032)
    const second = await received(4)
    await split()
    expect(await balance('share.negative', party.id, shop.shopId)).toBe(0)
    expect(await rowOf(second.orderId, party.id)).toMatchObject({ nowFen: 2064, repaidFen: 1032, splitFen: 1032 })
    expect(await rowOf(first.orderId, party.id)).toMatchObject({ owedFen: 0, recoveredFen: 1032 })
  })

  test('PAY-03 one order of several is refunded after the split: what WeChat allows comes back, the debt is repaid by later earnings', async () => {
    const [party, supplier] = [await creator(), await company()]
    await sign(shop, party.id, { holdDays: 0 })
    await sign(shop, supplier.id, { holdDays: 0, rate: { kind: 'bp', bp: 1000 } })
    const [first, second, third] = [await received(), await received(), await received()]
    await split()
    await refund(second.orderId)
    // The supplier's merchant account gives its part of that order back; the creator's wallet does not.
    expect(app.sim.account(supplier.mchid).balanceFen).toBe(2 * 860)
    expect(await rowOf(second.orderId, supplier.id)).toMatchObject({ nowFen: 0, splitFen: 0, owedFen: 0 })
    expect(await rowOf(second.orderId, party.id)).toMatchObject({ nowFen: 0, splitFen: 1032, owedFen: 1032 })
    expect(await balance('share.negative', party.id, shop.shopId)).toBe(-1032)
    for (const { orderId } of [first, third]) {
      expect(await rowOf(orderId, party.id)).toMatchObject({ nowFen: 1032, splitFen: 1032, owedFen: 0 })
      expect(await rowOf(orderId, supplier.id)).toMatchObject({ nowFen: 860, splitFen: 860, owedFen: 0 })
      expect(await moneyOf(orderId)).toMatchObject({ settledFen: 8600 })
    }
    // One order of two cups earns exactly what is owed; the next is the creator's own again.
    const repaying = await received()
    await split()
    expect(await rowOf(repaying.orderId, party.id)).toMatchObject({ repaidFen: 1032, splitFen: 0, dueFen: 0 })
    expect(await balance('share.negative', party.id, shop.shopId)).toBe(0)
    const next = await received()
    await split()
    expect(await rowOf(next.orderId, party.id)).toMatchObject({ repaidFen: 0, splitFen: 1032 })
    expect((await app.audit()).deviations).toEqual([])
  })

  test('PAY-03 a merchant who does not allow returns owes it', async () => {
    const supplier = await company()
    await sign(shop, supplier.id, { holdDays: 0, rate: { kind: 'bp', bp: 1000 } })
    const { orderId } = await received()
    await split()
    app.sim.merchants.change(supplier.mchid, { allows_returns: false })
    await refund(orderId)
    expect(await rowOf(orderId, supplier.id)).toMatchObject({ nowFen: 0, splitFen: 860, owedFen: 860, returningFen: 0 })
  })

  test('PAY-03 a refund that WeChat closes puts everybody’s money back where it was', async () => {
    const party = await creator()
    await sign(shop, party.id, { holdDays: 1 })
    const { orderId } = await received()
    app.sim.settings({ refund_delay_ms: 60_000 })
    await shop.owner.call('console.refundOrder', {
      params: { ...params, orderId },
      idempotencyKey: newKey(),
      body: { reason: '退货' },
    })
    await app.settle()
    expect(await moneyOf(orderId)).toMatchObject({ settledFen: 0, merchantNowFen: 0, feeNowFen: 0 })
    const open = app.sim.refunds().find((each) => each.status === 'PROCESSING')!
    app.sim.decideRefund(open.out_refund_no, 'CLOSED')
    app.sim.settings({ refund_delay_ms: 0 })
    await app.advance(2 * MINUTE_MS)
    expect(await moneyOf(orderId)).toMatchObject({ settledFen: 8600, feeNowFen: 52, merchantNowFen: 8600 - 1032 - 52 })
    expect(await rowOf(orderId, party.id)).toMatchObject({ nowFen: 1032, pendingFen: 1032 })
  })

  test('PAY-03 many refunds of one order at once never give back more than was paid', async () => {
    const party = await creator()
    await sign(shop, party.id, { holdDays: 0 })
    const { orderId } = await received()
    const back = () =>
      app.app.db.tx('system', async (tx) => {
        const money = await app.app.sharing.bringBack(tx, { ...params, orderId, amountFen: 3000 })
        const hold = {
          kind: 'posted',
          id: newId(),
          code: 'test.refund',
          debit: accountId('order.paid', orderId),
          credit: accountId('channel.wechat', shop.shopId),
          amount: 3000,
          unit: 'CNY',
        } as const
        await transferOrThrow(tx, app.clock, {
          ...params,
          accounts: money.accounts,
          transfers: [...money.transfers, hold],
        })
      })
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, back))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
    expect(await moneyOf(orderId)).toMatchObject({ settledFen: 2600 })
  })
})
