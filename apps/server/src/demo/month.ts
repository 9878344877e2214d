import { ApiError, type Client } from '@zhanggui/contract/client'
import type { App } from '../app.ts'
import { inProcessClient, newKey } from './client.ts'
import { buy, type Customer, gatherCustomers, signInAs } from './month-buyers.ts'
import { DEEDS, type Deed, LAST } from './month-deeds.ts'
import { MONTH_ORDERS, MORNINGS, type PastOrder } from './month-story.ts'
import type { Past } from './past.ts'
import { ask, type Person } from './simulator.ts'
import { together } from './together.ts'

interface SignIn {
  account: string
  password: string
}

/** Who looks after the shop, its money and the platform. */
interface Keepers {
  owner: SignIn
  treasurer: SignIn & { name: string }
  platform: SignIn
}

/** Everybody and everything that a shop's money is told with. */
export interface Month {
  app: App
  shopId: string
  past: Past
  /** Signed in anew each morning: nobody stays signed in for a month. */
  owner: Client
  customers: readonly Customer[]
  /** The creator who is paid on withdrawal. */
  creator: Pick<Customer, 'client' | 'person'>
  signInStaff(who: SignIn): Promise<Client>
  platform: SignIn
  treasurer: Keepers['treasurer']
  /** Of an order of the story. */
  orderId(key: string): string
}

export interface Scene {
  app: App
  shopId: string
  past: Past
  keepers: Keepers
}

const BETWEEN_SECONDS = 100
/** As long as WeChat needs for what it has begun, and until it is asked again how a split stands. */
const SOON_SECONDS = 10
const ASKED_AGAIN_SECONDS = 150
const OPENS = '10:20'
/** Of the simulator's people. */
const CREATOR = 5

async function gather({ app, shopId, past, keepers }: Scene): Promise<Omit<Month, 'owner'>> {
  const { people } = await ask<{ people: Person[] }>(app.config.WECHAT_SIMULATOR_URL!, '/__sim/people')
  const person = people[CREATOR]!
  const customers = await gatherCustomers(app, shopId)
  return {
    ...{ app, shopId, past, customers, ...keepers },
    creator: { ...(await signInAs(app, person)), person },
    orderId: (key) => customers.flatMap((each) => [...each.orders]).find(([name]) => name === key)![1],
    async signInStaff({ account, password }) {
      const client = inProcessClient(app.http)
      await client('auth.staffSignIn', { body: { account, password } })
      await app.db.tx('system', (tx) => app.identity.proveOwnSetUp(tx, account))
      return client
    },
  }
}

/**
 * The month before the demo opens: customers order and pay, the shop ships, refunds and is settled, withdraws, is
 * frozen and released; through the program's own HTTP interface, with the sweeps that time would have brought. `told`
 * mornings were told before a load was broken off.
 */
export async function tellMonth(scene: Scene & { told: number; save: (told: number) => Promise<void> }): Promise<void> {
  const { app, shopId, past, keepers, told, save } = scene
  const month = await gather(scene)
  const skuOf = await goods(month.customers[0]!.client, shopId)
  for (const [turn, morning] of MORNINGS.entries()) {
    if (turn < told) continue
    await past.moveTo(past.at(morning, OPENS))
    const today: Month = { ...month, owner: await month.signInStaff(keepers.owner) }
    await dispatch(today, turn)
    await sweep(app, past)
    await doAll(today, DEEDS[morning] ?? [])
    await past.wait(SOON_SECONDS)
    const until = MORNINGS[turn + 1] ?? 0
    for (const order of MONTH_ORDERS.filter(({ at: [day] }) => day <= morning && day > until)) {
      await past.moveTo(past.at(...order.at))
      await buy(app, shopId, month.customers[order.buyer]!, order, skuOf)
    }
    await save(turn + 1)
  }
  await past.catchUp()
}

/** What of the shop's money waits for somebody today. */
export async function tellWhatWaits(scene: Scene): Promise<void> {
  if (!scene.app.config.WECHAT_SIMULATOR_URL) return
  const month = await gather(scene)
  await doAll({ ...month, owner: await month.signInStaff(scene.keepers.owner) }, LAST)
}

