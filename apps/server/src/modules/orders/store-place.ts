import type { RoutingDecision } from '@zhanggui/contract'
import { plainArray, textArray } from '../../kernel/arrays.ts'
import { sql, type Tx } from '../../kernel/db.ts'
import type { Allocation } from '../stock/index.ts'

/** Everything that is written of a new order. */
export interface NewOrder {
  shopId: string
  id: string
  buyerId: string
  orderNo: string
  idempotencyKey: string
  requestDigest: string
  goodsFen: number
  discountFen: number
  freightFen: number
  totalFen: number
  itemCount: number
  addressSealed: string
  receiverMasked: string
  phoneMasked: string
  phoneHash: string
  province: string
  city: string
  district: string
  buyerNote: string
  routing: RoutingDecision
  /** Where its units are reserved, each warehouse once. */
  warehouseIds: string[]
  pickUpPointId: string | null
  /** Whose link or code brought the buyer (ACC-01). */
  channelAccountId: string | null
  payBefore: string
  lines: NewLine[]
  adjustments: NewAdjustment[]
}

export interface NewLine {
  skuId: string
  productId: string
  title: string
  options: string
  pictureFileId: string | null
  quantity: number
  unitPriceFen: number
  /** Why it is this price, in words; empty for the base price. */
  priceNote: string
  payTotalFen: number
  unitPayRuns: [number, number][]
  allocations: Allocation[]
}

export interface NewAdjustment {
  source: string
  label: string
  payer: string
  line: number | null
  fen: number
  unitRuns: [number, number][]
}

export interface PlacedKey {
  shopId: string
  buyerId: string
  key: string
}

export interface PlacedOrder {
  shopId: string
  buyerId: string
  idempotencyKey: string
  requestDigest: string
  orderId: string
  orderNo: string
  totalFen: number
  payBefore: string
}

/**
 * Orders that were placed under these keys before. Planned anew each time (not prepared): a plan kept from when there
 * were no orders would read all of a shop for each key, since any index that begins with the shop looked as good.
 */
export async function findPlaced(tx: Tx, keys: readonly PlacedKey[]): Promise<PlacedOrder[]> {
  return tx.rows<PlacedOrder>(sql`
    select o.shop_id, o.buyer_id, o.idempotency_key, o.request_digest, o.id as order_id, o.order_no, o.total_fen,
      o.pay_before
    from unnest(${plainArray(keys.map((each) => each.shopId))}::uuid[],
      ${plainArray(keys.map((each) => each.buyerId))}::uuid[],
      ${textArray(keys.map((each) => each.key))}::text[]) as want(shop_id, buyer_id, key)
    join orders o on o.shop_id = want.shop_id and o.buyer_id = want.buyer_id and o.idempotency_key = want.key`)
}

type TextColumn =
  | 'idempotencyKey'
  | 'requestDigest'
  | 'addressSealed'
  | 'receiverMasked'
  | 'phoneMasked'
  | 'phoneHash'
  | 'province'
  | 'city'
  | 'district'
  | 'buyerNote'

/** Writes orders with lines, adjustments and the first step of their timelines: a statement for each table. */
export async function insertOrders(tx: Tx, orders: readonly NewOrder[], at: string): Promise<void> {
  const column = <K extends keyof NewOrder>(name: K) => orders.map((order) => order[name])
  const texts = (name: TextColumn) => textArray(column(name))
  const ids = (name: 'shopId' | 'id' | 'buyerId' | 'orderNo' | 'payBefore') => plainArray(column(name))
  const amounts = (name: 'goodsFen' | 'discountFen' | 'freightFen' | 'totalFen' | 'itemCount') =>
    plainArray(column(name))
  const inserted = tx.prepared('orders-insert', INSERT_ORDERS, [
    ids('shopId'),
    ids('id'),
    ids('buyerId'),
    ids('orderNo'),
    texts('idempotencyKey'),
    texts('requestDigest'),
    amounts('goodsFen'),
    amounts('discountFen'),
    amounts('freightFen'),
    amounts('totalFen'),
    amounts('itemCount'),
    texts('addressSealed'),
    texts('receiverMasked'),
    texts('phoneMasked'),
    texts('phoneHash'),
    texts('province'),
    texts('city'),
    texts('district'),
    texts('buyerNote'),
    ids('payBefore'),
    at,
    textArray(orders.map((order) => JSON.stringify(order.routing))),
    textArray(orders.map((order) => `{${order.warehouseIds.join(',')}}`)),
    plainArray(column('pickUpPointId')),
    plainArray(column('channelAccountId')),
  ])
  await Promise.all([inserted, insertLines(tx, orders), insertAdjustments(tx, orders)])
}

