import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { type App, createApp } from '../../apps/server/src/app.ts'
import { TestClock } from '../../apps/server/src/kernel/clock.ts'
import { readConfig } from '../../apps/server/src/kernel/config.ts'
import { hashToken } from '../../apps/server/src/kernel/crypto.ts'
import { sql } from '../../apps/server/src/kernel/db.ts'
import { STAFF_COOKIE } from '../../apps/server/src/kernel/http/caller.ts'
import { PLATFORM_SHOP_ID } from '../../apps/server/src/kernel/ids.ts'
import { createLogger } from '../../apps/server/src/kernel/log.ts'
import { type AuditReport, auditLedger } from '../../apps/server/src/ledger/index.ts'
import { STEP_UP_PURPOSES } from '../../packages/contract/src/index.ts'
import { freePort } from '../../packages/engines/src/index.ts'
import { type Simulator, startSimulator } from '../../packages/wechat-simulator/src/index.ts'
import type { MovableClock } from './clock.ts'
import type { TestDatabase } from './database.ts'
import { newKey, type Visitor, visit } from './http.ts'

/** What the test shops' staff sign in with. */
export const PASSWORD = 'correct-horse-battery'

export const ADDRESS = {
  name: '欧阳小明',
  phone: '13812345678',
  province: '广东省',
  city: '深圳市',
  district: '南山区',
  street: '',
  detail: '科技园科苑路 15 号 1203',
}

export interface TestAppOptions {
  /** `false` leaves the events' store unconfigured, as on a machine that has no ClickHouse. */
  clickhouse?: boolean
  /** Schedules, jobs and the relay run by themselves; otherwise `settle` and `advance` do their work. */
  workers?: boolean
  /** `false` for a shop that is not connected to WeChat at all. */
  simulator?: boolean
  /** `true` has parcels followed: they travel through the simulator's carriers as its clock moves. */
  express?: boolean
  /** Stands still from 11 November 2026 on, unless given. */
  clock?: MovableClock
  /** Instead of a fresh one of the test runner. */
  database?: TestDatabase
  /** Keeps errors only in the log, for runs that would fill memory with them. */
  quiet?: boolean
  env?: Record<string, string>
}

export interface TestShop {
  shopId: string
  slug: string
  /** Signed in as the owner. */
  owner: Visitor
  ownerAccount: string
}

export interface TestBuyer extends Visitor {
  buyerId: string
  /** The person at WeChat. */
  person: string
  token: string
}

export interface TestProduct {
  productId: string
  skuIds: string[]
}

export interface TestApp {
  url: string
  /** What the program was configured with: for a second process on the same data. */
  env: Record<string, string>
  clock: MovableClock
  sim: Simulator
  database: TestDatabase
  /** The program as it runs now; another one after `restart`. */
  readonly app: App
  /** Every line of log so far. */
  logs: string[]
  visitor(headers?: Record<string, string>): Visitor
  openTestShop(name?: string): Promise<TestShop>
  /** Adds a member of staff with exactly these permissions and signs in. */
  staffWith(shop: TestShop, permissions: readonly string[]): Promise<Visitor & { account: string; staffId: string }>
  platformStaff(): Promise<Visitor>
  signIn(account: string, password?: string, totp?: string): Promise<Visitor>
  /** A buyer who came through the mini program; somebody new unless named. */
  buyer(person?: string): Promise<TestBuyer>
  product(shop: TestShop, options?: ProductOptions): Promise<TestProduct>
  order(buyer: Visitor, shopId: string, lines: [skuId: string, quantity: number][], more?: object): Promise<PlacedOrder>
  /** Lets the buyer pay in the mini program; WeChat's notification is on its way afterwards. */
  pay(buyer: TestBuyer, order: PlacedOrder): Promise<void>
  /** Notifications, events, jobs and sweeps, until nothing is left to do. */
  settle(): Promise<void>
  /** Moves everybody's clock, then settles. */
  advance(ms: number): Promise<void>
  audit(): Promise<AuditReport>
  /** Stops the program and starts it anew on the same data. */
  restart(): Promise<void>
  close(): Promise<void>
}

export interface ProductOptions {
  title?: string
  pricesFen?: number[]
  /** Units that one buyer may have. */
  purchaseLimit?: number
  stock?: number
}

export interface PlacedOrder {
  shopId: string
  orderId: string
  orderNo: string
  totalFen: number
}

/** The buyer agrees to the program's own texts, so that no page asks. */
export async function agreeToTexts(buyer: Visitor, shopId: string): Promise<void> {
  const items = (['agreement', 'privacy'] as const).map((kind) => ({ kind, version: 0 }))
  await buyer.call('buyer.agreeToAll', { params: { shopId }, body: { items } })
}

const SETTLE_ROUNDS = 20

