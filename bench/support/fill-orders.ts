import { statfsSync } from 'node:fs'
import pg from 'pg'
import { createVault } from '../../apps/server/src/kernel/crypto.ts'
import { addressContext } from '../../apps/server/src/modules/orders/prepare-orders.ts'

/** What an order with all that belongs to it takes on disk, indexes included, rounded up. */
const BYTES_PER_ORDER = 5_000
/** A shop's buyers come back: one buyer has so many orders. */
const ORDERS_PER_BUYER = 50
const CHUNK = 250_000
const YEAR_SECONDS = 365 * 24 * 3600

/** Buyers of filled orders, so that their lists can be read. */
export const filledBuyer = (number: number): string => {
  const hex = number.toString(16).padStart(12, '0')
  return `b0000000-0000-4000-8000-${hex}`
}
export const filledBuyers = (orders: number): number => Math.max(1, Math.floor(orders / ORDERS_PER_BUYER))

/** Throws when there is no room for so many orders. */
export function requireRoom(folder: string, orders: number): void {
  const { bavail, bsize } = statfsSync(folder)
  const needed = orders * BYTES_PER_ORDER
  if (bavail * bsize < needed * 1.5)
    throw new Error(
      `${orders} orders need ${Math.ceil((needed * 1.5) / 2 ** 30)} GB of disk, and there are not so many`,
    )
}

/**
 * A year's orders that were placed, paid, sent and received, as they lie in the tables afterwards: order, line, steps,
 * reservation and sale in the ledger with its accounts, movements. Events have been told and forgotten.
 */
export async function fillOrders(adminUrl: string, shopId: string, skuIds: readonly string[], orders: number) {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  const sealed = createVault('an unguessable key of a bench, 32 bytes').encrypt(
    JSON.stringify({ name: '张三', phone: '13800000000', street: '粤海街道', detail: '科技园 1 号楼 203' }),
    addressContext(shopId, shopId),
  )
  await client.query(
    'create temp table skus_filled as select row_number() over () - 1 as n, p.* from stock_places p where p.shop_id = $1 and p.sku_id = any($2::uuid[])',
    [shopId, skuIds],
  )
  const { rows } = await client.query<{ productId: string; skus: number }>(
    'select (select product_id from skus where shop_id = $1 limit 1) as "productId", count(*)::int as skus from skus_filled',
    [shopId],
  )
  for (let from = 0; from < orders; from += CHUNK) {
    const count = Math.min(CHUNK, orders - from)
    await client.query('drop table if exists filled')
    await client.query(FILLED, [from, count, orders, rows[0]!.skus, filledBuyers(orders), YEAR_SECONDS])
    for (const [text, values] of [
      [ORDERS, [shopId, sealed]],
      [LINES, [shopId, rows[0]!.productId]],
      [STEPS, [shopId]],
      [TRANSFERS, [shopId]],
      [MOVEMENTS, [shopId]],
      [BALANCES, [shopId]],
    ] as const)
      await client.query(text, [...values])
  }
  await client.query('vacuum analyze')
  await client.query('checkpoint')
  await client.end()
}

const FILLED = `
  create temp table filled as
  select g.n, uuidv7(make_interval(secs => g.n::float8 / $3 * $6 - $6)) as id,
    uuidv7(make_interval(secs => g.n::float8 / $3 * $6 - $6)) as transfer_id,
    ('b0000000-0000-4000-8000-' || lpad(to_hex((random() * ($5::int - 1))::int), 12, '0'))::uuid as buyer_id,
    now() + make_interval(secs => g.n::float8 / $3 * $6 - $6 - 86400) as at, s.sku_id, s.warehouse_id, s.available_account, s.committed_account
  from generate_series($1::int, $1::int + $2::int - 1) as g(n)
  join skus_filled s on s.n = (g.n::bigint * 7919) % $4::int`

const ORDERS = `
  insert into orders (shop_id, id, buyer_id, order_no, state, version, idempotency_key, request_digest, goods_fen,
    discount_fen, freight_fen, total_fen, paid_fen, item_count, address_sealed, receiver_masked, phone_masked, phone_hash,
    province, city, district, buyer_note, placed_at, pay_before, paid_at, shipped_at, completed_at, routing, warehouse_ids)
  select $1::uuid, id, buyer_id, to_char(at, 'YYMMDD') || lpad(n::text, 9, '0'), 'completed', 4, id::text,
    encode(sha256(id::text::bytea), 'base64'), 1000, 0, 0, 1000, 1000, 1, $2, '张*', '138****0000',
    encode(sha256(buyer_id::text::bytea), 'base64'), '广东省', '深圳市', '南山区', '', at, at + interval '30 minutes',
    at + interval '1 minute', at + interval '1 hour', at + interval '1 day',
    jsonb_build_object('v', 0, 'channel', 'mini', 'rules', '[[1, "深圳市 没有前置仓"]]'::jsonb, 'parts',
      jsonb_build_array(jsonb_build_array(warehouse_id, 1)), 'said', '["发中心仓，没有规则指定仓库，按仓库顺序选有货的"]'::jsonb),
    array[warehouse_id]
  from filled`

const LINES = `
  insert into order_lines (shop_id, order_id, buyer_id, line, sku_id, product_id, title, options, quantity,
    unit_price_fen, pay_total_fen, unit_pay_runs, allocations, shipped_quantity)
  select $1::uuid, id, buyer_id, 0, sku_id, $2::uuid, '青瓷杯', '', 1, 1000, 1000, '[[1000, 1]]',
    jsonb_build_array(jsonb_build_object('skuId', sku_id, 'warehouseId', warehouse_id, 'quantity', 1, 'transferId', transfer_id)), 1
  from filled`

const STEPS = `
  insert into order_timeline (shop_id, order_id, buyer_id, version, at, event, text, actor_kind, actor_name)
  select $1::uuid, id, buyer_id, version, at + after, event, text, 'system', ''
  from filled, (values (2, interval '1 minute', 'paid', '支付成功'), (3, interval '1 hour', 'shipped', '已发货'),
    (4, interval '1 day', 'completed', '已收货')) as step(version, after, event, text)`

const TRANSFERS = `
  insert into ledger_transfers (shop_id, id, debit_account, credit_account, amount, unit, code, kind, pending_id,
    expires_at, reference_type, reference_id, created_at, listed)
  select $1::uuid, case kind when 'pending' then transfer_id else uuidv7(at - now()) end, available_account,
    committed_account, 1, 'sku:' || sku_id, code, kind, case kind when 'post' then transfer_id end,
    case kind when 'pending' then at + interval '30 minutes' end, 'order', id::text, at, false
  from filled, (values ('stock.reserve', 'pending'), ('stock.sell', 'post')) as deed(code, kind)`

const MOVEMENTS = `
  insert into stock_movements (shop_id, id, at, sku_id, warehouse_id, reason, quantity, actor_kind, actor_id, order_id, order_no)
  select $1::uuid, uuidv7(at - now()), at, sku_id, warehouse_id, 'reserve', -1, 'buyer', buyer_id::text, id,
    to_char(at, 'YYMMDD') || lpad(n::text, 9, '0')
  from filled`

const BALANCES = `
  with sold as (select available_account, committed_account, count(*) as units from filled group by 1, 2),
  gone as (
    update ledger_accounts a set debits_posted = debits_posted + units from sold
    where a.shop_id = $1::uuid and a.id = available_account
  )
  update ledger_accounts a set credits_posted = credits_posted + units from sold
  where a.shop_id = $1::uuid and a.id = committed_account`
