import type { MovementReason, Warehouse } from '@zhanggui/contract'
import type { Actor } from '../../kernel/actor.ts'
import { plainArray } from '../../kernel/arrays.ts'
import { empty, sql, type Tx } from '../../kernel/db.ts'
import { RowArray, type RowType } from '../../kernel/row-array.ts'

export type WarehouseRow = Warehouse

export interface WarehouseData {
  code: string
  name: string
  kind: 'central' | 'front'
  region: string
  active: boolean
  priority: number
}

/** Answers whether the code was free. */
export async function insertWarehouse(
  tx: Tx,
  shopId: string,
  warehouse: WarehouseData & { id: string; at: string },
): Promise<boolean> {
  const { id, code, name, kind, region, active, priority, at } = warehouse
  const inserted = await tx.exec(sql`
    insert into warehouses (shop_id, id, code, name, kind, region, active, priority, created_at, updated_at)
    values (${shopId}, ${id}, ${code}, ${name}, ${kind}, ${region}, ${active}, ${priority}, ${at}, ${at})
    on conflict (shop_id, code) do nothing`)
  return inserted === 1
}

export async function updateWarehouse(
  tx: Tx,
  shopId: string,
  warehouse: WarehouseData & { id: string; at: string },
): Promise<void> {
  const { id, code, name, kind, region, active, priority, at } = warehouse
  await tx.exec(sql`
    update warehouses set code = ${code}, name = ${name}, kind = ${kind}, region = ${region}, active = ${active},
      priority = ${priority}, updated_at = ${at}
    where shop_id = ${shopId} and id = ${id}`)
}

export async function codeTaken(tx: Tx, shopId: string, code: string, exceptId: string): Promise<boolean> {
  const rows = await tx.rows(sql`
    select id from warehouses where shop_id = ${shopId} and code = ${code} and id <> ${exceptId}`)
  return rows.length > 0
}

/** Warehouses of a shop with what they hold, in the order in which they serve. */
export async function listWarehouses(tx: Tx, shopId: string, id?: string): Promise<WarehouseRow[]> {
  return tx.rows<WarehouseRow>(sql`
    select w.id, w.code, w.name, w.kind, w.region, w.active, w.priority,
      coalesce(held.sku_count, 0)::int as sku_count, coalesce(held.units, 0)::bigint as units
    from warehouses w
    left join lateral (
      select count(*) filter (where l.available + l.reserved + l.committed > 0) as sku_count,
        sum(l.available + l.reserved + l.committed) as units
      from stock_levels l where l.shop_id = w.shop_id and l.warehouse_id = w.id
    ) held on true
    where w.shop_id = ${shopId} ${id === undefined ? empty : sql`and w.id = ${id}`}
    order by w.priority, w.code limit 200`)
}

/** Warehouses without what they hold. */
export async function warehousesOf(tx: Tx, shopId: string): Promise<(WarehouseData & { id: string })[]> {
  return tx.rows(sql`
    select id, code, name, kind, region, active, priority from warehouses
    where shop_id = ${shopId} order by priority, code limit 200`)
}

export interface ServingWarehouse {
  shopId: string
  id: string
  name: string
  kind: 'central' | 'front'
  region: string
}

/** Active warehouses of several shops, in the order in which they serve. */
export async function servingWarehouses(tx: Tx, shopIds: readonly string[]): Promise<ServingWarehouse[]> {
  return tx.prepared<ServingWarehouse>(
    'stock-serving-warehouses',
    `select shop_id, id, name, kind, region from warehouses where shop_id = any($1::uuid[]) and active
     order by shop_id, priority, code`,
    [plainArray(shopIds)],
  )
}

export interface Level {
  shopId: string
  skuId: string
  warehouseId: string
  available: number
}

