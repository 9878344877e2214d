import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Db, raw, sql, type Tx } from '../apps/server/src/kernel/db.ts'
import { ADDRESS, startTestApp, type TestApp, type TestBuyer, type TestShop } from './support/app.ts'
import { leaveDeliveryTraces } from './support/delivery-traces.ts'
import { leaveFulfilmentTraces } from './support/fulfilment.ts'
import { newKey } from './support/http.ts'
import { leaveMoneyTraces } from './support/money-traces.ts'
import { pageObjects } from './support/pages.ts'
import { leavePriceTraces } from './support/price-traces.ts'
import { leaveReviewTraces } from './support/reviews.ts'
import { leaveShareTraces } from './support/sharing.ts'
import { leaveStorefrontTraces } from './support/storefront-traces.ts'
import { leaveWorkspaceTraces } from './support/workspace.ts'

interface Table {
  name: string
  /** `shop_id`, `buyer_id`, or null for what belongs to nobody in particular. */
  key: 'shop_id' | 'buyer_id' | null
  isReference: boolean
  hasBuyer: boolean
}

let app: TestApp
let admin: pg.Client
let db: Db
let tables: Table[]
let ours: TestShop
let theirs: TestShop
let buyer: TestBuyer
let otherBuyer: TestBuyer

beforeAll(async () => {
  app = await startTestApp()
  db = app.app.db
  ;[ours, theirs] = [await app.openTestShop(), await app.openTestShop()]
  ;[buyer, otherBuyer] = [await app.buyer(), await app.buyer()]
  for (const shop of [ours, theirs]) await pageObjects(shop)
  for (const shop of [ours, theirs]) await leaveMoneyTraces(app, shop, otherBuyer.buyerId)
  for (const shop of [ours, theirs]) await leaveShareTraces(app, shop, buyer)
  for (const shop of [ours, theirs])
    for (const each of [buyer, otherBuyer]) {
      await leaveTraces(shop, each)
      await leaveDeliveryTraces(app, shop, each)
      await leavePriceTraces(app, shop, each)
      await leaveReviewTraces(app, shop, each)
      await leaveStorefrontTraces(app, shop, each)
    }
  admin = new pg.Client({ connectionString: app.database.adminUrl })
  await admin.connect()
  for (const each of [buyer, otherBuyer]) await leaveOwnDataTraces(each)
  tables = await readTables()
  // A whole day of two shops: on a busy machine it takes its time.
}, 180_000)
afterAll(async () => {
  await admin?.end()
  await app?.close()
})

/** Has the shop send messages, and lets the buyer allow two. */
async function allowNotices(shop: TestShop, each: TestBuyer): Promise<void> {
  const params = { shopId: shop.shopId }
  const name = 'notifications.order-shipped-template'
  const { version } = (await shop.owner.call('console.settings', { params })).items.find((item) => item.name === name)!
  const body = { value: 'sim-order-shipped', version }
  await shop.owner.call('console.setSetting', { params: { ...params, name }, body })
  for (let turn = 0; turn < 2; turn++)
    await each.call('buyer.answerNotices', {
      params,
      idempotencyKey: newKey(),
      body: { answers: [{ templateId: 'sim-order-shipped', answer: 'accept' }] },
    })
}

/** A copy that was asked for, and a leaving that was taken back. */
async function leaveOwnDataTraces(each: TestBuyer): Promise<void> {
  await each.call('buyer.copyOwnData')
  await admin.query(
    `insert into account_deletions (buyer_id, id, state, reason, requested_at, due_at, ended_at)
     values ($1, $1, 'cancelled', '', now(), now(), now())`,
    [each.buyerId],
  )
}

