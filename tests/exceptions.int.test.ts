import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { ADDRESS, type PlacedOrder, startTestApp, type TestApp, type TestBuyer, type TestShop } from './support/app.ts'
import { bookWrongs } from './support/books.ts'
import { newKey } from './support/http.ts'

const HOUR_MS = 3_600_000
const PRICE_FEN = 4990

let app: TestApp
let shop: TestShop
let buyer: TestBuyer
let cup: { productId: string; skuId: string }
let bowl: { productId: string; skuId: string }
const at = () => ({ shopId: shop.shopId })
/** Staff's sessions end while the clock is moved. */
const signInAgain = async () => {
  shop = { ...shop, owner: await app.signIn(shop.ownerAccount) }
}

beforeAll(async () => {
  app = await startTestApp({ clickhouse: false })
})
afterAll(() => app?.close())
beforeEach(async () => {
  shop = await app.openTestShop()
  buyer = await app.buyer()
  const made = async (priceFen: number) => {
    const { productId, skuIds } = await app.product(shop, { pricesFen: [priceFen], stock: 10 })
    return { productId, skuId: skuIds[0]! }
  }
  ;[cup, bowl] = [await made(PRICE_FEN), await made(3990)]
})
afterEach(async () => {
  await app.settle()
  expect((await app.audit()).deviations).toEqual([])
  expect(await bookWrongs(app, shop)).toEqual([])
})

async function paid(goods: [string, number][], more: object = {}): Promise<PlacedOrder> {
  const order = await app.order(buyer, shop.shopId, goods, more)
  await app.pay(buyer, order)
  await app.settle()
  return order
}
const key = (order: PlacedOrder) => ({ ...at(), orderId: order.orderId })
const orderNow = (order: PlacedOrder) => buyer.call('orders.get', { params: key(order) })
const mine = (order: PlacedOrder) => buyer.call('orders.exceptions', { params: key(order) })
const board = (query: object = {}) => shop.owner.call('console.exceptions', { params: at(), query })
const pick = () =>
  shop.owner.call('console.setRelatedProducts', {
    params: { ...at(), productId: cup.productId },
    body: { kind: 'substitute', productIds: [bowl.productId] },
  })
const short = (order: PlacedOrder, quantity = 1) =>
  shop.owner.call('console.reportShortage', { params: key(order), body: { skuId: cup.skuId, quantity } })
const answer = (order: PlacedOrder, exceptionId: string, choice: 'substitute' | 'refund' | 'wait') =>
  buyer.call('orders.answerException', { params: key(order), body: { exceptionId, choice } })
const ship = (order: PlacedOrder, more: object = {}) =>
  shop.owner.call('console.shipOrder', {
    params: key(order),
    idempotencyKey: newKey(),
    body: { carrierCode: 'ZTO', trackingNo: `ZT${Date.now()}`, ...more },
  })
const stockOf = async (skuId: string) =>
  (await shop.owner.call('console.stock', { params: at() })).items.find((each) => each.skuId === skuId)!

test('ORD-05 a shortage offers a substitute that one tap takes; the difference goes back, once', async () => {
  await pick()
  const order = await paid([[cup.skuId, 3]])
  const exception = await short(order, 2)
  expect(exception).toMatchObject({
    kind: 'shortage',
    state: 'waiting-buyer',
    substitute: { skuId: bowl.skuId, quantity: 2, unitPriceFen: 3990, refundFen: 2000 },
  })
  expect(await stockOf(bowl.skuId)).toMatchObject({ available: 8, reserved: 2 })
  expect(await mine(order)).toMatchObject({
    items: [{ choices: ['substitute', 'refund', 'wait'], refundFen: 2 * PRICE_FEN, substitute: { quantity: 2 } }],
  })
  await expect(short(order)).rejects.toMatchObject({ code: 'DUPLICATE' })
  const taps = await Promise.allSettled([1, 2, 3, 4].map(() => answer(order, exception.id, 'substitute')))
  expect(taps.filter((each) => each.status === 'fulfilled')).toHaveLength(1)
  await app.settle()
  const after = await orderNow(order)
  expect(after).toMatchObject({ state: 'awaiting-shipment', itemCount: 3, refundedFen: 2000 })
  expect(after.lines.map((line) => [line.skuId, line.quantity, line.payTotalFen])).toEqual([
    [cup.skuId, 1, PRICE_FEN],
    [bowl.skuId, 2, 7980],
  ])
  expect(after.refunds).toMatchObject([{ amountFen: 2000, state: 'succeeded' }])
  await ship(order)
  await app.settle()
  expect(await orderNow(order)).toMatchObject({ state: 'shipped' })
  expect(await stockOf(bowl.skuId)).toMatchObject({ available: 8, reserved: 0, committed: 0 })
  await shop.owner.call('console.refundOrder', {
    params: key(order),
    idempotencyKey: newKey(),
    body: { reason: '协商退款' },
  })
  await app.settle()
  expect(await orderNow(order)).toMatchObject({ state: 'refunded', refundedFen: 3 * PRICE_FEN })
})

