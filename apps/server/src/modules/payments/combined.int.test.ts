import { beforeEach, expect, test } from 'vitest'
import type { PlacedOrder, TestShop } from '../../../../../tests/support/app.ts'
import { newKey } from '../../../../../tests/support/http.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts'
import { newId } from '../../kernel/ids.ts'
import { payStage } from './testing.ts'

const s = payStage()
let second: PlacedOrder
let shop: TestShop
beforeEach(async () => {
  shop = await s.app.openTestShop()
  const { skuIds } = await s.app.product(shop, { pricesFen: [2500] })
  second = await s.app.order(s.buyer, shop.shopId, [[skuIds[0]!, 1]])
})

const both = () => [s.at, { shopId: second.shopId, orderId: second.orderId }]
const together = (method: 'mini' | 'native' = 'mini', by: Pick<typeof s.buyer, 'call'> = s.buyer) =>
  by.call('payments.startTogether', { body: { orders: both(), method } })
const now = () => Promise.all(both().map((params) => s.buyer.call('orders.get', { params })))
const states = async () => (await now()).map((order) => [order.state, order.payments.map((each) => each.state).sort()])
const atWechat = () =>
  s.app.sim.orders().filter((each) => [s.order.orderNo, second.orderNo].some((no) => each.out_trade_no.startsWith(no)))
const PAID = ['awaiting-shipment', ['paid']]
const OPEN = ['awaiting-payment', ['pending']]

test('PAY-01 orders of two shops are paid at once: each shop’s books have its own, and each is refunded by itself', async () => {
  const start = await together()
  expect(start.amountFen).toBe((await now()).reduce((sum, order) => sum + order.totalFen, 0))
  s.confirm({ request: start.jsapi })
  await s.app.settle()
  expect(await states()).toEqual([PAID, PAID])
  expect(s.postman.letters).toHaveLength(1)
  // Buyer and shop see that the order was paid with others, by the number that WeChat has for the whole.
  const [{ combined } = { combined: null }] = (await now())[0]!.payments
  expect(combined).toEqual({ no: atWechat()[0]!.combine_no, orders: 2 })
  const query = { q: combined!.no }
  const { items } = await shop.owner.call('console.payments', { params: { shopId: shop.shopId }, query })
  expect(items.map(({ orderNo, ...row }) => [orderNo, row.combined])).toEqual([[second.orderNo, combined]])
  await s.buyer.call('orders.requestRefund', {
    params: both()[1]!,
    idempotencyKey: newKey(),
    body: { reason: '不要了' },
  })
  await s.app.settle()
  expect((await now()).map((order) => order.state)).toEqual(['awaiting-shipment', 'refunded'])
  // The same letter again changes nothing; one that was altered is not read.
  const [letter] = s.postman.letters
  expect(await s.postman.deliver(letter!)).toBe(200)
  expect(await s.postman.deliver({ ...letter!, body: letter!.body.replace('TRANSACTION', 'TRANSACTIOM') })).toBe(401)
  expect((await now()).map((order) => order.refunds.length)).toEqual([0, 1])
})

test('PAY-01 however often and in whatever order two orders are begun together, there is one whole that can be paid', async () => {
  const begun = await Promise.all(
    Array.from({ length: 8 }, (_, n) =>
      s.buyer.call('payments.startTogether', {
        body: { orders: n % 2 === 0 ? both() : both().reverse(), method: 'mini' },
      }),
    ),
  )
  expect(new Set(begun.map((each) => each.paymentId)).size).toBe(1)
  expect(atWechat()).toHaveLength(2)
  for (const each of begun.slice(0, 1)) s.confirm({ request: each.jsapi })
  await s.app.settle()
  expect(await states()).toEqual([PAID, PAID])
  await expect(together()).rejects.toMatchObject({ code: 'ORDER_STATE' })
})

test('PAY-01 together and alone, begun at once: no order can be paid by more than one of them', async () => {
  await Promise.allSettled([together(), s.start('native'), together('native'), s.start('mini'), together()])
  await s.app.settle()
  const open = atWechat().filter((each) => each.state === 'NOTPAY')
  const waysOf = (no: string) => open.filter((each) => each.out_trade_no.startsWith(no)).length
  expect(waysOf(s.order.orderNo)).toBe(1)
  expect(waysOf(second.orderNo)).toBeLessThanOrEqual(1)
})

test('PAY-01 one order is cancelled, or paid alone: the whole is closed and the other can be paid again', async () => {
  const start = await together()
  await s.buyer.call('orders.cancel', { params: s.at, body: {} })
  await s.app.settle()
  expect(() => s.confirm({ request: start.jsapi })).toThrow()
  expect(await states()).toEqual([
    ['cancelled', ['closed']],
    ['awaiting-payment', ['closed']],
  ])
  await s.app.pay(s.buyer, second)
  await s.app.settle()
  expect((await now())[1]).toMatchObject({ state: 'awaiting-shipment', refunds: [] })
})

