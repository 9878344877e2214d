import { join, type Sql, sql, type Tx } from '../../kernel/db.ts'
import type { Match } from './search/match.ts'
import {
  BIGINT,
  INSTANT,
  type ListedProduct,
  type ListQuery,
  list,
  matchesStrictly,
  type Order,
  productsByIds,
  SOLD,
} from './store-lists.ts'

export type StoreSort = 'default' | 'new' | 'sold' | 'price-asc' | 'price-desc'

/** What narrows a list of the storefront. Values of one kind are alternatives; different kinds must all hold. */
export interface StoreFilter {
  brands?: readonly string[] | undefined
  tags?: readonly string[] | undefined
  minPriceFen?: number | undefined
  maxPriceFen?: number | undefined
  /** By name of the attribute. */
  attributes?: readonly { name: string; values: readonly string[] }[] | undefined
}

export interface StoreListQuery extends Omit<ListQuery<StoreSort>, 'q' | 'state'>, StoreFilter {
  match?: Match | undefined
  /** What products cost whose price for the viewer is not the one written with them; of all others that one counts. */
  resolved?: ResolvedRanges | undefined
}

/** Cheapest and dearest SKU of products in fen, at the same places. */
export interface ResolvedRanges {
  ids: string[]
  minFen: number[]
  maxFen: number[]
}

/** Nobody looks at the cheapest of what hardly fits: results below this share of the best are left out of other orders. */
const SORTED_RATIO = 0.7

/**
 * Products on sale, narrowed by what a query matched and by filters. The default order is by relevance where a query
 * was ranked, else by units sold. Prices are those of `resolved` where it has one: filters and orders by price go by
 * what the viewer pays.
 */
export async function listOnSale(tx: Tx, query: StoreListQuery): Promise<ListedProduct[]> {
  const { match, resolved } = query
  if (match?.kind === 'nothing') return []
  const where = onSaleConditions(query)
  if (match?.kind === 'ranked') return listRanked(tx, query, match, where)
  if (match?.kind === 'broad') where.push(matchesStrictly(query.shopId, match.strict))
  if (resolved !== undefined && isByPrice(query.sort)) return listByResolvedPrice(tx, query, resolved, where)
  return list(tx, query, where, storeOrder(query.sort))
}

export const isByPrice = (sort: StoreSort): boolean => sort === 'price-asc' || sort === 'price-desc'

const OWN_PRICE = sql`p.min_price_fen`

function storeOrder(sort: StoreSort, price: Sql = OWN_PRICE): Order {
  const orders: Record<StoreSort, Order> = {
    default: { keys: [SOLD], descending: true },
    new: { keys: [{ value: sql`p.published_at`, type: INSTANT }], descending: true },
    sold: { keys: [SOLD], descending: true },
    'price-asc': { keys: [{ value: price, type: BIGINT }], descending: false },
    'price-desc': { keys: [{ value: price, type: BIGINT }], descending: true },
  }
  return orders[sort]
}

/** Scores are kept to this part of one, so that they can be compared exactly. */
const SCORE_SCALE = 1_000_000

type RankedMatch = Extract<Match, { kind: 'ranked' }>

/** By anything but relevance the results must be about as good as the best, and each of them may come first. */
function listRanked(tx: Tx, query: StoreListQuery, match: RankedMatch, where: Sql[]): Promise<ListedProduct[]> {
  if (query.sort === 'default') return listByRelevance(tx, query, match, where)
  const least = (match.ranked[0]?.score ?? 0) * SORTED_RATIO
  const places = placesOf(match).filter(({ score }) => score >= least * SCORE_SCALE)
  if (query.resolved === undefined || !isByPrice(query.sort))
    return list(tx, query, where, storeOrder(query.sort), joinPlaces(places))
  const { ids, minFen } = query.resolved
  const from = sql`${joinPlaces(places)}
    left join unnest(${ids}::uuid[], ${minFen}::bigint[]) as e(id, min_fen) on e.id = p.id`
  return list(tx, query, where, storeOrder(query.sort, sql`coalesce(e.min_fen, p.min_price_fen)`), from)
}

/** So many times the page are looked at first; the next part is as many times as large. */
const PART_FACTOR = 3

/** The order is known, so only as many of the best are read as fill the page with what fits the filters. */
async function listByRelevance(
  tx: Tx,
  query: StoreListQuery,
  match: RankedMatch,
  where: Sql[],
): Promise<ListedProduct[]> {
  const order: Order = { keys: [{ value: sql`m.score`, type: BIGINT }], descending: true }
  const places = placesOf(match)
  const [score, id] = query.after ?? []
  let from = score === undefined ? 0 : places.findIndex((place) => isBehind(place, Number(score), String(id)))
  const found: ListedProduct[] = []
  for (let size = query.limit * PART_FACTOR; from >= 0 && from < places.length; size *= PART_FACTOR) {
    const part = places.slice(from, from + size)
    const limit = query.limit - found.length
    found.push(...(await list(tx, { limit }, where, order, joinPlaces(part))))
    if (found.length >= query.limit) break
    from += size
  }
  return found
}

interface Place {
  id: string
  /** To `SCORE_SCALE` of one. */
  score: number
}

