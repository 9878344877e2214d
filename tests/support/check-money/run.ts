import { setTimeout as delay } from 'node:timers/promises'
import { DAY_MS, MINUTE_MS } from '../../../apps/server/src/kernel/clock.ts'
import { STAFF_COOKIE } from '../../../apps/server/src/kernel/http/caller.ts'
import { freePort } from '../../../packages/engines/src/index.ts'
import { startTestApp, type TestApp, type TestBuyer, type TestShop } from '../app.ts'
import { runningClock } from '../clock.ts'
import { visit } from '../http.ts'
import { type ServerProcess, startServer } from '../server.ts'
import { addParty, openidOf, sign } from '../sharing.ts'
import { chaosOf } from './faults.ts'
import { findWrongs, inFlight } from './find-wrongs.ts'
import { story } from './story.ts'
import type { MoneyCheckOptions, MoneyCheckReport, MoneyWorld } from './types.ts'
import { withdrawals } from './withdraw.ts'

const PRICES_FEN = [100, 1_990, 4_990, 12_900, 33_333]
const MOST_BUYERS = 60
/** Pauses between tries grow up to an hour: time passes in such steps until nothing is under way, and for a day. */
const STEPS_MS = [3, 10, 30, 70].map((minutes) => minutes * MINUTE_MS)
const MOST_STEPS = 24
const ROUNDS = 10
/** Until the shop's money is available. */
const SETTLEMENT_DAYS = 9

/**
 * Many orders with random buyers, every fault of WeChat, and a server that is killed and started again; then time passes
 * until nothing is left to do, and the books are compared with what WeChat says it moved (PAY-01 … PAY-05).
 */
export async function checkMoney(options: MoneyCheckOptions): Promise<MoneyCheckReport> {
  const random = seeded(options.seed)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const app = await startTestApp({ clickhouse: false, clock: runningClock(), env: { NODE_ENV: 'test' } })
  let server: ServerProcess | undefined
  try {
    const shop = await openShop(app)
    server = await startServer(app.env, port)
    const world = await openWorld(app, shop, url, Math.min(MOST_BUYERS, options.orders), random)
    app.sim.chaos(chaosOf(options.seed))
    const acknowledged: string[] = []
    let kills = 0
    let told = 0
    let restarting: Promise<void> | undefined
    const restart = async () => {
      kills++
      await server!.kill()
      server = await startServer(app.env, port)
    }
    const perKill = Math.floor(options.orders / (options.kills + 1))
    let next = 0
    const worker = async () => {
      for (let mine = next++; mine < options.orders; mine = next++) {
        acknowledged.push(...(await story(world, world.buyers[mine % world.buyers.length]!)))
        told++
        if (kills < options.kills && told >= (kills + 1) * perKill)
          restarting ??= delay(random() * 300)
            .then(restart)
            .finally(() => {
              restarting = undefined
            })
      }
    }
    await Promise.all(Array.from({ length: Math.min(options.atOnce, options.orders) }, worker))
    await restarting
    await server.kill()
    server = undefined
    app.sim.chaos(null)
    await letTimePass(app)
    app.sim.chaos(chaosOf(options.seed + 1))
    await withdrawals(app, shop, random)
    app.sim.chaos(null)
    await letTimePass(app)
    const faults = app.sim.faultsPlayed().total
    return { orders: told, kills, faults, ...(await findWrongs(app, shop, acknowledged)) }
  } finally {
    await server?.kill()
    await app.close()
  }
}

async function openShop(app: TestApp): Promise<TestShop> {
  const platform = await app.platformStaff()
  const soon = ['payments.ask-again-seconds', 'payments.retry-refund-seconds', 'sharing.retry-seconds'] as const
  for (const name of soon)
    await platform.call('platform.setSetting', { params: { name }, body: { value: 5, version: 0 } })
  const shop = await app.openTestShop('对账演练店')
  const params = { shopId: shop.shopId, name: 'sharing.hold-days' }
  await shop.owner.call('console.setSetting', { params, body: { value: 0, version: 0 } })
  app.sim.settings({ refund_delay_ms: 400, split_wait_ms: 0, split_delay_ms: 400 })
  app.sim.topUp(50_000_000)
  const person = app.sim.people.create({ name: '达人小满', phone: '13700000001' })
  const creator = await addParty(shop, { account: { kind: 'openid', value: openidOf(app, person.id) } })
  await sign(shop, creator.id)
  const merchant = app.sim.merchants.create('云上供应链有限公司')
  const account = { kind: 'mchid', value: merchant.mchid } as const
  const supplier = await addParty(shop, { kind: 'supplier', legal: 'company', name: merchant.name, account })
  await sign(shop, supplier.id, { rate: { kind: 'bp', bp: 800 } })
  return shop
}

async function openWorld(
  app: TestApp,
  shop: TestShop,
  url: string,
  buyers: number,
  random: () => number,
): Promise<MoneyWorld> {
  const goods = []
  for (const priceFen of PRICES_FEN) {
    const { skuIds } = await app.product(shop, { pricesFen: [priceFen], stock: 50_000 })
    goods.push({ skuId: skuIds[0]!, priceFen })
  }
  const made: TestBuyer[] = []
  for (let i = 0; i < buyers; i++) {
    const buyer = await app.buyer()
    made.push({ ...buyer, ...visit(url, buyer.headers) })
  }
  const owner = visit(url)
  owner.cookies.set(STAFF_COOKIE, shop.owner.cookies.get(STAFF_COOKIE)!)
  return { app, shop, buyers: made, goods, owner, random }
}

async function letTimePass(app: TestApp): Promise<void> {
  for (let step = 0; step < MOST_STEPS; step++) {
    await pass(app, STEPS_MS[Math.min(step, STEPS_MS.length - 1)]!)
    if (step >= STEPS_MS.length && (await inFlight(app)).length === 0) break
  }
  for (let day = 0; day < SETTLEMENT_DAYS; day++) await pass(app, DAY_MS)
}

/** Much may be left to do: one settling takes a part of it. */
async function pass(app: TestApp, ms: number): Promise<void> {
  app.clock.advance(ms)
  for (let round = 0; round < ROUNDS; round++) {
    const isDone = await app.settle().then(
      () => true,
      () => false,
    )
    if (isDone) return
  }
}

/** Mulberry32: numbers in [0, 1) that a seed repeats. */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
