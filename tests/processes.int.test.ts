import { request } from 'node:http'
import { Redis } from 'ioredis'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, createApp } from '../apps/server/src/app.ts'
import { prepareDatabase } from '../apps/server/src/database.ts'
import { STORY } from '../apps/server/src/demo/chapters.ts'
import { loadDemo } from '../apps/server/src/demo/load.ts'
import { MONTH_ORDERS } from '../apps/server/src/demo/month-story.ts'
import { LaggingClock } from '../apps/server/src/kernel/clock.ts'
import { readConfig } from '../apps/server/src/kernel/config.ts'
import { sql } from '../apps/server/src/kernel/db.ts'
import { createLogger } from '../apps/server/src/kernel/log.ts'
import { freePort } from '../packages/engines/src/index.ts'
import { ADDRESS, startTestApp, type TestApp, type TestBuyer } from './support/app.ts'
import { newKey, visit } from './support/http.ts'
import { hasRedis, startRedis } from './support/redis.ts'

let base: TestApp
const log = createLogger({ level: 'silent' })

beforeAll(async () => {
  base = await startTestApp()
})
afterAll(() => base.close())

/** Another process on the same data, with these roles, listening. */
async function start(roles: string, env: Record<string, string> = {}): Promise<App & { url: string }> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const config = readConfig({ ...base.env, PORT: String(port), PUBLIC_URL: url, ROLES: roles, ...env })
  const app = await createApp(config, { log })
  await app.start()
  return Object.assign(app, { url })
}

/** What a WebSocket handshake of nobody in particular is answered. */
const knock = (url: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': Buffer.from('a stranger at all').toString('base64').slice(0, 24),
    }
    request(`${url}/ws`, { headers })
      .on('response', (response) => resolve(response.statusCode!))
      .on('error', reject)
      .end()
  })

const statusOf = async (url: string, init?: RequestInit) => (await fetch(url, init)).status

test.each([
  ['api', { api: 200, events: true, ws: false }],
  ['ingest', { api: 404, events: true, ws: false }],
  ['worker', { api: 404, events: false, ws: false }],
  ['realtime', { api: 404, events: false, ws: true }],
  ['all', { api: 200, events: true, ws: true }],
])('SYS-01 a process with the role %s serves its own routes and no others', async (role, serves) => {
  const app = await start(role)
  try {
    for (const path of ['/healthz', '/readyz', '/metrics']) expect(await statusOf(app.url + path)).toBe(200)
    const shop = await base.openTestShop()
    expect(await statusOf(`${app.url}/api/store/shops/${shop.slug}`)).toBe(serves.api)
    const events = await statusOf(`${app.url}/api/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    expect(events).toBe(serves.events ? 422 : 404)
    expect((await knock(app.url)) === 401).toBe(serves.ws)
  } finally {
    await app.close()
  }
})

test('CAT-09 kept answers: no visitor reads what was before a write, and other processes hear of it', async () => {
  const other = await start('api')
  try {
    const shop = await base.openTestShop()
    const { productId, skuIds } = await base.product(shop, { pricesFen: [1000], stock: 5 })
    const params = { shopId: shop.shopId, productId }
    const path = `/api/store/shops/${shop.shopId}/products/${productId}`
    const read = (url = base.url) => visit(url).call('store.product', { params })
    expect((await Promise.all([1, 2, 3].map(() => read(other.url)))).map(({ minPriceFen }) => minPriceFen)).toEqual([
      1000, 1000, 1000,
    ])
    const first = await base.visitor().ask(path)
    const tag = first.headers.get('etag')!
    expect((await base.visitor().ask(path, { headers: { 'if-none-match': tag } })).status).toBe(304)
    const buyer = await base.buyer()
    // each order is seen by who asks after it, though all ask at once
    await Promise.all(
      Array.from({ length: 5 }, async () => {
        await base.order(buyer, shop.shopId, [[skuIds[0]!, 1]])
        expect((await read()).skus[0]!.available).toBeLessThan(5)
      }),
    )
    expect((await read()).soldOut).toBe(true)
    expect((await base.visitor().ask(path, { headers: { 'if-none-match': tag } })).status).toBe(200)
    await expect.poll(async () => (await read(other.url)).soldOut).toBe(true)
    // an order that nobody paid gives its unit back
    await base.advance(31 * 60_000)
    expect(await read()).toMatchObject({ soldOut: false })
    expect((await read()).skus[0]!.available).toBe(5)
  } finally {
    await other.close()
  }
})

test('SYS-01 a Redis that is down delays nothing and stops nobody', async () => {
  const app = await start('all', { REDIS_URL: `redis://127.0.0.1:${await freePort()}` })
  expect(await statusOf(`${app.url}/readyz`)).toBe(200)
  await app.close()
})

const sharedLimits = `SYS-03 a buyer has so many orders at all processes together, by whatever session and address; without Redis at each${hasRedis ? '' : ' (skipped: no redis-server on this machine)'}`
test.skipIf(!hasRedis)(sharedLimits, async () => {
  const redis = await startRedis()
  const limits = { ORDERS_PER_BUYER: '0.01', ORDERS_PER_BUYER_BURST: '3', REDIS_URL: redis.url }
  const counting = new Redis(redis.url).on('error', () => {})
  const apps = await Promise.all([start('api', limits), start('api', limits)])
  try {
    const shop = await base.openTestShop()
    const { skuIds } = await base.product(shop, { pricesFen: [1000], stock: 50 })
    const person = await base.buyer()
    const again = await base.buyer(person.person)
    const other = await base.buyer()
    const order = async (buyer: TestBuyer, { url }: { url: string }, ip: string) => {
      const { status } = await visit(url).ask(`/api/buyer/shops/${shop.shopId}/orders`, {
        method: 'POST',
        headers: { authorization: `Bearer ${buyer.token}`, 'idempotency-key': newKey(), 'x-forwarded-for': ip },
        body: { lines: [{ skuId: skuIds[0], quantity: 1 }], address: ADDRESS, expectedTotalFen: 1000 },
      })
      return status
    }
    const at = (index: number) => apps[index % 2]!
    // The first to ask has the process connect; until then each counts for itself.
    const asking = await base.buyer()
    for (const app of apps) await order(asking, app, '203.0.113.1')
    // To tell and to listen, each of them; and the one that counts them.
    await expect
      .poll(
        async () =>
          String(await counting.client('LIST'))
            .trim()
            .split('\n').length,
      )
      .toBe(5)
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, i) => order(i % 3 === 0 ? again : person, at(i), `203.0.113.${i}`)),
    )
    expect(all.toSorted()).toEqual([200, 200, 200, 429, 429, 429, 429, 429])
    expect(await order(other, at(0), '203.0.113.1')).toBe(200)
    counting.disconnect()
    await redis.kill()
    const somebody = await base.buyer()
    const alone = await Promise.all(Array.from({ length: 8 }, (_, i) => order(somebody, at(i), '203.0.113.1')))
    expect(alone.filter((status) => status === 200)).toHaveLength(6)
  } finally {
    counting.disconnect()
    await Promise.all(apps.map((app) => app.close()))
    await redis.kill()
  }
})