/** A complete program on fresh databases with a WeChat of its own, listening; the clock stands until it is moved. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const clock = options.clock ?? new TestClock()
  // Asks the test runner where the engines are: not there when a benchmark brings a database of its own.
  const engines = options.database ? undefined : await import('./database.ts')
  const database = options.database ?? (await engines!.createTestDatabase())
  const clickhouse =
    options.clickhouse !== false && engines?.hasClickHouse() ? await engines.createTestClickHouseDatabase() : undefined
  const folder = await mkdtemp(join(tmpdir(), 'zhanggui-app-'))
  const sim = await startSimulator({ now: () => clock.millis() })
  sim.settings({ refund_delay_ms: 0, refund_interval_ms: 0 })
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env: Record<string, string> = {
    NODE_ENV: 'test',
    PORT: String(port),
    PUBLIC_URL: url,
    ROLES: options.workers ? 'all' : 'api',
    SECRET_KEY: randomBytes(32).toString('hex'),
    DATABASE_URL: database.appUrl,
    FILES_DIR: join(folder, 'files'),
    DATA_DIR: folder,
    ...(clickhouse ? { CLICKHOUSE_URL: clickhouse.url, CLICKHOUSE_DATABASE: clickhouse.name } : {}),
    ...(options.simulator === false ? {} : { ...sim.credentials.env, WECHAT_SIMULATOR_URL: sim.url }),
    ...(options.express ? {} : { EXPRESS_KEY: '', EXPRESS_CUSTOMER: '' }),
    ...options.env,
  }
  const config = readConfig(env)
  const logs: string[] = []
  const destination = new Writable({
    write(chunk, _encoding, done) {
      logs.push(String(chunk))
      if (process.env.TEST_APP_LOGS === '1' && /"level":"(error|fatal)"/.test(String(chunk)))
        console.error(String(chunk))
      done()
    },
  })
  const start = async () => {
    const started = await createApp(config, {
      clock,
      log: createLogger({ level: options.quiet ? 'error' : 'debug', destination }),
    })
    await started.start()
    return started
  }
  const cleanUp = async () => {
    await sim.close()
    await clickhouse?.drop()
    await database.drop()
    await rm(folder, { recursive: true, force: true })
  }
  let app = await start().catch(async (error: unknown) => {
    await cleanUp()
    throw error
  })
  const close = async () => {
    await app.close()
    await cleanUp()
  }
  const settle = async () => {
    for (let round = 0; round < SETTLE_ROUNDS; round++) if (!(await settleOnce(app, sim))) return
    throw new Error('The program does not come to rest')
  }
  return {
    ...personas(url, sim, () => app),
    ...trade(sim),
    url,
    env,
    clock,
    sim,
    database,
    logs,
    get app() {
      return app
    },
    settle,
    async advance(ms) {
      clock.advance(ms)
      await settle()
    },
    audit: () => app.db.read('system', (tx) => auditLedger(tx)),
    async restart() {
      await app.close()
      app = await start()
    },
    close,
  }
}

/** What the program does by the clock, side by side as in life. Answers whether there was anything to do. */
async function settleOnce(app: App, sim: Simulator): Promise<boolean> {
  await sim.settle()
  const drained = await app.relay.drain()
  const swept = await Promise.all([
    app.engines.jobs.runNow(),
    app.orders.cancelDueOrders(),
    app.orders.receiveDueOrders(),
    app.fulfilment.handOverDue(),
    app.payments.sweepPayments(),
    app.payments.sweepRefunds(),
    app.sharing.sweepMoney(),
    app.sharing.sweepSplits(),
    app.sharing.sweepReturns(),
    app.payments.reportShipments(),
    app.settlement.sweepWithdrawals(),
    app.settlement.sweepFreezes(),
    app.settlement.releaseDue(),
    app.settlement.closeStatements(),
    app.storefront.sweepRestocked(),
    app.delivery.followParcels(),
    app.delivery.remindBuyers(),
    app.delivery.endKeeping(),
    app.reviews.remindDue(),
    app.reviews.giveDefaults(),
    app.notifications.sendDue(),
    app.exceptions.sweep(),
    app.aftersale.sweep(),
    app.customers.leaveDue(),
  ])
  const done = swept.reduce((sum, each) => sum + each, drained)
  await app.engines.eventStore.flush()
  return done > 0
}