test('ORD-05 the buyer takes the money for what is short and the rest ships; the last units are the whole order', async () => {
  const order = await paid([
    [cup.skuId, 1],
    [bowl.skuId, 1],
  ])
  const exception = await short(order)
  expect(exception.substitute).toBeNull()
  await answer(order, exception.id, 'refund')
  await app.settle()
  const after = await orderNow(order)
  expect(after).toMatchObject({ state: 'awaiting-shipment', itemCount: 1, refundedFen: PRICE_FEN })
  expect(after.lines).toHaveLength(1)
  await ship(order)
  expect(await orderNow(order)).toMatchObject({ state: 'shipped' })

  const single = await paid([[cup.skuId, 1]])
  await answer(single, (await short(single)).id, 'refund')
  await app.settle()
  expect(await orderNow(single)).toMatchObject({ state: 'refunded', refundedFen: PRICE_FEN })
})

test('ORD-05 nobody answers: the substitute is let go and the money goes back, whoever is faster', async () => {
  await pick()
  const order = await paid([
    [cup.skuId, 1],
    [bowl.skuId, 1],
  ])
  const waiting = await short(order)
  expect(waiting.substitute).toBeNull()
  const other = await paid([[cup.skuId, 2]])
  const exception = await short(other)
  app.clock.advance(24 * HOUR_MS + 1000)
  const both = await Promise.allSettled([
    answer(other, exception.id, 'substitute'),
    app.app.exceptions.sweep(),
    app.app.exceptions.sweep(),
  ])
  expect(both.slice(1).every((each) => each.status === 'fulfilled')).toBe(true)
  await app.settle()
  await signInAgain()
  const after = await orderNow(other)
  // The reservation is over, so the tap cannot win.
  expect(both[0]!.status).toBe('rejected')
  expect(after).toMatchObject({ state: 'awaiting-shipment', refundedFen: PRICE_FEN, itemCount: 1 })
  expect((await mine(other)).items[0]).toMatchObject({ state: 'resolved', text: '缺货商品已退款', choices: [] })
  expect(await stockOf(bowl.skuId)).toMatchObject({ reserved: 0 })
})

test('ORD-05 a buyer who waits keeps the order; staff see the clock of waiting', async () => {
  const order = await paid([[cup.skuId, 1]])
  const exception = await short(order)
  await answer(order, exception.id, 'wait')
  expect((await mine(order)).items[0]).toMatchObject({ state: 'open', choices: [] })
  await expect(answer(order, exception.id, 'refund')).rejects.toMatchObject({ code: 'CONFLICT' })
  expect((await board({ state: 'open' })).items[0]).toMatchObject({
    id: exception.id,
    history: [{ text: '买家选择等货' }, {}],
  })
  await ship(order)
  await app.settle()
  expect((await board()).items[0]).toMatchObject({ state: 'resolved', resolution: '已发货' })
})

test('ORD-05 a held order cannot ship until it is released, by hand or by its clock', async () => {
  const order = await paid([[cup.skuId, 2]])
  const hold = (until: string | null) =>
    shop.owner.call('console.holdOrder', { params: key(order), body: { reason: '核实地址', until } })
  const until = new Date(app.clock.millis() + HOUR_MS).toISOString()
  const [held, shipped] = await Promise.allSettled([
    hold(until),
    ship(order, { lines: [{ skuId: cup.skuId, quantity: 1 }] }),
  ])
  expect(held.status).toBe('fulfilled')
  if (shipped.status === 'rejected') expect(shipped.reason).toMatchObject({ code: 'ORDER_HELD' })
  await expect(hold(null)).rejects.toMatchObject({ code: 'DUPLICATE' })
  await expect(ship(order)).rejects.toMatchObject({ code: 'ORDER_HELD', message: expect.stringContaining('核实地址') })
  await app.advance(HOUR_MS + 1000)
  expect((await board({ kind: 'hold' })).items[0]).toMatchObject({ state: 'resolved', resolution: '到期自动恢复发货' })
  const again = await hold(null)
  await shop.owner.call('console.resolveExceptions', {
    params: at(),
    body: { exceptionIds: [again.id], resolution: '地址没问题' },
  })
  await ship(order)
})

