import type { ReviewLevel, ReviewSort } from '@zhanggui/contract'
import { plainArray } from '../../kernel/arrays.ts'
import { empty, join, type Sql, sql, type Tx } from '../../kernel/db.ts'
import { containing } from '../../kernel/like.ts'
import { STARS_OF } from './rules.ts'
import { REVIEW, type ReviewRow } from './store.ts'

export interface ShownFilter {
  shopId: string
  productId: string
  sort: ReviewSort
  level?: ReviewLevel | undefined
  withPictures?: boolean | undefined
  withAddition?: boolean | undefined
  skuId?: string | undefined
  phrase?: string | undefined
  after?: readonly [boolean, number | string, string] | undefined
  limit: number
}

/** What a list goes on after, for each order. */
export const positionOf = (sort: ReviewSort, row: ReviewRow): [boolean, number | string, string] => [
  row.isPinned,
  sort === 'useful' ? row.weight : sort === 'new' ? row.createdAt : row.goodsStars,
  row.id,
]

const KEYS = {
  useful: { column: sql`r.weight`, type: sql`integer` },
  new: { column: sql`r.created_at`, type: sql`timestamptz` },
  low: { column: sql`r.goods_stars`, type: sql`smallint` },
} as const

const ofLevel = (level: ReviewLevel): Sql => sql`r.goods_stars between ${STARS_OF[level][0]} and ${STARS_OF[level][1]}`
const saying = (shopId: string, phrase: string): Sql => sql`exists (
  select from review_phrases p where p.shop_id = ${shopId} and p.product_id = r.product_id and p.phrase = ${phrase}
    and p.review_id = r.id)`

/** Approved reviews of a product in words, pinned ones first. */
export async function listShown(tx: Tx, filter: ShownFilter): Promise<ReviewRow[]> {
  const { shopId, productId, sort, level, skuId, phrase, after, limit } = filter
  const { column, type } = KEYS[sort]
  const where: Sql[] = [
    sql`r.shop_id = ${shopId} and r.product_id = ${productId} and r.state = 'approved' and r.source = 'buyer'`,
  ]
  if (level) where.push(ofLevel(level))
  if (filter.withPictures) where.push(sql`r.has_media`)
  if (filter.withAddition) where.push(sql`r.addition_state = 'approved'`)
  if (skuId) where.push(sql`r.sku_id = ${skuId}`)
  if (phrase) where.push(saying(shopId, phrase))
  if (after) {
    const [pinned, value, id] = after
    where.push(
      sort === 'low'
        ? sql`(r.is_pinned < ${pinned} or (r.is_pinned = ${pinned} and (r.goods_stars > ${value}::smallint
            or (r.goods_stars = ${value}::smallint and r.id < ${id}::uuid))))`
        : sql`(r.is_pinned, ${column}, r.id) < (${pinned}, ${value}::${type}, ${id}::uuid)`,
    )
  }
  const direction = sort === 'low' ? sql`asc` : sql`desc`
  return tx.rows<ReviewRow>(sql`
    select ${REVIEW} from reviews r where ${join(where, ' and ')}
    order by r.is_pinned desc, ${column} ${direction}, r.id desc limit ${limit}`)
}

/** The SKUs of a product that buyers wrote about, those with most reviews first; `options` as the last of them bought it. */
export const reviewedSkus = (
  tx: Tx,
  shopId: string,
  productId: string,
  limit: number,
): Promise<{ skuId: string; options: string; count: number }[]> =>
  tx.rows(sql`
    select r.sku_id, (array_agg(r.options order by r.created_at desc))[1] as options, count(*) as count
    from reviews r
    where r.shop_id = ${shopId} and r.product_id = ${productId} and r.state = 'approved' and r.source = 'buyer'
    group by r.sku_id order by count desc, r.sku_id limit ${limit}`)

/** Which of the reviews a buyer found helpful. */
export async function votedBy(
  tx: Tx,
  shopId: string,
  buyerId: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await tx.rows<{ reviewId: string }>(sql`
    select review_id from review_votes
    where shop_id = ${shopId} and buyer_id = ${buyerId} and review_id = any(${plainArray(ids)}::uuid[])`)
  return new Set(rows.map(({ reviewId }) => reviewId))
}

