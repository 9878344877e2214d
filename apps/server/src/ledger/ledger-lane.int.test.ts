import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Db, sql } from '../kernel/db.ts'
import { newId } from '../kernel/ids.ts'
import { getBalances } from './accounts.ts'
import { type Ledger, openLedger, openShop } from './book.fixture.ts'
import { commandKey } from './ledger-lane.ts'
import { createOrderLane, ORDERS_TABLE, orderOf } from './orders.fixture.ts'

let ledger: Ledger
let admin: pg.Client
beforeAll(async () => {
  ledger = await openLedger()
  admin = new pg.Client({ connectionString: ledger.database.adminUrl })
  await admin.connect()
  await admin.query(ORDERS_TABLE)
})
afterAll(async () => {
  await admin.end()
  await ledger.close()
})

async function ordersOf(shopId: string): Promise<{ id: string; key: string }[]> {
  return ledger.db.read('system', (tx) => tx.rows(sql`select id, key from test_orders where shop_id = ${shopId}`))
}

async function reservedIn(shop: { shopId: string; available: string }): Promise<number> {
  const balances = await ledger.db.read('system', (tx) => getBalances(tx, shop.shopId, [shop.available]))
  return balances.get(shop.available)!.debitsPending
}

test('ORD-02 a rush on the last units: exactly those are ordered, in order of arrival, the rest are told what was short', async () => {
  const shop = await openShop(ledger, 250)
  const lane = createOrderLane(ledger.db, ledger.clock, { maxBatch: 64, concurrency: 1, maxPerShop: 2000 })
  const answers = await Promise.all(
    Array.from({ length: 1000 }, (_, index) => lane.submit(orderOf(shop.shopId, `k${index}`, 1))),
  )
  await lane.close()
  expect(answers.map((answer) => answer.ok)).toEqual(answers.map((_, index) => index < 250))
  expect(answers[999]).toMatchObject({
    refusal: { reason: 'limit', accountId: shop.available, available: 0, needed: 1 },
  })
  expect(await ordersOf(shop.shopId)).toHaveLength(250)
  expect(await reservedIn(shop)).toBe(250)
  expect((await ledger.audit()).deviations).toEqual([])
})

test('ORD-02 one key in one batch, in racing lanes and again later is one order', async () => {
  const shop = await openShop(ledger, 10_000)
  const lanes = [1, 2, 3].map(() => createOrderLane(ledger.db, ledger.clock, { maxBatch: 10 }))
  const submitAll = () =>
    Promise.all(
      lanes.flatMap((lane) =>
        Array.from({ length: 60 }, (_, index) => lane.submit(orderOf(shop.shopId, `key-${index % 30}`, 2))),
      ),
    )
  const answers = [...(await submitAll()), ...(await submitAll())]
  await Promise.all(lanes.map((lane) => lane.close()))
  expect(answers.every((answer) => answer.ok)).toBe(true)
  const orders = await ordersOf(shop.shopId)
  expect(orders).toHaveLength(30)
  expect(new Set(answers.map((answer) => answer.ok && answer.answer))).toEqual(new Set(orders.map(({ id }) => id)))
  expect(await reservedIn(shop)).toBe(60)
})

test('ORD-02 racing processes without a common account meet at the unique key', async () => {
  // Free orders touch no account, so no lock keeps the two apart: both look, find nothing, and write.
  const shop = await openShop(ledger, 100)
  const lanes = [1, 2].map(() => createOrderLane(ledger.db, ledger.clock))
  for (let round = 0; round < 20; round++) {
    const answers = await Promise.all(
      lanes.map((lane) =>
        lane.submit({ shopId: shop.shopId, idempotencyKey: `free-${round}`, payload: { quantity: 1 }, transfers: [] }),
      ),
    )
    expect(new Set(answers.map((answer) => answer.ok && answer.answer)).size).toBe(1)
  }
  expect(await ordersOf(shop.shopId)).toHaveLength(20)
  await Promise.all(lanes.map((lane) => lane.close()))
})

test('ORD-02 a poison order is refused alone, a nonsensical one before it is queued', async () => {
  const shop = await openShop(ledger, 10_000)
  const lane = createOrderLane(ledger.db, ledger.clock)
  const submitted = Array.from({ length: 50 }, (_, index) => orderOf(shop.shopId, `p${index}`, index === 17 ? 666 : 1))
  const answers = await Promise.allSettled(submitted.map((command) => lane.submit(command)))
  expect(answers.flatMap((answer, index) => (answer.status === 'rejected' ? [index] : []))).toEqual([17])
  expect(await reservedIn(shop)).toBe(49)
  await expect(lane.submit(orderOf(shop.shopId, 'x', 0))).rejects.toThrow('Not an amount: 0')
  await expect(lane.submit({ ...orderOf(shop.shopId, 'x', 1), shopId: 'x' })).rejects.toThrow('Not a shopId: x')
  await lane.close()
})

