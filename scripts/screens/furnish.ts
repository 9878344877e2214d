import type { Client } from '../../packages/contract/src/client.ts'
import { newKey, type Visitor, visit } from '../../tests/support/http.ts'
import type { Things } from '../../tests/support/walk.ts'
import { until } from '../demo/report.ts'
import type { RunningShop } from '../demo/shop.ts'
import { demoFile } from '../demo/spreadsheet.ts'

interface Person {
  id: string
  name: string
  phone: string
}

/** Of the simulator's people: buys in the demo, wants something back, and earns as a creator. */
const EARNER = 5

/** The shop's own people and one of its buyers, signed in, and what the buyer's pages are about. */
export interface Stage {
  staff: Visitor
  shop: { id: string; slug: string }
  buyerToken: string
  things: Things
}

/** Leaves behind what the demo's own orders do not: an import, a wave, a ship file, a pick-up point. */
export async function furnish(running: RunningShop): Promise<Stage> {
  const [owner] = running.signIns
  const staff = visit(running.url)
  const { session } = await staff.call('auth.staffSignIn', {
    body: { account: owner!.user, password: owner!.password },
  })
  const shop = session!.shops[0]!
  const params = { shopId: shop.id }
  await fillGoods(staff, params)
  await fillDelivery(staff.call, params)
  const people = await peopleOf(running)
  const person = people[EARNER]!
  const buyer = await signInBuyer(running, person)
  const things = await fillBuyer(running, buyer.visitor, staff.call, params, person)
  await fillDispatch(staff, params)
  return { staff, shop, buyerToken: buyer.token, things }
}

async function fillGoods(staff: Visitor, params: { shopId: string }): Promise<void> {
  if ((await staff.call('console.imports', { params })).items.length > 0) return
  const file = await demoFile('春选')
  const body = new Blob([new Uint8Array(file.bytes)])
  const { id: importId } = await staff.call('console.startImport', { params, file: body, fileName: file.name })
  const at = { ...params, importId }
  const job = () => staff.call('console.import', { params: at })
  const read = await until('reading the spreadsheet', job, (it) => it.state !== 'reading')
  await staff.call('console.runImport', {
    params: at,
    body: { mapping: read.mapping, options: { ...read.options, publish: true } },
  })
  await until('the import', job, (it) => it.state !== 'running')
  const { items } = await staff.call('console.products', { params, query: { q: '原酿酱油', limit: 1 } })
  await staff.call('console.deleteProducts', { params, body: { productIds: items.map((each) => each.id) } })
}

async function fillDelivery(staff: Client, params: { shopId: string }): Promise<void> {
  if ((await staff('console.pickUpPoints', { params })).items.length > 0) return
  const place = { province: '广东省', city: '深圳市', district: '南山区' }
  await staff('console.createPickUpPoint', {
    params,
    body: { ...place, name: '科技园自提点', address: '科苑路 15 号一楼', phone: '0755-88880000' },
  })
  const zones = [
    { name: '南山福田', districts: ['南山区', '福田区'], feeFen: 500 },
    { name: '全市', districts: ['宝安区', '龙华区', '罗湖区'], feeFen: 1000 },
  ]
  await staff('console.saveSameCity', {
    params,
    body: { province: place.province, city: place.city, zones, version: 0 },
  })
}

async function peopleOf({ simulatorUrl }: RunningShop): Promise<Person[]> {
  return (await ask<{ people: Person[] }>(`${simulatorUrl}/__sim/people`)).people
}

async function signInBuyer({ url, simulatorUrl }: RunningShop, person: Person) {
  const { code } = await ask<{ code: string }>(`${simulatorUrl}/__sim/people/${person.id}/login-code`, {})
  const { token } = await visit(url).call('auth.miniSignIn', { body: { code } })
  return { token, visitor: visit(url, { authorization: `Bearer ${token}` }) }
}