/** The first SKU of what is sold, by words in its title. */
async function goods(client: Client, shopId: string): Promise<(words: string) => string> {
  const { items } = await client('store.products', { params: { shopId }, query: { limit: 50 } })
  const wanted = [...new Set(MONTH_ORDERS.flatMap((order) => order.goods))]
  const skus = await Promise.all(
    wanted.map(async (words): Promise<[string, string]> => {
      const productId = items.find(({ title }) => title.includes(words))!.id
      return [words, (await client('store.product', { params: { shopId, productId } })).skus[0]!.id]
    }),
  )
  const byWords = new Map(skus)
  return (words) => byWords.get(words)!
}

/** One after another. What the books of these days do not allow (weekends and holidays pay later) is left out. */
async function doAll(month: Month, deeds: readonly Deed[]): Promise<void> {
  for (const deed of deeds) {
    await month.past.wait(BETWEEN_SECONDS)
    await deed(month).catch((error: unknown) => {
      if (!(error instanceof ApiError) || error.code === 'NETWORK') throw error
      month.app.http.log.warn({ err: error }, 'a part of the demo’s past was left out')
    })
  }
}

/** What time brings: what was received is shared, split and settled; money becomes available, refunds arrive. */
async function sweep(app: App, past: Past): Promise<void> {
  const { aftersale, payments, relay, settlement, sharing } = app
  await relay.drain()
  await sharing.sweepMoney()
  await Promise.all([sharing.sweepSplits(), aftersale.sweep()])
  await past.wait(ASKED_AGAIN_SECONDS)
  await Promise.all([sharing.sweepSplits(), payments.sweepRefunds(), settlement.sweepWithdrawals()])
  await Promise.all([settlement.releaseDue(), settlement.sweepFreezes()])
  await settlement.closeStatements()
}

/** Ships what was ordered since the last morning; what was shipped then has arrived. */
async function dispatch(month: Month, turn: number): Promise<void> {
  const between = (from: number | undefined, to: number | undefined) =>
    from === undefined ? [] : MONTH_ORDERS.filter(({ at: [day] }) => day <= from && day > (to ?? 0))
  const [now, last, before] = [MORNINGS[turn], MORNINGS[turn - 1], MORNINGS[turn - 2]]
  await together([
    ...between(last, now).map((order) => ship(month, order)),
    ...between(before, last).map((order) => receive(month, order)),
  ])
}

async function ship(month: Month, order: PastOrder): Promise<void> {
  const { app, owner, shopId, orderId } = month
  const params = { shopId, orderId: orderId(order.key) }
  if (order.byCode !== undefined) await confirmCode(month, params.orderId, order.byCode)
  if (order.ending === 'refunded') {
    const body = { reason: '买家拍错了，发货前协商退款' }
    return unlessDone(owner('console.refundOrder', { params, idempotencyKey: newKey(), body }))
  }
  const serial = 1_300_000_000_000 + (app.engines.clock.millis() % 1_000_000_000) + MONTH_ORDERS.indexOf(order)
  const body = { carrierCode: 'SF' as const, trackingNo: `SF${serial}` }
  await unlessDone(owner('console.shipOrder', { params, idempotencyKey: newKey(), body }))
}

async function confirmCode({ owner, shopId }: Month, orderId: string, transactionNo: string): Promise<void> {
  const { items } = await owner('console.personalPayments', { params: { shopId }, query: { state: 'waiting' } })
  const payment = items.find((each) => each.orderId === orderId)
  if (payment === undefined) return
  await owner('console.confirmPersonalPayment', {
    params: { shopId, personalPaymentId: payment.id },
    body: { receivedFen: payment.amountFen, receivedAt: payment.claimedAt!, transactionNo },
  })
}

async function receive({ shopId, orderId, customers }: Month, { key, buyer, ending }: PastOrder): Promise<void> {
  if (ending === 'refunded' || ending === 'shipped') return
  await unlessDone(customers[buyer]!.client('orders.confirmReceipt', { params: { shopId, orderId: orderId(key) } }))
}

/** A morning that is told again finds some of its steps taken. */
async function unlessDone(step: Promise<unknown>): Promise<void> {
  await step.catch((error: unknown) => {
    if (!(error instanceof ApiError) || error.code !== 'ORDER_STATE') throw error
  })
}
