import { describe, expect, test } from 'vitest'
import { accountId, getBalances } from '../apps/server/src/ledger/index.ts'
import { dayAccount } from '../apps/server/src/modules/personal-code/rules.ts'
import { shopAccount } from '../apps/server/src/modules/settlement/accounts.ts'
import { aftersaleStage, DAY_MS, HOUR_MS, PIXEL, PRICE_FEN } from './support/aftersale.ts'
import type { PlacedOrder, TestBuyer } from './support/app.ts'
import { newKey } from './support/http.ts'
import { addParty, sign } from './support/sharing.ts'

const s = aftersaleStage({ clickhouse: false })
const picture = () => ({ params: s.at(), file: new Blob([PIXEL], { type: 'image/png' }), fileName: 'p.png' })
const staffPicture = async () => (await s.shop.owner.call('console.uploadPersonalCode', picture())).fileId

/** The way is on, with one code. */
async function switchOn(singleLimitFen = 200_000) {
  await s.set('personal-code.enabled', true)
  const body = {
    ...{ scheme: 'personal' as const, label: '店主微信', payee: '*明', fileId: await staffPicture(), singleLimitFen },
    ...{ active: true, version: 0 },
  }
  const codeId = crypto.randomUUID()
  await s.shop.owner.call('console.savePersonalCode', { params: { ...s.at(), codeId }, body })
  return { codeId, body }
}

const place = (quantity = 1, buyer: TestBuyer = s.buyer) =>
  s.app.order(buyer, s.shop.shopId, [[s.cup.skuIds[0]!, quantity]])
const offer = (order: PlacedOrder) => s.buyer.call('personalCode.offer', { params: s.key(order) })
const open = (order: PlacedOrder) => s.buyer.call('personalCode.open', { params: s.key(order) })
const claim = async (order: PlacedOrder) => {
  const { fileId } = await s.buyer.call('personalCode.upload', picture())
  return s.buyer.call('personalCode.claim', { params: s.key(order), body: { fileIds: [fileId], note: '已转' } })
}
const confirm = (id: string, receivedFen: number, more: object = {}) =>
  s.shop.owner.call('console.confirmPersonalPayment', {
    params: { ...s.at(), personalPaymentId: id },
    body: {
      receivedFen,
      receivedAt: s.app.clock.instant(),
      transactionNo: `T${newKey().slice(0, 12).replace(/-/g, '')}`,
      ...more,
    },
  })
const refuse = (id: string, reason = '没有查到这笔转账') =>
  s.shop.owner.call('console.refusePersonalPayment', { params: { ...s.at(), personalPaymentId: id }, body: { reason } })
const refunds = async () => (await s.shop.owner.call('console.personalRefunds', { params: s.at() })).items
const recordRefund = async (id: string, transactionNo = `R${newKey().slice(0, 12).replace(/-/g, '')}`) =>
  s.shop.owner.call('console.recordPersonalRefund', {
    params: { ...s.at(), personalRefundId: id },
    body: { transactionNo, paidAt: s.app.clock.instant(), fileIds: [await staffPicture()] },
  })
const balances = (...ids: string[]) =>
  s.app.app.db.read('system', async (tx) => {
    const found = await getBalances(tx, s.shop.shopId, ids)
    return ids.map((id) => found.get(id)?.balance ?? 0)
  })
/** What was received is settled, and past its days; everybody signs in again. */
const released = async () => {
  await s.app.advance(12 * DAY_MS)
  await s.app.advance(60_000)
  await s.days(0)
}
const ok = (results: readonly PromiseSettledResult<unknown>[]) =>
  results.filter(({ status }) => status === 'fulfilled').length
const today = async () => (await s.shop.owner.call('console.personalCodes', { params: s.at() })).today

/** An order that was paid by code. */
async function paidByCode(quantity = 1) {
  const order = await place(quantity)
  const { id } = await open(order)
  await claim(order)
  await confirm(id, order.totalFen)
  await s.app.settle()
  return { order, id }
}

