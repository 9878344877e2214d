/**
 * `npm run bench -- books [movements]`: a shop with 100,000 movements of 2,000 SKUs in four warehouses over a year, and
 * half as many paid orders with their ledger; each book is read whole, as an export does, page by page, and its sums.
 */
import pg from 'pg'
import { systemClock } from '../apps/server/src/kernel/clock.ts'
import { Db } from '../apps/server/src/kernel/db.ts'
import { newId } from '../apps/server/src/kernel/ids.ts'
import { migrate } from '../apps/server/src/kernel/migrate.ts'
import { accountId } from '../apps/server/src/ledger/index.ts'
import { createBooks } from '../apps/server/src/modules/books/index.ts'
import { concludeBench } from './support/bars.ts'

const LIMIT_SECONDS = 10
const SKUS = 2_000
const FIRST_DAY = '2026-01-01'

process.env.NODE_ENV = 'production'
const movements = Number(process.argv[2] ?? 100_000)
const orders = movements / 2
const adminUrl = process.env.DATABASE_ADMIN_URL
if (!adminUrl) throw new Error('DATABASE_ADMIN_URL is not set: run `npm run bench -- books`')
const { appUrl } = await migrate({ adminUrl, appPassword: 'bench-only' })
const db = new Db({ url: appUrl })
const shopId = newId()
await fill()

const { handlers } = createBooks({
  ...{ db, clock: systemClock, accountNames: async () => [] },
  parties: { requireShop: async () => ({ timeZone: 'Asia/Shanghai' }) } as never,
  catalog: {
    categories: async () => new Map(),
    taxPeriods: async () => [{ categoryId: null, fromDay: null, toDay: null, rateBp: 1300 }],
  } as never,
})
const period = { from: FIRST_DAY, to: '2026-12-31' }
type Reply = { items: unknown[]; nextCursor: string | null }
const ask = (id: keyof typeof handlers, query: object) =>
  (handlers[id] as (call: object) => Promise<Reply>)({ params: { shopId }, query: { ...period, ...query } })
