import type { ProductRole } from '@zhanggui/contract'
import { empty, join, type Sql, sql, type Tx } from '../../kernel/db.ts'
import { searchQuery } from './search/grams.ts'
import type { ProductState } from './types.ts'

/** A product as lists show it; `position` is what the next page continues after. */
export interface ListedProduct {
  id: string
  title: string
  subtitle: string
  state: ProductState
  categoryId: string | null
  brand: string
  tags: string[]
  picture: string | null
  minPriceFen: number
  maxPriceFen: number
  listPriceFen: number | null
  soldCount: number
  skuCount: number
  role: ProductRole
  completeness: number | null
  version: number
  updatedAt: string
  position: (string | number)[]
}

export type ConsoleSort =
  | 'updated'
  | 'created'
  | 'fix-first'
  | `${'' | '-'}${'title' | 'price' | 'sold' | 'edited' | 'completeness'}`

export interface ListFilter {
  q?: string | undefined
  /** The category with everything below it. */
  categoryIds?: readonly string[] | undefined
  state?: ProductState | undefined
  /** Only these. */
  productIds?: readonly string[] | undefined
  /** Values of tag dimensions, one list for each dimension: a product carries one of every list. */
  tagGroups?: readonly (readonly string[])[] | undefined
  role?: ProductRole | undefined
  /** Lacks something of this item of completeness. */
  gap?: string | undefined
  completenessMax?: number | undefined
}

export interface ListQuery<S extends string> extends ListFilter {
  shopId: string
  sort: S
  after?: (string | number)[] | undefined
  limit: number
}

export interface Order {
  /** Sort keys; the id comes last, in the same direction. */
  keys: { value: Sql; type: Sql }[]
  descending: boolean
}

const COLUMNS = sql`p.id, p.title, p.subtitle, p.state, p.category_id, p.brand, p.tags, p.pictures[1] as picture, p.min_price_fen,
  p.max_price_fen, p.list_price_fen, p.sold_count, p.sku_count, p.role,
  case when p.completeness_at is not null then p.completeness end as completeness, p.version, p.updated_at`

export const BIGINT = sql`bigint`
export const INSTANT = sql`timestamptz`
/** Points that are missing, weighed by how much the product sells. */
const FIX_FIRST = sql`((100 - p.completeness) * (10 + least(p.sold_count, 9999)))`
export const SOLD = { value: sql`p.sold_count`, type: BIGINT }

export const matchesStrictly = (shopId: string, strict: string): Sql =>
  sql`p.id in (select product_id from app.search_products(${shopId}, ${strict}::tsquery))`

/** Products of the back office, in any state. */
export async function listProducts(tx: Tx, query: ListQuery<ConsoleSort>): Promise<ListedProduct[]> {
  const search = searchOf(query)
  if (search === 'nothing') return []
  const updated = { value: sql`p.updated_at`, type: INSTANT }
  const title = { value: sql`p.title`, type: sql`text` }
  const price = { value: sql`p.min_price_fen`, type: BIGINT }
  const orders: Record<ConsoleSort, Order> = {
    updated: { keys: [updated], descending: true },
    created: { keys: [], descending: true },
    ...bothWays('title', title),
    ...bothWays('price', price),
    ...bothWays('sold', SOLD),
    ...bothWays('edited', updated),
    ...bothWays('completeness', { value: sql`p.completeness`, type: BIGINT }),
    'fix-first': { keys: [{ value: FIX_FIRST, type: BIGINT }], descending: true },
  }
  return list(tx, query, conditions(query, search), orders[query.sort])
}

const bothWays = <Name extends string>(name: Name, key: Order['keys'][number]) =>
  ({
    [name]: { keys: [key], descending: false },
    [`-${name}`]: { keys: [key], descending: true },
  }) as Record<Name | `-${Name}`, Order>

