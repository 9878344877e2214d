import type { Order } from '@zhanggui/contract'
import { Db } from '../../apps/server/src/kernel/db.ts'
import { auditLedger } from '../../apps/server/src/ledger/index.ts'
import { newKey, type Visitor, visit } from '../../tests/support/http.ts'
import { expect, money, type Report, until } from './report.ts'
import type { RunningShop } from './shop.ts'
import { type DemoFile, demoFile } from './spreadsheet.ts'

interface Scene {
  shop: RunningShop
  report: Report
  /** Marks the goods of this run, so that it can be repeated. */
  run: string
  staff: Visitor
  shopId: string
  params: { shopId: string }
}

interface Bought {
  skuId: string
  code: string
  priceFen: number
  stock: number
  quantity: number
}

interface Person {
  id: string
  name: string
  phone: string
}

/** The two kinds that are bought: which thing of the spreadsheet, which of its SKUs, how many. */
const WANTED = [
  [0, 1, 2],
  [3, 0, 1],
] as const
const PROVINCE = '广东省'

/** Drives one order from the spreadsheet to the confirmed receipt, and checks everything on the way. @throws Deviation */
export async function playStory(shop: RunningShop, report: Report): Promise<void> {
  const run = `D${Date.now().toString(36).toUpperCase()}`
  const scene = await signInMerchant(shop, report, run)
  const file = await demoFile(run)
  const productIds = await importGoods(scene, file)
  await publish(scene, file, productIds)
  const { buyer, person } = await signInBuyer(scene)
  const goods = await search(scene, buyer, file)
  await fillCart(scene, buyer, goods)
  const order = await placeOrder(scene, buyer, person, goods)
  await pay(scene, buyer, person, order, goods)
  await ship(scene, order, goods)
  await receive(scene, buyer, order, goods)
  await tidyUp(scene, productIds)
  await audit(scene)
}

async function signInMerchant(shop: RunningShop, report: Report, run: string): Promise<Scene> {
  report.step('Merchant signs in')
  const staff = visit(shop.url)
  const [owner] = shop.signIns
  const { session, needsTotp } = await staff.call('auth.staffSignIn', {
    body: { account: owner!.user, password: owner!.password },
  })
  expect('a one-time code asked for (the demo owner has none)', needsTotp, false)
  const mine = session!.shops[0]!
  report.lines([
    ['staff', `${session!.name} (${session!.account})`],
    ['shop', `${mine.name}  ${mine.id}`],
  ])
  return { shop, report, run, staff, shopId: mine.id, params: { shopId: mine.id } }
}

async function importGoods({ staff, params, report, run }: Scene, file: DemoFile): Promise<string[]> {
  report.step('Imports a spreadsheet with its pictures')
  const started = await staff.call('console.startImport', {
    params,
    file: new Blob([new Uint8Array(file.bytes)]),
    fileName: file.name,
  })
  const importId = started.id
  const at = { ...params, importId }
  const read = await until(
    'reading the spreadsheet',
    () => staff.call('console.import', { params: at }),
    (job) => job.state !== 'reading',
  )
  expect('state after reading', [read.state, read.failure], ['mapping', null])
  const body = { mapping: read.mapping, options: { ...read.options, publish: false } }
  const preview = await staff.call('console.previewImport', { params: at, body })
  expect('good and bad rows in the preview', [preview.goodRows, preview.badRows], [file.skus, file.bad.length])
  await staff.call('console.runImport', { params: at, body })
  const done = await until(
    'the import',
    () => staff.call('console.import', { params: at }),
    (job) => job.state !== 'running',
  )
  expect('state of the import', [done.state, done.failure], ['done', null])
  expect('products made', done.createdProducts, file.products)
  const refusals = (await staff.call('console.importRefusals', { params: at })).items
  expect(
    'refused rows',
    refusals.map(({ line, column }) => ({ line, column })),
    file.bad,
  )
  report.lines([
    ['import', importId],
    ['file', `${file.name}, ${read.encoding}, ${read.totalRows} rows, ${read.columns.length} columns recognised`],
    ['made', `${done.createdProducts} products, ${file.skus} SKUs, ${file.units} units`],
    ...refusals.map(
      ({ line, column, value, reason }) => ['refused', `line ${line} ${column} 「${value}」 ${reason}`] as const,
    ),
  ])
  const { items } = await staff.call('console.products', { params, query: { q: run, limit: 100 } })
  expect('products found by name', items.length, file.products)
  expect(
    'units in stock',
    items.reduce((sum, item) => sum + item.available, 0),
    file.units,
  )
  return items.map((item) => item.id)
}

