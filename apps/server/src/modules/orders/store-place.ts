import { sql, type Tx } from '../../kernel/db.ts'
import { RowArray, type RowType } from '../../kernel/row-array.ts'
import type { Allocation } from '../stock/index.ts'
import type { PackedRouting } from './deps.ts'

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
  routing: PackedRouting
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

const KEYS: RowType<PlacedKey> = {
  name: 'order_key',
  columns: [
    ['uuid', (key) => key.shopId],
    ['uuid', (key) => key.buyerId],
    ['text', (key) => key.key],
  ],
}

/**
 * Orders that were placed under these keys before. Planned anew each time: a plan kept from when there
 * were no orders would read all of a shop for each key, since any index that begins with the shop looked as good.
 */
export async function findPlaced(tx: Tx, keys: readonly PlacedKey[]): Promise<PlacedOrder[]> {
  return tx.anew<PlacedOrder>(sql`
    select o.shop_id, o.buyer_id, o.idempotency_key, o.request_digest, o.id as order_id, o.order_no, o.total_fen,
      o.pay_before
    from unnest(${new RowArray(KEYS, keys)}::app.order_key[]) as want
    join orders o on o.shop_id = want.shop_id and o.buyer_id = want.buyer_id and o.idempotency_key = want.key`)
}

/** Writes orders with lines and adjustments: a statement for each table. Their timelines begin with the orders. */
export async function insertOrders(tx: Tx, orders: readonly NewOrder[], at: string): Promise<void> {
  const inserted = tx.prepared('orders-insert', INSERT_ORDERS, [new RowArray(NEW_ORDERS, orders), at])
  await Promise.all([inserted, insertLines(tx, orders), insertAdjustments(tx, orders)])
}

const NEW_ORDERS: RowType<NewOrder> = {
  name: 'new_order',
  columns: [
    ['uuid', (order) => order.shopId],
    ['uuid', (order) => order.id],
    ['uuid', (order) => order.buyerId],
    ['text', (order) => order.orderNo],
    ['text', (order) => order.idempotencyKey],
    ['text', (order) => order.requestDigest],
    ['int8', (order) => order.goodsFen],
    ['int8', (order) => order.discountFen],
    ['int8', (order) => order.freightFen],
    ['int8', (order) => order.totalFen],
    ['int4', (order) => order.itemCount],
    ['text', (order) => order.addressSealed],
    ['text', (order) => order.receiverMasked],
    ['text', (order) => order.phoneMasked],
    ['text', (order) => order.phoneHash],
    ['text', (order) => order.province],
    ['text', (order) => order.city],
    ['text', (order) => order.district],
    ['text', (order) => order.buyerNote],
    ['timestamptz', (order) => order.payBefore],
    ['jsonb', (order) => JSON.stringify(order.routing)],
    ['uuid[]', (order) => order.warehouseIds],
    ['uuid', (order) => order.pickUpPointId],
    ['uuid', (order) => order.channelAccountId],
  ],
}

const INSERT_ORDERS = `
  insert into orders (shop_id, id, buyer_id, order_no, state, version, idempotency_key, request_digest, goods_fen,
    discount_fen, freight_fen, total_fen, item_count, address_sealed, receiver_masked, phone_masked, phone_hash,
    province, city, district, buyer_note, placed_at, pay_before, routing, warehouse_ids, pick_up_point_id,
    channel_account_id)
  select shop_id, id, buyer_id, order_no, 'awaiting-payment', 1, idempotency_key, request_digest, goods_fen,
    discount_fen, freight_fen, total_fen, item_count, address_sealed, receiver_masked, phone_masked, phone_hash,
    province, city, district, buyer_note, $2::timestamptz, pay_before, routing, warehouse_ids, pick_up_point_id,
    channel_account_id
  from unnest($1::app.new_order[])`

interface LineOfOrder {
  order: NewOrder
  line: NewLine
  number: number
}

async function insertLines(tx: Tx, orders: readonly NewOrder[]): Promise<void> {
  const rows = orders.flatMap((order) => order.lines.map((line, number) => ({ order, line, number })))
  await tx.prepared('orders-insert-lines', INSERT_LINES, [new RowArray(NEW_LINES, rows)])
}

const NEW_LINES: RowType<LineOfOrder> = {
  name: 'new_order_line',
  columns: [
    ['uuid', ({ order }) => order.shopId],
    ['uuid', ({ order }) => order.id],
    ['uuid', ({ order }) => order.buyerId],
    ['int2', ({ number }) => number],
    ['uuid', ({ line }) => line.skuId],
    ['uuid', ({ line }) => line.productId],
    ['text', ({ line }) => line.title],
    ['text', ({ line }) => line.options],
    ['uuid', ({ line }) => line.pictureFileId],
    ['int4', ({ line }) => line.quantity],
    ['int8', ({ line }) => line.unitPriceFen],
    ['int8', ({ line }) => line.payTotalFen],
    ['jsonb', ({ line }) => JSON.stringify(line.unitPayRuns)],
    ['jsonb', ({ line }) => JSON.stringify(line.allocations)],
    ['text', ({ line }) => line.priceNote],
  ],
}

const INSERT_LINES = `
  insert into order_lines (shop_id, order_id, buyer_id, line, sku_id, product_id, title, options, picture_file_id,
    quantity, unit_price_fen, pay_total_fen, unit_pay_runs, allocations, price_note)
  select * from unnest($1::app.new_order_line[])`

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