/** The ids of all products that fit the filter, in the order of creation, in pages: for the export. */
export async function productIdsAfter(
  tx: Tx,
  query: Omit<ListQuery<ConsoleSort>, 'sort' | 'after'> & { afterId: string | null },
): Promise<string[]> {
  const search = searchOf(query)
  if (search === 'nothing') return []
  const after = query.afterId === null ? empty : sql`and p.id > ${query.afterId}::uuid`
  const rows = await tx.rows<{ id: string }>(sql`
    select p.id from products p where ${join(conditions(query, search), ' and ')} ${after} order by p.id limit ${query.limit}`)
  return rows.map(({ id }) => id)
}

/** The named products as lists show them, in the order of `ids`; unknown ids are absent. */
export async function productsByIds(tx: Tx, shopId: string, ids: readonly string[]): Promise<ListedProduct[]> {
  if (ids.length === 0) return []
  return tx.rows<ListedProduct>(sql`
    select ${COLUMNS}, '[]'::jsonb as position from products p
    where p.shop_id = ${shopId} and p.id = any(${ids as string[]}::uuid[])
    order by array_position(${ids as string[]}::uuid[], p.id)`)
}

/** A page of products in an order, after a position. `from` joins what order and conditions name. */
export async function list(
  tx: Tx,
  query: Pick<ListQuery<string>, 'after' | 'limit'>,
  where: Sql[],
  order: Order,
  from: Sql = empty,
): Promise<ListedProduct[]> {
  const keys = [...order.keys, { value: sql`p.id`, type: sql`uuid` }]
  const position = join(keys.map(({ value }) => value))
  const direction = order.descending ? sql`desc` : sql`asc`
  const after = query.after
    ? sql`and (${position}) ${order.descending ? sql`<` : sql`>`} (${join(
        keys.map(({ type }, index) => sql`${query.after![index]}::text::${type}`),
      )})`
    : empty
  return tx.rows<ListedProduct>(sql`
    select ${COLUMNS}, jsonb_build_array(${position}) as position from products p ${from}
    where ${join(where, ' and ')} ${after}
    order by ${join(keys.map(({ value }) => sql`${value} ${direction}`))} limit ${query.limit}`)
}

function conditions(query: ListFilter & { shopId: string }, search: string | undefined): Sql[] {
  const all = [sql`p.shop_id = ${query.shopId} and p.deleted_at is null`]
  if (query.state !== undefined) all.push(sql`p.state = ${query.state}`)
  if (query.productIds !== undefined) all.push(sql`p.id = any(${query.productIds as string[]}::uuid[])`)
  if (query.categoryIds !== undefined) all.push(sql`p.category_id = any(${query.categoryIds as string[]}::uuid[])`)
  for (const group of query.tagGroups ?? []) all.push(sql`p.tag_value_ids && ${group as string[]}::uuid[]`)
  if (query.role !== undefined) all.push(sql`p.role = ${query.role}`)
  if (query.gap !== undefined) all.push(sql`p.completeness_at is not null and p.completeness_gaps ? ${query.gap}`)
  if (query.completenessMax !== undefined)
    all.push(sql`p.completeness_at is not null and p.completeness <= ${query.completenessMax}`)
  if (search !== undefined) all.push(matchesStrictly(query.shopId, search))
  return all
}

/** The query's tsquery; undefined without a query, `nothing` for one that holds nothing to search for. */
function searchOf(query: { shopId: string; q?: string | undefined }): string | undefined {
  if (query.q === undefined || query.q === '') return undefined
  return searchQuery(query.shopId, query.q) ?? 'nothing'
}

/** SKU ids of products, for their stock: archived ones are left out. */
export async function activeSkuIds(
  tx: Tx,
  shopId: string,
  productIds: readonly string[],
): Promise<Map<string, string[]>> {
  const rows = await tx.rows<{ productId: string; ids: string[] }>(sql`
    select product_id, array_agg(id) as ids from skus
    where shop_id = ${shopId} and product_id = any(${productIds as string[]}::uuid[]) and not archived group by product_id`)
  return new Map(rows.map((row) => [row.productId, row.ids]))
}
