import { expect, test } from 'vitest'
import { newKey } from './support/http.ts'
import { killAt } from './support/kill-at.ts'
import { MINUTE_MS, PRICE_FEN, payingScene } from './support/paying.ts'

const s = payingScene()
const TOTAL_FEN = 2 * PRICE_FEN
const OPEN = 'POST /v3/pay/transactions/jsapi'
const ASK = 'GET /v3/pay/transactions/out-trade-no/'
const REFUND = 'POST /v3/refund/domestic/refunds'
const ASK_REFUND = 'GET /v3/refund/domestic/refunds/'

const ofOrder = (path: string, body: object) => ({
  url: `/api/buyer/shops/${s.at.shopId}/orders/${s.at.orderId}/${path}`,
  headers: { ...s.buyer.headers, 'idempotency-key': newKey() },
  body,
})
const opened = () => s.app.sim.orders().filter(({ out_trade_no }) => out_trade_no.startsWith(s.order.orderNo))
const payByPhone = async () => {
  const { jsapi } = await s.start('mini')
  s.app.sim.pay({ request: jsapi!, person: s.buyer.person, action: 'confirm' })
}
const later = async () => {
  await s.app.advance(3 * MINUTE_MS)
  await s.app.advance(3 * MINUTE_MS)
}

test('PAY-01 killed between the intent to be paid and WeChat, and after WeChat and before its answer: paid once', async () => {
  await killAt(s.app, { call: OPEN, when: 'before', request: ofOrder('payments', { method: 'mini' }) })
  expect(opened()).toEqual([])
  await killAt(s.app, { call: OPEN, when: 'after', request: ofOrder('payments', { method: 'mini' }) })
  expect(opened().length).toBe(1)
  await payByPhone()
  await later()
  expect(await s.orderNow()).toMatchObject({ state: 'awaiting-shipment', paidFen: TOTAL_FEN })
  expect(opened().filter(({ success_at }) => success_at !== null).length).toBe(1)
  expect(await s.moneyNow()).toBe(TOTAL_FEN)
}, 90_000)

test('PAY-01 killed while WeChat says that it is paid, and every notice lost: heard by the next process', async () => {
  s.postman.isLosing = true
  await payByPhone()
  await s.app.sim.settle()
  s.app.clock.advance(2 * MINUTE_MS)
  await killAt(s.app, { call: ASK, when: 'after' })
  expect(await s.orderNow()).toMatchObject({ state: 'awaiting-payment' })
  await later()
  expect(await s.orderNow()).toMatchObject({ state: 'awaiting-shipment', paidFen: TOTAL_FEN })
}, 90_000)

test('PAY-01 ORD-06 killed at each step of a refund: everything comes back, once', async () => {
  await payByPhone()
  await s.app.settle()
  s.postman.isLosing = true
  await killAt(s.app, { call: REFUND, when: 'before', request: ofOrder('refund', { reason: '不想要了' }) })
  expect(await s.orderNow()).toMatchObject({ refundedFen: 0 })
  s.app.clock.advance(3 * MINUTE_MS)
  s.app.sim.settings({ refund_delay_ms: 30_000 })
  await killAt(s.app, { call: REFUND, when: 'after' })
  s.app.clock.advance(3 * MINUTE_MS)
  await s.app.sim.settle()
  await killAt(s.app, { call: ASK_REFUND, when: 'after' })
  await later()
  await later()
  expect(await s.orderNow()).toMatchObject({ state: 'refunded', refundedFen: TOTAL_FEN })
  const refunds = s.app.sim.refunds().filter(({ out_trade_no }) => out_trade_no.startsWith(s.order.orderNo))
  expect(refunds).toMatchObject([{ status: 'SUCCESS', amount: TOTAL_FEN }])
  expect(await s.moneyNow()).toBe(0)
}, 120_000)