function personas(url: string, sim: Simulator, app: () => App) {
  let count = 0
  const visitor = (headers?: Record<string, string>) => visit(url, headers)
  /** Tests are not asked who they are at every sensitive operation; those about it sign in without this. */
  const prove = (token: string) =>
    app().db.tx('system', (tx) =>
      tx.exec(sql`
        insert into staff_step_ups (session_id, purpose, means, proven_at, expires_at)
        select id, purpose, 'test', created_at, expires_at
        from staff_sessions cross join unnest(${[...STEP_UP_PURPOSES]}::text[]) as purpose
        where token_hash = ${hashToken(token)}`),
    )
  const signIn = async (account: string, password = PASSWORD, totp?: string) => {
    const staff = visitor()
    await staff.call('auth.staffSignIn', { body: { account, password, ...(totp === undefined ? {} : { totp }) } })
    await prove(staff.cookies.get(STAFF_COOKIE)!)
    return staff
  }
  return {
    visitor,
    signIn,
    async openTestShop(name = '测试店'): Promise<TestShop> {
      const slug = `shop-${++count}`
      const ownerAccount = `owner-${count}`
      const owner = { account: ownerAccount, name: `店主${count}`, password: PASSWORD }
      const shopId = await app().openShop({ name, slug, owner })
      return { shopId, slug, ownerAccount, owner: await signIn(ownerAccount) }
    },
    async staffWith({ shopId, owner }: TestShop, permissions: readonly string[]) {
      const account = `staff-${++count}`
      const params = { shopId }
      const role = await owner.call('console.createRole', {
        params,
        body: { name: account, permissions: [...permissions] },
      })
      const body = { account, name: `员工${count}`, password: PASSWORD, roleIds: [role.id] }
      const { id: staffId } = await owner.call('console.createStaff', { params, body })
      return { ...(await signIn(account)), account, staffId }
    },
    async platformStaff(): Promise<Visitor> {
      const account = `platform-${++count}`
      const passwordHash = await app().identity.hashPassword(PASSWORD)
      await app().db.tx('system', async (tx) => {
        const roleId = await app().identity.platformRole(tx)
        await app().identity.addMember(tx, PLATFORM_SHOP_ID, roleId, { account, name: '平台', passwordHash })
      })
      return signIn(account)
    },
    async buyer(person?: string): Promise<TestBuyer> {
      const who = person ?? sim.people.create({ name: `买家${++count}`, phone: `139${String(10_000_000 + count)}` }).id
      const body = { code: sim.people.loginCode(who) }
      const { token, buyer } = await visitor().call('auth.miniSignIn', { body })
      return { ...visitor({ authorization: `Bearer ${token}` }), token, buyerId: buyer.id, person: who }
    },
  }
}

function trade(sim: Simulator) {
  let count = 0
  return {
    async product({ shopId, owner }: TestShop, options: ProductOptions = {}): Promise<TestProduct> {
      const params = { shopId }
      const pricesFen = options.pricesFen ?? [1990]
      const code = `T${++count}`
      const values = pricesFen.map((_, index) => `${index + 1} 号`)
      const file = new Blob([PIXEL], { type: 'image/png' })
      const picture = await owner.call('console.uploadFile', { params, file, fileName: 'pixel.png' })
      const categories = (await owner.call('console.categories', { params })).items
      const category = categories[0] ?? (await owner.call('console.createCategory', { params, body: { name: '家居' } }))
      const made = await owner.call('console.createProduct', {
        params,
        body: {
          categoryId: category.id,
          title: options.title ?? `青瓷杯 ${code}`,
          options: [{ name: '款式', values }],
          ...(options.purchaseLimit === undefined ? {} : { purchaseLimit: options.purchaseLimit }),
          pictureFileIds: [picture.fileId],
          skus: values.map((value, index) => ({
            code: `${code}-${index + 1}`,
            optionValues: [value],
            priceFen: pricesFen[index]!,
          })),
        },
      })
      const published = await owner.call('console.publishProducts', {
        params,
        body: { productIds: [made.id], onSale: true },
      })
      if (published.refused.length > 0) throw new Error(`Not published: ${published.refused[0]!.reason}`)
      const skuIds = made.skus.map((sku) => sku.id)
      const { items } = await owner.call('console.warehouses', { params })
      const quantity = options.stock ?? 100
      if (quantity > 0)
        await owner.call('console.adjustStock', {
          params,
          idempotencyKey: newKey(),
          body: {
            warehouseId: items.find((each) => each.kind === 'central')!.id,
            reason: 'purchase',
            lines: skuIds.map((skuId) => ({ skuId, quantity })),
          },
        })
      return { productId: made.id, skuIds }
    },
    async order(buyer: Visitor, shopId: string, goods: [string, number][], more: object = {}): Promise<PlacedOrder> {
      const params = { shopId }
      const lines = goods.map(([skuId, quantity]) => ({ skuId, quantity }))
      const quote = await buyer.call('store.quote', { params, body: { lines, province: ADDRESS.province } })
      const body = { lines, address: ADDRESS, expectedTotalFen: quote.totalFen, ...more }
      return { shopId, ...(await buyer.call('orders.place', { params, idempotencyKey: newKey(), body })) }
    },
    async pay(buyer: TestBuyer, { shopId, orderId }: PlacedOrder): Promise<void> {
      const start = await buyer.call('payments.start', { params: { shopId, orderId }, body: { method: 'mini' } })
      sim.pay({ request: start.jsapi!, person: buyer.person, action: 'confirm' })
    },
  }
}

/** The smallest PNG there is. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