test('ORD-02 find can refuse a command; the same transfers under another key are a conflict', async () => {
  const shop = await openShop(ledger, 100)
  const refusing = createOrderLane(ledger.db, ledger.clock, {
    find: async (_tx, commands) => new Map([[commandKey(commands[0]!), new Error('closed')]]),
  })
  const [first, second] = [orderOf(shop.shopId, 'a', 1), orderOf(shop.shopId, 'b', 1)]
  const answers = await Promise.allSettled([refusing.submit(first), refusing.submit(second)])
  expect(answers).toMatchObject([{ status: 'rejected', reason: { message: 'closed' } }, { value: { ok: true } }])
  await refusing.close()

  const lane = createOrderLane(ledger.db, ledger.clock)
  expect(await lane.submit({ ...second, idempotencyKey: 'c' })).toMatchObject({
    ok: false,
    refusal: { reason: 'conflict', transferId: second.transfers[0]!.id },
  })
  await lane.close()
})

test('ORD-02 lanes of several shops in one batch keep their books apart', async () => {
  const shops = await Promise.all([openShop(ledger, 3), openShop(ledger, 100)])
  const lane = createOrderLane(ledger.db, ledger.clock)
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => lane.submit(orderOf(shops[index % 2]!.shopId, `s${index}`, 1))),
  )
  expect(lane.stats().batches).toBe(1)
  await lane.close()
  expect(answers.filter((answer) => answer.ok)).toHaveLength(13)
  expect([await reservedIn(shops[0]!), await reservedIn(shops[1]!)]).toEqual([3, 10])
})

test('ORD-02 connections lost at full speed: everybody is answered, and trying again under the same key loses nothing', async () => {
  const shop = await openShop(ledger, 1_000_000)
  const doomed = new Db({ url: ledger.database.appUrl, applicationName: 'doomed' })
  const lane = createOrderLane(doomed, ledger.clock, { maxBatch: 20 })
  const results = new Map<string, string>()
  let unknown = 0
  // Not at every batch of a slow machine: somebody has to be answered between two cuts.
  const cut = setInterval(() => {
    if (Math.random() < 0.7) return
    void admin
      .query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name = 'doomed' and state <> 'idle' limit 1`)
      .catch(() => {})
  }, 15)
  await Promise.all(
    Array.from({ length: 40 }, async (_, caller) => {
      for (let index = 0; index < 40; index++) {
        const key = `${caller}-${index}`
        for (;;) {
          const answer = await lane.submit(orderOf(shop.shopId, key, 1)).catch((error: { code?: string }) => error)
          if ('ok' in answer) {
            if (answer.ok) results.set(key, answer.answer)
            break
          }
          expect(answer).toMatchObject({ code: 'UNAVAILABLE' })
          unknown++
        }
      }
    }),
  )
  clearInterval(cut)
  await lane.close()
  await doomed.close()
  const orders = new Map((await ordersOf(shop.shopId)).map(({ id, key }) => [key, id]))
  expect(orders.size).toBe(1600)
  expect(results).toEqual(orders)
  expect(lane.stats().failedBatches + unknown).toBeGreaterThan(0)
  expect(await reservedIn(shop)).toBe(1600)
  expect((await ledger.audit()).deviations).toEqual([])
})

test('SYS-01 nobody answers: UNAVAILABLE with a time to come back', async () => {
  const nowhere = new Db({ url: 'postgres://nobody@127.0.0.1:1/none' })
  const lane = createOrderLane(nowhere, ledger.clock)
  const answers = await Promise.allSettled(
    Array.from({ length: 100 }, (_, index) => lane.submit(orderOf(newId(), `k${index}`, 1))),
  )
  for (const answer of answers)
    expect(answer).toMatchObject({ reason: { code: 'UNAVAILABLE', details: { retryAfterSeconds: 1 } } })
  // Once more as a whole, and not once for each of them.
  expect(lane.stats()).toMatchObject({ batches: 1, failedBatches: 2 })
  await lane.close()
  await nowhere.close()
})
