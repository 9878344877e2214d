/**
 * `npm run bench -- flash-sale [attempts]`: the whole program, and buyers who want more than there is. They storm it
 * until all is sold, ask on while nothing is left, pay, cancel or let time run out, and what came back is sold again.
 * Ends with an audit by SQL. (ORD-02, MKT-03, SYS-01)
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import Fastify from 'fastify'
import { sql } from '../apps/server/src/kernel/db.ts'
import { migrate } from '../apps/server/src/kernel/migrate.ts'
import { ROUTES } from '../packages/contract/src/index.ts'
import { ADDRESS, startTestApp } from '../tests/support/app.ts'
import { runningClock } from '../tests/support/clock.ts'
import { newKey, visit } from '../tests/support/http.ts'
import { concludeBench, describeMachine, medianBy } from './support/bars.ts'
import { auditSale } from './support/flash-audit.ts'
import { type FlashInput, type FlashResult, tokenOf } from './support/flash-load.ts'

const PRICE_FEN = 9900
const PRODUCTS = 5
const LIMIT = 2
const CONNECTIONS = 128
const AT_ONCE = 16
const ROUNDS = 3
/** Of what was ordered; the rest runs out of time. */
const PAID_SHARE = 0.5
const CANCELLED_SHARE = 0.25
const HOUR_MS = 3_600_000

const attempts = Number(process.argv[2] ?? 1_000_000)
/** 10,000 units and 200,000 buyers for a million attempts. */
const stock = Math.max(1, Math.round(attempts / 100 / PRODUCTS))
const units = stock * PRODUCTS
const buyers = Math.max(10, Math.round(attempts / 5))
const hammering = Math.max(1, Math.round(buyers / 100))

const adminUrl = process.env.DATABASE_ADMIN_URL
if (!adminUrl) throw new Error('DATABASE_ADMIN_URL is not set: start this by `npm run bench -- flash-sale`')
const { appUrl } = await migrate({ adminUrl, appPassword: 'bench-only' })
const clock = runningClock()
const app = await startTestApp({
  clock,
  quiet: true,
  database: { name: 'bench', adminUrl, appUrl, drop: async () => {} },
  env: { NODE_ENV: 'production' },
})
const { shopId, skuIds } = await openSale()
const bare = Fastify()
const crowd = fork(new URL('./support/flash-load.ts', import.meta.url))
const orders: FlashResult['orders'] = []
const paidIds: string[] = []
const rows: Record<string, unknown>[] = []
console.log(`${describeMachine()}
${attempts} attempts, ${buyers} buyers (${hammering} hammering), ${units} units of ${PRODUCTS} products, ${LIMIT} each\n`)
try {
  const { ratio } = await sell()
  const audit = await auditSale(app.app.db, shopId, {
    units,
    limit: LIMIT,
    orderIds: orders.map(({ orderId }) => orderId),
    paidIds,
  })
  console.log(`\n${JSON.stringify(audit)}`)
  const none = { limit: 0, side: 'most' } as const
  concludeBench(
    'flash-sale',
    [
      { name: 'units oversold or missing', value: audit.oversold, ...none },
      { name: 'acknowledged orders lost', value: audit.lost, ...none },
      { name: 'payments not booked once', value: audit.unbooked, ...none },
      { name: 'buyers over the limit, by lines', value: audit.overByLines, ...none },
      { name: 'buyers over the limit, by ledger', value: audit.overByLedger, ...none },
      { name: 'ledger deviations', value: audit.deviations, ...none },
      { name: 'sold out ÷ bare Fastify', value: ratio, limit: 0.5 },
    ],
    { rows, audit },
  )
} finally {
  crowd.kill()
  await bare.close()
  await app.close()
}

async function sell(): Promise<{ ratio: number }> {
  const opened = await storm('opening storm', 0.4)
  const { port } = await bareAnswers()
  // In turns: buyers whose sessions are known, who ask on, and the bare server that tells them the same.
  const [ours, theirs]: number[][] = [[], []]
  for (let round = 0; round < ROUNDS; round++) {
    ours!.push((await storm('sold out, buyers who come back', 0.06, { buyers: hammering })).seconds)
    theirs!.push((await storm('bare Fastify POST', 0.06, { buyers: hammering, port })).seconds)
  }
  await storm('sold out, everybody', 0.2)
  await settleOrders(opened.orders)
  await storm('resale', 0.2)
  await app.settle()
  return { ratio: Math.round((medianBy(theirs!, Number) / medianBy(ours!, Number)) * 100) / 100 }
}