export const reviewsOfOrder = (tx: Tx, shopId: string, orderId: string): Promise<ReviewRow[]> =>
  tx.rows<ReviewRow>(sql`
    select ${REVIEW} from reviews r where r.shop_id = ${shopId} and r.order_id = ${orderId} order by r.line`)

interface Place {
  at: string
  id: string
}

export const listOfBuyer = (
  tx: Tx,
  shopId: string,
  buyerId: string,
  before: Place | undefined,
  limit: number,
): Promise<ReviewRow[]> =>
  tx.rows<ReviewRow>(sql`
    select ${REVIEW} from reviews r where r.shop_id = ${shopId} and r.buyer_id = ${buyerId}
      ${before ? sql`and (r.created_at, r.id) < (${before.at}::timestamptz, ${before.id}::uuid)` : empty}
    order by r.created_at desc, r.id desc limit ${limit}`)

export interface ConsoleFilter {
  state?: string | undefined
  waiting?: boolean | undefined
  level?: ReviewLevel | undefined
  unanswered?: boolean | undefined
  reported?: boolean | undefined
  withPictures?: boolean | undefined
  productId?: string | undefined
  skuId?: string | undefined
  buyerId?: string | undefined
  phrase?: string | undefined
  q?: string | undefined
  sort: 'new' | 'old'
  after?: Place | undefined
  limit: number
}

/** Reviews of the shop as staff list them. */
export async function listForConsole(tx: Tx, shopId: string, filter: ConsoleFilter): Promise<ReviewRow[]> {
  const where: Sql[] = [sql`r.shop_id = ${shopId}`]
  if (filter.state) where.push(sql`r.state = ${filter.state}`)
  if (filter.waiting) where.push(sql`(r.state = 'pending' or r.addition_state = 'pending')`)
  if (filter.level) where.push(ofLevel(filter.level))
  if (filter.unanswered) where.push(sql`r.state = 'approved' and r.source = 'buyer' and r.reply = ''`)
  if (filter.reported) where.push(sql`r.report_count > 0`)
  if (filter.withPictures) where.push(sql`r.has_media`)
  if (filter.productId) where.push(sql`r.product_id = ${filter.productId}`)
  if (filter.skuId) where.push(sql`r.sku_id = ${filter.skuId}`)
  if (filter.buyerId) where.push(sql`r.buyer_id = ${filter.buyerId}`)
  if (filter.phrase) where.push(saying(shopId, filter.phrase))
  if (filter.q) {
    const like = containing(filter.q)
    where.push(
      sql`(r.order_no = ${filter.q} or r.title ilike ${like} or r.body ilike ${like} or r.addition ilike ${like})`,
    )
  }
  const isNewest = filter.sort === 'new'
  if (filter.after)
    where.push(
      sql`(r.created_at, r.id) ${isNewest ? sql`<` : sql`>`} (${filter.after.at}::timestamptz, ${filter.after.id}::uuid)`,
    )
  const direction = isNewest ? sql`desc` : sql`asc`
  return tx.rows<ReviewRow>(sql`
    select ${REVIEW} from reviews r where ${join(where, ' and ')}
    order by r.created_at ${direction}, r.id ${direction} limit ${filter.limit}`)
}

/** The newest reasons for which reviews were reported. */
export async function reportReasons(tx: Tx, shopId: string, ids: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await tx.rows<{ reviewId: string; reason: string }>(sql`
    select w.id as review_id, p.reason from unnest(${plainArray(ids)}::uuid[]) as w(id) cross join lateral (
      select reason from review_reports where shop_id = ${shopId} and review_id = w.id
      order by reported_at desc limit 5) p`)
  const grouped = Map.groupBy(rows, ({ reviewId }) => reviewId)
  return new Map([...grouped].map(([id, told]) => [id, told.map(({ reason }) => reason)]))
}

/** All reviews that may be seen. */
export const countReviews = async (tx: Tx, shopId: string): Promise<number> =>
  (await tx.one<{ count: number }>(sql`select count(*) as count from reviews where shop_id = ${shopId}`)).count