test('PAY-01 the notice is lost: a sweep asks WeChat about the whole; the notice that comes late changes nothing', async () => {
  const start = await together()
  s.postman.isLosing = true
  s.confirm({ request: start.jsapi })
  await s.app.sim.settle()
  expect(await states()).toEqual([OPEN, OPEN])
  await s.app.restart()
  await s.app.advance(2 * MINUTE_MS)
  expect(await states()).toEqual([PAID, PAID])
  s.postman.isLosing = false
  s.postman.target = s.app.url
  await s.app.settle()
  expect(await states()).toEqual([PAID, PAID])
})

test('PAY-01 money of a whole that comes after one of its orders was cancelled: exactly that part goes back', async () => {
  const start = await together()
  s.postman.isLosing = true
  s.confirm({ request: start.jsapi })
  await s.app.sim.settle()
  s.postman.isLosing = false
  await s.buyer.call('orders.cancel', { params: s.at, body: {} })
  await s.app.settle()
  await s.app.advance(2 * MINUTE_MS)
  const [first, other] = await now()
  expect(first).toMatchObject({ state: 'cancelled', refunds: [{ state: 'succeeded', amountFen: first!.totalFen }] })
  expect(other).toMatchObject({ state: 'awaiting-shipment', refunds: [] })
})

test.each(['drop', 'drop_after'] as const)(
  'PAY-01 stopped while the whole is created (%s): a fresh program closes it, and both can be paid together again',
  async (kind) => {
    s.app.sim.fault({ path: '/v3/combine-transactions/jsapi', kind })
    await expect(together()).rejects.toMatchObject({ code: 'PAYMENT_REFUSED' })
    await s.app.restart()
    await s.app.advance(2 * MINUTE_MS + SECOND_MS)
    const again = await together()
    s.confirm({ request: again.jsapi })
    s.postman.target = s.app.url
    await s.app.settle()
    await s.app.advance(2 * MINUTE_MS)
    expect((await now()).map((order) => [order.state, order.refunds.length])).toEqual([
      ['awaiting-shipment', 0],
      ['awaiting-shipment', 0],
    ])
  },
)

test('PAY-01 what waits for payment in all shops is listed for its buyer alone, until it is paid or too late', async () => {
  await s.app.settle()
  const unpaid = async (who: Pick<typeof s.buyer, 'call'> = s.buyer) =>
    (await who.call('orders.unpaid')).items.map(({ id, shopId, alone }) => [shopId, id, alone])
  expect(await unpaid()).toEqual([
    [second.shopId, second.orderId, false],
    [s.at.shopId, s.at.orderId, false],
  ])
  expect(await unpaid(await s.app.buyer())).toEqual([])
  await s.app.pay(s.buyer, second)
  await s.app.settle()
  expect(await unpaid()).toEqual([[s.at.shopId, s.at.orderId, false]])
  await s.app.advance(HOUR_MS)
  expect(await unpaid()).toEqual([])
})

test('PAY-01 another buyer’s order, one order twice, or eleven orders are refused', async () => {
  const stranger = await s.app.buyer()
  await expect(together('native', stranger)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const orders = [s.at, s.at]
  await expect(s.buyer.call('payments.startTogether', { body: { orders, method: 'mini' } })).rejects.toMatchObject({
    code: 'PAYMENT_REFUSED',
  })
  const many = Array.from({ length: 11 }, () => ({ shopId: s.at.shopId, orderId: newId() }))
  await expect(
    s.buyer.call('payments.startTogether', { body: { orders: many, method: 'mini' } }),
  ).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
})

test('PAY-04 PAY-01 orders that were paid at once agree with the bill, each in its own shop', async () => {
  const day = new Date(s.app.clock.millis() + 8 * HOUR_MS).toISOString().slice(0, 10)
  s.confirm({ request: (await together()).jsapi })
  await s.app.settle()
  const body = { reason: '不要了' }
  await s.buyer.call('orders.requestRefund', { params: both()[1]!, idempotencyKey: newKey(), body })
  await s.app.settle()
  await s.app.advance(36 * HOUR_MS)
  for (const [{ shopId, ownerAccount }, refunds] of [
    [s.shop, 0],
    [shop, 1],
  ] as const) {
    const owner = await s.app.signIn(ownerAccount)
    const run = await owner.call('console.reconcileDay', { params: { shopId }, body: { day } })
    expect(run).toMatchObject({ state: 'done', open: 0, there: { payments: 1, refunds } })
    expect(run.here).toEqual({ ...run.there, feeFen: null })
  }
})