test('ORD-05 another address before shipping: at once when freight stays, else staff decide; never after', async () => {
  const to = (province: string, city: string) => ({
    ...ADDRESS,
    province,
    city,
    district: '某区',
    detail: '新地址 8 号',
  })
  const move = (order: PlacedOrder, address: typeof ADDRESS) =>
    buyer.call('orders.changeAddress', { params: key(order), body: { address } })
  const order = await paid([[cup.skuId, 1]])
  expect(await mine(order)).toMatchObject({ addressChange: 'possible' })
  const moves = await Promise.allSettled([move(order, to('浙江省', '杭州市')), move(order, to('浙江省', '宁波市'))])
  expect(moves.every((each) => each.status === 'fulfilled')).toBe(true)
  expect((await orderNow(order)).address).toMatchObject({ province: '浙江省', detail: '新地址 8 号' })

  const [template] = (await shop.owner.call('console.freightTemplates', { params: at() })).items
  const everywhere = { firstUnits: 1, firstFen: 0, moreUnits: 1, moreFen: 0 }
  await shop.owner.call('console.updateFreightTemplate', {
    params: { ...at(), templateId: template!.id },
    body: {
      ...{ name: template!.name, isDefault: true, basis: 'piece', version: template!.version },
      rules: [
        { ...everywhere, provinces: [] },
        { ...everywhere, provinces: ['西藏自治区'], firstFen: 1800 },
      ],
    },
  })
  const asked = await move(order, to('西藏自治区', '拉萨市'))
  expect(asked).toMatchObject({ addressChange: 'asked' })
  await expect(move(order, to('浙江省', '杭州市'))).rejects.toMatchObject({ code: 'ORDER_STATE' })
  const [row] = (await board({ kind: 'address-change', state: 'open' })).items
  expect(row!.detail).toContain('运费会增加 18.00 元')
  await shop.owner.call('console.decideAddressChange', {
    params: { ...at(), exceptionId: row!.id },
    body: { accept: false, reason: '运费差太多' },
  })
  expect((await orderNow(order)).address.province).toBe('浙江省')
  await ship(order)
  expect(await mine(order)).toMatchObject({ addressChange: 'closed' })
  await expect(move(order, to('浙江省', '杭州市'))).rejects.toMatchObject({ code: 'ORDER_STATE' })
})

test('ORD-05 an order that is not shipped in 48 hours stands on the board until it ships; the board sorts, counts and is taken', async () => {
  const order = await paid([[cup.skuId, 1]])
  await app.advance(47 * HOUR_MS)
  await signInAgain()
  expect((await board()).items).toEqual([])
  await app.advance(2 * HOUR_MS)
  await app.advance(HOUR_MS)
  await signInAgain()
  const held = await paid([[bowl.skuId, 1]])
  await shop.owner.call('console.holdOrder', { params: key(held), body: { reason: '等确认' } })
  const { items } = await board()
  expect(items.map((row) => row.kind)).toEqual(['late-shipment', 'hold'])
  expect(await shop.owner.call('console.exceptionCounts', { params: at() })).toMatchObject({ open: 2, overdue: 1 })
  const pageOne = await board({ limit: 1 })
  expect((await board({ limit: 1, cursor: pageOne.nextCursor! })).items.map((row) => row.id)).toEqual([items[1]!.id])
  const exceptionIds = items.map((row) => row.id)
  expect(await shop.owner.call('console.takeExceptions', { params: at(), body: { exceptionIds } })).toEqual({
    taken: 2,
  })
  expect((await board({ mine: 'true' })).items).toHaveLength(2)
  await ship(order)
  await app.settle()
  expect((await board({ kind: 'late-shipment' })).items[0]).toMatchObject({ state: 'resolved', resolution: '已发货' })
})

