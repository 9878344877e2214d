import { describe, expect, test } from 'vitest'
import type { InvoiceWish } from '../packages/contract/src/index.ts'
import { aftersaleStage, DAY_MS, PIXEL, PRICE_FEN } from './support/aftersale.ts'
import type { PlacedOrder } from './support/app.ts'
import { newKey } from './support/http.ts'

const s = aftersaleStage({ clickhouse: false })
const COMPANY: InvoiceWish = {
  ...{ kind: 'company', type: 'ordinary', title: '深圳市腾讯计算机系统有限公司', taxNo: '9144030071526726XG' },
}
const PERSON: InvoiceWish = { kind: 'person', type: 'ordinary', title: '个人' }
const LINK = 'https://dppt.example.cn/v/1'

let serial = 0
const number = () => `2433200000${String(++serial).padStart(10, '0')}`
const today = () => new Date(s.app.clock.millis() + 8 * 3_600_000).toISOString().slice(0, 10)
const bought = (quantity = 2) => s.paid([[s.cup.skuIds[0]!, quantity]])
const offer = (order: PlacedOrder) => s.buyer.call('invoices.ofOrder', { params: s.key(order) })
const ask = (order: PlacedOrder, body: InvoiceWish = COMPANY) =>
  s.buyer.call('invoices.ask', { params: s.key(order), body })
const withdraw = (order: PlacedOrder) => s.buyer.call('invoices.withdraw', { params: s.key(order) })
const at = (invoiceId: string) => ({ params: { ...s.at(), invoiceId } })
const issue = (id: string, amountFen: number, more: object = {}) =>
  s.shop.owner.call('console.issueInvoice', {
    ...at(id),
    body: { number: number(), issuedOn: today(), amountFen, link: LINK, ...more },
  })
const reverse = (id: string, red = number()) =>
  s.shop.owner.call('console.reverseInvoice', { ...at(id), body: { number: red, reason: '' } })
const list = async (query: object = {}) =>
  (await s.shop.owner.call('console.invoices', { params: s.at(), query })).items
const refundOne = async (order: PlacedOrder) => {
  const { id } = await s.apply(order, { type: 'refund', reasonCode: 'not-wanted', lines: [{ line: 0, quantity: 1 }] })
  await s.approve(id).catch(() => {})
  await s.app.settle()
}
const ok = (results: readonly PromiseSettledResult<unknown>[]) =>
  results.filter(({ status }) => status === 'fulfilled').length
const todos = async () => {
  const { items } = await s.shop.owner.call('console.todo', { params: s.at() })
  return Object.fromEntries(
    items.filter(({ key }) => key.startsWith('invoices.')).map(({ key, count }) => [key, count]),
  )
}

describe('from asking to the invoice', () => {
  test('PAY-06 a buyer asks with a company’s head, the shop issues it, and the buyer sees it with its number', async () => {
    const order = await bought()
    expect(await offer(order)).toMatchObject({
      mayAsk: true,
      amountFen: (await s.orderNow(order)).paidFen,
      invoices: [],
    })
    const asked = await ask(order, { ...COMPANY, taxNo: '9144 0300 7152 6726xg' })
    expect(asked).toMatchObject({ state: 'asked', taxNo: '9144030071526726XG', title: COMPANY.title })
    expect(await todos()).toEqual({ 'invoices.asked': 1, 'invoices.reverse': 0 })
    const detail = await s.shop.owner.call('console.invoice', at(asked.id))
    expect(detail.lines.reduce((sum, line) => sum + line.netFen, 0)).toBe(asked.amountFen)
    expect(detail.lines[0]!.goods).toMatchObject([{ quantity: 2 }])
    const file = new Blob([PIXEL], { type: 'image/png' })
    const { fileId } = await s.shop.owner.call('console.uploadInvoice', { params: s.at(), file, fileName: 'f.png' })
    const no = number()
    const row = await issue(asked.id, asked.amountFen, { number: no, fileIds: [fileId] })
    expect(row).toMatchObject({ state: 'issued', orderNo: order.orderNo, by: expect.stringMatching(/.+/) })
    const { mayAsk, invoices, titles } = await offer(order)
    expect({ mayAsk, titles }).toEqual({
      mayAsk: false,
      titles: [{ kind: 'company', title: COMPANY.title, taxNo: '9144030071526726XG' }],
    })
    expect(invoices).toMatchObject([{ state: 'issued', number: no, link: LINK, pictures: [{ fileId }] }])
    expect(await list({ q: no })).toHaveLength(1)
    expect(await list({ q: '腾讯', state: 'issued' })).toHaveLength(1)
    expect(await list({ state: 'asked' })).toEqual([])
    await expect(ask(order)).rejects.toMatchObject({ code: 'INVOICE_REFUSED' })
  })

  test('PAY-06 many ask, take back and issue at once: one request, one invoice, a number once', async () => {
    const order = await bought()
    const asked = await Promise.all(Array.from({ length: 8 }, (_, n) => ask(order, n % 2 ? COMPANY : PERSON)))
    expect(new Set(asked.map(({ id }) => id)).size).toBe(1)
    const [{ id, amountFen }] = asked as [(typeof asked)[0]]
    const ends = await Promise.allSettled([
      ...Array.from({ length: 4 }, () => issue(id, amountFen)),
      withdraw(order),
      s.shop.owner.call('console.refuseInvoice', { ...at(id), body: { reason: '月底统一开' } }),
    ])
    expect(ok(ends)).toBe(1)
    const [one] = (await offer(order)).invoices
    expect(['issued', 'withdrawn', 'refused']).toContain(one!.state)

    const others = [await bought(1), await bought(1)]
    const requests = await Promise.all(others.map((each) => ask(each, PERSON)))
    const shared = number()
    const issued = await Promise.allSettled(requests.map((each) => issue(each.id, each.amountFen, { number: shared })))
    expect(ok(issued)).toBe(1)
    expect(issued.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'DUPLICATE' } })
  })

  test('PAY-06 before it is issued the head may be changed and the wish taken back; refused, it may be asked for again', async () => {
    const order = await bought()
    const first = await ask(order, PERSON)
    expect(await ask(order)).toMatchObject({ id: first.id, kind: 'company' })
    expect(await withdraw(order)).toMatchObject({ state: 'withdrawn' })
    const second = await ask(order)
    expect(second.id).not.toBe(first.id)
    await s.shop.owner.call('console.refuseInvoice', { ...at(second.id), body: { reason: '抬头与税号不符' } })
    expect(await offer(order)).toMatchObject({
      mayAsk: true,
      invoices: [{ state: 'refused', reason: '抬头与税号不符' }, { state: 'withdrawn' }],
    })
    await expect(withdraw(order)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect((await ask(order)).state).toBe('asked')
  })
})

