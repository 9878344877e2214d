import type { Client } from '@zhanggui/contract/client'
import { fen } from '@zhanggui/contract/money'
import type { App } from '../app.ts'
import { hasRole } from '../kernel/config.ts'
import { newId } from '../kernel/ids.ts'
import { arrive } from './accounts.ts'
import { openCase } from './aftersale.ts'
import { type Chapter, STORY } from './chapters.ts'
import { inProcessClient, newKey } from './client.ts'
import { reviewOrder } from './reviews.ts'
import { ask, type Person, until } from './simulator.ts'
import { together } from './together.ts'

/** A parcel's day and a half takes four minutes on the desk, so that it can be watched. */
const PARCEL_SPEED = 600

interface Told extends Chapter {
  shopId: string
  buyer: Person
  /** Which chapter it is of all; and of this buyer's own. */
  index: number
  nth: number
}

/**
 * A few buyers of the simulator look around, order, pay, fetch, receive and review, so that a new shop has something
 * to look at. Buyers act side by side, each in order. Does nothing without the simulator: real WeChat has no demo buyers.
 */
export async function placeDemoOrders(
  app: App,
  staff: Client,
  shopId: string,
  accountCodes: readonly string[],
): Promise<void> {
  const simulator = app.config.WECHAT_SIMULATOR_URL
  if (!simulator) return
  const { parcel_speed } = await ask<{ parcel_speed: number }>(simulator, '/__sim/settings')
  if (parcel_speed === 1) await ask(simulator, '/__sim/settings', { parcel_speed: PARCEL_SPEED }, 'PATCH')
  const { people } = await ask<{ people: Person[] }>(simulator, '/__sim/people')
  const { items } = await staff('store.products', { params: { shopId }, query: { limit: 50 } })
  const lanes = Map.groupBy(STORY.entries(), ([, { person }]) => person)
  const stage: Stage = { app, simulator, staff, accountCodes, products: items }
  await together(
    [...lanes].map(async ([person, chapters]) => {
      const buyer = people[person % people.length]!
      for (const [nth, [index, chapter]] of chapters.entries())
        await tell(stage, { ...chapter, shopId, buyer, index, nth })
    }),
  )
}

interface Stage {
  app: App
  simulator: string
  staff: Client
  products: readonly { id: string; title: string }[]
  /** Accounts that buyers come through, in turn. */
  accountCodes: readonly string[]
}

async function tell(stage: Stage, chapter: Told): Promise<void> {
  const { app, simulator, staff, products, accountCodes } = stage
  const { shopId, buyer, nth } = chapter
  const { code } = await ask<{ code: string }>(simulator, `/__sim/people/${buyer.id}/login-code`, {})
  const { token } = await inProcessClient(app.http)('auth.miniSignIn', { body: { code } })
  const client = inProcessClient(app.http, { authorization: `Bearer ${token}` })
  // A load that was interrupted goes on with the first order that is not there yet.
  if ((await client('orders.list', { params: { shopId } })).items.length > nth) return
  const chosen = chapter.goods.map((words) => products.find(({ title }) => title.includes(words))!.id)
  if (nth === 0) await arrive(client, shopId, accountCodes, chapter.person)
  await look(client, shopId, chosen)
  const params = { shopId, orderId: await place(client, chapter, chosen) }
  if (chapter.until === 'placed') return
  await pay(stage, client, chapter, params.orderId)
  if (chapter.until === 'paid') return
  if (chapter.until === 'held')
    return void (await staff('console.holdOrder', {
      params,
      body: { reason: '门牌号不完整，正在联系买家核实', until: null },
    }))
  if (chapter.until === 'ready') {
    // Without a worker in this process nobody draws the code; the order then waits to be prepared.
    if (!hasRole(app.config, 'worker')) return
    const state = async () => (await client('orders.followUp', { params })).delivery?.state === 'preparing'
    await until(state, 'The demo pick-up did not begin')
    return void (await staff('console.readyForPickUp', { params }))
  }
  await ship(stage, chapter, params)
  if (chapter.until !== 'shipped') await client('orders.confirmReceipt', { params })
  if (chapter.reviews) await reviewOrder(client, staff, params, chapter.reviews)
  if (chapter.aftersale) await openCase(client, staff, params, chapter.aftersale)
}

async function place(client: Client, chapter: Told, productIds: readonly string[]): Promise<string> {
  const { shopId, buyer, nth } = chapter
  const [province, city, district] = chapter.city
  const { name, phone } = buyer
  const address = { name, phone, province, city, district, street: '', detail: chapter.place }
  if (nth === 0) await client('buyer.createAddress', { body: { ...address, isDefault: true, label: '家' } })
  const lines = await Promise.all(
    productIds.map(async (productId) => ({
      skuId: (await client('store.product', { params: { shopId, productId } })).skus[0]!.id,
      quantity: 1,
    })),
  )
  const params = { shopId }
  const delivery = chapter.way === undefined ? {} : { delivery: await choice(client, chapter, lines) }
  const quote = await client('store.quote', { params, body: { lines, province, city, district, ...delivery } })
  const { orderId } = await client('orders.place', {
    params,
    idempotencyKey: newKey(),
    body: { lines, address, expectedTotalFen: fen(quote.totalFen), note: '', ...delivery },
  })
  return orderId
}

async function choice(client: Client, chapter: Told, lines: { skuId: string; quantity: number }[]) {
  if (chapter.way === 'same-city') return { method: 'same-city' as const }
  const [province, city, district] = chapter.city
  const params = { shopId: chapter.shopId }
  const { points } = await client('store.deliveryOptions', { params, body: { lines, province, city, district } })
  return { method: 'pick-up' as const, pointId: points[0]!.id }
}

async function pay({ simulator }: Stage, client: Client, { shopId, buyer }: Told, orderId: string): Promise<void> {
  const params = { shopId, orderId }
  const start = await client('payments.start', { params, body: { method: 'mini' } })
  await ask(simulator, '/__sim/pay', {
    prepay_id: start.jsapi!.package.slice('prepay_id='.length),
    request: start.jsapi,
    person: buyer.id,
    action: 'confirm',
  })
  // The status question asks WeChat itself, so this also works before the server listens for notifications.
  const paid = async () => (await client('payments.status', { params })).state === 'paid'
  await until(paid, 'The demo payment did not arrive')
}

async function ship(
  { app, simulator, staff }: Stage,
  chapter: Told,
  params: { shopId: string; orderId: string },
): Promise<void> {
  const { carrierCode, ageHours, ...plan } = chapter.journey!
  const serial = 1_400_000_000_000 + app.engines.clock.millis() + chapter.index
  const trackingNo = `${carrierCode === 'SF' ? 'SF' : carrierCode === 'YTO' ? 'YT' : '7'}${String(serial).slice(-13)}`
  await ask(simulator, '/__sim/parcels', { ...plan, number: trackingNo, age_hours: ageHours })
  await staff('console.shipOrder', { params, idempotencyKey: newKey(), body: { carrierCode, trackingNo } })
}

/** Behaviour for the overview: the home page, what was seen there, and the products that were opened. */
async function look(buyer: Client, shopId: string, productIds: readonly string[]): Promise<void> {
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
