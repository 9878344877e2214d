import { unzipSync } from 'fflate'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../apps/server/src/kernel/ids.ts'
import { SHOP_PERMISSIONS } from '../packages/contract/src/index.ts'
import { askUnitBack } from './support/aftersale.ts'
import { startTestApp, type TestApp, type TestBuyer, type TestShop } from './support/app.ts'
import { hasClickHouse } from './support/database.ts'
import { newKey } from './support/http.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Nobody else is called this: wherever it is left, it was not erased. */
const PLANTED = { name: '宇文听雪', phone: '13576540987', detail: '临江仙苑三栋二单元' }
const ADDRESS = { ...PLANTED, province: '浙江省', city: '宁波市', district: '海曙区', street: '鼓楼街道' }

let app: TestApp
let shop: TestShop
let params: { shopId: string }
beforeAll(async () => {
  app = await startTestApp()
  shop = await app.openTestShop('听雪小铺')
  params = { shopId: shop.shopId }
})
afterAll(() => app?.close())

/** Time goes by, and the owner signs in again: staff sessions are short. */
async function pass(ms: number): Promise<void> {
  await app.advance(ms)
  shop.owner = await app.signIn(shop.ownerAccount)
}

/** Somebody who has bought for this much. */
async function bought(pricesFen: number[], who?: string): Promise<TestBuyer> {
  const buyer = await app.buyer(who)
  for (const price of pricesFen) {
    const { skuIds } = await app.product(shop, { pricesFen: [price] })
    const order = await app.order(buyer, shop.shopId, [[skuIds[0]!, 1]])
    await app.pay(buyer, order)
    await app.settle()
    await app.advance(1000)
  }
  return buyer
}

async function receive(buyer: TestBuyer, orderId: string): Promise<void> {
  const at = { ...params, orderId }
  await shop.owner.call('console.shipOrder', {
    params: at,
    idempotencyKey: newKey(),
    body: { carrierCode: 'SF', trackingNo: `SF${Date.now()}${Math.random().toString().slice(2, 6)}` },
  })
  await buyer.call('orders.confirmReceipt', { params: at })
  await app.settle()
}

/** Leaves and lets the days pass. */
async function leave(buyer: TestBuyer): Promise<void> {
  await buyer.call('buyer.requestDeletion', { body: {} })
  await pass(8 * DAY_MS)
  await pass(60_000)
}

const buyers = async (query: Record<string, unknown>) =>
  (await shop.owner.call('console.buyers', { params, query: query as never })).items

test('CRM-01 the shop lists its buyers: what they bought, by phone, order number and nickname, in pages of any order', async () => {
  const [small, big] = [await bought([1000]), await bought([5000, 7000])]
  const looker = await app.buyer()
  await looker.call('buyer.agreeToAll', { params, body: { items: [{ kind: 'privacy', version: 0 }] } })
  await big.call('buyer.bindPhone', { body: { code: app.sim.people.phoneCode(big.person) } })
  await big.call('buyer.updateProfile', { body: { nickname: '大客户老王' } })
  const rows = await buyers({ sort: '-paid' })
  expect(rows.slice(0, 3)).toMatchObject([
    { id: big.buyerId, nickname: '大客户老王', orderCount: 2, channel: 'mini', state: 'active' },
    { id: small.buyerId, orderCount: 1 },
    { id: looker.buyerId, orderCount: 0, paidFen: 0, lastOrderAt: null },
  ])
  expect(rows[0]!.paidFen).toBeGreaterThanOrEqual(12_000)
  expect(rows[0]!.phoneMasked).toMatch(/^139\*{4}\d{4}$/)
  const ids = async (query: Record<string, unknown>) => (await buyers(query)).map(({ id }) => id)
  const { phone } = app.sim.people.get(big.person)!
  expect(await ids({ q: phone })).toEqual([big.buyerId])
  expect(await ids({ q: phone.slice(0, 10) })).toEqual([])
  expect(await ids({ q: '客户' })).toEqual([big.buyerId])
  const { items } = await big.call('orders.list', { params })
  expect(await ids({ q: items[0]!.orderNo })).toEqual([big.buyerId])
  expect(await ids({ orders: 'none' })).toEqual([looker.buyerId])
  expect(await ids({ orders: 'more' })).toEqual([big.buyerId])
  expect(await ids({ channel: 'mp' })).toEqual([])
  for (const sort of ['-since', 'since', '-last-order', 'last-order', '-paid', '-orders', 'orders'] as const) {
    const all = await ids({ sort })
    const paged: string[] = []
    for (let cursor: string | undefined, more = true; more; ) {
      const page = await shop.owner.call('console.buyers', { params, query: { sort, limit: 1, cursor } })
      paged.push(...page.items.map(({ id }) => id))
      more = page.nextCursor !== null
      cursor = page.nextCursor ?? undefined
    }
    expect(paged).toEqual(all)
  }
  const found = await shop.owner.call('console.search', { params, query: { q: '大客户' } })
  expect(found.groups.find(({ kind }) => kind === 'buyers')?.items[0]).toMatchObject({ to: `buyers/${big.buyerId}` })
  const other = await app.openTestShop()
  expect((await other.owner.call('console.buyers', { params: { shopId: other.shopId } })).items).toEqual([])
})