test('SYS-03 the program refuses to work as a role that row-level security does not bind', async () => {
  const config = readConfig({ ...base.env, DATABASE_URL: base.database.adminUrl })
  await expect(createApp(config, { log })).rejects.toThrow(/bypasses row-level security/)
})

test('SYS-03 the owner’s address alone is enough: it migrates, and a role of its own is made to work with', async () => {
  const admin = new pg.Client({ connectionString: base.database.adminUrl })
  await admin.connect()
  const name = `own_${Date.now()}`
  await admin.query(`create database ${name}`)
  const url = new URL(base.database.adminUrl)
  url.pathname = `/${name}`
  const given = readConfig({ ...base.env, DATABASE_URL: url.toString() })
  try {
    const config = await prepareDatabase(given, () => {})
    expect(new URL(config.DATABASE_URL).username).toBe(`${name}_app`)
    const app = await createApp(config, { log })
    const { owned } = await app.db.read('system', (tx) =>
      tx.one<{ owned: number }>(
        sql`select count(*) as owned from pg_tables where tableowner = current_user and schemaname = 'public'`,
      ),
    )
    expect(owned).toBe(0)
    await app.close()
    const again = await prepareDatabase(given, () => {})
    expect(again.DATABASE_URL).toBe(config.DATABASE_URL)
  } finally {
    await admin.query(`drop database ${name} with (force)`)
    await admin.query(`drop role if exists ${name}_app`)
    await admin.end()
  }
})

const DEMO_TIMEOUT_MS = 180_000

/** The shop's clock and the simulator's, which may begin in the past. */
class DemoClock extends LaggingClock {
  advance(): void {}
  jump(): void {}
}

test(
  'SYS-01 a demo shop whose loading was broken off is loaded to the end at the next start, nothing twice, with a month of money behind it',
  async () => {
    const clock = new DemoClock()
    const shop = await startTestApp({ clock })
    const port = await freePort()
    const config = readConfig({
      ...shop.env,
      ...{ ROLES: 'all', ZHANGGUI_DEMO: '1', PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` },
    })
    try {
      // The connection to the books breaks off again and again, somewhere else each time; the last time within the month.
      for (const calls of [40, 240]) {
        const broken = await createApp(config, { log, clock })
        const { inject } = broken.http
        let left = calls
        Object.assign(broken.http, {
          inject: (...input: Parameters<typeof inject>) => {
            if (left-- <= 0) throw new Error('the process was killed')
            return inject.apply(broken.http, input)
          },
        })
        await expect(broken.start()).rejects.toMatchObject({ code: 'NETWORK' })
        await broken.close()
      }
      expect(clock.behindMs).toBeGreaterThan(0)
      const whole = await createApp(config, { log, clock })
      await whole.start()
      // Today is told after the shop has opened: by the program or by whoever asks for it first, and once.
      await loadDemo(whole)
      expect(await loadDemo(whole)).toBe(false)
      await whole.relay.drain()
      const found = await whole.db.read('system', (tx) =>
        tx.one<Record<string, number>>(sql`
        select (select count(*) from products) as products, (select count(*) from products where state = 'on-sale') as on_sale,
          (select count(*) from orders) as orders,
          (select count(*) from (select sku_id, warehouse_id from stock_movements where reason = 'purchase'
            group by sku_id, warehouse_id having count(*) > 1) twice) as stocked,
          (select count(*) from withdrawals) as withdrawals, (select count(*) from freezes) as freezes,
          (select count(*) from statements) as statements, (select count(*) from approvals) as approvals`),
      )
      await whole.close()
      expect(clock.behindMs).toBe(0)
      expect(found).toMatchObject({ products: 25, onSale: 25, orders: STORY.length + MONTH_ORDERS.length, stocked: 0 })
      // How much of it the calendar allows depends on weekends and holidays.
      expect(found.freezes).toBe(2)
      expect(found.approvals).toBe(3)
      expect(found.withdrawals).toBeGreaterThanOrEqual(3)
      expect(found.statements).toBeGreaterThanOrEqual(2)
      expect((await shop.audit()).deviations).toEqual([])
    } finally {
      await shop.close()
    }
  },
  DEMO_TIMEOUT_MS,
)
