import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type PlacedOrder,
  startTestApp,
  type TestApp,
  type TestBuyer,
  type TestShop,
} from '../../../../../tests/support/app.ts'
import { newKey } from '../../../../../tests/support/http.ts'

const SHIPPED = 'sim-order-shipped'

let app: TestApp
let shop: TestShop
let buyer: TestBuyer
let skuId: string
let order: PlacedOrder
beforeAll(async () => {
  app = await startTestApp({ clickhouse: false })
})
afterAll(() => app?.close())
beforeEach(async () => {
  shop = await app.openTestShop()
  buyer = await app.buyer()
  skuId = (await app.product(shop, { title: '云南保山小粒咖啡豆 中度烘焙 现烘现发 250 克装' })).skuIds[0]!
  await set('order-shipped-template', SHIPPED)
  await set('refund-done-template', 'sim-refund-result')
  await set('restock-template', 'sim-restock')
  order = await app.order(buyer, shop.shopId, [[skuId, 2]])
  await app.pay(buyer, order)
  await app.settle()
})

async function set(setting: string, value: string): Promise<void> {
  const name = `notifications.${setting}`
  const params = { shopId: shop.shopId }
  const { version } = (await shop.owner.call('console.settings', { params })).items.find((item) => item.name === name)!
  await shop.owner.call('console.setSetting', { params: { ...params, name }, body: { value, version } })
}

/** What `wx.requestSubscribeMessage` does: WeChat remembers, and the program tells us. */
async function allow(templateId: string, by = buyer): Promise<void> {
  app.sim.people.subscribe(by.person, [templateId])
  const answers = [{ templateId, answer: 'accept' as const }]
  await by.call('buyer.answerNotices', { params: { shopId: shop.shopId }, idempotencyKey: newKey(), body: { answers } })
}

const ship = () =>
  shop.owner.call('console.shipOrder', {
    params: { shopId: shop.shopId, orderId: order.orderId },
    idempotencyKey: newKey(),
    body: { carrierCode: 'SF', trackingNo: 'SF1234567890' },
  })

async function messages(who = buyer) {
  const response = await fetch(`${app.sim.url}/__sim/messages?person=${who.person}`)
  const { messages: all } = (await response.json()) as {
    messages: { kind: string; title: string; page: string | null; fields: { name: string; value: string }[] }[]
  }
  return all.filter(({ kind }) => kind === 'subscribe')
}

const notices = async (query: object = {}) =>
  (await shop.owner.call('console.notices', { params: { shopId: shop.shopId }, query })).items

describe('what the buyer allows', () => {
  test('ACC-01 the mini program asks for the templates that the shop has set, and for no others', async () => {
    const templates = () => app.visitor().call('store.noticeTemplates', { params: { shopId: shop.shopId } })
    expect((await templates()).items).toContainEqual({ kind: 'order-shipped', templateId: SHIPPED })
    await set('order-shipped-template', '')
    expect((await templates()).items.map(({ kind }) => kind)).toEqual(['refund-done', 'restock'])
  })

  test('ACC-01 an acceptance counts once however often it is sent; rejections and strange templates allow nothing', async () => {
    const params = { shopId: shop.shopId }
    const idempotencyKey = newKey()
    const body = {
      answers: [
        { templateId: SHIPPED, answer: 'accept' as const },
        { templateId: 'sim-refund-result', answer: 'reject' as const },
        { templateId: 'not-ours', answer: 'accept' as const },
      ],
    }
    app.sim.people.subscribe(buyer.person, [SHIPPED])
    const send = () => buyer.call('buyer.answerNotices', { params, idempotencyKey, body })
    const answers = await Promise.all([send(), send(), send(), send()])
    for (const answer of answers) expect(answer).toEqual({ allowed: ['order-shipped'] })
    await ship()
    await app.settle()
    expect(await messages()).toHaveLength(1)
    // the second parcel's message is not allowed: three more copies of the answer were one answer
    order = await app.order(buyer, shop.shopId, [[skuId, 1]])
    await app.pay(buyer, order)
    await app.settle()
    await ship()
    await app.settle()
    expect((await notices()).map(({ state }) => state)).toEqual(['not-allowed', 'sent'])
  })
})

