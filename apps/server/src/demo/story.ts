import { setTimeout as delay } from 'node:timers/promises'
import { fen } from '@zhanggui/contract'
import type { Client } from '@zhanggui/contract/client'
import type { App } from '../app.ts'
import { newId } from '../kernel/ids.ts'
import { arrive } from './accounts.ts'
import { inProcessClient, newKey } from './client.ts'

const PAID_WAIT_MS = 10_000

interface Person {
  id: string
  name: string
  phone: string
}

/** What each of the simulator's people does: how many kinds they buy, and how far the order has come. */
const STORY = [
  { kinds: 2, until: 'received', city: ['广东省', '深圳市', '南山区'], place: '科技园科苑路 15 号' },
  { kinds: 1, until: 'shipped', city: ['上海市', '上海市', '徐汇区'], place: '衡山路 8 弄 3 号楼 502' },
  { kinds: 3, until: 'paid', city: ['浙江省', '杭州市', '西湖区'], place: '文三路 90 号' },
  { kinds: 1, until: 'paid', city: ['北京市', '北京市', '朝阳区'], place: '望京街 10 号院' },
  { kinds: 2, until: 'placed', city: ['四川省', '成都市', '武侯区'], place: '人民南路四段 19 号' },
] as const

/**
 * A few buyers of the simulator look around, order, pay and receive, so that a new shop has something to look at.
 * Does nothing without the simulator: real WeChat has no demo buyers.
 */
export async function placeDemoOrders(
  app: App,
  staff: Client,
  shopId: string,
  accountCodes: readonly string[],
): Promise<void> {
  const simulator = app.config.WECHAT_SIMULATOR_URL
  if (!simulator) return
  const { people } = await ask<{ people: Person[] }>(simulator, '/__sim/people')
  const { items } = await staff('store.products', { params: { shopId }, query: { limit: 20 } })
  for (const [index, chapter] of STORY.entries()) {
    const person = people[index % people.length]!
    const buyer = inProcessClient(app.http)
    const { code } = await ask<{ code: string }>(simulator, `/__sim/people/${person.id}/login-code`, {})
    const { token } = await buyer('auth.miniSignIn', { body: { code } })
    const signedIn = inProcessClient(app.http, { authorization: `Bearer ${token}` })
    // A load that was interrupted begins with the first buyer who has not bought yet.
    if ((await signedIn('orders.list', { params: { shopId } })).items.length > 0) continue
    const chosen = Array.from({ length: chapter.kinds }, (_, kind) => items[(index * 4 + kind * 3) % items.length]!)
    await arrive(signedIn, shopId, accountCodes, index)
    await look(
      signedIn,
      shopId,
      chosen.map((product) => product.id),
    )
    await order(app, simulator, staff, signedIn, {
      shopId,
      person,
      productIds: chosen.map((product) => product.id),
      ...chapter,
    })
  }
}

interface Chapter {
  shopId: string
  person: Person
  productIds: string[]
  until: (typeof STORY)[number]['until']
  city: readonly [string, string, string]
  place: string
}

async function order(app: App, simulator: string, staff: Client, buyer: Client, chapter: Chapter): Promise<void> {
  const { shopId, person } = chapter
  const [province, city, district] = chapter.city
  const address = {
    name: person.name,
    phone: person.phone,
    province,
    city,
    district,
    street: '',
    detail: chapter.place,
  }
  await buyer('buyer.createAddress', { body: { ...address, isDefault: true, label: '家' } })
  const lines = await Promise.all(
    chapter.productIds.map(async (productId) => ({
      skuId: (await buyer('store.product', { params: { shopId, productId } })).skus[0]!.id,
      quantity: 1,
    })),
  )
  const quote = await buyer('store.quote', { params: { shopId }, body: { lines, province } })
  const placed = await buyer('orders.place', {
    params: { shopId },
    idempotencyKey: newKey(),
    body: { lines, address, expectedTotalFen: fen(quote.totalFen), note: '' },
  })
  if (chapter.until === 'placed') return
  const params = { shopId, orderId: placed.orderId }
  const start = await buyer('payments.start', { params, body: { method: 'mini' } })
  await ask(simulator, '/__sim/pay', {
    prepay_id: start.jsapi!.package.slice('prepay_id='.length),
    request: start.jsapi,
    person: person.id,
    action: 'confirm',
  })
  await untilPaid(buyer, params)
  if (chapter.until === 'paid') return
  await staff('console.shipOrder', {
    params,
    idempotencyKey: newKey(),
    body: { carrierCode: 'SF', trackingNo: `SF${String(1_400_000_000_000 + app.engines.clock.millis()).slice(-13)}` },
  })
  if (chapter.until === 'received') await buyer('orders.confirmReceipt', { params })
}

/** The status question asks WeChat itself, so this also works before the server listens for notifications. */
async function untilPaid(buyer: Client, params: { shopId: string; orderId: string }): Promise<void> {
  for (let waited = 0; waited < PAID_WAIT_MS; waited += 100) {
    if ((await buyer('payments.status', { params })).state === 'paid') return
    await delay(100)
  }
  throw new Error('The demo payment did not arrive')
}

/** Behaviour for the overview: the home page, what was seen there, and the products that were opened. */
async function look(buyer: Client, shopId: string, productIds: string[]): Promise<void> {
  const now = Date.now()
  const events = [
    { name: 'page', id: newId(), at: now - 60_000, page: 'home' },
    ...productIds.flatMap((productId, index) => [
      {
        name: 'exposure',
        id: newId(),
        at: now - 50_000 + index,
        page: 'home',
        productId,
        position: index,
        list: 'home',
      },
      { name: 'page', id: newId(), at: now - 40_000 + index, page: 'product', productId },
    ]),
  ]
  await buyer('events.send', {
    body: { shopId, deviceId: newId(), sessionId: newId(), platform: 'mini', sentAt: now, events },
  })
}

async function ask<T>(base: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(
    base + path,
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  )
  if (!response.ok) throw new Error(`The simulator answered ${response.status} to ${path}: ${await response.text()}`)
  return (await response.json()) as T
}
