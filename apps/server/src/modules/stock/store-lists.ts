import type { Movement, MovementReason, StockRow, StockSort } from '@zhanggui/contract'
import { empty, join, type Sql, sql, type Tx } from '../../kernel/db.ts'
import { containing } from '../../kernel/like.ts'

export interface StockFilter {
  q?: string
  warehouseId?: string
  below?: number
  /** On sale, more than none and fewer than this. */
  lowBelow?: number | undefined
  sort: StockSort
  /** What the list is sorted by, and the SKU code, of the row that it goes on after. */
  after?: readonly [string | number, string] | undefined
  limit: number
}

/** What each order goes by, and its type; the SKU's code comes last, in the same direction. */
const SORTED_BY = {
  code: { key: sql`v.sku_code`, type: sql`text` },
  title: { key: sql`v.title`, type: sql`text` },
  available: { key: sql`held.available`, type: sql`bigint` },
  reserved: { key: sql`held.reserved`, type: sql`bigint` },
  committed: { key: sql`held.committed`, type: sql`bigint` },
} as const

const columnOf = (sort: StockSort) => sort.replace(/^-/, '') as keyof typeof SORTED_BY

/** What a row is sorted by. */
export function sortValue(row: StockRow, sort: StockSort): string | number {
  const column = columnOf(sort)
  return column === 'code' ? row.skuCode : row[column]
}

/** Stock by SKU, in the order asked for. SKUs that are no longer sold appear while there is stock of them. */
export async function listStock(tx: Tx, shopId: string, filter: StockFilter): Promise<StockRow[]> {
  const { q, warehouseId, below, lowBelow, after, sort } = filter
  const { key, type } = SORTED_BY[columnOf(sort)]
  const isDown = sort.startsWith('-')
  const conditions: Sql[] = [sql`v.shop_id = ${shopId}`, sql`(not v.archived or held.units > 0)`]
  if (q) {
    const pattern = containing(q)
    conditions.push(sql`(v.title ilike ${pattern} or v.sku_code ilike ${pattern} or v.barcode = ${q})`)
  }
  if (warehouseId !== undefined) conditions.push(sql`held.places > 0`)
  if (below !== undefined) conditions.push(sql`held.available < ${below}`)
  if (lowBelow !== undefined)
    conditions.push(sql`v.on_sale and not v.archived and held.available > 0 and held.available < ${lowBelow}`)
  if (after !== undefined)
    conditions.push(sql`(${key}, v.sku_code) ${isDown ? sql`<` : sql`>`} (${after[0]}::text::${type}, ${after[1]})`)
  return tx.rows<StockRow>(sql`
    select v.sku_id, v.sku_code, v.product_id, v.title, v.options, held.available, held.reserved, held.committed,
      held.by_warehouse
    from catalog_sku_view v
    cross join lateral (
      select count(*) as places, coalesce(sum(l.available), 0)::bigint as available,
        coalesce(sum(l.reserved), 0)::bigint as reserved, coalesce(sum(l.committed), 0)::bigint as committed,
        coalesce(sum(l.available + l.reserved + l.committed), 0) as units,
        coalesce(jsonb_agg(jsonb_build_object('warehouseId', l.warehouse_id, 'available', l.available,
          'reserved', l.reserved, 'committed', l.committed) order by l.warehouse_id), '[]') as by_warehouse
      from stock_levels l
      where l.shop_id = v.shop_id and l.sku_id = v.sku_id
        ${warehouseId === undefined ? empty : sql`and l.warehouse_id = ${warehouseId}`}
    ) held
    where ${join(conditions, ' and ')}
    order by ${key} ${isDown ? sql`desc` : sql`asc`}, v.sku_code ${isDown ? sql`desc` : sql`asc`} limit ${filter.limit}`)
}

export interface MovementFilter {
  skuId?: string
  warehouseId?: string
  reason?: MovementReason
  beforeId?: string
  ids?: readonly string[]
  limit: number
}

/** Movements, newest first. */
export async function listMovements(tx: Tx, shopId: string, filter: MovementFilter): Promise<Movement[]> {
  const conditions: Sql[] = [sql`m.shop_id = ${shopId}`]
  if (filter.skuId !== undefined) conditions.push(sql`m.sku_id = ${filter.skuId}`)
  if (filter.warehouseId !== undefined) conditions.push(sql`m.warehouse_id = ${filter.warehouseId}`)
  if (filter.reason !== undefined) conditions.push(sql`m.reason = ${filter.reason}`)
  if (filter.beforeId !== undefined) conditions.push(sql`m.id < ${filter.beforeId}`)
  if (filter.ids !== undefined) conditions.push(sql`m.id = any(${filter.ids as string[]}::uuid[])`)
  return tx.rows<Movement>(sql`
    select m.id, m.at, m.sku_id, v.sku_code, v.title, m.warehouse_id, w.name as warehouse_name, m.reason, m.quantity,
      m.note, m.actor_name, m.order_id, m.order_no
    from stock_movements m
    join catalog_sku_view v on v.shop_id = m.shop_id and v.sku_id = m.sku_id
    join warehouses w on w.shop_id = m.shop_id and w.id = m.warehouse_id
    where ${join(conditions, ' and ')}
    order by m.id desc limit ${filter.limit}`)
}

/** Codes and titles of SKUs of a shop, for messages and checks. */
export async function skuNames(tx: Tx, shopId: string, skuIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.rows<{ skuId: string; title: string; options: string }>(sql`
    select sku_id, title, options from catalog_sku_view
    where shop_id = ${shopId} and sku_id = any(${skuIds as string[]}::uuid[])`)
  return new Map(rows.map(({ skuId, title, options }) => [skuId, options === '' ? title : `${title} ${options}`]))
}

/** SKUs on sale of which nothing is left to sell. */
export async function countSoldOut(tx: Tx, shopId: string): Promise<number> {
  const row = await tx.one<{ count: number }>(sql`
    select count(*) as count from catalog_sku_view v
    where v.shop_id = ${shopId} and v.on_sale and not v.archived and not exists (
      select from stock_levels l where l.shop_id = v.shop_id and l.sku_id = v.sku_id and l.available > 0)`)
  return row.count
}

/** SKUs on sale of which something is left, but less than `below`. */
export async function countLow(tx: Tx, shopId: string, below: number): Promise<number> {
  const row = await tx.one<{ count: number }>(sql`
    select count(*) as count from catalog_sku_view v
    cross join lateral (
      select coalesce(sum(l.available), 0) as available from stock_levels l
      where l.shop_id = v.shop_id and l.sku_id = v.sku_id
    ) held
    where v.shop_id = ${shopId} and v.on_sale and not v.archived and held.available > 0 and held.available < ${below}`)
  return row.count
}

/** Whether the shop has ever received anything. */
export const hasMoved = async (tx: Tx, shopId: string): Promise<boolean> =>
  (await tx.maybe(sql`select 1 from stock_movements where shop_id = ${shopId} limit 1`)) !== undefined

/** Places of SKUs in warehouses that may be seen. */
export const countPlaces = async (tx: Tx, shopId: string): Promise<number> =>
  (await tx.one<{ count: number }>(sql`select count(*) as count from stock_places where shop_id = ${shopId}`)).count
