import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type PlacedOrder,
  startTestApp,
  type TestApp,
  type TestBuyer,
  type TestShop,
} from '../../../../../tests/support/app.ts'
import { newKey } from '../../../../../tests/support/http.ts'
import { receivedOrder } from '../../../../../tests/support/reviews.ts'
import { type FundFlowBill, type TradeBill, type WechatPay, WechatPayError } from '../../adapters/wechat-pay/index.ts'
import { sql } from '../../kernel/db.ts'
import { newId } from '../../kernel/ids.ts'
import { accountId, transferOrThrow } from '../../ledger/index.ts'
import { connectWechat } from '../../wechat.ts'
import { createReconciliation, type Reconciliation } from './index.ts'

const HOUR_MS = 3_600_000
const ZONE_MS = 8 * HOUR_MS

let app: TestApp
let wechat: WechatPay
let shop: TestShop
let buyer: TestBuyer
let skuId: string
let params: { shopId: string }
/** The module with bills that a test may write into. */
let edited: Reconciliation
let editTrade: (bill: TradeBill, day: string) => TradeBill
let editFlow: (bill: FundFlowBill) => FundFlowBill

beforeAll(async () => {
  app = await startTestApp({ clickhouse: false })
  wechat = connectWechat(app.app.config, () => app.clock.millis()).pay!
  const { db, parties, payments, engines } = app.app
  edited = createReconciliation({
    ...{ db, clock: app.clock, settings: engines.settings, parties, payments },
    staffName: async () => '小王',
    wechatPay: {
      tradeBill: async (day) => editTrade(await wechat.tradeBill(day), day),
      fundFlowBill: async (day) => editFlow(await wechat.fundFlowBill(day)),
      splitBill: (day) => wechat.splitBill(day),
    },
    log: { info() {}, warn() {} },
  })
})
afterAll(() => app?.close())
beforeEach(async () => {
  editTrade = (bill) => bill
  editFlow = (bill) => bill
  app.sim.clearFaults()
  await toHour(12)
  shop = await app.openTestShop()
  params = { shopId: shop.shopId }
  buyer = await app.buyer()
  skuId = (await app.product(shop, { pricesFen: [4990], stock: 500 })).skuIds[0]!
})

const beijing = () => new Date(app.clock.millis() + ZONE_MS).toISOString()
const today = () => beijing().slice(0, 10)
/** On to the next time that a Beijing clock shows this hour. */
async function toHour(hour: number, minute = 0): Promise<void> {
  const at = Date.parse(`${today()}T00:00:00Z`) - ZONE_MS + (hour * 60 + minute) * 60_000
  await app.advance(at > app.clock.millis() ? at - app.clock.millis() : at + 24 * HOUR_MS - app.clock.millis())
}
/** The day is over and its bill is there. */
async function overnight(): Promise<string> {
  const day = today()
  await toHour(0, 1)
  await toHour(11)
  shop.owner = await app.signIn(shop.ownerAccount)
  return day
}
async function paid(quantity = 1): Promise<PlacedOrder> {
  const placed = await app.order(buyer, shop.shopId, [[skuId, quantity]])
  await app.pay(buyer, placed)
  await app.settle()
  return placed
}
const differences = async (query: object = {}) =>
  (await shop.owner.call('console.differences', { params, query: { limit: 100, ...query } })).items
const noteOf = ({ orderNo }: PlacedOrder) => `${orderNo}P01`
const without = (bill: TradeBill, number: string): TradeBill => ({
  ...bill,
  rows: bill.rows.filter((row) => row.outTradeNo !== number),
})
const sqlRun = (statement: ReturnType<typeof sql>) => app.app.db.tx('system', (tx) => tx.exec(statement))

test('PAY-04 a day of payments, refunds and settled orders agrees with the bills, the ledger and the orders', async () => {
  await paid(2)
  const refunded = await paid()
  const received = await receivedOrder(app, shop, buyer, [[skuId, 3]])
  const key = { params: { ...params, orderId: refunded.orderId }, idempotencyKey: newKey() }
  await buyer.call('orders.requestRefund', { ...key, body: { reason: '不想要了' } })
  await app.settle()
  const day = await overnight()
  const run = await shop.owner.call('console.reconcileDay', { params, body: { day } })
  expect(run).toMatchObject({
    day,
    state: 'done',
    open: 0,
    there: { payments: 3, paidFen: 29_940, refunds: 1, refundedFen: 4_990 },
  })
  expect(run.here).toEqual({ ...run.there, feeFen: null })
  expect(await differences()).toEqual([])
  expect(received.totalFen).toBe(14_970)
  const [line] = await app.app.db.read({ shopId: shop.shopId }, (tx) =>
    tx.rows<{ count: number }>(
      sql`select count(*) as count from bill_lines where shop_id = ${shop.shopId} and bill = 'trade'`,
    ),
  )
  expect(line!.count).toBe(4)
})

