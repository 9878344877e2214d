/**
 * How many commands a second go through a ledger lane, with fsync on, orders, lines and outbox rows included:
 * `node apps/server/src/ledger/bench.ts [seconds]`. Runs its own PostgreSQL in a temporary folder.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { startPostgres } from '../../../../packages/engines/src/index.ts'
import { HOUR_MS, systemClock } from '../kernel/clock.ts'
import { Db, type Tx } from '../kernel/db.ts'
import { newId } from '../kernel/ids.ts'
import { migrate } from '../kernel/migrate.ts'
import {
  type AccountSpec,
  accountId,
  applyTransfers,
  createLedgerLane,
  ensureAccounts,
  type LedgerCommand,
  type TransferGroup,
} from './index.ts'

interface Order {
  id: string
  buyerId: string
  skuId: string
  quantity: number
  totalFen: number
}

const SECONDS = Number(process.argv[2] ?? 5)
const SHOP = newId()
const TABLES = `
  create table bench_orders (shop_id uuid, id uuid, buyer_id uuid, total_fen bigint, key text, address jsonb,
    created_at timestamptz, primary key (shop_id, id), unique (shop_id, key));
  create table bench_lines (shop_id uuid, order_id uuid, line smallint, sku_id text, quantity int, primary key (shop_id, order_id, line));
  create table bench_outbox (id bigint generated always as identity primary key, shop_id uuid, name text, payload jsonb);
  grant all on bench_orders, bench_lines, bench_outbox to public`
const ADDRESS = JSON.stringify({
  province: '广东省',
  city: '深圳市',
  detail: '科技园1号',
  name: '张三',
  phone: '13800000000',
})

async function writeOrders(tx: Tx, accepted: readonly LedgerCommand<Order>[], now: string): Promise<string[]> {
  const orders = accepted.map((command) => command.payload)
  await tx.prepared(
    'bench-write',
    `with o as (insert into bench_orders select $1, id, buyer_id, total_fen, key, $7::jsonb, $8::timestamptz
       from unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::text[]) as w(id, buyer_id, total_fen, key)),
     l as (insert into bench_lines select $1, id, 1, sku_id, 1 from unnest($2::uuid[], $6::text[]) as w(id, sku_id))
     insert into bench_outbox (shop_id, name, payload)
     select $1::uuid, 'order.placed', jsonb_build_object('orderId', id) from unnest($2::uuid[]) as w(id)`,
    [
      SHOP,
      orders.map((order) => order.id),
      orders.map((order) => order.buyerId),
      orders.map((order) => order.totalFen),
      accepted.map((command) => command.idempotencyKey),
      orders.map((order) => order.skuId),
      ADDRESS,
      now,
    ],
  )
  return orders.map((order) => order.id)
}

async function findOrders(tx: Tx, commands: readonly LedgerCommand<Order>[]): Promise<Map<string, string>> {
  const rows = await tx.prepared<{ key: string; id: string }>(
    'bench-find',
    'select key, id from bench_orders where shop_id = $1 and key = any($2::text[])',
    [SHOP, commands.map((command) => command.idempotencyKey)],
  )
  return new Map(rows.map((row) => [`${SHOP}/${row.key}`, row.id]))
}

const spec = (code: string, skuId: string, minBalance: number | null): AccountSpec => ({
  shopId: SHOP,
  code,
  owners: [skuId],
  unit: `sku:${skuId}`,
  minBalance,
})

async function stockUp(db: Db, skus: readonly string[]): Promise<void> {
  const groups: TransferGroup[] = skus.map((skuId) => ({
    shopId: SHOP,
    accounts: [
      spec('stock.supplier', skuId, null),
      spec('stock.available', skuId, 0),
      spec('stock.reserved', skuId, 0),
    ],
    transfers: [
      {
        kind: 'posted',
        id: newId(),
        debit: accountId('stock.supplier', skuId),
        credit: accountId('stock.available', skuId),
        amount: 1_000_000_000,
        unit: `sku:${skuId}`,
        code: 'stock.in',
      },
    ],
  }))
  await db.tx('system', (tx) =>
    ensureAccounts(
      tx,
      systemClock,
      groups.flatMap((group) => group.accounts ?? []),
    ),
  )
  await db.tx('system', (tx) => applyTransfers(tx, systemClock, groups))
}

function order(skus: readonly string[]): LedgerCommand<Order> {
  const skuId = skus[Math.floor(Math.random() * skus.length)]!
  const id = newId()
  return {
    shopId: SHOP,
    idempotencyKey: newId(),
    payload: { id, buyerId: newId(), skuId, quantity: 1, totalFen: 9900 },
    transfers: [
      {
        kind: 'pending',
        id: newId(),
        debit: accounts(skuId)[0],
        credit: accounts(skuId)[1],
        amount: 1,
        unit: `sku:${skuId}`,
        code: 'order.reserve',
        expiresAt: new Date(Date.now() + HOUR_MS).toISOString(),
        reference: { type: 'order', id },
      },
    ],
  }
}

const known = new Map<string, [string, string]>()
function accounts(skuId: string): [string, string] {
  let pair = known.get(skuId)
  if (pair === undefined) {
    pair = [accountId('stock.available', skuId), accountId('stock.reserved', skuId)]
    known.set(skuId, pair)
  }
  return pair
}

async function throughLane(db: Db, title: string, skus: readonly string[], callers: number): Promise<void> {
  const lane = createLedgerLane<Order, string>({
    name: title,
    db,
    clock: systemClock,
    maxPerShop: 5000,
    find: findOrders,
    write: writeOrders,
  })
  const latencies: number[] = []
  const startedAt = performance.now()
  const until = startedAt + SECONDS * 1000
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() < until) {
        const at = performance.now()
        const answer = await lane.submit(order(skus))
        if (!answer.ok) throw new Error(JSON.stringify(answer.refusal))
        latencies.push(performance.now() - at)
      }
    }),
  )
  report(title, latencies, performance.now() - startedAt)
  const { batchSize, batchMs } = lane.stats()
  console.log(`${''.padEnd(48)} batches of ${batchSize.p50} (p50), ${batchMs.p50.toFixed(1)} ms each`)
  await lane.close()
}

async function oneByOne(db: Db, skus: readonly string[], callers: number): Promise<void> {
  const latencies: number[] = []
  const startedAt = performance.now()
  const until = startedAt + SECONDS * 1000
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() < until) {
        const at = performance.now()
        const command = order(skus)
        await db.tx('system', async (tx) => {
          await applyTransfers(tx, systemClock, [command])
          await writeOrders(tx, [command], systemClock.instant())
        })
        latencies.push(performance.now() - at)
      }
    }),
  )
  report(`one transaction each, ${callers} callers, ${skus.length} items`, latencies, performance.now() - startedAt)
}

function report(title: string, latencies: number[], elapsedMs: number): void {
  latencies.sort((a, b) => a - b)
  const at = (share: number) => latencies[Math.floor(latencies.length * share)]!.toFixed(1)
  const perSecond = Math.round(latencies.length / (elapsedMs / 1000))
  console.log(`${title.padEnd(48)} ${String(perSecond).padStart(6)}/s   p50 ${at(0.5)} ms   p99 ${at(0.99)} ms`)
}

const folder = await mkdtemp(path.join(tmpdir(), 'ledger-bench-'))
const server = await startPostgres({ dataDir: path.join(folder, 'postgres'), log: () => {} })
try {
  const { appUrl } = await migrate({ adminUrl: server.adminUrl, appPassword: 'bench' })
  const admin = new pg.Client({ connectionString: server.adminUrl })
  await admin.connect()
  await admin.query(TABLES)
  const settings = await admin.query(
    `select name, setting from pg_settings where name in ('fsync', 'synchronous_commit')`,
  )
  console.log(settings.rows.map((row) => `${row.name}=${row.setting}`).join(' '))
  await admin.end()
  const db = new Db({ url: appUrl, maxConnections: 8 })
  const cold = Array.from({ length: 1000 }, (_, index) => `cold-${index}`)
  await stockUp(db, [...cold, 'hot'])
  await oneByOne(db, cold, 8)
  for (const callers of [64, 256, 1024]) await throughLane(db, `lane, ${callers} callers, 1000 items`, cold, callers)
  await throughLane(db, 'lane, 1024 callers, 1 item', ['hot'], 1024)
  await db.close()
} finally {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}