describe('paying by the merchant’s own code', () => {
  test('PAY-01 off by default; shown with the exact amount, said to be paid, and paid by the confirmation alone', async () => {
    const order = await place()
    expect(await offer(order)).toEqual({ offered: false, payment: null })
    await expect(open(order)).rejects.toMatchObject({ code: 'PERSONAL_CODE_OFF' })
    const { codeId, body } = await switchOn(PRICE_FEN)
    expect((await offer(await place(2))).offered).toBe(false)
    expect((await offer(order)).offered).toBe(true)
    // WeChat's code was shown before: that attempt is no more than open when the order is paid by hand.
    await s.buyer.call('payments.start', { params: s.key(order), body: { method: 'native' } })
    const [shown, again] = await Promise.all([open(order), open(order)])
    expect(again!.id).toBe(shown!.id)
    expect(shown).toMatchObject({ state: 'open', amountFen: order.totalFen, remark: order.orderNo, payee: '*明' })
    expect(await today()).toMatchObject({ receivedFen: 0, reservedFen: order.totalFen, limitFen: 5_000_000 })
    const waiting = await claim(order)
    expect(waiting).toMatchObject({ state: 'waiting', evidence: [{}] })
    expect(await s.orderNow(order)).toMatchObject({ state: 'awaiting-payment', payBefore: waiting.checkBefore })
    await expect(confirm(shown!.id, order.totalFen - 1)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
    const late = { receivedAt: new Date(s.app.clock.millis() + HOUR_MS).toISOString() }
    await expect(confirm(shown!.id, order.totalFen, late)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
    const number = { transactionNo: '1000050001202611' }
    const many = await Promise.allSettled([1, 2, 3, 4].map(() => confirm(shown!.id, order.totalFen, number)))
    expect(ok(many)).toBe(1)
    await s.app.settle()
    expect(await s.orderNow(order)).toMatchObject({
      ...{ state: 'awaiting-shipment', paidFen: order.totalFen },
      payments: [{ method: 'native' }, { method: 'personal-code', state: 'paid', transactionId: number.transactionNo }],
    })
    expect(await s.buyer.call('payments.status', { params: s.key(order) })).toMatchObject({ state: 'paid' })
    expect(await today()).toMatchObject({ receivedFen: order.totalFen, reservedFen: 0 })
    const board = await s.shop.owner.call('console.overview', { params: s.at() })
    expect(board.today).toMatchObject({ paidFen: order.totalFen })
    await s.app.advance(120_000)
    expect((await s.orderNow(order)).payments[0]).toMatchObject({ method: 'native', state: 'closed' })
    const second = await place()
    const { id } = await open(second)
    await claim(second)
    await expect(confirm(id, second.totalFen, number)).rejects.toMatchObject({ code: 'DUPLICATE' })
    const stale = s.shop.owner.call('console.savePersonalCode', { params: { ...s.at(), codeId }, body })
    await expect(stale).rejects.toMatchObject({ code: 'CONFLICT' })
    const stranger = await s.app.buyer()
    const other = stranger.call('personalCode.open', { params: s.key(order) })
    await expect(other).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('PAY-01 refused with a reason the buyer may pay again, a few times; unchecked the order is kept, then cancelled', async () => {
    await switchOn()
    const few = await s.app.product(s.shop, { pricesFen: [PRICE_FEN], stock: 1, purchaseLimit: 1 })
    const order = await s.app.order(s.buyer, s.shop.shopId, [[few.skuIds[0]!, 1]])
    const first = await open(order)
    await claim(order)
    // Long after an unpaid order would have been cancelled it still has the last unit.
    await s.app.advance(12 * HOUR_MS)
    await s.days(0)
    expect(await s.orderNow(order)).toMatchObject({ state: 'awaiting-payment' })
    const rival = await s.app.buyer()
    await expect(s.app.order(rival, s.shop.shopId, [[few.skuIds[0]!, 1]])).rejects.toMatchObject({
      code: 'OUT_OF_STOCK',
    })
    const results = await Promise.allSettled([refuse(first.id), refuse(first.id), confirm(first.id, 1)])
    expect(ok(results)).toBe(1)
    expect(await offer(order)).toMatchObject({
      offered: true,
      payment: { state: 'refused', refuseReason: '没有查到这笔转账' },
    })
    expect(await today()).toMatchObject({ reservedFen: 0 })
    const next = await open(order)
    expect(next.id).not.toBe(first.id)
    await claim(order)
    await refuse(next.id)
    await open(order)
    await claim(order)
    await s.app.advance(25 * HOUR_MS)
    await s.days(0)
    expect(await s.orderNow(order)).toMatchObject({ state: 'cancelled' })
    const { items } = await s.shop.owner.call('console.personalPayments', {
      params: s.at(),
      query: { state: 'waiting' },
    })
    // The money may still have come: the order cannot take it any more, so it is booked and owed back.
    await expect(confirm(items[0]!.id, PRICE_FEN)).rejects.toMatchObject({ code: 'ORDER_STATE' })
    const booked = await confirm(items[0]!.id, PRICE_FEN, { giveBack: true })
    expect(booked).toMatchObject({ state: 'confirmed', taken: false })
    const [owed] = await refunds()
    expect(owed).toMatchObject({ state: 'owed', amountFen: PRICE_FEN })
    await recordRefund(owed!.id)
    expect(await balances(shopAccount(s.shop.shopId, 'channel.personal-code'))).toEqual([0])
    await s.app.order(await s.app.buyer(), s.shop.shopId, [[few.skuIds[0]!, 1]])
  })

  test('PAY-01 another way to pay closes the code and frees the day; money that came by both goes back by hand', async () => {
    await switchOn()
    const order = await place()
    await open(order)
    await s.app.pay(s.buyer, order)
    await s.app.settle()
    expect(await offer(order)).toMatchObject({ offered: false, payment: { state: 'closed' } })
    expect(await today()).toMatchObject({ receivedFen: 0, reservedFen: 0 })
    const both = await place()
    const { id } = await open(both)
    await claim(both)
    await s.app.pay(s.buyer, both)
    await s.app.settle()
    await expect(confirm(id, both.totalFen)).rejects.toMatchObject({ code: 'ORDER_STATE' })
    await confirm(id, both.totalFen, { giveBack: true })
    expect(await refunds()).toMatchObject([{ state: 'owed', amountFen: both.totalFen }])
    expect(await s.orderNow(both)).toMatchObject({ paidFen: both.totalFen, refundedFen: 0, state: 'awaiting-shipment' })
  })
})

describe('the day’s limit', () => {
  test('PAY-01 fifty open and fifty confirm at once: the day never passes its limit, and near it the way is not offered', async () => {
    await switchOn()
    const most = 20
    const big = await s.app.product(s.shop, { pricesFen: [PRICE_FEN], stock: 200 })
    const orders = await Promise.all(
      Array.from({ length: 50 }, () => s.app.order(s.buyer, s.shop.shopId, [[big.skuIds[0]!, 1]])),
    )
    await s.set('personal-code.daily-limit-fen', most * PRICE_FEN)
    const opened = await Promise.allSettled(orders.map(open))
    expect(ok(opened)).toBe(most)
    const refused = opened.find((each) => each.status === 'rejected')
    expect(refused?.reason).toMatchObject({ code: 'PERSONAL_CODE_OFF', message: expect.stringContaining('额度已用完') })
    const outside = orders[opened.findIndex((each) => each.status === 'rejected')]!
    expect(await offer(outside)).toMatchObject({ offered: false })
    // With room again all of them are shown the code; what then came in on the day before is counted there.
    await s.set('personal-code.daily-limit-fen', 50 * PRICE_FEN)
    const all = await Promise.all(orders.map(open))
    await s.set('personal-code.daily-limit-fen', most * PRICE_FEN)
    const receivedAt = new Date(s.app.clock.millis() - 23 * HOUR_MS).toISOString()
    const confirmed = await Promise.allSettled(all.map(({ id }) => confirm(id, PRICE_FEN, { receivedAt })))
    const { day } = await today()
    const before = new Date(Date.parse(day) - DAY_MS).toISOString().slice(0, 10)
    const [counted, money] = await balances(
      dayAccount(s.shop.shopId, before),
      shopAccount(s.shop.shopId, 'channel.personal-code'),
    )
    expect(ok(confirmed)).toBe(most)
    expect(counted).toBe(most * PRICE_FEN)
    expect(money).toBe(-most * PRICE_FEN)
    for (const each of confirmed)
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'PERSONAL_CODE_LIMIT' })
    // What was promised for today is kept, whatever the limit is by now.
    const left = all.filter((_each, at) => confirmed[at]!.status === 'rejected')
    const rest = await Promise.allSettled(left.map(({ id }) => confirm(id, PRICE_FEN)))
    expect(ok(rest)).toBe(50 - most)
    const { items } = await s.shop.owner.call('console.personalDays', { params: s.at() })
    expect(items).toMatchObject([
      { day, count: 50 - most, receivedFen: (50 - most) * PRICE_FEN, ledgerFen: (50 - most) * PRICE_FEN },
      { day: before, count: most, receivedFen: most * PRICE_FEN, ledgerFen: most * PRICE_FEN, by: [{ count: most }] },
    ])
  }, 60_000)
})

describe('money that goes back', () => {
  test('PAY-01 ORD-06 after-sale of an order paid by code: owed, recorded once with evidence, and the case ends', async () => {
    await switchOn()
    const { order } = await paidByCode(2)
    await s.ship(order)
    await s.receive(order)
    const made = await s.apply(order, {
      type: 'refund',
      reasonCode: 'price',
      lines: [{ line: 0, quantity: 1 }],
      amountFen: 1000,
    })
    await s.approve(made.id)
    await s.app.settle()
    expect(await s.caseNow(made.id)).toMatchObject({ state: 'refunding', hint: expect.stringContaining('转账退给你') })
    const [owed] = await refunds()
    expect(owed).toMatchObject({ state: 'owed', amountFen: 1000, orderNo: order.orderNo })
    expect(s.app.sim.refunds()).toEqual([])
    const done = await Promise.allSettled([1, 2, 3, 4].map(() => recordRefund(owed!.id)))
    expect(ok(done)).toBe(1)
    await s.app.settle()
    expect(await s.caseNow(made.id)).toMatchObject({ state: 'done', refundedFen: 1000 })
    expect(await s.orderNow(order)).toMatchObject({ state: 'completed', refundedFen: 1000 })
    // Received, divided and released: the rest is in the merchant's own pocket, nothing of it can be withdrawn.
    await released()
    const codes = ['channel.personal-code', 'merchant.pending', 'merchant.available', 'channel.wechat'] as const
    const accounts = codes.map((code) => shopAccount(s.shop.shopId, code))
    expect(await balances(...accounts)).toEqual([0, 0, 0, 0])
    await s.shop.owner.call('console.refundUnits', {
      ...{ params: s.key(order), idempotencyKey: newKey() },
      body: { reasonCode: 'price', lines: [{ line: 0, quantity: 2 }] },
    })
    await s.app.settle()
    const [rest] = await refunds()
    expect(rest).toMatchObject({ state: 'owed', amountFen: order.totalFen - 1000 })
    await expect(recordRefund(rest!.id, (await refunds())[1]!.transactionNo!)).rejects.toMatchObject({
      code: 'DUPLICATE',
    })
    await recordRefund(rest!.id)
    await s.app.settle()
    expect(await s.orderNow(order)).toMatchObject({ state: 'refunded', refundedFen: order.totalFen })
    expect(await balances(...accounts)).toEqual([0, 0, 0, 0])
    const { items } = await s.shop.owner.call('console.personalDays', { params: s.at() })
    expect(items.reduce((sum, each) => sum + each.refundedFen, 0)).toBe(order.totalFen)
  })

  test('PAY-01 PAY-03 a party’s share of such an order comes out of WeChat’s money, and back there when it is refunded', async () => {
    await switchOn()
    const party = await addParty(s.shop)
    await sign(s.shop, party.id, { holdDays: 0 })
    const { order } = await paidByCode(2)
    const shareFen = Math.round((order.totalFen * 12) / 100)
    await s.ship(order)
    await s.receive(order)
    await released()
    const { shopId } = s.shop
    const codes = ['channel.personal-code', 'merchant.pending', 'merchant.available', 'merchant.negative'] as const
    const accounts = [...codes.map((code) => shopAccount(shopId, code)), accountId('share.payable', party.id, shopId)]
    // The merchant's pocket has all of it, so what the party is due is the merchant's debt to WeChat's side.
    expect(await balances(...accounts)).toEqual([0, 0, 0, -shareFen, shareFen])
    await s.shop.owner.call('console.refundUnits', {
      ...{ params: s.key(order), idempotencyKey: newKey() },
      body: { reasonCode: 'price', lines: [{ line: 0, quantity: 2 }] },
    })
    await s.app.settle()
    await recordRefund((await refunds())[0]!.id)
    await s.app.settle()
    expect(await balances(...accounts)).toEqual([0, 0, shareFen, -shareFen, 0])
    expect(await s.orderNow(order)).toMatchObject({ state: 'refunded', refundedFen: order.totalFen })
  })

  test('PAY-01 PAY-04 days with payments and refunds by hand reconcile: nothing of them is missed at WeChat', async () => {
    await switchOn()
    const { order } = await paidByCode(2)
    await s.shop.owner.call('console.refundUnits', {
      ...{ params: s.key(order), idempotencyKey: newKey() },
      body: { reasonCode: 'late', lines: [{ line: 0, quantity: 1 }] },
    })
    await s.app.settle()
    await recordRefund((await refunds())[0]!.id)
    await s.app.settle()
    const { day } = await today()
    await s.days(2)
    await s.shop.owner.call('console.reconcileDay', { params: s.at(), body: { day } })
    await s.app.settle()
    expect((await s.shop.owner.call('console.differences', { params: s.at() })).items).toEqual([])
    expect(await s.orderNow(order)).toMatchObject({ refundedFen: PRICE_FEN, itemCount: 1 })
  })

  test('PAY-01 an order paid by code that has not left is refunded whole by hand; its goods are for sale again', async () => {
    await switchOn()
    const { order } = await paidByCode(1)
    const body = { reason: '缺货' }
    await s.shop.owner.call('console.refundOrder', { params: s.key(order), idempotencyKey: newKey(), body })
    await s.app.settle()
    expect(await s.orderNow(order)).toMatchObject({ state: 'refunding' })
    const [owed] = await refunds()
    await recordRefund(owed!.id)
    await s.app.settle()
    expect(await s.orderNow(order)).toMatchObject({ state: 'refunded', refundedFen: order.totalFen })
    expect(await s.stockOf(s.cup.skuIds[0]!)).toMatchObject({ available: 10, committed: 0 })
  })
})