test('CRM-01 refunds, levels and orders at once leave the figures of a buyer as the books have them', async () => {
  const buyer = await app.buyer()
  const { skuIds } = await app.product(shop, { pricesFen: [3000], stock: 50 })
  const orders = await Promise.all([1, 2, 3].map(() => app.order(buyer, shop.shopId, [[skuIds[0]!, 1]])))
  for (const order of orders) await app.pay(buyer, order)
  await app.settle()
  await shop.owner.call('console.refundOrder', {
    params: { ...params, orderId: orders[0]!.orderId },
    idempotencyKey: newKey(),
    body: { reason: '买多了' },
  })
  await app.settle()
  const level = await shop.owner.call('console.createMemberLevel', { params, body: { name: '金卡', rank: 3 } })
  await shop.owner.call('console.setMemberLevel', {
    params: { ...params, buyerId: buyer.buyerId },
    body: { levelId: level.id },
  })
  const [row] = await buyers({ levelId: level.id })
  const paid = orders.slice(1).reduce((sum, { totalFen }) => sum + totalFen, 0)
  expect(row).toMatchObject({ id: buyer.buyerId, orderCount: 3, paidFen: paid, levelName: '金卡' })
})

test('CRM-01 GOV-08 a buyer’s page is masked; who sees it in clear is on record; the timeline has everything in pages', async () => {
  const person = app.sim.people.create({ name: '南宫问', phone: '13711112222' }).id
  const buyer = await app.buyer(person)
  const { productId, skuIds } = await app.product(shop)
  await buyer.call('buyer.bindPhone', { body: { code: app.sim.people.phoneCode(person) } })
  await buyer.call('buyer.createAddress', { body: { ...ADDRESS, name: '南宫问', phone: '13711112222' } })
  await buyer.call('buyer.updateProfile', { body: { birthday: '1990-02-28' } })
  await buyer.call('buyer.addFavourite', { params: { ...params, productId } })
  await app.advance(1000)
  await buyer.call('buyer.saw', { params: { ...params, productId } })
  await buyer.call('buyer.agreeToAll', { params, body: { items: [{ kind: 'agreement', version: 0 }] } })
  const order = await app.order(buyer, shop.shopId, [[skuIds[0]!, 1]])
  await app.pay(buyer, order)
  await app.settle()
  await receive(buyer, order.orderId)
  const { lines } = await buyer.call('orders.get', { params: { ...params, orderId: order.orderId } })
  await buyer.call('buyer.reviewOrder', {
    params: { ...params, orderId: order.orderId },
    body: { lines: [{ line: lines[0]!.line, goodsStars: 5, text: '很好用' }] },
  })
  await shop.owner.call('console.addNote', {
    params,
    idempotencyKey: newKey(),
    body: { entity: 'buyer', entityId: buyer.buyerId, text: '老客户，多送一包' },
  })
  const at = { ...params, buyerId: buyer.buyerId }
  const clerk = await app.staffWith(shop, ['customers.read'])
  const page = await clerk.call('console.buyer', { params: at })
  expect(page).toMatchObject({
    phoneMasked: '137****2222',
    birthdayKnown: true,
    counts: { favourites: 1, seen: 1 },
    addresses: [{ name: '南*问', phone: '137****2222', detail: '****' }],
    consents: [{ kind: 'agreement', version: 0 }],
  })
  for (const text of ['南宫问', '13711112222', PLANTED.detail, '1990-02-28'])
    expect(JSON.stringify(page)).not.toContain(text)
  await expect(clerk.call('console.revealBuyer', { params: at })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  expect(await shop.owner.call('console.revealBuyer', { params: at })).toMatchObject({
    phone: '13711112222',
    birthday: '1990-02-28',
    addresses: [{ name: '南宫问', detail: PLANTED.detail }],
  })
  const { items: looks } = await shop.owner.call('console.audit', { params, query: { entityId: buyer.buyerId } })
  expect(looks.map(({ action }) => action)).toContain('customers.reveal-personal-data')

  const all = await shop.owner.call('console.buyerTimeline', { params: at, query: { limit: 100 } })
  const kinds = new Set(all.items.map(({ kind }) => kind))
  for (const kind of [
    'registered',
    'signed-in',
    'favourite',
    'viewed',
    'consent',
    'order',
    'payment',
    'review',
    'note',
  ] as const)
    expect(kinds).toContain(kind)
  const paged: string[] = []
  for (let cursor: string | undefined, more = true; more; ) {
    const next = await shop.owner.call('console.buyerTimeline', { params: at, query: { limit: 3, cursor } })
    paged.push(...next.items.map(({ id }) => id))
    more = next.nextCursor !== null
    cursor = next.nextCursor ?? undefined
  }
  expect(paged).toEqual(all.items.map(({ id }) => id))
  const seen = await clerk.call('console.buyerTimeline', { params: at, query: { limit: 100 } })
  expect(seen.items.map(({ kind }) => kind)).not.toContain('order')
  await buyer.call('buyer.setPrivacy', { body: { marketing: false, personalised: true, keepsHistory: false } })
  expect((await clerk.call('console.buyer', { params: at })).counts.seen).toBeNull()
  const mine = await shop.owner.call('console.orders', { params, query: { buyerId: buyer.buyerId } })
  expect(mine.items.map(({ id }) => id)).toEqual([order.orderId])
})

test('ACC-03 two records of one person are one buyer of the shop, with both histories', async () => {
  const person = app.sim.people.create({ name: '合并人', phone: '13722223333' }).id
  const first = await bought([2000], person)
  const before = (await buyers({ q: '合并人' })).map(({ id }) => id)
  expect(before.length).toBeLessThanOrEqual(1)
  const second = await bought([4000])
  await app.app.db.tx('system', async (tx) => {
    const { mergeBuyers } = app.app.customers
    await app.app.orders.mergeBuyers(tx, { fromBuyerId: second.buyerId, buyerId: first.buyerId })
    await mergeBuyers(tx, { fromBuyerId: second.buyerId, buyerId: first.buyerId })
  })
  const rows = await buyers({ sort: '-paid' })
  expect(rows.find(({ id }) => id === second.buyerId)).toBeUndefined()
  expect(rows.find(({ id }) => id === first.buyerId)).toMatchObject({ orderCount: 2 })
})

test('GOV-08 signing in asks for consent, once for each version, and for nothing that was not shown', async () => {
  const buyer = await app.buyer()
  const asked = async () => (await buyer.call('buyer.consentsAsked', { params })).items
  const wanted = (await buyer.call('store.consents', { params })).items
  expect(wanted.map(({ kind }) => kind)).toEqual(['agreement', 'privacy'])
  expect(await asked()).toEqual(wanted)
  const agree = () =>
    buyer.call('buyer.agreeToAll', { params, body: { items: wanted.map(({ kind, version }) => ({ kind, version })) } })
  await Promise.all([agree(), agree()])
  expect(await asked()).toEqual([])
  await shop.owner.call('console.publishLegalText', {
    params,
    body: { kind: 'privacy', title: '隐私政策（新）', body: '改了', version: 0 },
  })
  expect(await asked()).toMatchObject([{ kind: 'privacy', version: 1, changed: true, title: '隐私政策（新）' }])
  await expect(agree()).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(await asked()).toHaveLength(1)
  const page = await shop.owner.call('console.buyer', { params: { ...params, buyerId: buyer.buyerId } })
  expect(page.consents.map(({ kind }) => kind).sort()).toEqual(['agreement', 'privacy'])
})

test('GOV-08 a buyer gets a copy of everything: one at a time, once a day, behind a link that ends', async () => {
  const buyer = await bought([1500])
  await buyer.call('buyer.createAddress', { body: { ...ADDRESS, name: '拷贝人', phone: '13733334444' } })
  const asked = await Promise.all([1, 2, 3].map(() => buyer.call('buyer.copyOwnData')))
  expect(new Set(asked.map(({ id }) => id)).size).toBe(1)
  await app.settle()
  const { items } = await buyer.call('buyer.ownDataCopies')
  expect(items).toMatchObject([{ state: 'ready' }])
  const reply = await fetch(`${app.url}${items[0]!.url}`)
  expect(reply.headers.get('content-type')).toBe('application/zip')
  const files = unzipSync(new Uint8Array(await reply.arrayBuffer()))
  expect(Object.keys(files).sort()).toEqual(['data.json', '我的数据.html'])
  const data = JSON.parse(Buffer.from(files['data.json']!).toString()) as {
    sections: Record<string, { rows: Record<string, string>[] }>
  }
  expect(data.sections.addresses!.rows).toMatchObject([
    { name: '拷贝人', phone: '13733334444', detail: PLANTED.detail },
  ])
  expect(data.sections.orders!.rows).toHaveLength(1)
  expect(data.sections.payments!.rows).toHaveLength(1)
  expect(Buffer.from(files['我的数据.html']!).toString()).toContain('拷贝人')
  await expect(buyer.call('buyer.copyOwnData')).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' })
  const wrong = await fetch(`${app.url}${items[0]!.url!.replace(/key=./, 'key=x')}`)
  expect(wrong.status).toBe(404)
  const other = await app.buyer()
  expect((await other.call('buyer.ownDataCopies')).items).toEqual([])
  await pass(25 * HOUR_MS)
  expect((await fetch(`${app.url}${items[0]!.url}`)).status).toBe(404)
  expect(await app.app.customers.sweepCopies()).toBeGreaterThan(0)
  expect((await buyer.call('buyer.ownDataCopies')).items).toMatchObject([{ state: 'expired', url: null }])
  await buyer.call('buyer.copyOwnData')
})

test('GOV-08 an account cannot leave while an order or a refund is on its way, and says why', async () => {
  const buyer = await app.buyer()
  const { skuIds } = await app.product(shop)
  const order = await app.order(buyer, shop.shopId, [[skuIds[0]!, 1]])
  const leaving = () => buyer.call('buyer.requestDeletion', { body: {} })
  await expect(leaving()).rejects.toMatchObject({ code: 'DELETION_BLOCKED' })
  expect((await buyer.call('buyer.deletion')).blockers[0]).toContain(order.orderNo)
  await app.pay(buyer, order)
  await app.settle()
  await expect(leaving()).rejects.toMatchObject({ code: 'DELETION_BLOCKED' })
  await receive(buyer, order.orderId)
  expect(await buyer.call('buyer.deletion')).toMatchObject({ state: 'none', blockers: [], coolingDays: 7 })
})

test('GOV-08 asking twice is asking once; all devices are signed out; signing in again takes it back', async () => {
  const buyer = await app.buyer()
  const results = await Promise.allSettled([1, 2].map(() => buyer.call('buyer.requestDeletion', { body: {} })))
  expect(results.some(({ status }) => status === 'fulfilled')).toBe(true)
  await expect(buyer.call('buyer.me')).rejects.toMatchObject({ code: 'SIGN_IN_REQUIRED' })
  await pass(6 * DAY_MS)
  const back = await app.buyer(buyer.person)
  expect(back.buyerId).toBe(buyer.buyerId)
  expect(await back.call('buyer.deletion')).toMatchObject({ state: 'cancelled', dueAt: null })
  await pass(8 * DAY_MS)
  expect((await (await app.buyer(buyer.person)).call('buyer.me')).id).toBe(buyer.buyerId)
})

test('GOV-08 what is personal of a buyer who left stands in no row of any table; the books still balance', async () => {
  const person = app.sim.people.create({ name: PLANTED.name, phone: PLANTED.phone }).id
  const buyer = await app.buyer(person)
  const { productId, skuIds } = await app.product(shop, { stock: 20 })
  await buyer.call('buyer.updateProfile', { body: { nickname: PLANTED.name, birthday: '1988-08-08' } })
  await buyer.call('buyer.bindPhone', { body: { code: app.sim.people.phoneCode(person) } })
  await buyer.call('buyer.createAddress', { body: ADDRESS })
  await buyer.call('buyer.addFavourite', { params: { ...params, productId } })
  await buyer.call('buyer.saw', { params: { ...params, productId } })
  await buyer.call('buyer.agreeToAll', { params, body: { items: [{ kind: 'agreement', version: 0 }] } })
  const note = `请打 ${PLANTED.phone} 找${PLANTED.name}`
  const cancelled = await app.order(buyer, shop.shopId, [[skuIds[0]!, 1]], { address: ADDRESS, note })
  await buyer.call('orders.cancel', { params: { ...params, orderId: cancelled.orderId }, body: { reason: note } })
  const order = await app.order(buyer, shop.shopId, [[skuIds[0]!, 2]], { address: ADDRESS, note })
  await app.pay(buyer, order)
  await app.settle()
  await shop.owner.call('console.noteOrder', { params: { ...params, orderId: order.orderId }, body: { note } })
  for (const [entity, entityId] of [
    ['buyer', buyer.buyerId],
    ['order', order.orderId],
  ] as const)
    await shop.owner.call('console.addNote', {
      params,
      idempotencyKey: newKey(),
      body: { entity, entityId, text: note },
    })
  await receive(buyer, order.orderId)
  await look(buyer, productId)
  await buyer.call('buyer.copyOwnData')
  await app.settle()
  const { openids } = await openidsOf(buyer.buyerId)
  expect(openids).toHaveLength(1)

  await leave(buyer)
  const left = await rowsWith([...Object.values(PLANTED), '1988-08-08', ...openids])
  expect(left).toEqual([])
  expect(await eventsOf(buyer.buyerId)).toEqual({ looks: 0, words: 0 })
  const page = await shop.owner.call('console.buyer', { params: { ...params, buyerId: buyer.buyerId } })
  expect(page).toMatchObject({ nickname: '已注销用户', state: 'gone', phoneMasked: null, addresses: [], orderCount: 1 })
  const shown = await shop.owner.call('console.order', {
    params: { ...params, orderId: order.orderId },
    query: { reveal: 'true' },
  })
  expect(shown).toMatchObject({ orderNo: order.orderNo, totalFen: order.totalFen, address: { name: '已注销' } })
  expect(await buyers({ q: PLANTED.phone })).toEqual([])
  expect((await app.audit()).balanced).toBe(true)
  const again = await app.buyer(person)
  expect(again.buyerId).not.toBe(buyer.buyerId)
  expect((await again.call('orders.list', { params })).items).toEqual([])
  const { items } = await shop.owner.call('console.audit', { params, query: { entityId: buyer.buyerId } })
  expect(items.map(({ action }) => action)).toContain('customers.erase-buyer')
}, 60_000)

test('GOV-08 an order placed at the very moment of leaving is either in the books, and the buyer stays, or refused', async () => {
  const { skuIds } = await app.product(shop, { stock: 100 })
  for (let round = 0; round < 4; round++) {
    const buyer = await app.buyer()
    await buyer.call('buyer.requestDeletion', { body: {} })
    app.clock.advance(8 * DAY_MS)
    const lines = [{ skuId: skuIds[0]!, quantity: 1 }]
    const place = async () => {
      const quote = await app.visitor().call('store.quote', { params, body: { lines, province: ADDRESS.province } })
      return app.app.orders.placeOrder({
        ...{ shopId: shop.shopId, buyerId: buyer.buyerId, key: newKey(), lines, note: '', fromCart: false },
        ...{ address: ADDRESS, expectedTotalFen: quote.totalFen },
      })
    }
    const leaving = async () => {
      await app.app.customers.leaveDue()
      app.clock.advance(60_000)
      await app.app.customers.leaveDue()
    }
    const [placed] = await Promise.allSettled([place(), leaving()])
    await app.app.customers.leaveDue()
    const { items } = await app.app.db
      .read('system', (tx) => app.app.identity.briefs(tx, [buyer.buyerId]))
      .then((briefs) => ({ items: [...briefs.values()] }))
    if (placed.status === 'fulfilled') expect(items[0]!.closed).toBe(false)
    else {
      // the minute that goes by may also be longer than the order was willing to wait
      expect(['ACCOUNT_CLOSED', 'BUSY']).toContain(placed.reason.code)
      expect(items[0]!.closed).toBe(true)
    }
  }
  shop.owner = await app.signIn(shop.ownerAccount)
}, 60_000)

test('GOV-08 CAT-10 whoever wants nothing personal is recommended what everybody is, and is no source of it', async () => {
  const together = [await app.product(shop), await app.product(shop)]
  const buyer = await app.buyer()
  const views = (who: TestBuyer) =>
    who.call('store.recommendations', { params, query: { slot: 'interest', viewed: together[0]!.productId } })
  const fan = await app.buyer()
  for (const each of [fan, await app.buyer()]) {
    const order = await app.order(
      each,
      shop.shopId,
      together.map(({ skuIds }) => [skuIds[0]!, 1]),
    )
    await app.pay(each, order)
    await app.settle()
  }
  await app.app.recommendation.computeShop(shop.shopId)
  expect((await views(buyer)).items.some(({ reason }) => reason === 'interest')).toBe(true)
  await buyer.call('buyer.setPrivacy', { body: { marketing: false, personalised: false, keepsHistory: true } })
  expect((await views(buyer)).items.some(({ reason }) => reason === 'interest')).toBe(false)
  const purchases = async (buyerId: string) =>
    (await rowsOf('recommendation_purchases')).filter((row) => row.includes(buyerId)).length
  expect(await purchases(fan.buyerId)).toBe(2)
  await fan.call('buyer.setPrivacy', { body: { marketing: false, personalised: false, keepsHistory: true } })
  expect(await purchases(fan.buyerId)).toBe(0)
  const order = await app.order(fan, shop.shopId, [[together[0]!.skuIds[0]!, 1]])
  await app.pay(fan, order)
  await app.settle()
  expect(await purchases(fan.buyerId)).toBe(0)
})

test('UX-03 a removed address comes back for a while, once, and is gone for good afterwards', async () => {
  const buyer = await app.buyer()
  const { id } = await buyer.call('buyer.createAddress', { body: ADDRESS })
  await buyer.call('buyer.deleteAddress', { params: { addressId: id } })
  expect((await buyer.call('buyer.addresses')).items).toEqual([])
  const results = await Promise.allSettled(
    [1, 2].map(() => buyer.call('buyer.restoreAddress', { params: { addressId: id } })),
  )
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect((await buyer.call('buyer.addresses')).items).toMatchObject([{ id, name: PLANTED.name }])
  await buyer.call('buyer.deleteAddress', { params: { addressId: id } })
  app.clock.advance(11 * 60_000)
  await expect(buyer.call('buyer.restoreAddress', { params: { addressId: id } })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
  expect(await app.app.identity.sweepSessions()).toBeGreaterThan(0)
  expect((await rowsOf('buyer_addresses')).filter((row) => row.includes(id))).toEqual([])
})

test('UX-03 a profile takes a picture and a birthday in the past; orders are counted by what they wait for', async () => {
  const buyer = await app.buyer()
  const file = new Blob([PIXEL], { type: 'image/png' })
  const shown = await buyer.call('buyer.uploadAvatar', { params, file, fileName: 'me.png' })
  expect(shown.avatarUrl).toMatch(/^\/files\//)
  expect((await fetch(`${app.url}${shown.avatarUrl}`)).status).toBe(200)
  expect(await buyer.call('buyer.updateProfile', { body: { birthday: '2001-12-31' } })).toMatchObject({
    birthday: '2001-12-31',
    avatarUrl: shown.avatarUrl,
  })
  await expect(buyer.call('buyer.updateProfile', { body: { birthday: '2999-01-01' } })).rejects.toMatchObject({
    code: 'VALIDATION_FAILED',
  })
  expect((await buyer.call('buyer.updateProfile', { body: { birthday: null } })).birthday).toBeNull()
  const { skuIds } = await app.product(shop)
  await app.order(buyer, shop.shopId, [[skuIds[0]!, 1]])
  const paid = await app.order(buyer, shop.shopId, [[skuIds[0]!, 1]])
  await app.pay(buyer, paid)
  await app.settle()
  const counts = () => buyer.call('orders.counts', { params })
  expect(await counts()).toEqual({ awaitingPayment: 1, awaitingShipment: 1, shipped: 0, aftersales: 0 })
  await askUnitBack(buyer, paid)
  expect(await counts()).toMatchObject({ awaitingPayment: 1, aftersales: 1 })
})

test('ACC-05 the shop’s own roles may see buyers, and an export of them is on record', async () => {
  const roles = (await shop.owner.call('console.roles', { params })).items
  const may = (name: string) => roles.find((role) => role.name === name)!.permissions.includes('customers.read')
  expect(['店主', '运营', '客服', '只读'].map(may)).toEqual([true, true, true, true])
  expect(SHOP_PERMISSIONS).toContain('customers.write')
  const { person } = await bound()
  const { id } = await shop.owner.call('console.startExport', {
    params,
    body: {
      ...{ route: 'console.buyers', query: { sort: '-paid' }, title: '买家', format: 'csv', personal: true },
      columns: [{ field: 'nickname', title: '昵称' }],
    },
  })
  const reply = await shop.owner.ask(`/api/console/shops/${shop.shopId}/exports/${id}/file`)
  expect(reply.text).toContain('手机号（完整）')
  expect(reply.text).toContain(app.sim.people.get(person)!.phone)
})

/** A look at a product, as the buyer's phone tells it. */
async function look(buyer: TestBuyer, productId: string): Promise<void> {
  const at = app.clock.millis()
  const ids = { deviceId: newKey(), sessionId: newKey() }
  await buyer.call('events.send', {
    body: {
      ...{ shopId: shop.shopId, ...ids, platform: 'mini', sentAt: at },
      events: [{ id: newId(), name: 'page', at, page: 'detail', productId }],
    },
  })
  await app.app.engines.eventStore.flush()
  if (hasClickHouse()) expect(await eventsOf(buyer.buyerId)).toMatchObject({ looks: 1 })
}

/** What the event store knows of a buyer: looks under the buyer's id, and words that were planted. */
async function eventsOf(buyerId: string): Promise<{ looks: number; words: number }> {
  const { eventStore } = app.app.engines
  if (!hasClickHouse()) return { looks: 0, words: 0 }
  const [looks] = await eventStore.query<{ n: number }>(
    'SELECT count() AS n FROM raw_behaviour_events FINAL WHERE buyer_id = {buyerId:UUID}',
    { buyerId },
  )
  const [words] = await eventStore.query<{ n: number }>(
    'SELECT count() AS n FROM raw_domain_events WHERE position(payload, {phone:String}) > 0',
    { phone: PLANTED.phone },
  )
  return { looks: looks!.n, words: words!.n }
}

/** Somebody who has bound a phone here. */
async function bound(): Promise<TestBuyer> {
  const buyer = await bought([100])
  await buyer.call('buyer.bindPhone', { body: { code: app.sim.people.phoneCode(buyer.person) } })
  return buyer
}

async function admin<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: app.database.adminUrl })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const rowsOf = (table: string): Promise<string[]> =>
  admin(async (client) =>
    (await client.query<{ row: string }>(`select t::text as row from ${table} t`)).rows.map(({ row }) => row),
  )

const openidsOf = (buyerId: string) =>
  admin(async (client) => {
    const { rows } = await client.query<{ subject: string }>(
      `select subject from buyer_identities where buyer_id = $1 and kind like 'mini:%'`,
      [buyerId],
    )
    return { openids: rows.map(({ subject }) => subject) }
  })

/** Every table that has one of the texts in some row. */
const rowsWith = (texts: readonly string[]): Promise<string[]> =>
  admin(async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(`
      select format('%I.%I', n.nspname, t.relname) as name from pg_class t join pg_namespace n on n.oid = t.relnamespace
      where t.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')`)
    const found: string[] = []
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(`select t::text as row from ${name} t`)
      for (const text of texts) if (rows.some(({ row }) => row.includes(text))) found.push(`${name}: ${text}`)
    }
    return found
  })

/** The smallest PNG there is. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