/** What is for sale of SKUs of any shops, by active warehouse, in the order in which warehouses serve. */
export async function levelsOf(tx: Tx, wanted: readonly { shopId: string; skuId: string }[]): Promise<Level[]> {
  if (wanted.length === 0) return []
  return tx.prepared<Level>('stock-levels', LEVELS, [
    plainArray(wanted.map((key) => key.shopId)),
    plainArray(wanted.map((key) => key.skuId)),
  ])
}

// `offset 0` keeps the look-ups one after another by their primary keys: PostgreSQL keeps the plan of a prepared
// statement, and one made while the tables were small would read all of them.
const LEVELS = `
  select want.shop_id, want.sku_id, p.warehouse_id, a.available
  from unnest($1::uuid[], $2::uuid[]) as want(shop_id, sku_id)
  cross join lateral (
    select p.warehouse_id, p.available_account from stock_places p
    where p.shop_id = want.shop_id and p.sku_id = want.sku_id offset 0
  ) p
  cross join lateral (
    select w.priority, w.code from warehouses w
    where w.shop_id = want.shop_id and w.id = p.warehouse_id and w.active offset 0
  ) w
  cross join lateral (
    select a.credits_posted - a.debits_posted - a.debits_pending as available from ledger_accounts a
    where a.shop_id = want.shop_id and a.id = p.available_account offset 0
  ) a
  order by w.priority, w.code`

export async function insertPlaces(
  tx: Tx,
  shopId: string,
  places: readonly { skuId: string; warehouseId: string; availableAccount: string; committedAccount: string }[],
): Promise<void> {
  await tx.exec(sql`
    insert into stock_places (shop_id, sku_id, warehouse_id, available_account, committed_account)
    select ${shopId}, * from unnest(${places.map((place) => place.skuId)}::uuid[],
      ${places.map((place) => place.warehouseId)}::uuid[], ${places.map((place) => place.availableAccount)}::uuid[],
      ${places.map((place) => place.committedAccount)}::uuid[])
    on conflict do nothing`)
}

/** A change of stock in words, to be written beside its transfer. */
export interface MovementInput {
  id: string
  shopId: string
  at: string
  skuId: string
  warehouseId: string
  reason: MovementReason
  /** Into the warehouse's available stock (positive) or out of it (negative). */
  quantity: number
  note: string
  actor: Actor
  orderId: string | null
  orderNo: string | null
}

const NEW_MOVEMENTS: RowType<MovementInput> = {
  name: 'new_movement',
  columns: [
    ['uuid', (movement) => movement.shopId],
    ['uuid', (movement) => movement.id],
    ['timestamptz', (movement) => movement.at],
    ['uuid', (movement) => movement.skuId],
    ['uuid', (movement) => movement.warehouseId],
    ['text', (movement) => movement.reason],
    ['int4', (movement) => movement.quantity],
    ['text', (movement) => movement.note],
    ['text', (movement) => movement.actor.kind],
    ['text', (movement) => movement.actor.id ?? null],
    ['text', (movement) => movement.actor.name ?? ''],
    ['uuid', (movement) => movement.orderId],
    ['text', (movement) => movement.orderNo],
  ],
}

/** Writes movements, of any shops, with one statement. */
export async function insertMovements(tx: Tx, movements: readonly MovementInput[]): Promise<void> {
  if (movements.length === 0) return
  await tx.prepared('stock-insert-movements', INSERT_MOVEMENTS, [new RowArray(NEW_MOVEMENTS, movements)])
}

const INSERT_MOVEMENTS = `
  insert into stock_movements (shop_id, id, at, sku_id, warehouse_id, reason, quantity, note, actor_kind, actor_id,
    actor_name, order_id, order_no)
  select * from unnest($1::app.new_movement[])`

/** Whether there was ever stock of one of these SKUs, anywhere. */
export async function everHeld(tx: Tx, shopId: string, skuIds: readonly string[]): Promise<boolean> {
  const { held } = await tx.one<{ held: boolean }>(sql`
    select exists (select 1 from stock_places p where p.shop_id = ${shopId}
      and p.sku_id = any(${skuIds as string[]}::uuid[])) as held`)
  return held
}