/** The buyer likes, looks, fills the cart, and has an order in every state. */
async function fillBuyer(
  running: RunningShop,
  buyer: Visitor,
  staff: Client,
  params: { shopId: string },
  person: Person,
): Promise<Things> {
  const { items: texts } = await buyer.call('buyer.consentsAsked', { params })
  if (texts.length > 0)
    await buyer.call('buyer.agreeToAll', {
      params,
      body: { items: texts.map(({ kind, version }) => ({ kind, version })) },
    })
  const { items } = await buyer.call('store.products', { params, query: { limit: 12 } })
  for (const { id: productId } of items.slice(0, 5)) {
    await buyer.call('buyer.addFavourite', { params: { ...params, productId } })
    await buyer.call('buyer.saw', { params: { ...params, productId } })
  }
  const skus: string[] = []
  const reviewed = (await shownReview(staff, params)) ?? items[0]!.id
  for (const productId of [reviewed, items[1]!.id, items[2]!.id, items[3]!.id])
    skus.push((await buyer.call('store.product', { params: { ...params, productId } })).skus[0]!.id)
  const cart = await buyer.call('cart.get')
  if (cart.shops.length === 0)
    for (const skuId of skus) await buyer.call('cart.add', { body: { ...params, skuId, quantity: 1 } })
  const order = (sku: number, state: 'placed' | 'paid' | 'received') =>
    orderOf(running, buyer, staff, params, person, skus[sku]!, state)
  const [unpaid, paid, received] = [await order(1, 'placed'), await order(2, 'paid'), await order(0, 'received')]
  const page = (await staff('console.pages', { params })).items[0]?.slug
  const aftersale = (await buyer.call('aftersale.list', { params })).items[0]?.id
  const earns = (await buyer.call('buyer.earnings')).items.find((each) => each.shopId === params.shopId)
  return {
    ...{ product: reviewed, unpaid, paid, received, words: '茶', lines: skus.map((id) => `${id}*1`).join(',') },
    ...(page === undefined ? {} : { page }),
    ...(aftersale === undefined ? {} : { aftersale }),
    ...(earns === undefined ? {} : { earner: { shopId: params.shopId, party: earns.partyId } }),
    legal: 'privacy',
  }
}

/** A product that somebody's review is shown of. */
async function shownReview(staff: Client, params: { shopId: string }): Promise<string | undefined> {
  const { items } = await staff('console.reviews', { params, query: { state: 'approved', limit: 1 } })
  return items[0]?.productId
}

async function orderOf(
  { simulatorUrl }: RunningShop,
  buyer: Visitor,
  staff: Client,
  params: { shopId: string },
  person: Person,
  skuId: string,
  state: 'placed' | 'paid' | 'received',
): Promise<string> {
  const [address] = (await buyer.call('buyer.addresses')).items
  const { id: _, isDefault: __, label: ___, ...place } = address!
  const lines = [{ skuId, quantity: 1 }]
  const quote = await buyer.call('store.quote', { params, body: { lines, province: place.province } })
  const { orderId } = await buyer.call('orders.place', {
    params,
    idempotencyKey: newKey(),
    body: { lines, address: place, expectedTotalFen: quote.totalFen, note: '麻烦包装好一点，送人的' },
  })
  const at = { ...params, orderId }
  if (state === 'placed') return orderId
  const start = await buyer.call('payments.start', { params: at, body: { method: 'mini' } })
  await ask(`${simulatorUrl}/__sim/pay`, { request: start.jsapi, person: person.id, action: 'confirm' })
  await until(
    'the payment',
    () => buyer.call('payments.status', { params: at }),
    (it) => it.state === 'paid',
  )
  if (state === 'paid') return orderId
  const body = { carrierCode: 'SF', trackingNo: `SF${Date.now()}` } as const
  await staff('console.shipOrder', { params: at, idempotencyKey: newKey(), body })
  await buyer.call('orders.confirmReceipt', { params: at })
  return orderId
}

async function fillDispatch(staff: Visitor, params: { shopId: string }): Promise<void> {
  const { items } = await staff.call('console.orders', { params, query: { state: 'awaiting-shipment', limit: 3 } })
  if (items.length === 0) return
  if ((await staff.call('console.waves', { params })).items.length === 0)
    await staff.call('console.createWave', {
      params,
      idempotencyKey: newKey(),
      body: { orderIds: items.slice(0, 2).map((order) => order.id), name: '上午第一波' },
    })
  if ((await staff.call('console.shipFiles', { params })).items.length > 0) return
  const rows = [`订单号,快递公司,运单号`, `${items[0]!.orderNo},顺丰速运,SF1400000000123`, '20260000000000,顺丰速运,短']
  await staff.call('console.uploadShipFile', {
    params,
    file: new Blob([`${rows.join('\n')}\n`]),
    fileName: '今天的运单.csv',
  })
}

async function ask<T>(url: string, body?: unknown): Promise<T> {
  const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(url, body === undefined ? {} : json)
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as T
}

const EMPTY = { name: '新开的小店', slug: 'new-shop' }

/** A shop that was opened a moment ago; answers who may sign in to it. */
export async function openEmptyShop(
  running: RunningShop,
): Promise<{ account: string; password: string; slug: string }> {
  const person = running.signIns.find((each) => each.user.startsWith('platform'))!
  const platform = visit(running.url)
  await platform.call('auth.staffSignIn', { body: { account: person.user, password: person.password } })
  const slug = `${EMPTY.slug}-${Date.now().toString(36)}`
  const owner = { account: slug, name: '周掌柜', password: newKey() }
  await platform.call('platform.createShop', { body: { name: EMPTY.name, slug, owner } })
  return { account: owner.account, password: owner.password, slug }
}