async function storm(name: string, share: number, more: Partial<FlashInput> = {}): Promise<FlashResult> {
  const input: FlashInput = {
    port: Number(new URL(app.url).port),
    path: ROUTES['orders.place'].path.replace(':shopId', shopId),
    connections: CONNECTIONS,
    attempts: Math.round(attempts * share),
    skuIds,
    priceFen: PRICE_FEN,
    buyers,
    hammering,
    hammeringShare: 0.3,
    ...more,
  }
  const answered = once(crowd, 'message')
  crowd.send(input)
  const [result] = (await answered) as [FlashResult]
  if (more.port === undefined) orders.push(...result.orders)
  const perSecond = Math.round(input.attempts / result.seconds)
  rows.push({ name, perSecond, seconds: result.seconds, statuses: result.statuses, errors: result.load.errors })
  console.log(
    `${name.padEnd(34)}${String(perSecond).padStart(7)}/s  selling ${result.sellingSeconds.toFixed(1)} s  ${JSON.stringify(result.statuses)}`,
  )
  return result
}

/** Half pay by the simulator's signed notification, a quarter cancel, the rest is left to the clock. */
async function settleOrders(placed: FlashResult['orders']): Promise<void> {
  const person = app.sim.people.create({ name: '买家', phone: '13900000000' }).id
  const counts = { paid: 0, cancelled: 0, left: 0 }
  const startedAt = performance.now()
  const one = async ({ orderId, buyer }: FlashResult['orders'][number]) => {
    const visitor = visit(app.url, { authorization: `Bearer ${tokenOf(buyer)}` })
    const params = { shopId, orderId }
    const chance = Math.random()
    if (chance < PAID_SHARE) {
      const { codeUrl } = await visitor.call('payments.start', { params, body: { method: 'native' } })
      app.sim.pay({ code_url: codeUrl!, person, action: 'confirm' })
      paidIds.push(orderId)
      counts.paid++
    } else if (chance < PAID_SHARE + CANCELLED_SHARE) {
      await visitor.call('orders.cancel', { params, body: { reason: '' } })
      counts.cancelled++
    } else counts.left++
  }
  const queue = placed.values()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const order of queue) await one(order)
    }),
  )
  await app.settle()
  const seconds = (performance.now() - startedAt) / 1000
  await app.advance(HOUR_MS)
  rows.push({ name: 'pay, cancel, time out', ...counts, seconds })
  console.log(`${'pay, cancel, time out'.padEnd(34)}${JSON.stringify(counts)} in ${seconds.toFixed(1)} s`)
}

/** What the shop says once all is sold, byte by byte, behind the same schema; nothing else. */
async function bareAnswers(): Promise<{ port: number }> {
  const visitor = visit(app.url, { authorization: `Bearer ${tokenOf(0)}`, 'idempotency-key': newKey() })
  const { status, text } = await visitor.ask(ROUTES['orders.place'].path.replace(':shopId', shopId), {
    method: 'POST',
    body: { lines: [{ skuId: skuIds[0], quantity: 1 }], address: ADDRESS, expectedTotalFen: PRICE_FEN },
  })
  if (status !== 409) throw new Error(`Not sold out: ${status} ${text}`)
  const { body } = ROUTES['orders.place']
  bare.post('/*', (request, reply) => {
    body.parse(request.body)
    return reply.code(409).type('application/json').send(text)
  })
  await bare.listen({ port: 0, host: '127.0.0.1' })
  return { port: (bare.server.address() as { port: number }).port }
}

async function openSale() {
  const shop = await app.openTestShop()
  const ids: string[] = []
  for (let i = 0; i < PRODUCTS; i++)
    ids.push(...(await app.product(shop, { pricesFen: [PRICE_FEN], purchaseLimit: LIMIT, stock })).skuIds)
  await app.settle()
  const now = clock.instant()
  // Of the form of version 8: what is not a UUID leaves the server in no answer.
  const buyerId = sql`overlay(overlay(md5('flash' || i) placing '8' from 13) placing '8' from 17)::uuid`
  const until = new Date(clock.millis() + 30 * 24 * HOUR_MS).toISOString()
  await app.app.db.tx('system', async (tx) => {
    await tx.exec(sql`insert into buyers (buyer_id, nickname, created_at)
      select ${buyerId}, '买家' || i, ${now} from generate_series(0, ${buyers - 1}) i`)
    await tx.exec(sql`insert into buyer_sessions (id, token_hash, buyer_id, created_at, expires_at)
      select md5('session' || i)::uuid, encode(sha256(convert_to(${tokenOf(0).slice(0, -1)} || i, 'UTF8')), 'hex'),
        ${buyerId}, ${now}, ${until} from generate_series(0, ${buyers - 1}) i`)
  })
  return { shopId: shop.shopId, skuIds: ids }
}
