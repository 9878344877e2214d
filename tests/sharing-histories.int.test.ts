import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DAY_MS, MINUTE_MS } from '../apps/server/src/kernel/clock.ts'
import { sql } from '../apps/server/src/kernel/db.ts'
import type { ChildSetup } from './money-child.fixture.ts'
import { startTestApp, type TestApp, type TestBuyer, type TestShop } from './support/app.ts'
import { newKey } from './support/http.ts'
import { killAt } from './support/kill-at.ts'
import { receivedOrder } from './support/reviews.ts'
import { addParty, openidOf, refundPart, sign, wrongs } from './support/sharing.ts'

let app: TestApp
let shop: TestShop
let buyer: TestBuyer
let skuId: string
let creator: string
let supplier: { id: string; mchid: string }
beforeAll(async () => {
  app = await startTestApp({ clickhouse: false })
  app.sim.topUp(1_000_000)
  shop = await app.openTestShop()
  buyer = await app.buyer()
  skuId = (await app.product(shop, { pricesFen: [4300], stock: 1000 })).skuIds[0]!
  const person = app.sim.people.create({ name: '达人小雨', phone: '13700000001' })
  creator = (await addParty(shop, { account: { kind: 'openid', value: openidOf(app, person.id) } })).id
  await sign(shop, creator, { holdDays: 0 })
  const { mchid, name } = app.sim.merchants.create('海风供应链有限公司')
  const account = { kind: 'mchid', value: mchid } as const
  supplier = { mchid, id: (await addParty(shop, { kind: 'supplier', legal: 'company', name, account })).id }
  await sign(shop, supplier.id, { holdDays: 0, rate: { kind: 'bp', bp: 1000 } })
}, 120_000)
afterAll(() => app?.close())

const partyRow = (orderId: string, partyId: string) =>
  app.app.db.read('system', (tx) =>
    tx.one<Record<string, unknown>>(
      sql`select * from order_party_shares where order_id = ${orderId} and party_id = ${partyId}`,
    ),
  )

const killedAt = (call: string, when: ChildSetup['when']) => killAt(app, { call, when })

const AFTER_LEASE_MS = 3 * MINUTE_MS
const later = (ms = AFTER_LEASE_MS) => {
  app.clock.advance(ms)
  return app.sim.settle()
}

test('PAY-03 a process that is killed at each step of a split and of a return: everybody is paid once and gives back once', async () => {
  const { orderId } = await receivedOrder(app, shop, buyer, [[skuId, 2]])
  await later()
  await killedAt('POST /v3/profitsharing/receivers/add', 'before')
  await later()
  await killedAt('POST /v3/profitsharing/orders', 'before')
  await later()
  await killedAt('POST /v3/profitsharing/orders', 'after')
  await later()
  await killedAt('GET /v3/profitsharing/orders/', 'after')
  await later()
  await killedAt('POST /v3/profitsharing/orders/unfreeze', 'after')
  await later()
  await app.settle()
  expect(await partyRow(orderId, creator)).toMatchObject({ splitFen: 1032, dueFen: 0, flyingFen: 0 })
  expect(await partyRow(orderId, supplier.id)).toMatchObject({ splitFen: 860 })
  expect(app.sim.account(supplier.mchid).balanceFen).toBe(860)
  await shop.owner.call('console.refundOrder', {
    params: { shopId: shop.shopId, orderId },
    idempotencyKey: newKey(),
    body: { reason: '退货' },
  })
  await killedAt('POST /v3/profitsharing/return-orders', 'before')
  await later()
  await killedAt('POST /v3/profitsharing/return-orders', 'after')
  await later()
  await app.settle()
  expect(await partyRow(orderId, supplier.id)).toMatchObject({ nowFen: 0, splitFen: 0, owedFen: 0 })
  expect(app.sim.account(supplier.mchid).balanceFen).toBe(0)
  expect(await wrongs(app, shop)).toEqual([])
}, 300_000)