/** A row in as many tables as an ordinary day fills. */
async function leaveTraces(shop: TestShop, each: TestBuyer): Promise<void> {
  const params = { shopId: shop.shopId }
  await allowNotices(shop, each)
  const { skuIds } = await app.product(shop, { purchaseLimit: 99 })
  const goods: [string, number][] = [[skuIds[0]!, 1]]
  const order = () => app.order(each, shop.shopId, goods)
  const [shipped, refunded, waiting] = [await order(), await order(), await order()]
  for (const placed of [shipped, refunded, waiting]) await app.pay(each, placed)
  await app.settle()
  const parcel = { carrierCode: 'SF', trackingNo: 'SF1234567890' } as const
  await shop.owner.call('console.shipOrder', {
    params: { ...params, orderId: shipped.orderId },
    idempotencyKey: newKey(),
    body: parcel,
  })
  await each.call('orders.requestRefund', {
    params: { ...params, orderId: refunded.orderId },
    idempotencyKey: newKey(),
    body: { reason: '不要了' },
  })
  const { version: policy } = await shop.owner.call('console.aftersalePolicy', { params })
  await shop.owner.call('console.saveReturnAddresses', { params, body: { version: policy, addresses: [] } })
  await app.order(each, shop.shopId, goods)
  await each.call('buyer.createAddress', { body: ADDRESS })
  await each.call('cart.add', { body: { ...params, skuId: skuIds[0]!, quantity: 1 } })
  const name = 'orders.unpaid-timeout-minutes'
  const setting = (await shop.owner.call('console.settings', { params })).items.find((item) => item.name === name)!
  await shop.owner.call('console.setSetting', {
    params: { ...params, name },
    body: { value: 45, version: setting.version },
  })
  await leaveWorkspaceTraces(shop, shipped.orderId)
  await leaveFulfilmentTraces(shop, [waiting.orderId])
  await shop.owner.call('console.createTagDimension', {
    params,
    body: { name: `人群 ${newKey().slice(0, 8)}`, values: [{ name: '送礼' }] },
  })
  const file = new Blob([`商品标题,类目,SKU 编码,售价,图片\n茶,茶,${newKey().slice(0, 8)},10,没有.png\n茶,茶,,面议,\n`])
  const started = await shop.owner.call('console.startImport', { params, file, fileName: 'goods.csv' })
  await app.settle()
  const at = { ...params, importId: started.id }
  const { mapping, options } = await shop.owner.call('console.import', { params: at })
  await shop.owner.call('console.runImport', { params: at, body: { mapping, options } })
  await app.settle()
}

async function readTables(): Promise<Table[]> {
  const { rows } = await admin.query<{ name: string; comment: string; buyer: boolean }>(`
    select t.relname as name, obj_description(t.oid, 'pg_class') as comment,
      exists (select from pg_attribute a where a.attrelid = t.oid and a.attname = 'buyer_id' and not a.attisdropped) as buyer
    from pg_class t join pg_namespace n on n.oid = t.relnamespace
    where n.nspname = 'public' and t.relkind in ('r', 'p') and not t.relispartition and t.relrowsecurity order by 1`)
  return rows.map(({ name, comment, buyer: hasBuyer }) => ({
    name,
    key: (/^distribute: (shop_id|buyer_id)$/.exec(comment)?.[1] ?? null) as Table['key'],
    isReference: comment === 'reference',
    hasBuyer,
  }))
}

/** How many rows there are, as somebody before whom no wall stands. */
async function countAll(table: string, where = 'true'): Promise<number> {
  return (await admin.query(`select count(*)::int as n from ${table} where ${where}`)).rows[0].n
}
const seen = async (tx: Tx, table: string): Promise<number> =>
  (await tx.one<{ n: number }>(sql`select count(*)::int as n from ${raw(table)}`)).n

class Undo extends Error {}

/** How many rows a statement without a where clause would change; nothing stays changed. */
async function changed(scope: Parameters<Db['tx']>[0], statement: string): Promise<number> {
  let count = 0
  await db
    .tx(scope, async (tx) => {
      count = await tx.exec(sql`${raw(statement)}`)
      throw new Undo()
    })
    .catch((error: unknown) => {
      if (!(error instanceof Undo)) throw error
    })
  return count
}

const shopTables = () => tables.filter((table) => table.key === 'shop_id')
const buyerTables = () => tables.filter((table) => table.key === 'buyer_id')

test('ACC-05 the traces are there: both shops have rows in what these tests look at', async () => {
  const empty: string[] = []
  for (const table of shopTables())
    for (const shop of [ours, theirs])
      if ((await countAll(table.name, `shop_id = '${shop.shopId}'`)) === 0) empty.push(table.name)
  // Filled by promotions, by carriers on the way, by a subscriber's failure, and by a download over the network.
  const rare = ['order_adjustments', 'outbox_parked', 'picture_sources', 'parcel_events']
  // Counted and computed by jobs.
  const computed = ['search_counts', 'search_terms', 'search_queries', 'product_pairs', 'product_heat']
  expect([...new Set(empty)].filter((name) => ![...rare, ...computed].includes(name))).toEqual([])
  expect(shopTables().length).toBeGreaterThan(25)
})

