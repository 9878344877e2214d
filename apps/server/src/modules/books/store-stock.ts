import { type BookMovement, STOCK_BOOK_COLUMNS, type StockBookColumn } from '@zhanggui/contract'
import { empty, join, type Sql, sql, type Tx } from '../../kernel/db.ts'
import { containing } from '../../kernel/like.ts'
import type { Period } from './period.ts'
import type { Moved } from './rules-stock.ts'

export interface StockFilter {
  warehouseId?: string | undefined
  q?: string | undefined
}

/** What an order reserves has not left: reservations and their release are no movement of the book. */
const MOVES = sql`m.reason <> 'reserve' and m.reason <> 'release'`

const inside = (warehouseId: string | undefined): Sql =>
  warehouseId === undefined ? empty : sql`and m.warehouse_id = ${warehouseId}`

function named(q: string | undefined): Sql {
  if (!q) return empty
  const pattern = containing(q)
  return sql`and (v.title ilike ${pattern} or v.sku_code ilike ${pattern} or v.barcode = ${q})`
}

/** SKUs that have ever been in stock, by code: those behind `after`. */
export const skusInStock = (
  tx: Tx,
  shopId: string,
  { warehouseId, q }: StockFilter,
  page: { after?: string | undefined; limit: number },
) =>
  tx.rows<{ id: string; code: string; title: string; options: string; categoryId: string | null }>(sql`
    select v.sku_id as id, v.sku_code as code, v.title, v.options, p.category_id
    from catalog_sku_view v join products p on p.shop_id = v.shop_id and p.id = v.product_id
    where v.shop_id = ${shopId} ${named(q)}
      ${page.after === undefined ? empty : sql`and v.sku_code > ${page.after}`}
      and exists (select from stock_places s where s.shop_id = v.shop_id and s.sku_id = v.sku_id
        ${warehouseId === undefined ? empty : sql`and s.warehouse_id = ${warehouseId}`})
    order by v.sku_code limit ${page.limit}`)

/** Products of which a SKU has ever been in stock, by title and id: those behind `after`. */
export const productsInStock = (
  tx: Tx,
  shopId: string,
  { warehouseId, q }: StockFilter,
  page: { after?: readonly [string, string] | undefined; limit: number },
) =>
  tx.rows<{ id: string; code: string; title: string; categoryId: string | null }>(sql`
    select p.id, coalesce(p.code, '') as code, p.title, p.category_id from products p
    where p.shop_id = ${shopId}
      ${page.after === undefined ? empty : sql`and (p.title, p.id) > (${page.after[0]}, ${page.after[1]}::uuid)`}
      and exists (select from catalog_sku_view v
        join stock_places s on s.shop_id = v.shop_id and s.sku_id = v.sku_id
        where v.shop_id = p.shop_id and v.product_id = p.id ${named(q)}
          ${warehouseId === undefined ? empty : sql`and s.warehouse_id = ${warehouseId}`})
    order by p.title, p.id limit ${page.limit}`)

/**
 * What moved of each SKU in each warehouse, from the first movement to the end of the period: one pass over them, those
 * before the period summed up. `only` names the SKUs or products of a page.
 */
export const movedBySku = (
  tx: Tx,
  shopId: string,
  { start, end }: Period,
  { warehouseId, q }: StockFilter,
  only: { skuIds?: readonly string[]; productIds?: readonly string[] } = {},
) =>
  tx.rows<Moved>(sql`
    with sums as (
      select m.sku_id, m.warehouse_id,
        sum(m.quantity) filter (where m.at < ${start}) as opening,
        sum(m.quantity) filter (where m.at >= ${start} and m.reason in ('purchase', 'import')) as received,
        sum(m.quantity) filter (where m.at >= ${start} and m.reason = 'return') as returned,
        -sum(m.quantity) filter (where m.at >= ${start} and m.reason = 'sale') as sold,
        -sum(m.quantity) filter (where m.at >= ${start} and m.reason = 'damage') as scrapped,
        -sum(m.quantity) filter (where m.at >= ${start} and m.reason = 'gift') as given,
        sum(m.quantity) filter (where m.at >= ${start} and m.reason in ('count', 'correction')) as adjusted,
        sum(m.quantity) filter (where m.at >= ${start} and m.reason = 'transfer' and m.quantity > 0) as transferred_in,
        -sum(m.quantity) filter (where m.at >= ${start} and m.reason = 'transfer' and m.quantity < 0) as transferred_out,
        sum(m.quantity) as closing
      from stock_movements m where m.shop_id = ${shopId} and m.at < ${end} and ${MOVES} ${inside(warehouseId)}
        ${only.skuIds === undefined ? empty : sql`and m.sku_id = any(${only.skuIds as string[]}::uuid[])`}
        ${
          only.productIds === undefined
            ? empty
            : sql`and m.sku_id in (select id from skus
                where shop_id = ${shopId} and product_id = any(${only.productIds as string[]}::uuid[]))`
        }
      group by m.sku_id, m.warehouse_id)
    select s.sku_id, s.warehouse_id, k.product_id, p.category_id, k.cost_fen, ${join(
      FIGURES.map((name) => sql`coalesce(s.${name}, 0)::bigint as ${name}`),
      ', ',
    )}
    from sums s join skus k on k.shop_id = ${shopId} and k.id = s.sku_id
    join products p on p.shop_id = ${shopId} and p.id = k.product_id
    ${q ? sql`join catalog_sku_view v on v.shop_id = ${shopId} and v.sku_id = s.sku_id ${named(q)}` : empty}`)