test('PAY-04 each night every shop is compared by schedule; a bill that is not made yet is asked for again', async () => {
  await paid()
  const day = await overnight()
  let isMade = false
  editTrade = (bill) => {
    if (!isMade) throw new WechatPayError({ status: 400, code: 'STATEMENT_CREATING', message: '账单生成中' })
    return bill
  }
  await edited.reconcileAll(day)
  expect((await shop.owner.call('console.reconciliationDays', { params })).items).toEqual([])
  isMade = true
  expect(await edited.reconcileDue()).toBe(0)
  app.clock.advance(30 * 60_000)
  expect(await edited.reconcileDue()).toBeGreaterThan(0)
  expect((await shop.owner.call('console.reconciliationDays', { params })).items).toMatchObject([
    { day, state: 'done', open: 0 },
  ])
})

test('PAY-04 a day without a bill before ten in the morning waits, and is an empty day afterwards', async () => {
  const day = today()
  await toHour(2)
  shop.owner = await app.signIn(shop.ownerAccount)
  const early = await shop.owner.call('console.reconcileDay', { params, body: { day } })
  expect(early).toMatchObject({ state: 'waiting', open: 0 })
  await toHour(11)
  const later = await shop.owner.call('console.reconcileDay', { params, body: { day } })
  expect(later).toMatchObject({ state: 'done', there: { payments: 0 } })
  const future = { params, body: { day: today() } }
  await expect(shop.owner.call('console.reconcileDay', future)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
})

describe('what does not agree', () => {
  test('PAY-05 a payment that the bill lacks is missing there, closes itself when the bill has it, and never doubles', async () => {
    const order = await paid()
    const day = await overnight()
    editTrade = (bill) => without(bill, noteOf(order))
    await edited.reconcileAll(day)
    const [found] = await differences()
    expect(found).toMatchObject({
      pair: 'payment',
      class: 'missing-there',
      number: noteOf(order),
      hereFen: 4_990,
      thereFen: null,
    })
    expect(found!.explanation.zh).toContain(`收款记录有 ${noteOf(order)}（¥49.90），微信交易账单里没有`)
    await Promise.all([edited.reconcileAll(day), edited.reconcileAll(day), edited.compareDay(shop.shopId, day)])
    expect((await differences()).filter(({ pair }) => pair === 'payment')).toMatchObject([
      { id: found!.id, state: 'open', version: 1 },
    ])
    editTrade = (bill) => bill
    await edited.reconcileAll(day)
    expect(await differences({ state: 'open' })).toEqual([])
    expect(await differences()).toMatchObject([{ id: found!.id, closedHow: 'resolved' }])
  })

  test('PAY-05 a payment that we do not have is missing here; an adjustment books it once, and is audited', async () => {
    const order = await paid()
    const day = await overnight()
    const stray = `${order.orderNo}P09`
    editTrade = (bill) => {
      const own = bill.rows.find((row) => row.outTradeNo === noteOf(order))!
      return {
        ...bill,
        rows: [...bill.rows, { ...own, outTradeNo: stray, transactionId: `stray-${order.orderNo}`, orderFen: 700 }],
      }
    }
    await edited.reconcileAll(day)
    const found = (await differences({ pair: 'payment' }))[0]!
    expect(found).toMatchObject({ class: 'missing-here', number: stray, thereFen: 700, adjustFen: 700, mayAsk: false })
    const at = { ...params, differenceId: found.id }
    const close = () =>
      shop.owner.call('console.adjustDifference', {
        params: at,
        body: { reason: '收银台线下单', version: found.version },
      })
    const results = await Promise.allSettled([close(), close(), close()])
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBe(1)
    const one = await shop.owner.call('console.difference', { params: at })
    expect(one).toMatchObject({
      closedHow: 'adjusted',
      closeReason: '收银台线下单',
      vouchers: [{ number: stray, amountFen: 700 }],
    })
    expect(one.movements).toMatchObject([
      { code: 'reconciliation.adjust', fromAccount: 'channel.wechat', toAccount: 'adjustment', amountFen: 700 },
    ])
    await edited.reconcileAll(day)
    expect((await differences({ pair: 'payment' }))[0]).toMatchObject({ state: 'closed', closedHow: 'adjusted' })
    expect((await app.audit()).deviations).toEqual([])
    const log = await shop.owner.call('console.audit', { params, query: {} })
    expect(log.items[0]).toMatchObject({ action: 'reconciliation.adjust' })
  })

  test('PAY-05 amounts and states that differ are told apart, and what a person accepted is not opened again', async () => {
    const [cheap, closed] = [await paid(), await paid()]
    const day = await overnight()
    editTrade = (bill) => ({
      ...bill,
      rows: bill.rows.map((row) => (row.outTradeNo === noteOf(cheap) ? { ...row, orderFen: 4_890 } : row)),
    })
    await sqlRun(
      sql`update payments set state = 'closed' where shop_id = ${shop.shopId} and out_trade_no = ${noteOf(closed)}`,
    )
    await edited.reconcileAll(day)
    const found = await differences({ pair: 'payment' })
    expect(found.find(({ number }) => number === noteOf(cheap))).toMatchObject({
      class: 'amount',
      thereFen: 4_890,
      hereFen: 4_990,
      adjustFen: -100,
    })
    const state = found.find(({ number }) => number === noteOf(closed))!
    expect(state).toMatchObject({
      class: 'state',
      thereState: 'SUCCESS',
      hereState: 'closed',
      adjustFen: null,
      mayAsk: true,
    })
    const body = { reason: '微信立减，已核对', version: 1 }
    const amount = found.find(({ number }) => number === noteOf(cheap))!
    await shop.owner.call('console.acceptDifference', { params: { ...params, differenceId: amount.id }, body })
    await expect(
      shop.owner.call('console.adjustDifference', { params: { ...params, differenceId: state.id }, body }),
    ).rejects.toMatchObject({ code: 'DIFFERENCE_NOT_ADJUSTABLE' })
    await edited.reconcileAll(day)
    expect(await differences({ state: 'open', class: 'amount', pair: 'payment' })).toEqual([])
    await sqlRun(
      sql`update payments set state = 'paid' where shop_id = ${shop.shopId} and out_trade_no = ${noteOf(closed)}`,
    )
    await edited.reconcileAll(day)
    expect((await differences({ pair: 'payment' })).find(({ id }) => id === state.id)).toMatchObject({
      closedHow: 'resolved',
    })
  })

  test('PAY-05 asking WeChat takes a payment that nobody told us of, and the difference closes', async () => {
    const order = await app.order(buyer, shop.shopId, [[skuId, 1]])
    app.sim.fault({ kind: 'notice_lose', times: 1 })
    await app.pay(buyer, order)
    // Neither the sweeper nor the order's clock looks at it.
    await sqlRun(sql`update payments set check_at = '2099-01-01' where shop_id = ${shop.shopId}`)
    await sqlRun(sql`update orders set pay_before = '2099-01-01' where shop_id = ${shop.shopId}`)
    const day = await overnight()
    await edited.reconcileAll(day)
    const found = (await differences({ state: 'open' }))[0]!
    expect(found).toMatchObject({
      pair: 'payment',
      class: 'state',
      thereState: 'SUCCESS',
      hereState: 'pending',
      mayAsk: true,
    })
    const asked = await shop.owner.call('console.askDifference', { params: { ...params, differenceId: found.id } })
    expect(asked).toMatchObject({ state: 'closed', closedHow: 'resolved' })
    const paidNow = sql`select state from payments where shop_id = ${shop.shopId} and order_id = ${order.orderId}`
    expect(await app.app.db.read('system', (tx) => tx.one(paidNow))).toEqual({ state: 'paid' })
    expect(await differences({ state: 'open' })).toEqual([])
  })

  test('PAY-05 what happened at midnight waits for the neighbouring bill, and closes itself with it', async () => {
    await toHour(23, 50)
    const order = await paid()
    const day = today()
    await toHour(11)
    shop.owner = await app.signIn(shop.ownerAccount)
    let moved: TradeBill['rows'] = []
    editTrade = (bill, of) => {
      if (of !== day) return bill
      moved = bill.rows.filter((row) => row.outTradeNo === noteOf(order))
      return without(bill, noteOf(order))
    }
    editFlow = (bill) => bill
    await edited.reconcileAll(day)
    const found = (await differences({ pair: 'payment' }))[0]!
    expect(found).toMatchObject({ class: 'time-shift', state: 'open', number: noteOf(order) })
    await paid()
    const next = await overnight()
    editTrade = (bill) => ({ ...bill, rows: [...bill.rows, ...moved] })
    await edited.reconcileAll(next)
    expect((await differences({ pair: 'payment' })).map(({ id, closedHow }) => ({ id, closedHow }))).toEqual([
      { id: found.id, closedHow: 'resolved' },
    ])
  })

  test('PAY-05 the ledger and the orders are compared too: a posting that nothing explains, and one that is missing', async () => {
    const order = await paid()
    await app.app.db.tx('system', (tx) =>
      transferOrThrow(tx, app.clock, {
        shopId: shop.shopId,
        accounts: [{ shopId: shop.shopId, code: 'adjustment', owners: [shop.shopId], unit: 'CNY' }],
        transfers: [
          {
            ...{ kind: 'posted', id: newId(), code: 'payment.received', amount: 123, unit: 'CNY' },
            ...{ debit: accountId('channel.wechat', shop.shopId), credit: accountId('adjustment', shop.shopId) },
          },
        ],
      }),
    )
    await sqlRun(
      sql`update orders set paid_fen = paid_fen - 90 where shop_id = ${shop.shopId} and id = ${order.orderId}`,
    )
    const day = await overnight()
    await edited.reconcileAll(day)
    const found = await differences()
    expect(found.find(({ pair }) => pair === 'ledger-payment')).toMatchObject({
      class: 'missing-there',
      hereFen: 123,
      adjustFen: -123,
    })
    expect(found.find(({ pair }) => pair === 'order')).toMatchObject({
      class: 'amount',
      thereFen: 4_990,
      hereFen: 4_900,
    })
    expect(found.length).toBe(2)
  })

  test('PAY-06 a settled order needs its voucher; money that moved at WeChat for nothing known is a difference', async () => {
    const order = await receivedOrder(app, shop, buyer, [[skuId, 1]])
    const day = await overnight()
    editTrade = (bill) => without(bill, noteOf(order))
    editFlow = (bill) => ({
      ...bill,
      rows: [
        ...bill.rows,
        {
          ...bill.rows[0]!,
          businessId: 'strange',
          flowId: 'strange',
          amountFen: -300,
          voucherNo: noteOf(order).replace('P01', 'S99'),
        },
      ],
    })
    await edited.reconcileAll(day)
    const found = await differences()
    expect(found.map(({ pair }) => pair).sort()).toEqual(['payment', 'transfer', 'voucher'])
    expect(found.find(({ pair }) => pair === 'transfer')).toMatchObject({
      class: 'missing-here',
      thereFen: -300,
      adjustFen: -300,
    })
    expect(found.find(({ pair }) => pair === 'voucher')).toMatchObject({
      class: 'missing-there',
      orderId: order.orderId,
    })
    const file = await shop.owner.ask(`/api/console/shops/${shop.shopId}/reconciliation/differences.csv?pair=voucher`)
    expect(file.text.trim().split('\r\n').length).toBe(2)
    const owned = found[0]!
    const staff = await app.staffWith(shop, ['money.read'])
    const body = { staffId: staff.staffId, version: owned.version }
    await shop.owner.call('console.setDifferenceOwner', { params: { ...params, differenceId: owned.id }, body })
    expect(await differences({ owner: staff.staffId })).toMatchObject([{ id: owned.id, ownerId: staff.staffId }])
    expect((await differences({ owner: 'none' })).length).toBe(2)
  })
})

test('PAY-05 random histories over three days leave no difference when nothing was tampered with', async () => {
  let seed = 20_261_111
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((seed / 2_147_483_648) * below)
  }
  const days: string[] = []
  for (let turn = 0; turn < 3; turn++) {
    await toHour([12, 23, 23][turn]!, [0, 55, 58][turn]!)
    days.push(today())
    shop.owner = await app.signIn(shop.ownerAccount)
    for (let each = 0; each < 4; each++) {
      const choice = random(4)
      const order =
        choice === 0 ? await receivedOrder(app, shop, buyer, [[skuId, 1 + random(3)]]) : await paid(1 + random(3))
      if (choice >= 2) {
        const at = { params: { ...params, orderId: order.orderId }, idempotencyKey: newKey() }
        await buyer.call('orders.requestRefund', { ...at, body: { reason: '不想要了' } })
      }
      app.clock.advance(random(120_000))
    }
    await app.settle()
    days.push(today())
  }
  await overnight()
  for (const day of [...new Set(days)]) await edited.reconcileAll(day)
  expect(await differences({ state: 'open' })).toEqual([])
}, 120_000)