async function publish({ staff, params, report }: Scene, file: DemoFile, productIds: string[]): Promise<void> {
  report.step('Publishes')
  const { changed, refused } = await staff.call('console.publishProducts', {
    params,
    body: { productIds, onSale: true },
  })
  expect('products that were refused', refused, [])
  expect('products on sale', changed.length, file.products)
  report.lines([['on sale', `${changed.length} products`]])
}

async function signInBuyer({ shop, report }: Scene): Promise<{ buyer: Visitor; person: Person }> {
  report.step('Buyer signs in through WeChat')
  const { people } = await askSimulator<{ people: Person[] }>(shop, '/__sim/people')
  const person = people[0]!
  const { code } = await askSimulator<{ code: string }>(shop, `/__sim/people/${person.id}/login-code`, {})
  const { token, buyer, isNew } = await visit(shop.url).call('auth.miniSignIn', { body: { code } })
  report.lines([['buyer', `${buyer.nickname}  ${buyer.id}  ${isNew ? 'registered' : 'known'}`]])
  return { buyer: visit(shop.url, { authorization: `Bearer ${token}` }), person }
}

async function search({ params, report, run }: Scene, buyer: Visitor, file: DemoFile): Promise<Bought[]> {
  report.step('Searches')
  const goods: Bought[] = []
  for (const [thing, kind, quantity] of WANTED) {
    const wanted = file.skuOf(thing, kind)
    const q = `${wanted.title.split(' ')[0]} ${run}`
    const { items } = await buyer.call('store.products', { params, query: { q } })
    expect(
      `what a search for 「${q}」 finds`,
      items.map((item) => item.title),
      [wanted.title],
    )
    const product = await buyer.call('store.product', { params: { ...params, productId: items[0]!.id } })
    const sku = product.skus.find((each) => each.code === wanted.code)!
    expect(`price and stock of ${wanted.code}`, [sku.priceFen, sku.available], [wanted.priceFen, wanted.stock])
    goods.push({ skuId: sku.id, ...wanted, quantity })
    report.lines([
      [
        `「${q}」`,
        `${product.title}  ${sku.optionValues.join(' ')}  ${money(sku.priceFen)}  ${sku.available} left  ${sku.id}`,
      ],
    ])
  }
  return goods
}

async function fillCart({ shopId, report }: Scene, buyer: Visitor, goods: Bought[]): Promise<void> {
  report.step('Puts two SKUs into the cart')
  for (const { skuId, quantity } of goods) await buyer.call('cart.add', { body: { shopId, skuId, quantity } })
  const lines = await cartLines(buyer, goods)
  expect(
    'quantities in the cart',
    lines.map((line) => line.quantity),
    goods.map((each) => each.quantity),
  )
  report.lines(lines.map((line) => [line.options, `${line.quantity} × ${money(line.priceFen)}`]))
}

async function cartLines(buyer: Visitor, goods: Bought[]) {
  const cart = await buyer.call('cart.get')
  const lines = cart.shops.flatMap((each) => each.lines)
  return goods.flatMap(({ skuId }) => lines.filter((line) => line.skuId === skuId))
}

