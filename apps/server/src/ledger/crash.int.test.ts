import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../kernel/clock.ts'
import { sql } from '../kernel/db.ts'
import { type Ledger, openLedger, openShop } from './book.fixture.ts'
import { createOrderLane, ORDERS_TABLE, orderOf } from './orders.fixture.ts'

const ROUNDS = 6

let ledger: Ledger
beforeAll(async () => {
  ledger = await openLedger()
  const admin = new pg.Client({ connectionString: ledger.database.adminUrl })
  await admin.connect()
  await admin.query(ORDERS_TABLE)
  await admin.end()
})
afterAll(() => ledger.close())

/** Runs the child and kills it at a random moment after it has begun to answer. */
async function runAndKill(shopId: string, round: number): Promise<Map<string, string>> {
  const script = path.join(import.meta.dirname, 'crash-child.fixture.ts')
  const child = spawn(process.execPath, [script, ledger.database.appUrl, shopId, String(round)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk) => {
    if (output === '') setTimeout(() => child.kill('SIGKILL'), 20 + Math.random() * 300)
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const [, signal] = await once(child, 'close')
  expect(signal, errors).toBe('SIGKILL')
  const lines = output.slice(0, output.lastIndexOf('\n')).split('\n')
  return new Map(lines.map((line) => line.split(' ') as [string, string]))
}

test('ORD-02 killed at full speed, again and again: every answered order is there once, none by half', async () => {
  const shop = await openShop(ledger, 10_000_000)
  const acknowledged = new Map<string, string>()
  for (let round = 0; round < ROUNDS; round++)
    for (const [key, id] of await runAndKill(shop.shopId, round)) acknowledged.set(key, id)
  expect(acknowledged.size).toBeGreaterThan(ROUNDS * 100)

  const rows = await ledger.db.read('system', (tx) =>
    tx.rows<{ key: string; id: string }>(sql`select key, id from test_orders`),
  )
  // Not joined by the database: right after a rush it takes both tables for as small as they were before.
  const transfers = await ledger.db.read('system', (tx) =>
    tx.rows<{ orderId: string; transfers: number; amount: number }>(sql`
      select reference_id as "orderId", count(*) as transfers, sum(amount)::bigint as amount
      from ledger_transfers where reference_type = 'order' group by reference_id`),
  )
  const orders = new Map(rows.map((row) => [row.key, row.id]))
  expect(orders.size).toBe(rows.length)
  expect(transfers.every((each) => each.transfers === 1 && each.amount === 1)).toBe(true)
  expect(new Set(transfers.map((each) => each.orderId))).toEqual(new Set(orders.values()))
  for (const [key, id] of acknowledged) expect(orders.get(key), key).toBe(id)

  // Transfers without an order would show here: every one but the receipt belongs to one.
  const report = await ledger.audit()
  expect(report).toMatchObject({ balanced: true, transfers: rows.length + 1, openPendings: rows.length })

  // Clients that got no answer try again, those that did as well: the same orders, nothing new but what was lost.
  const lane = createOrderLane(ledger.db, systemClock)
  const keys = [...new Set([...orders.keys()].slice(-300)), ...[...acknowledged.keys()].slice(0, 100)]
  const again = await Promise.all(keys.map((key) => lane.submit(orderOf(shop.shopId, key, 1))))
  await lane.close()
  for (const [index, answer] of again.entries())
    expect(answer).toEqual({ ok: true, answer: orders.get(keys[index]!), duplicate: true })
  expect((await ledger.audit()).transfers).toBe(rows.length + 1)
})
