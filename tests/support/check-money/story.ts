import { setTimeout as delay } from 'node:timers/promises'
import { ADDRESS, type PlacedOrder, type TestBuyer } from '../app.ts'
import { newKey } from '../http.ts'
import { orRefusal, patiently } from './patient.ts'
import type { MoneyWorld } from './types.ts'

/** How buyers pay, in shares of all who order. */
const LEAVES = 0.06
const CANCELS = 0.06
const PAYS_WHILE_CANCELLING = 0.07
const PAYS_TWICE = 0.08
const PAYS_TOGETHER = 0.14
/** Of those that are paid together. */
const ALONE_AS_WELL = 0.3
const ONE_CANCELLED = 0.2
/** What becomes of orders that were paid. */
const REFUND_BEFORE_SHIPPING = 0.16
const STAYS_PAID = 0.1
const NOT_RECEIVED = 0.08
/** What becomes of those that were received. */
const PART_BACK = 0.18
const ALL_BACK = 0.12

const WAITS = 16
const WAIT_MS = 250

/**
 * One order with its buyer's whims, from the click to what goes back, and another that is paid with it. Answers those
 * that were acknowledged.
 */
export async function story(world: MoneyWorld, buyer: TestBuyer): Promise<string[]> {
  const { random } = world
  const order = await place(world, buyer)
  if (random() < PAYS_TOGETHER) {
    const orders = [order, await place(world, buyer)]
    await payTogether(world, buyer, orders)
    for (const each of orders) if (await isPaid(buyer, each)) await afterwards(world, buyer, each)
    return orders.map(({ orderId }) => orderId)
  }
  const mood = random()
  if (mood < LEAVES) return [order.orderId]
  if (mood < LEAVES + CANCELS) await cancel(buyer, order)
  else if (mood < LEAVES + CANCELS + PAYS_WHILE_CANCELLING) await payWhileCancelling(world, buyer, order)
  else if (mood < LEAVES + CANCELS + PAYS_WHILE_CANCELLING + PAYS_TWICE) await payTwice(world, buyer, order)
  else await pay(world, buyer, order, 'mini')
  if (await isPaid(buyer, order)) await afterwards(world, buyer, order)
  return [order.orderId]
}

async function place({ shop, goods, random }: MoneyWorld, buyer: TestBuyer): Promise<PlacedOrder> {
  const params = { shopId: shop.shopId }
  const chosen = goods.filter(() => random() < 0.4).slice(0, 3)
  const lines = (chosen.length > 0 ? chosen : goods.slice(0, 1)).map(({ skuId }) => ({
    skuId,
    quantity: 1 + Math.floor(random() * 3),
  }))
  const quote = await patiently(() =>
    buyer.call('store.quote', { params, body: { lines, province: ADDRESS.province } }),
  )
  const idempotencyKey = newKey()
  const body = { lines, address: ADDRESS, expectedTotalFen: quote.totalFen }
  const placed = await patiently(() => buyer.call('orders.place', { params, idempotencyKey, body }))
  return { shopId: shop.shopId, ...placed }
}

const at = ({ shopId, orderId }: PlacedOrder) => ({ shopId, orderId })

function cancel(buyer: TestBuyer, order: PlacedOrder) {
  return orRefusal(() => buyer.call('orders.cancel', { params: at(order), body: { reason: '不想要了' } }))
}

/** What opens the till on the phone, by one of the ways to pay. */
async function start(buyer: TestBuyer, order: PlacedOrder, method: 'mini' | 'native') {
  const started = await orRefusal(() => buyer.call('payments.start', { params: at(order), body: { method } }))
  return 'refused' in started ? undefined : started
}

async function pay(world: MoneyWorld, buyer: TestBuyer, order: PlacedOrder, method: 'mini' | 'native'): Promise<void> {
  const started = await start(buyer, order, method)
  if (started) onThePhone(world, buyer, started)
}

/** The person confirms; a till that WeChat has closed meanwhile says so, and nothing was paid. */
function onThePhone(
  { app }: MoneyWorld,
  { person }: TestBuyer,
  started: NonNullable<Awaited<ReturnType<typeof start>>>,
): void {
  try {
    if (started.jsapi) app.sim.pay({ request: started.jsapi, person, action: 'confirm' })
    else if (started.codeUrl) app.sim.pay({ code_url: started.codeUrl, person, action: 'confirm' })
  } catch (error) {
    if ((error as Error).constructor.name !== 'PhoneRefusal') throw error
  }
}