describe('a transaction of one shop that forgets its where clause', () => {
  test('ACC-05 SYS-03 sees the rows of its shop and no others, in every table', async () => {
    const scope = { shopId: ours.shopId }
    for (const { name } of shopTables())
      expect([name, await db.read(scope, (tx) => seen(tx, name))]).toEqual([
        name,
        await countAll(name, `shop_id = '${ours.shopId}'`),
      ])
    for (const { name } of buyerTables())
      expect([name, await db.read(scope, (tx) => seen(tx, name))]).toEqual([name, 0])
  })

  test('ACC-05 SYS-03 changes and removes nothing of another shop, in any table', async () => {
    const scope = { shopId: ours.shopId }
    for (const { name } of shopTables()) {
      const own = await countAll(name, `shop_id = '${ours.shopId}'`)
      for (const statement of [`update ${name} set shop_id = shop_id`, `delete from ${name}`]) {
        // Refused for other reasons (foreign keys), done to nothing (what is written once) or done to the own rows.
        const touched = await changed(scope, statement).catch(() => 0)
        expect([statement, [0, own].includes(touched)]).toEqual([statement, true])
      }
    }
  })

  test('ACC-05 SYS-03 cannot move a row into another shop, nor write one there', async () => {
    for (const { name } of shopTables()) {
      const moved = await changed({ shopId: ours.shopId }, `update ${name} set shop_id = '${theirs.shopId}'`).catch(
        () => 0,
      )
      expect([name, moved]).toEqual([name, 0])
    }
  })
})

describe('a transaction of one buyer', () => {
  test('ACC-05 GOV-08 sees what is that buyer’s own, in every table', async () => {
    for (const { name } of buyerTables()) {
      const own = await countAll(name, `buyer_id = '${buyer.buyerId}'`)
      expect([name, await db.read({ buyerId: buyer.buyerId }, (tx) => seen(tx, name))]).toEqual([name, own])
      expect([name, await changed({ buyerId: buyer.buyerId }, `update ${name} set buyer_id = buyer_id`)]).toEqual([
        name,
        own,
      ])
      expect(own).toBeGreaterThan(0)
    }
  })

  test('ACC-05 GOV-08 sees of a shop’s orders, payments and refunds only the buyer’s own', async () => {
    const scope = { shopId: ours.shopId, buyerId: buyer.buyerId }
    const shared = shopTables().filter((table) => table.hasBuyer)
    expect(shared.map((table) => table.name)).toEqual(
      expect.arrayContaining(['orders', 'order_lines', 'payments', 'refunds', 'shipments']),
    )
    for (const { name } of shared) {
      const own = await countAll(name, `shop_id = '${ours.shopId}' and buyer_id = '${buyer.buyerId}'`)
      const all = await countAll(name, `shop_id = '${ours.shopId}'`)
      expect([name, await db.read(scope, (tx) => seen(tx, name))]).toEqual([name, own])
      expect([name, await changed(scope, `update ${name} set buyer_id = buyer_id`)]).toEqual([name, own])
      if (all > 0) expect(all).toBeGreaterThan(own)
    }
  })
})

describe('a connection that says for whom it works to nobody', () => {
  test('ACC-05 SYS-03 sees nothing at all, and changes nothing', async () => {
    const client = new pg.Client({ connectionString: app.database.appUrl })
    await client.connect()
    try {
      for (const { name, isReference } of tables) {
        const { rows } = await client.query(`select count(*)::int as n from ${name}`)
        if (!isReference) expect([name, rows[0].n]).toEqual([name, 0])
        const removed = await client.query(`delete from ${name}`).then(
          (result) => result.rowCount,
          () => 0,
        )
        expect([name, removed]).toEqual([name, 0])
      }
    } finally {
      await client.end()
    }
  })

  test('SYS-03 the role of the program can neither put the wall down nor take another role', async () => {
    const client = new pg.Client({ connectionString: app.database.appUrl })
    await client.connect()
    try {
      for (const statement of [
        'alter table orders disable row level security',
        'drop policy tenant on orders',
        'set role postgres',
        'set session authorization postgres',
        'create table mine (id int)',
        'truncate orders',
      ])
        await expect(client.query(statement), statement).rejects.toThrow()
    } finally {
      await client.end()
    }
  })
})
