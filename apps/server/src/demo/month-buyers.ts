import type { Client } from '@zhanggui/contract/client'
import { fen } from '@zhanggui/contract/money'
import type { App } from '../app.ts'
import { inProcessClient, newKey } from './client.ts'
import { MONTH_BUYERS, MONTH_ORDERS, type MonthBuyer, type PastOrder } from './month-story.ts'
import { ask, type Person, until } from './simulator.ts'
import { together } from './together.ts'

/** A customer of the past month, signed in. */
export interface Customer {
  client: Client
  person: Person
  buyerId: string
  /** Ids of their orders, by the story's keys. */
  orders: Map<string, string>
}

interface Placed {
  shopId: string
  orderId: string
}

/** Signs a person of the simulator in, as their phone would. */
export async function signInAs(app: App, person: Person): Promise<{ client: Client; buyerId: string }> {
  const simulator = app.config.WECHAT_SIMULATOR_URL!
  const { code } = await ask<{ code: string }>(simulator, `/__sim/people/${person.id}/login-code`, {})
  const { token, buyer } = await inProcessClient(app.http)('auth.miniSignIn', { body: { code } })
  return { client: inProcessClient(app.http, { authorization: `Bearer ${token}` }), buyerId: buyer.id }
}

/** The customers, made known to the simulator once; what they have ordered before a load was broken off is found again. */
export async function gatherCustomers(app: App, shopId: string): Promise<Customer[]> {
  const simulator = app.config.WECHAT_SIMULATOR_URL!
  const { people } = await ask<{ people: Person[] }>(simulator, '/__sim/people')
  const gather = async ({ name, phone }: MonthBuyer, index: number): Promise<Customer> => {
    const person =
      people.find((each) => each.phone === phone) ?? (await ask<Person>(simulator, '/__sim/people', { name, phone }))
    const signedIn = await signInAs(app, person)
    const { items } = await signedIn.client('orders.list', { params: { shopId } })
    const own = MONTH_ORDERS.filter(({ buyer }) => buyer === index)
    const orders = new Map(items.toReversed().map(({ id }, place) => [own[place]?.key ?? id, id]))
    return { ...signedIn, person, orders }
  }
  return together(MONTH_BUYERS.map(gather))
}

/** Places an order of the story, unless it is there, and pays it. */
export async function buy(
  app: App,
  shopId: string,
  customer: Customer,
  order: PastOrder,
  skuOf: (words: string) => string,
): Promise<void> {
  const { client } = customer
  const { city, name, phone, place } = MONTH_BUYERS[order.buyer]!
  const known = customer.orders.get(order.key)
  if (known !== undefined) {
    const { state } = await client('orders.get', { params: { shopId, orderId: known } })
    if (state !== 'awaiting-payment') return
  }
  const [province, town, district] = city
  const lines = order.goods.map((words) => ({ skuId: skuOf(words), quantity: 1 }))
  const address = { name, phone, province, city: town, district, street: '', detail: place }
  const placed = async () => {
    const quote = await client('store.quote', { params: { shopId }, body: { lines, province, city: town, district } })
    const body = { lines, address, expectedTotalFen: fen(quote.totalFen), note: '' }
    return (await client('orders.place', { params: { shopId }, idempotencyKey: newKey(), body })).orderId
  }
  const orderId = known ?? (await placed())
  customer.orders.set(order.key, orderId)
  const params = { shopId, orderId }
  if (order.later) return
  const earlier = (order.with ?? []).map((key) => ({ shopId, orderId: customer.orders.get(key)! }))
  if (order.byCode === undefined) return payByWechat(app, customer, [params, ...earlier])
  await client('personalCode.open', { params })
  await client('personalCode.claim', { params, body: { fileIds: [], note: `已转账，${name}` } })
}

async function payByWechat(
  app: App,
  { client, person }: Customer,
  orders: readonly [Placed, ...Placed[]],
): Promise<void> {
  const [params] = orders
  const start =
    orders.length === 1
      ? await client('payments.start', { params, body: { method: 'mini' } })
      : await client('payments.startTogether', { body: { orders: [...orders], method: 'mini' } })
  const payment = { request: start.jsapi, person: person.id, action: 'confirm' }
  await ask(app.config.WECHAT_SIMULATOR_URL!, '/__sim/pay', payment)
  const paid = async () => (await client('payments.status', { params })).state === 'paid'
  await until(paid, 'A payment of the past month did not arrive')
}

/** The receiver confirms what waits for them on the phone. */
export async function confirmPayouts(app: App, { client, person }: Pick<Customer, 'client' | 'person'>): Promise<void> {
  for (const { client: request } of (await client('buyer.payouts')).items)
    if (request !== null)
      await ask(app.config.WECHAT_SIMULATOR_URL!, '/__sim/transfers/confirm', {
        ...{ package: request.package, person: person.id, action: 'confirm' },
      })
}