const INSERT_ORDERS = `
  with placed as (
    select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::bigint[],
      $8::bigint[], $9::bigint[], $10::bigint[], $11::int[], $12::text[], $13::text[], $14::text[], $15::text[],
      $16::text[], $17::text[], $18::text[], $19::text[], $20::timestamptz[], $22::text[],
      $23::text[], $24::uuid[], $25::uuid[])
      as p(shop_id, id, buyer_id, order_no, idempotency_key, request_digest, goods_fen, discount_fen, freight_fen,
        total_fen, item_count, address_sealed, receiver_masked, phone_masked, phone_hash, province, city, district,
        buyer_note, pay_before, routing, warehouse_ids, pick_up_point_id, channel_account_id)
  ), timeline as (
    insert into order_timeline (shop_id, order_id, buyer_id, version, at, event, text, actor_kind, actor_name)
    select shop_id, id, buyer_id, 1, $21::timestamptz, 'placed', '提交订单', 'buyer', '' from placed
  )
  insert into orders (shop_id, id, buyer_id, order_no, state, version, idempotency_key, request_digest, goods_fen,
    discount_fen, freight_fen, total_fen, item_count, address_sealed, receiver_masked, phone_masked, phone_hash,
    province, city, district, buyer_note, placed_at, pay_before, routing, warehouse_ids, pick_up_point_id,
    channel_account_id)
  select shop_id, id, buyer_id, order_no, 'awaiting-payment', 1, idempotency_key, request_digest, goods_fen,
    discount_fen, freight_fen, total_fen, item_count, address_sealed, receiver_masked, phone_masked, phone_hash,
    province, city, district, buyer_note, $21::timestamptz, pay_before, routing::jsonb,
    warehouse_ids::uuid[], pick_up_point_id, channel_account_id
  from placed`

async function insertLines(tx: Tx, orders: readonly NewOrder[]): Promise<void> {
  const rows = orders.flatMap((order) => order.lines.map((line, number) => ({ order, line, number })))
  const numbers = (name: 'skuId' | 'productId' | 'pictureFileId' | 'quantity' | 'unitPriceFen' | 'payTotalFen') =>
    plainArray(rows.map(({ line }) => line[name]))
  await tx.prepared('orders-insert-lines', INSERT_LINES, [
    plainArray(rows.map(({ order }) => order.shopId)),
    plainArray(rows.map(({ order }) => order.id)),
    plainArray(rows.map(({ order }) => order.buyerId)),
    plainArray(rows.map(({ number }) => number)),
    numbers('skuId'),
    numbers('productId'),
    textArray(rows.map(({ line }) => line.title)),
    textArray(rows.map(({ line }) => line.options)),
    numbers('pictureFileId'),
    numbers('quantity'),
    numbers('unitPriceFen'),
    numbers('payTotalFen'),
    textArray(rows.map(({ line }) => JSON.stringify(line.unitPayRuns))),
    textArray(rows.map(({ line }) => JSON.stringify(line.allocations))),
    textArray(rows.map(({ line }) => line.priceNote)),
  ])
}

const INSERT_LINES = `
  insert into order_lines (shop_id, order_id, buyer_id, line, sku_id, product_id, title, options, picture_file_id,
    quantity, unit_price_fen, pay_total_fen, unit_pay_runs, allocations, price_note)
  select l.shop_id, l.order_id, l.buyer_id, l.line, l.sku_id, l.product_id, l.title, l.options, l.picture_file_id,
    l.quantity, l.unit_price_fen, l.pay_total_fen, l.unit_pay_runs::jsonb, l.allocations::jsonb,
    l.price_note
  from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::smallint[], $5::uuid[], $6::uuid[], $7::text[], $8::text[],
    $9::uuid[], $10::int[], $11::bigint[], $12::bigint[], $13::text[], $14::text[], $15::text[])
    as l(shop_id, order_id, buyer_id, line, sku_id, product_id, title, options, picture_file_id, quantity,
      unit_price_fen, pay_total_fen, unit_pay_runs, allocations, price_note)`

async function insertAdjustments(tx: Tx, orders: readonly NewOrder[]): Promise<void> {
  const rows = orders.flatMap((order) => order.adjustments.map((each, number) => ({ order, each, number })))
  if (rows.length === 0) return
  const column = <K extends keyof NewAdjustment>(name: K) => rows.map(({ each }) => each[name])
  await tx.prepared('orders-insert-adjustments', INSERT_ADJUSTMENTS, [
    rows.map(({ order }) => order.shopId),
    rows.map(({ order }) => order.id),
    rows.map(({ order }) => order.buyerId),
    rows.map(({ number }) => number),
    column('source'),
    column('label'),
    column('payer'),
    column('line'),
    column('fen'),
    rows.map(({ each }) => JSON.stringify(each.unitRuns)),
  ])
}

const INSERT_ADJUSTMENTS = `
  insert into order_adjustments (shop_id, order_id, buyer_id, number, source, label, payer, line, fen, unit_runs)
  select a.shop_id, a.order_id, a.buyer_id, a.number, a.source, a.label, a.payer, a.line, a.fen, a.unit_runs::jsonb
  from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::smallint[], $5::text[], $6::text[], $7::text[], $8::smallint[],
    $9::bigint[], $10::text[]) as a(shop_id, order_id, buyer_id, number, source, label, payer, line, fen, unit_runs)`

const PLACING = 'orders.placing'

/** Held by every batch that writes orders. */
export async function sharePlacing(tx: Tx): Promise<void> {
  await tx.rows(sql`select pg_advisory_xact_lock_shared(hashtextextended(${PLACING}, 0))`)
}

/** Waits until every batch that began before has committed. Take no other lock in this transaction. */
export async function awaitPlacing(tx: Tx): Promise<void> {
  await tx.rows(sql`select pg_advisory_xact_lock(hashtextextended(${PLACING}, 0))`)
}