test('ORD-05 parcels follow the order: units that are replaced or refunded leave the box, substitutes go into it, a packed box is opened', async () => {
  await pick()
  const order = await paid([[cup.skuId, 3]])
  const parcels = async () =>
    (await shop.owner.call('console.orderFulfilment', { params: key(order) })).parcels.filter(
      ({ state }) => state !== 'cancelled',
    )
  const inBoxes = async () =>
    (await parcels()).map((parcel) => parcel.lines.map(({ skuId, quantity }) => [skuId, quantity]))
  expect(await inBoxes()).toEqual([[[cup.skuId, 3]]])
  // the substitute is cheaper or not: the box follows either way, in one piece
  await answer(order, (await short(order)).id, 'substitute')
  await app.settle()
  expect(await inBoxes()).toEqual([
    [
      [cup.skuId, 2],
      [bowl.skuId, 1],
    ],
  ])
  const [box] = await parcels()
  const exception = await short(order)
  await shop.owner.call('console.packParcel', {
    params: { ...at(), parcelId: box!.id },
    body: { trackingNo: 'SF1234567890123' },
  })
  await Promise.all([answer(order, exception.id, 'refund'), app.app.fulfilment.handOverDue()])
  await app.settle()
  const [opened] = await parcels()
  expect(opened).toMatchObject({ state: 'awaiting', trackingNo: null, units: 2 })
  expect(opened!.problem).toContain('重新打包')
  await shop.owner.call('console.packParcel', {
    params: { ...at(), parcelId: opened!.id },
    body: { trackingNo: 'SF1234567890124' },
  })
  await app.advance(2 * 60_000)
  expect((await orderNow(order)).shipments).toMatchObject([
    { trackingNo: 'SF1234567890124', lines: [{ quantity: 1 }, { quantity: 1 }] },
  ])
  expect(await orderNow(order)).toMatchObject({ state: 'shipped', itemCount: 2 })
  expect(await stockOf(bowl.skuId)).toMatchObject({ committed: 0, reserved: 0 })
})

test('CAT-07 goods made for some regions go nowhere else: the quote says so, and neither order, address nor substitute gets round it', async () => {
  const target = { ...at(), productId: bowl.productId }
  const product = await shop.owner.call('console.product', { params: target })
  const { version, title, categoryId, options, pictures, skus } = product
  await shop.owner.call('console.updateProduct', {
    params: target,
    body: {
      ...{ version, title, categoryId, options, pictureFileIds: pictures.map(({ fileId }) => fileId) },
      skus: skus.map(({ id, code, optionValues, priceFen }) => ({ id, code, optionValues, priceFen })),
      exclusiveProvinces: ['海南'],
    },
  })
  const lines = [{ skuId: bowl.skuId, quantity: 1 }]
  const quote = (province: string) => buyer.call('store.quote', { params: at(), body: { lines, province } })
  expect((await quote('海南省')).lines[0]).toMatchObject({ problem: null, soldIn: ['海南'] })
  expect(await buyer.call('store.product', { params: target })).toMatchObject({ soldIn: ['海南'] })
  const quoted = await quote('广东省')
  expect(quoted.lines[0]).toMatchObject({ problem: 'other-region', soldIn: ['海南'] })
  await buyer.call('cart.add', { body: { shopId: shop.shopId, skuId: bowl.skuId, quantity: 1 } })
  expect((await buyer.call('cart.get')).shops[0]!.lines[0]).toMatchObject({ soldIn: ['海南'], problem: null })
  await expect(app.order(buyer, shop.shopId, [[bowl.skuId, 1]])).rejects.toMatchObject({
    code: 'REGION_EXCLUSIVE',
    message: `「${product.title}」只在海南销售，不能寄到广东省`,
  })
  expect(await stockOf(bowl.skuId)).toMatchObject({ available: 10, reserved: 0 })
  const there = { ...ADDRESS, province: '海南省', city: '海口市', district: '龙华区' }
  const order = await paid([[bowl.skuId, 1]], { address: there })
  const move = buyer.call('orders.changeAddress', { params: key(order), body: { address: ADDRESS } })
  await expect(move).rejects.toMatchObject({ code: 'REGION_EXCLUSIVE' })
  expect((await orderNow(order)).address.province).toBe('海南省')
  // hand-picked, in stock and cheaper, but not for somebody in Guangdong
  await pick()
  expect((await short(await paid([[cup.skuId, 1]]))).substitute).toBeNull()
})