const FIGURES = [
  ...[sql`opening`, sql`received`, sql`returned`, sql`sold`, sql`scrapped`, sql`given`, sql`adjusted`],
  ...[sql`transferred_in`, sql`transferred_out`, sql`closing`],
]

/**
 * How many SKUs in warehouses have another number on the shelf, by what stock reports, than their movements add up to.
 * Reserved and sold units that have not left are on the shelf.
 */
export async function countDiffering(tx: Tx, shopId: string, { warehouseId, q }: StockFilter): Promise<number> {
  const { count } = await tx.one<{ count: number }>(sql`
    with sums as (
      select m.sku_id, m.warehouse_id, sum(m.quantity) as closing from stock_movements m
      where m.shop_id = ${shopId} and ${MOVES} ${inside(warehouseId)} group by m.sku_id, m.warehouse_id
    ), shelf as (
      select m.sku_id, m.warehouse_id, m.available + m.reserved + m.committed as units from stock_levels m
      where m.shop_id = ${shopId} ${inside(warehouseId)})
    select count(*) as count from sums full join shelf using (sku_id, warehouse_id)
    ${q ? sql`join catalog_sku_view v on v.shop_id = ${shopId} and v.sku_id = coalesce(sums.sku_id, shelf.sku_id) ${named(q)}` : empty}
    where coalesce(sums.closing, 0) <> coalesce(shelf.units, 0)`)
  return count
}

export interface MovementWish extends StockFilter {
  skuId?: string | undefined
  productId?: string | undefined
  categoryId?: string | undefined
  column?: StockBookColumn | undefined
  beforeId?: string | undefined
  limit: number
}

/** Movements of the period, those of one column or all that the book has, newest first. */
export function movementsBehind(tx: Tx, shopId: string, { start, end }: Period, wish: MovementWish) {
  const { skuId, productId, categoryId, column } = wish
  const reasons: readonly string[] | undefined = column && STOCK_BOOK_COLUMNS[column].reasons
  const conditions: Sql[] = [sql`m.shop_id = ${shopId}`, sql`m.at >= ${start} and m.at < ${end}`, MOVES]
  if (reasons !== undefined) conditions.push(sql`m.reason = any(${reasons as string[]}::text[])`)
  if (column === 'transferredIn') conditions.push(sql`m.quantity > 0`)
  if (column === 'transferredOut') conditions.push(sql`m.quantity < 0`)
  if (skuId !== undefined) conditions.push(sql`m.sku_id = ${skuId}`)
  if (productId !== undefined) conditions.push(sql`v.product_id = ${productId}`)
  if (categoryId !== undefined)
    conditions.push(categoryId === 'none' ? sql`p.category_id is null` : sql`p.category_id = ${categoryId}`)
  if (wish.beforeId !== undefined) conditions.push(sql`m.id < ${wish.beforeId}`)
  return tx.rows<BookMovement>(sql`
    select m.id, m.at, m.sku_id, v.sku_code, v.title, w.name as warehouse_name, m.reason, m.quantity, m.note,
      m.actor_name, m.order_id, m.order_no
    from stock_movements m
    join catalog_sku_view v on v.shop_id = m.shop_id and v.sku_id = m.sku_id ${named(wish.q)}
    join products p on p.shop_id = v.shop_id and p.id = v.product_id
    join warehouses w on w.shop_id = m.shop_id and w.id = m.warehouse_id
    where ${join(conditions, ' and ')} ${inside(wish.warehouseId)}
    order by m.id desc limit ${wish.limit}`)
}

export const warehouseNames = (tx: Tx, shopId: string) =>
  tx.rows<{ id: string; code: string; title: string }>(sql`
    select id, code, name as title from warehouses where shop_id = ${shopId} order by priority, code limit 1000`)