const whole = async (id: keyof typeof handlers, query: object): Promise<number> => {
  let [cursor, rows]: [string | undefined, number] = [undefined, 0]
  do {
    const page: Reply = await ask(id, { ...query, totalRow: true, limit: 100, cursor })
    rows += page.items.length
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return rows
}
const timed = async (work: () => Promise<unknown>) => {
  const from = performance.now()
  await work()
  return Math.round(performance.now() - from) / 1000
}
const limit = { limit: LIMIT_SECONDS, side: 'most' as const }
concludeBench(
  'books',
  [
    { name: 'stock, all SKUs, seconds', value: await timed(() => whole('console.stockBook', { by: 'sku' })), ...limit },
    {
      name: 'stock, a first page, seconds',
      value: await timed(() => ask('console.stockBook', { by: 'sku', limit: 20 })),
    },
    { name: 'stock, by warehouse, seconds', value: await timed(() => whole('console.stockBook', { by: 'warehouse' })) },
    { name: 'stock, sums, seconds', value: await timed(() => ask('console.stockBookTotals', {})), ...limit },
    {
      name: 'revenue, by day, seconds',
      value: await timed(() => whole('console.revenueBook', { step: 'day' })),
      ...limit,
    },
    { name: 'revenue, by month, seconds', value: await timed(() => whole('console.revenueBook', { step: 'month' })) },
    {
      name: 'revenue, sums, seconds',
      value: await timed(() => ask('console.revenueBookTotals', { step: 'month' })),
      ...limit,
    },
    {
      name: 'revenue, what is behind, seconds',
      value: await timed(() => ask('console.revenueEntries', { limit: 20 })),
    },
  ],
  { movements, orders },
)
await db.close()

async function fill(): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl! })
  await client.connect()
  const id = (kind: string, n = 'n') => `('${kind}0000000-0000-4000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`
  const at = (count: number) =>
    `'${FIRST_DAY}T00:00:01+08:00'::timestamptz + make_interval(secs => n::float8 / ${count} * 31000000)`
  const sku = id('a', `n % ${SKUS}`)
  await client.query(`
    insert into products (shop_id, id, title, created_at, updated_at)
    select '${shopId}', ${id('b')}, '商品 ' || n, now(), now() from generate_series(0, ${SKUS - 1}) n`)
  await client.query(`
    insert into skus (shop_id, id, product_id, code, price_fen, cost_fen, created_at, updated_at)
    select '${shopId}', ${id('a')}, ${id('b')}, 'S' || lpad(n::text, 6, '0'), 4990, 2000, now(), now()
    from generate_series(0, ${SKUS - 1}) n`)
  await client.query(`
    insert into warehouses (shop_id, id, code, name, kind, region, active, priority, created_at, updated_at)
    select '${shopId}', ${id('c')}, 'W' || n, '仓 ' || n, 'central', '', true, n, now(), now() from generate_series(0, 3) n`)
  await client.query(`
    insert into stock_places (shop_id, sku_id, warehouse_id, available_account, committed_account)
    select '${shopId}', ${id('a')}, ${id('c', 'w')}, gen_random_uuid(), gen_random_uuid()
    from generate_series(0, ${SKUS - 1}) n, generate_series(0, 3) w`)
  await client.query(`
    insert into stock_movements (shop_id, id, at, sku_id, warehouse_id, reason, quantity, actor_kind)
    select '${shopId}', ${id('d')}, ${at(movements)}, ${sku}, ${id('c', `(n / ${SKUS}) % 4`)},
      (array['purchase', 'reserve', 'release', 'sale', 'return'])[1 + n % 5], (array[9, -1, 1, -1, 1])[1 + n % 5], 'system'
    from generate_series(0, ${movements - 1}) n`)
  await client.query(`
    insert into orders (shop_id, id, buyer_id, order_no, state, version, idempotency_key, request_digest, goods_fen, discount_fen,
      freight_fen, total_fen, paid_fen, item_count, address_sealed, receiver_masked, phone_masked, phone_hash, province, city,
      district, buyer_note, placed_at, pay_before, paid_at)
    select '${shopId}', ${id('e')}, ${id('f')}, 'B' || n, 'awaiting-shipment', 2, n::text, '', 4990, 0, 0, 4990, 4990, 1,
      '', '', '', '', '', '', '', '', ${at(orders)}, ${at(orders)}, ${at(orders)} from generate_series(0, ${orders - 1}) n`)
  await client.query(`
    insert into order_lines (shop_id, order_id, buyer_id, line, sku_id, product_id, title, options, quantity, unit_price_fen,
      pay_total_fen, unit_pay_runs, allocations)
    select '${shopId}', ${id('e')}, ${id('f')}, 1, ${sku}, ${id('b', `n % ${SKUS}`)}, '商品', '', 1, 4990, 4990, '[]', '[]'
    from generate_series(0, ${orders - 1}) n`)
  await client.query(`
    insert into payments (shop_id, id, order_id, order_no, buyer_id, attempt, method, state, amount_fen, out_trade_no, appid,
      expires_at, transaction_id, paid_at, taken, prepay_at, created_at)
    select '${shopId}', ${id('9')}, ${id('e')}, 'B' || n, ${id('f')}, 1, 'mini', 'paid', 4990, 'B' || n || 'P01', 'wx', now(),
      '42' || n, ${at(orders)}, true, now(), now() from generate_series(0, ${orders - 1}) n`)
  const transfer = (kind: string, code: string, debit: string, credit: string, fen: number) =>
    client.query(`
      insert into ledger_transfers (shop_id, id, debit_account, credit_account, amount, unit, code, kind, reference_type,
        reference_id, created_at)
      select '${shopId}', ${id(kind)}, ${debit}, ${credit}, ${fen}, 'CNY', '${code}', 'posted', 'order', (${id('e')})::text,
        ${at(orders)} from generate_series(0, ${orders - 1}) n`)
  const shops = (code: string) => `'${accountId(code, shopId)}'::uuid`
  await transfer('9', 'payment.received', shops('channel.wechat'), id('8'), 4990)
  await transfer('7', 'order.settle', id('8'), shops('fee.channel'), 30)
  await client.query('vacuum analyze')
  await client.end()
}