/** What may happen next; numbers choose among what there is. */
type Step =
  | { do: 'receive'; quantity: number }
  | { do: 'refund'; which: number; part: number }
  | { do: 'time'; minutes: number }
  | { do: 'freeze' | 'release'; which: number }
  | { do: 'fail' }
  | { do: 'returns'; allowed: boolean }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('receive' as const), quantity: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ do: fc.constant('refund' as const), which: fc.nat(5), part: fc.integer({ min: 1, max: 100 }) }),
  fc.record({ do: fc.constant('refund' as const), which: fc.nat(5), part: fc.integer({ min: 1, max: 100 }) }),
  fc.record({ do: fc.constant('time' as const), minutes: fc.constantFrom(2, 5, 90) }),
  fc.record({ do: fc.constant('time' as const), minutes: fc.constantFrom(2, 5, 90) }),
  fc.record({ do: fc.constantFrom('freeze' as const, 'release' as const), which: fc.nat(1) }),
  fc.constant({ do: 'fail' as const }),
  fc.record({ do: fc.constant('returns' as const), allowed: fc.boolean() }),
)
const STEPS = Number(process.env.SHARING_HISTORY_STEPS ?? 14)
const MOST_WAITS = 20

test('PAY-03 any history of receipts, part refunds, splits, returns, freezes and failures: books and WeChat agree after each step', async () => {
  const [history] = fc.sample(fc.array(step, { minLength: STEPS, maxLength: STEPS }), { numRuns: 1 })
  const orders: { orderId: string; leftFen: number }[] = []
  const told: Step[] = [{ do: 'receive', quantity: 2 }, ...history!]
  for (const [index, next] of told.entries()) {
    await carryOut(next, orders)
    expect(await wrongs(app, shop), JSON.stringify(told.slice(0, index + 1))).toEqual([])
  }
  for (const party of [creator, supplier.id]) await hold('release', party).catch(() => {})
  await app.advance(5 * DAY_MS)
  const flying = async () =>
    (
      await app.app.db.read('system', (tx) =>
        tx.rows<{ kind: string; state: string; lastError: string | null }>(
          sql`select kind, state, last_error from splits where shop_id = ${shop.shopId} and state in ('created', 'processing')`,
        ),
      )
    ).map((split) => JSON.stringify(split))
  // Each attempt after a failure waits longer than the one before.
  for (let time = 0; time < MOST_WAITS && (time < 3 || (await flying()).length > 0); time++)
    await app.advance(90 * MINUTE_MS)
  expect(await wrongs(app, shop), JSON.stringify(told)).toEqual([])
  expect(await flying(), JSON.stringify(told)).toEqual([])
}, 600_000)

async function carryOut(next: Step, orders: { orderId: string; leftFen: number }[]): Promise<void> {
  const parties = [creator, supplier.id]
  if (next.do === 'receive') {
    const { orderId } = await receivedOrder(app, shop, buyer, [[skuId, next.quantity]])
    orders.push({ orderId, leftFen: next.quantity * 4300 })
  } else if (next.do === 'refund') {
    const order = orders[next.which % orders.length]!
    const amountFen = Math.floor((order.leftFen * next.part) / 100)
    if (amountFen === 0) return
    order.leftFen -= amountFen
    await refundPart(app, shop, order.orderId, amountFen)
  } else if (next.do === 'time') await app.advance(next.minutes * MINUTE_MS)
  else if (next.do === 'fail')
    app.sim.fault({ path: '/v3/profitsharing/orders', kind: 'fail', reason: 'ACCOUNT_ABNORMAL', times: 1 })
  else if (next.do === 'returns') app.sim.merchants.change(supplier.mchid, { allows_returns: next.allowed })
  else await hold(next.do, parties[next.which]!).catch(() => {})
}

const hold = (verb: 'freeze' | 'release', partyId: string) =>
  shop.owner.call(verb === 'freeze' ? 'console.freezeShares' : 'console.releaseShares', {
    params: { shopId: shop.shopId, partyId },
    body: { reason: '核实' },
  })