async function placeOrder(
  { params, report, staff, run }: Scene,
  buyer: Visitor,
  person: Person,
  goods: Bought[],
): Promise<Order> {
  report.step('Sees the price and places the order')
  const lines = goods.map(({ skuId, quantity }) => ({ skuId, quantity }))
  const quote = await buyer.call('store.quote', { params, body: { lines, province: PROVINCE } })
  const goodsFen = goods.reduce((sum, each) => sum + each.priceFen * each.quantity, 0)
  expect('goods in the quote', quote.goodsFen, goodsFen)
  expect('total of the quote', quote.totalFen, quote.goodsFen - quote.discountFen + quote.freightFen)
  const address = {
    name: person.name,
    phone: person.phone,
    province: PROVINCE,
    city: '深圳市',
    district: '南山区',
    street: '',
    detail: '科技园科苑路 15 号',
  }
  const body = { lines, address, expectedTotalFen: quote.totalFen, note: '演示订单', fromCart: true }
  const idempotencyKey = newKey()
  const placed = await buyer.call('orders.place', { params, idempotencyKey, body })
  const again = await buyer.call('orders.place', { params, idempotencyKey, body })
  expect('a second click with the same key answers the same order', again.orderId, placed.orderId)
  const order = await buyer.call('orders.get', { params: { ...params, orderId: placed.orderId } })
  expect('state and total of the order', [order.state, order.totalFen], ['awaiting-payment', quote.totalFen])
  expect('lines left in the cart', (await cartLines(buyer, goods)).length, 0)
  await expectStock(staff, params, run, goods, (each) => ({
    available: each.stock - each.quantity,
    reserved: each.quantity,
    committed: 0,
  }))
  report.lines([
    ['goods', money(quote.goodsFen)],
    ['freight', `${money(quote.freightFen)}  ${quote.freightNote}`],
    ['total', money(quote.totalFen)],
    ['order', `${order.orderNo}  ${order.id}`],
    ['pay before', order.payBefore!],
  ])
  return order
}

async function pay(
  { shop, params, report, staff, run }: Scene,
  buyer: Visitor,
  person: Person,
  order: Order,
  goods: Bought[],
): Promise<void> {
  report.step('Pays with WeChat Pay')
  const at = { ...params, orderId: order.id }
  const start = await buyer.call('payments.start', { params: at, body: { method: 'mini' } })
  expect('amount to pay', start.amountFen, order.totalFen)
  const paid = await askSimulator<{ result: string; out_trade_no: string; transaction_id: string }>(
    shop,
    '/__sim/pay',
    {
      request: start.jsapi,
      person: person.id,
      action: 'confirm',
    },
  )
  expect('what the phone says', paid.result, 'ok')
  // Only read here, never asked of WeChat: it is the signed notification that must bring the news.
  const now = await until(
    'the payment’s notification',
    () => buyer.call('orders.get', { params: at }),
    (each) => each.state !== 'awaiting-payment',
  )
  expect('state and paid amount', [now.state, now.paidFen], ['awaiting-shipment', order.totalFen])
  const { notifications } = await askSimulator<{ notifications: { id: string; state: string; attempts: number }[] }>(
    shop,
    `/__sim/notifications?subject=${paid.out_trade_no}`,
  )
  expect(
    'notifications and their state',
    notifications.map((each) => each.state),
    ['delivered'],
  )
  const payment = now.payments.find((each) => each.state === 'paid')
  expect('the transaction in our books', payment?.transactionId, paid.transaction_id)
  await expectStock(staff, params, run, goods, (each) => ({
    available: each.stock - each.quantity,
    reserved: 0,
    committed: each.quantity,
  }))
  report.lines([
    ['amount', money(start.amountFen)],
    ['transaction', `${paid.transaction_id}  ${paid.out_trade_no}`],
    ['notification', `${notifications[0]!.id}  signed, taken after ${notifications[0]!.attempts} attempt(s)`],
  ])
}