describe('money that goes back', () => {
  test('PAY-06 a refund before it is issued lowers it; what was seen before is refused', async () => {
    const order = await bought()
    const asked = await ask(order)
    await refundOne(order)
    const now = (await list())[0]!
    expect(now.amountFen).toBe(asked.amountFen - PRICE_FEN)
    await expect(issue(asked.id, asked.amountFen)).rejects.toThrow(/开票金额.*应为 ¥49.90/)
    expect(await issue(asked.id, now.amountFen)).toMatchObject({ state: 'issued', mustReverse: false })
  })

  test('PAY-06 a refund after it was issued has it reversed, and the buyer asks for the rest', async () => {
    const order = await bought()
    await s.ship(order)
    await s.receive(order)
    const asked = await ask(order)
    await issue(asked.id, asked.amountFen)
    await refundOne(order)
    expect(await todos()).toEqual({ 'invoices.asked': 0, 'invoices.reverse': 1 })
    expect(await list({ mustReverse: true })).toMatchObject([{ id: asked.id, amountFen: asked.amountFen }])
    await expect(ask(order)).rejects.toThrow(/红冲/)
    const taken = (await list())[0]!.number!
    await expect(reverse(asked.id, taken)).rejects.toMatchObject({ code: 'DUPLICATE' })
    const red = number()
    const reversed = await Promise.allSettled([reverse(asked.id, red), reverse(asked.id)])
    expect(ok(reversed)).toBe(1)
    expect((await offer(order)).invoices).toMatchObject([{ state: 'reversed', reason: '订单有退款' }])
    const rest = await ask(order)
    expect(rest.amountFen).toBe(asked.amountFen - PRICE_FEN)
    const { lines } = await s.shop.owner.call('console.invoice', at(rest.id))
    expect(lines.reduce((sum, line) => sum + line.netFen, 0)).toBe(rest.amountFen)
  })

  test('PAY-06 an order that is refunded as a whole takes its request with it', async () => {
    const order = await bought()
    await ask(order)
    const body = { reason: '不想要了' }
    await s.buyer.call('orders.requestRefund', { params: s.key(order), idempotencyKey: newKey(), body })
    await s.app.settle()
    expect(await offer(order)).toMatchObject({
      mayAsk: false,
      reason: '这笔订单没有可开票的金额',
      invoices: [{ state: 'withdrawn', reason: '订单已全额退款' }],
    })
  })
})

test('PAY-06 who may not ask is told why: unpaid, another’s, too late, a wrong number, a special one, switched off', async () => {
  const unpaid = await s.app.order(s.buyer, s.shop.shopId, [[s.cup.skuIds[0]!, 1]])
  expect(await offer(unpaid)).toMatchObject({ mayAsk: false, reason: '付款后可以申请' })
  await expect(ask(unpaid)).rejects.toMatchObject({ code: 'INVOICE_REFUSED' })
  const order = await bought()
  const stranger = await s.app.buyer()
  for (const route of ['invoices.ofOrder', 'invoices.withdraw'] as const)
    await expect(stranger.call(route, { params: s.key(order) })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(ask(order, { ...COMPANY, taxNo: '9144030071526726XX' })).rejects.toMatchObject({
    code: 'VALIDATION_FAILED',
  })
  await expect(ask(order, { ...COMPANY, type: 'special' })).rejects.toThrow(/只开普通发票/)
  await s.set('invoices.special', true)
  expect(await ask(order, { ...COMPANY, type: 'special' })).toMatchObject({ type: 'special' })
  await withdraw(order)
  await s.set('invoices.enabled', false)
  await expect(ask(order)).rejects.toThrow(/联系客服/)
  await s.set('invoices.enabled', true)
  await s.set('invoices.ask-days', 1)
  await s.ship(order)
  await s.receive(order)
  await s.app.advance(3 * DAY_MS)
  s.buyer = await s.app.buyer(s.buyer.person)
  await expect(ask(order)).rejects.toThrow(/已超过申请期限/)
  s.shop = { ...s.shop, owner: await s.app.signIn(s.shop.ownerAccount) }
})