/** The till is open on the phone while the order is cancelled in another window. */
async function payWhileCancelling(world: MoneyWorld, buyer: TestBuyer, order: PlacedOrder): Promise<void> {
  const started = await start(buyer, order, 'mini')
  if (!started) return
  const cancelled = cancel(buyer, order)
  await delay(world.random() * 60)
  onThePhone(world, buyer, started)
  await cancelled
}

/** Two tills at once: the code on the computer, the mini program in the hand. */
async function payTwice(world: MoneyWorld, buyer: TestBuyer, order: PlacedOrder): Promise<void> {
  const both = await Promise.all([start(buyer, order, 'native'), start(buyer, order, 'mini')])
  for (const started of both) if (started) onThePhone(world, buyer, started)
}

/** One till for all of them (合单), while one is paid alone as well, or cancelled. */
async function payTogether(world: MoneyWorld, buyer: TestBuyer, orders: readonly PlacedOrder[]): Promise<void> {
  const { random } = world
  const method = random() < 0.5 ? 'mini' : 'native'
  const whole = orRefusal(() => buyer.call('payments.startTogether', { body: { orders: orders.map(at), method } }))
  const whim = random()
  const alone = whim < ALONE_AS_WELL ? start(buyer, orders[0]!, 'native') : undefined
  const cancelled = whim > 1 - ONE_CANCELLED ? cancel(buyer, orders[1]!) : undefined
  for (const started of [await whole, await alone])
    if (started && !('refused' in started)) onThePhone(world, buyer, started)
  await cancelled
}

async function isPaid(buyer: TestBuyer, order: PlacedOrder): Promise<boolean> {
  for (let waits = 0; waits < WAITS; waits++) {
    const { orderState } = await patiently(() => buyer.call('payments.status', { params: at(order) }))
    if (orderState === 'awaiting-shipment') return true
    if (orderState !== 'awaiting-payment') return false
    await delay(WAIT_MS)
  }
  return false
}

async function afterwards(world: MoneyWorld, buyer: TestBuyer, order: PlacedOrder): Promise<void> {
  const { random, owner } = world
  const fate = random()
  const idempotencyKey = newKey()
  if (fate < REFUND_BEFORE_SHIPPING)
    return void (await orRefusal(() =>
      buyer.call('orders.requestRefund', { params: at(order), idempotencyKey, body: { reason: '不想要了' } }),
    ))
  if (fate < REFUND_BEFORE_SHIPPING + STAYS_PAID) return
  const trackingNo = `SF${newKey().replace(/\D/g, '').padEnd(13, '0').slice(0, 13)}`
  const body = { carrierCode: 'SF', trackingNo } as const
  await orRefusal(() => owner.call('console.shipOrder', { params: at(order), idempotencyKey, body }))
  if (random() < NOT_RECEIVED) return
  await orRefusal(() => buyer.call('orders.confirmReceipt', { params: at(order) }))
  const back = random()
  if (back < PART_BACK) await partBack(world, buyer, order)
  else if (back < PART_BACK + ALL_BACK)
    await orRefusal(() =>
      owner.call('console.refundOrder', { params: at(order), idempotencyKey: newKey(), body: { reason: '协商退款' } }),
    )
}

/** One unit goes back by an after-sale case; the shop agrees, twice at once. */
async function partBack({ owner }: MoneyWorld, buyer: TestBuyer, order: PlacedOrder): Promise<void> {
  const idempotencyKey = newKey()
  const body = { type: 'refund' as const, reasonCode: 'price', lines: [{ line: 0, quantity: 1 }] }
  const made = await orRefusal(() => buyer.call('aftersale.apply', { params: at(order), idempotencyKey, body }))
  if ('refused' in made) return
  const approve = () =>
    orRefusal(() =>
      owner.call('console.approveAftersales', {
        params: { shopId: order.shopId },
        body: { caseIds: [made.id] },
      }),
    )
  await Promise.all([approve(), approve()])
}