async function ship({ params, report, staff, run }: Scene, order: Order, goods: Bought[]): Promise<void> {
  report.step('Merchant ships')
  const at = { ...params, orderId: order.id }
  const { items } = await staff.call('console.orders', { params, query: { q: order.orderNo } })
  expect(
    'orders found by number',
    items.map((each) => [each.id, each.state, each.totalFen]),
    [[order.id, 'awaiting-shipment', order.totalFen]],
  )
  expect('the receiver’s phone is masked', /^1\d\d\*{4}\d{4}$/.test(items[0]!.receiverPhone), true)
  const trackingNo = `SF${Date.now()}`
  const shipped = await staff.call('console.shipOrder', {
    params: at,
    idempotencyKey: newKey(),
    body: { carrierCode: 'SF', trackingNo },
  })
  expect('state', shipped.state, 'shipped')
  const told = await until(
    'WeChat taking the shipping information',
    () => staff.call('console.order', { params: at }),
    (each) => each.shipments.every((parcel) => parcel.reportedToWechat !== 'pending'),
  )
  expect(
    'what WeChat was told',
    told.shipments.map((parcel) => parcel.reportedToWechat),
    told.shipments.map(() => 'accepted'),
  )
  await expectStock(staff, params, run, goods, (each) => ({
    available: each.stock - each.quantity,
    reserved: 0,
    committed: 0,
  }))
  report.lines(
    told.shipments.map((parcel) => [
      parcel.warehouseName,
      `${parcel.carrierName} ${parcel.trackingNo}  ${parcel.lines.length} lines, told to WeChat`,
    ]),
  )
}

async function receive({ params, report, staff }: Scene, buyer: Visitor, order: Order, goods: Bought[]): Promise<void> {
  report.step('Buyer confirms the receipt')
  const done = await buyer.call('orders.confirmReceipt', { params: { ...params, orderId: order.id } })
  expect('state', [done.state, done.paidFen, done.refundedFen], ['completed', order.totalFen, 0])
  for (const { skuId, code, quantity } of goods) {
    const { items } = await staff.call('console.movements', { params, query: { skuId, limit: 100 } })
    const sold = items
      .filter((each) => each.orderId === order.id && each.reason === 'sale')
      .reduce((sum, each) => sum + each.quantity, 0)
    expect(`units of ${code} that moved for the order`, Math.abs(sold), quantity)
  }
  report.lines(done.timeline.map((entry) => [entry.at, entry.text]))
}

async function tidyUp({ params, report, staff }: Scene, productIds: string[]): Promise<void> {
  report.step('Takes the goods of this run off sale')
  const { changed } = await staff.call('console.publishProducts', { params, body: { productIds, onSale: false } })
  report.lines([['off sale', `${changed.length} products`]])
}

async function audit({ shop, report }: Scene): Promise<void> {
  report.step('Audits the ledger')
  const db = new Db({ url: shop.databaseUrl, maxConnections: 1 })
  try {
    const found = await db.read('system', auditLedger)
    report.lines(
      found.units.map((unit) => [
        unit.family,
        `debits ${unit.debitsPosted} = credits ${unit.creditsPosted}, pending ${unit.debitsPending} = ${unit.creditsPending}`,
      ]),
    )
    expect('deviations in the ledger', found.deviations, [])
    console.log(`\nledger balanced: ${found.accounts} accounts, ${found.transfers} transfers`)
  } finally {
    await db.close()
  }
}

async function expectStock(
  staff: Visitor,
  params: { shopId: string },
  run: string,
  goods: Bought[],
  wanted: (each: Bought) => { available: number; reserved: number; committed: number },
): Promise<void> {
  const { items } = await staff.call('console.stock', { params, query: { q: run, limit: 100 } })
  for (const each of goods) {
    const row = items.find((item) => item.skuId === each.skuId)
    const { available, reserved, committed } = row ?? {}
    expect(`stock of ${each.code}`, { available, reserved, committed }, wanted(each))
  }
}

async function askSimulator<T>(shop: RunningShop, path: string, body?: unknown): Promise<T> {
  const reply = await visit(shop.simulatorUrl).ask(path, body === undefined ? {} : { method: 'POST', body })
  if (reply.status >= 300) throw new Error(`The WeChat simulator answered ${reply.status} to ${path}: ${reply.text}`)
  return reply.json as T
}
