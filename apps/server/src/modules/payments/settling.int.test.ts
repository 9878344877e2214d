import { expect, test } from 'vitest'
import { sql } from '../../kernel/db.ts'
import { payStage } from './testing.ts'

const s = payStage()

const paymentsOf = (orderIds: readonly string[]) =>
  s.app.app.db.read('system', (tx) =>
    tx.rows<{ orderId: string; state: string; taken: boolean; xact: string }>(sql`
      select order_id, state, taken, xmin::text as xact from payments where order_id = any(${orderIds as string[]}::uuid[])`),
  )

test('PAY-01 ORD-02 thirty payments that WeChat tells of at once, each twice, are taken together, once each', async () => {
  const orders = [s.order]
  for (let n = 1; n < 30; n++) orders.push(await s.app.order(s.buyer, s.shop.shopId, [[s.skuId, 1]]))
  s.postman.isLosing = true
  for (const order of orders) await s.app.pay(s.buyer, order)
  await s.app.sim.settle()
  // One of them came to nothing while the news was on its way.
  const late = orders[7]!
  await s.buyer.call('orders.cancel', { params: { shopId: late.shopId, orderId: late.orderId }, body: {} })
  s.postman.isLosing = false
  const letters = s.postman.letters.filter((letter) => letter.path.endsWith('/notify'))
  expect(letters).toHaveLength(30)
  const { batches } = s.app.app.payments.laneStats()[0]!
  const strange = { ...letters[0]!, path: letters[0]!.path.replace(s.shop.shopId, (await s.app.openTestShop()).shopId) }
  const statuses = await Promise.all([...letters, strange, ...letters].map((letter) => s.postman.deliver(letter)))
  expect(statuses.filter((status) => status === 200)).toHaveLength(60)
  expect(statuses[30]).toBe(404)
  expect(s.app.app.payments.laneStats()[0]!.batches - batches).toBeLessThan(30)
  const rows = await paymentsOf(orders.map(({ orderId }) => orderId))
  expect(rows.map(({ state }) => state)).toEqual(new Array(30).fill('paid'))
  expect(rows.filter(({ taken }) => !taken).map(({ orderId }) => orderId)).toEqual([late.orderId])
  // Several were written by one transaction.
  expect(new Set(rows.map(({ xact }) => xact)).size).toBeLessThan(30)
  await s.app.settle()
  for (const { shopId, orderId } of orders) {
    const order = await s.buyer.call('orders.get', { params: { shopId, orderId } })
    expect([order.state, order.refunds.map((refund) => refund.amountFen)]).toEqual(
      orderId === late.orderId ? ['cancelled', [order.totalFen]] : ['awaiting-shipment', []],
    )
    expect(order.timeline.filter(({ event }) => event === 'paid')).toHaveLength(orderId === late.orderId ? 0 : 1)
  }
})

test('PAY-01 two attempts of one order that turn out to be paid at the same moment: the first is taken, the other goes back', async () => {
  await s.start('native')
  const real = s.realWechatPay()
  // Closing the first attempt fails, so that both stand when WeChat is asked.
  s.postman.isLosing = true
  const { codeUrl } = await s.start('h5').then(() => s.start('native'))
  s.confirm({ code_url: codeUrl })
  await s.app.sim.settle()
  const [last, ...earlier] = (await s.orderNow()).payments
  const first = earlier.at(-1)!
  const other = s.otherProcess({
    queryByOutTradeNo: async (no) => ({
      ...(await real.queryByOutTradeNo(last!.outTradeNo)),
      outTradeNo: no,
      ...(no === first.outTradeNo ? { transactionId: `42000${no}` } : {}),
    }),
  })
  await Promise.all([first, last!].map(({ outTradeNo }) => other.askPayment(s.at.shopId, outTradeNo)))
  expect(other.laneStats()[0]).toMatchObject({ answered: 2 })
  const rows = await paymentsOf([s.order.orderId])
  expect(rows.filter(({ state }) => state === 'paid')).toHaveLength(2)
  expect(rows.filter(({ taken }) => taken)).toHaveLength(1)
  const order = await s.orderNow()
  expect(order).toMatchObject({ state: 'awaiting-shipment', refunds: [{ amountFen: order.totalFen }] })
  await other.close()
})

test('PAY-01 what cannot be taken disturbs no other: the rest of its batch is in the books', async () => {
  const second = await s.app.order(s.buyer, s.shop.shopId, [[s.skuId, 1]])
  s.postman.isLosing = true
  for (const order of [s.order, second]) await s.app.pay(s.buyer, order)
  await s.app.sim.settle()
  s.postman.isLosing = false
  // WeChat's number of the first stands in the books already, by another payment: unique, so it cannot be written.
  const [mine] = s.app.sim.orders().filter((each) => each.out_trade_no.startsWith(s.order.orderNo))
  const other = await s.app.order(s.buyer, s.shop.shopId, [[s.skuId, 1]])
  const { paymentId } = await s.buyer.call('payments.start', {
    params: { shopId: other.shopId, orderId: other.orderId },
    body: { method: 'native' },
  })
  await s.admin.query('update payments set transaction_id = $2 where id = $1', [paymentId, mine!.transaction_id])
  const letters = s.postman.letters.filter((letter) => letter.path.endsWith('/notify'))
  const statuses = await Promise.all(letters.map((letter) => s.postman.deliver(letter)))
  expect(statuses.toSorted()).toEqual([200, 500])
  await s.admin.query('update payments set transaction_id = null where id = $1', [paymentId])
  expect((await paymentsOf([second.orderId]))[0]).toMatchObject({ state: 'paid', taken: true })
  expect((await paymentsOf([s.order.orderId]))[0]).toMatchObject({ state: 'pending' })
  for (const letter of letters) expect(await s.postman.deliver(letter)).toBe(200)
  expect((await s.orderNow()).state).toBe('awaiting-shipment')
})