describe('what the buyer is told', () => {
  test('ACC-01 a parcel that left is told in WeChat, with company, number and the way to the order', async () => {
    await allow(SHIPPED)
    await ship()
    await app.settle()
    const [message, ...others] = await messages()
    expect(others).toEqual([])
    expect(message).toMatchObject({ title: '订单发货通知', page: `trade/order/index?order=${order.orderId}` })
    const said = Object.fromEntries(message!.fields.map(({ name, value }) => [name, value]))
    expect(said).toMatchObject({ 订单号: order.orderNo, 快递公司: '顺丰速运', 快递单号: 'SF1234567890' })
    expect(said['商品名称']).toBe('云南保山小粒咖啡豆 中度烘焙 现烘现发…')
    expect(await notices()).toMatchObject([
      { kind: 'order-shipped', subject: order.orderNo, state: 'sent', error: null },
    ])
  })

  test('ACC-01 money that went back, and goods that came in, are told', async () => {
    await allow('sim-refund-result')
    await buyer.call('orders.requestRefund', {
      params: { shopId: shop.shopId, orderId: order.orderId },
      idempotencyKey: newKey(),
      body: { reason: '不想要了' },
    })
    await app.settle()
    expect((await messages())[0]).toMatchObject({
      title: '退款结果通知',
      fields: expect.arrayContaining([{ name: '退款状态', value: '已退款' }]),
    })
    const scarce = (await app.product(shop, { title: '柴烧饭碗', stock: 0 })).skuIds[0]!
    await allow('sim-restock')
    const params = { shopId: shop.shopId, skuId: scarce }
    await buyer.call('buyer.remindOfRestock', { params })
    const { items } = await shop.owner.call('console.warehouses', { params: { shopId: shop.shopId } })
    await shop.owner.call('console.adjustStock', {
      params: { shopId: shop.shopId },
      idempotencyKey: newKey(),
      body: { warehouseId: items[0]!.id, reason: 'purchase', lines: [{ skuId: scarce, quantity: 5 }] },
    })
    await app.settle()
    expect((await messages())[0]).toMatchObject({ title: '到货提醒' })
    expect(await notices({ kind: 'restock' })).toMatchObject([{ subject: '柴烧饭碗', state: 'sent' }])
  })

  test('ORD-04 what the shop wrote about an order is sent too, and a received order asks for a review once', async () => {
    await set('order-news-template', 'sim-order-news')
    await set('parcel-news-template', 'sim-parcel-news')
    await set('review-wanted-template', 'sim-review')
    for (const templateId of ['sim-order-news', 'sim-parcel-news', 'sim-review']) await allow(templateId)
    const tell = (topic: string, title: string) =>
      app.app.db.tx({ shopId: shop.shopId }, (tx) =>
        app.app.delivery.tellBuyer(tx, {
          ...{ shopId: shop.shopId, orderId: order.orderId, buyerId: buyer.buyerId },
          ...{ topic, title, text: '快递员 13800000000 正在路上，请保持电话畅通' },
        }),
      )
    await tell('parcel-delivering', '包裹正在派送')
    await tell('address-change', '地址已修改')
    await app.settle()
    const said = (await messages()).map(({ title, page }) => ({ title, page }))
    const page = `trade/order/index?order=${order.orderId}`
    expect(said).toEqual([
      { title: '订单进度提醒', page },
      { title: '物流状态提醒', page },
    ])
    await ship()
    await buyer.call('orders.confirmReceipt', { params: { shopId: shop.shopId, orderId: order.orderId } })
    await app.settle()
    await app.advance(8 * 86_400_000)
    await Promise.all(Array.from({ length: 3 }, () => app.app.reviews.remindDue()))
    await app.settle()
    // staff's session ended on the way
    shop = { ...shop, owner: await app.signIn(shop.ownerAccount) }
    const asked = (await messages()).filter(({ title }) => title === '评价提醒')
    expect(asked).toMatchObject([{ page: `more/review/index?order=${order.orderId}` }])
    const { items, connected } = await shop.owner.call('console.noticeKinds', { params: { shopId: shop.shopId } })
    expect(connected).toBe(true)
    expect(items.find(({ kind }) => kind === 'review-wanted')).toMatchObject({
      templateId: 'sim-review',
      counts: { sent: 1, failed: 0, waiting: 0, notAllowed: 0 },
    })
    expect((await notices({ q: order.orderNo })).map(({ kind }) => kind)).toContain('review-wanted')
    expect(await notices({ q: 'nothing' })).toEqual([])
  })

  test('ACC-01 who has allowed nothing is sent nothing, and the order ships all the same', async () => {
    await ship()
    await app.settle()
    expect(await messages()).toEqual([])
    expect(await notices()).toMatchObject([{ state: 'not-allowed' }])
    const shipped = await buyer.call('orders.get', { params: { shopId: shop.shopId, orderId: order.orderId } })
    expect(shipped.state).toBe('shipped')
  })

  test('ACC-01 a message is tried again while WeChat is busy, and is sent once by however many senders', async () => {
    await allow(SHIPPED)
    app.sim.fault({ path: '/cgi-bin/message/subscribe/send', method: 'POST', kind: 'drop', times: 1 })
    await ship()
    await app.settle()
    expect(await notices()).toMatchObject([{ state: 'waiting' }])
    app.clock.advance(31_000)
    await Promise.all(Array.from({ length: 5 }, () => app.app.notifications.sendDue()))
    expect(await messages()).toHaveLength(1)
    expect(await notices()).toMatchObject([{ state: 'sent' }])
  })

  test('ACC-01 what WeChat refuses for good is told to staff with its words, and the acceptance is given back', async () => {
    await allow(SHIPPED)
    await set('order-shipped-fields', 'thing1=订单号')
    await ship()
    await app.settle()
    const [refused] = await notices({ state: 'failed' })
    expect(refused?.error).toContain('47003')
    await set(
      'order-shipped-fields',
      'character_string1=订单号 thing2=商品名称 thing3=快递公司 character_string4=快递单号 time5=发货时间',
    )
    order = await app.order(buyer, shop.shopId, [[skuId, 1]])
    await app.pay(buyer, order)
    await app.settle()
    await ship()
    await app.settle()
    expect(await messages()).toHaveLength(1)
  })

  test('ACC-01 the list of messages goes on page by page and can be narrowed', async () => {
    const page = (query: object) => shop.owner.call('console.notices', { params: { shopId: shop.shopId }, query })
    await ship()
    for (let turn = 0; turn < 2; turn++) {
      order = await app.order(buyer, shop.shopId, [[skuId, 1]])
      await app.pay(buyer, order)
      await app.settle()
      await ship()
    }
    await app.settle()
    const first = await page({ limit: 2 })
    expect(first.items).toHaveLength(2)
    const second = await page({ limit: 2, cursor: first.nextCursor! })
    expect(second).toMatchObject({ items: [{ buyerNickname: expect.any(String) }], nextCursor: null })
    expect((await page({ state: 'sent' })).items).toEqual([])
  })
})