/** Best first; equal ones as PostgreSQL orders them. */
const placesOf = ({ ranked }: RankedMatch): Place[] =>
  ranked
    .map(({ productId, score }) => ({ id: productId, score: Math.round(score * SCORE_SCALE) }))
    .sort((a, b) => b.score - a.score || (a.id < b.id ? 1 : -1))

const isBehind = (place: Place, score: number, id: string): boolean =>
  place.score < score || (place.score === score && place.id < id)

const joinPlaces = (places: readonly Place[]): Sql =>
  sql`join unnest(${places.map(({ id }) => id)}::uuid[], ${places.map(({ score }) => score)}::bigint[]) as m(id, score)
    on m.id = p.id`

/**
 * Two lists, each in the order of its own prices, are merged: the products that the index of prices is right for, and
 * the others, whose order is known here. Sorting all products by what they come to would read every one of them for
 * each page.
 */
async function listByResolvedPrice(
  tx: Tx,
  query: StoreListQuery,
  resolved: ResolvedRanges,
  where: Sql[],
): Promise<ListedProduct[]> {
  const up = query.sort === 'price-asc' ? 1 : -1
  const first = firstResolved(query, resolved, up)
  const [others, priced] = await Promise.all([
    list(tx, query, [...where, sql`p.id <> all(${resolved.ids}::uuid[])`], storeOrder(query.sort)),
    productsByIds(tx, query.shopId, [...first.keys()]),
  ])
  return [...others, ...priced.map((product) => ({ ...product, position: [first.get(product.id)!, product.id] }))]
    .sort((a, b) => up * comparePlaces(a.position, b.position))
    .slice(0, query.limit)
}

/** A page of the resolved products behind the cursor, by price and id, with their prices. */
function firstResolved(query: StoreListQuery, resolved: ResolvedRanges, up: 1 | -1): Map<string, number> {
  const fit = new Set(fitting(query, resolved))
  const places = resolved.ids
    .map((id, i) => [resolved.minFen[i]!, id] as const)
    .filter(([, id]) => fit.has(id))
    .filter((place) => query.after === undefined || up * comparePlaces(place, query.after) > 0)
    .sort((a, b) => up * comparePlaces(a, b))
    .slice(0, query.limit)
  return new Map(places.map(([priceFen, id]) => [id, priceFen]))
}

const comparePlaces = (a: readonly (string | number)[], b: readonly (string | number)[]): number =>
  Number(a[0]) - Number(b[0]) || (a[1]! < b[1]! ? -1 : a[1]! > b[1]! ? 1 : 0)

/** The resolved products that fit the range of prices asked for. */
const fitting = ({ minPriceFen = 0, maxPriceFen = Number.POSITIVE_INFINITY }: StoreFilter, ranges: ResolvedRanges) =>
  ranges.ids.filter((_, i) => ranges.maxFen[i]! >= minPriceFen && ranges.minFen[i]! <= maxPriceFen)

/** Which of these products are on sale and fit what a list is narrowed by, but for prices. */
export async function onSaleAmong(tx: Tx, query: StoreListQuery, ids: readonly string[]): Promise<string[]> {
  const { match } = query
  const where = onSaleConditions({ ...query, minPriceFen: undefined, maxPriceFen: undefined })
  if (match?.kind === 'broad') where.push(matchesStrictly(query.shopId, match.strict))
  const rows = await tx.rows<{ id: string }>(sql`
    select p.id from products p where ${join(where, ' and ')} and p.id = any(${ids as string[]}::uuid[])`)
  return rows.map(({ id }) => id)
}

function onSaleConditions(query: StoreListQuery): Sql[] {
  const all = [sql`p.shop_id = ${query.shopId}`, sql`p.state = 'on-sale'`]
  if (query.productIds) all.push(sql`p.id = any(${query.productIds as string[]}::uuid[])`)
  if (query.categoryIds) all.push(sql`p.category_id = any(${query.categoryIds as string[]}::uuid[])`)
  if (query.brands?.length) all.push(sql`p.brand = any(${query.brands as string[]}::text[])`)
  for (const group of query.tagGroups ?? []) all.push(sql`p.tag_value_ids && ${group as string[]}::uuid[]`)
  if (query.tags?.length) all.push(sql`p.tags && ${query.tags as string[]}::text[]`)
  if (query.minPriceFen !== undefined || query.maxPriceFen !== undefined) all.push(inPriceRange(query))
  for (const { name, values } of query.attributes ?? [])
    all.push(
      sql`(${join(
        values.map((value) => sql`p.attributes @> ${JSON.stringify([{ name, value }])}::jsonb`),
        ' or ',
      )})`,
    )
  return all
}

/** By the prices written with products, but for those that are resolved: what they come to is known. */
function inPriceRange(query: StoreListQuery): Sql {
  const { minPriceFen, maxPriceFen, resolved } = query
  const own = [
    ...(minPriceFen === undefined ? [] : [sql`p.max_price_fen >= ${minPriceFen}`]),
    ...(maxPriceFen === undefined ? [] : [sql`p.min_price_fen <= ${maxPriceFen}`]),
  ]
  if (resolved === undefined) return join(own, ' and ')
  return sql`((${join(own, ' and ')} and p.id <> all(${resolved.ids}::uuid[])) or p.id = any(${fitting(query, resolved)}::uuid[]))`
}
