import { plainArray, textArray } from '../../kernel/arrays.ts'
import { sql, type Tx } from '../../kernel/db.ts'

export interface ReviewRow {
  shopId: string
  id: string
  buyerId: string
  author: string
  orderId: string
  line: number
  orderNo: string
  productId: string
  skuId: string
  title: string
  options: string
  source: 'buyer' | 'default'
  goodsStars: number
  serviceStars: number
  logisticsStars: number
  body: string
  tags: string[]
  pictureFileIds: string[]
  videoFileId: string | null
  isAnonymous: boolean
  state: 'pending' | 'approved' | 'rejected'
  rejectReason: string
  findings: string[]
  phrases: string[]
  polarity: number
  createdAt: string
  decidedAt: string | null
  decidedBy: string
  pinnedAt: string | null
  reply: string
  repliedAt: string | null
  repliedBy: string
  addition: string
  additionPictureFileIds: string[]
  additionState: 'pending' | 'approved' | 'rejected' | null
  additionFindings: string[]
  additionRejectReason: string
  additionAt: string | null
  helpfulCount: number
  reportCount: number
  isPinned: boolean
  hasMedia: boolean
  weight: number
}

export const REVIEW = sql`r.shop_id, r.id, r.buyer_id, r.author, r.order_id, r.line, r.order_no, r.product_id, r.sku_id,
  r.title, r.options, r.source, r.goods_stars, r.service_stars, r.logistics_stars, r.body, r.tags, r.picture_file_ids,
  r.video_file_id, r.is_anonymous, r.state, r.reject_reason, r.findings, r.phrases, r.polarity, r.created_at,
  r.decided_at, r.decided_by, r.pinned_at, r.reply, r.replied_at, r.replied_by, r.addition,
  r.addition_picture_file_ids, r.addition_state, r.addition_findings, r.addition_reject_reason, r.addition_at,
  r.helpful_count, r.report_count, r.is_pinned, r.has_media, r.weight`

export type NewReview = Pick<
  ReviewRow,
  | 'id'
  | 'buyerId'
  | 'author'
  | 'orderId'
  | 'line'
  | 'orderNo'
  | 'productId'
  | 'skuId'
  | 'title'
  | 'options'
  | 'source'
  | 'goodsStars'
  | 'serviceStars'
  | 'logisticsStars'
  | 'body'
  | 'tags'
  | 'pictureFileIds'
  | 'videoFileId'
  | 'isAnonymous'
  | 'state'
  | 'findings'
  | 'phrases'
  | 'polarity'
  | 'createdAt'
>

/** Writes one review; undefined when the line has one already. */
export const insertReview = (tx: Tx, shopId: string, row: NewReview): Promise<ReviewRow | undefined> =>
  tx.maybe<ReviewRow>(sql`
    insert into reviews as r (shop_id, id, buyer_id, author, order_id, line, order_no, product_id, sku_id, title, options, source,
      goods_stars, service_stars, logistics_stars, body, tags, picture_file_ids, video_file_id, is_anonymous, state,
      findings, phrases, polarity, created_at, decided_at)
    values (${shopId}, ${row.id}, ${row.buyerId}, ${row.author}, ${row.orderId}, ${row.line}, ${row.orderNo},
      ${row.productId}, ${row.skuId}, ${row.title}, ${row.options}, ${row.source}, ${row.goodsStars},
      ${row.serviceStars}, ${row.logisticsStars}, ${row.body}, ${row.tags}::text[], ${row.pictureFileIds}::uuid[],
      ${row.videoFileId}, ${row.isAnonymous}, ${row.state}, ${row.findings}::text[], ${row.phrases}::text[],
      ${row.polarity}, ${row.createdAt}, ${row.state === 'approved' ? row.createdAt : null})
    on conflict (shop_id, order_id, line) do nothing returning ${REVIEW}`)

export const reviewById = (tx: Tx, shopId: string, id: string): Promise<ReviewRow | undefined> =>
  tx.maybe<ReviewRow>(sql`select ${REVIEW} from reviews r where r.shop_id = ${shopId} and r.id = ${id}`)

export interface RecentReview {
  reviewId: string
  orderId: string
  orderNo: string
  stars: number
  at: string
}

/** The last reviews that buyers wrote themselves, newest first. */
export const recentReviews = (tx: Tx, shopId: string, limit: number): Promise<RecentReview[]> =>
  tx.rows<RecentReview>(sql`
    select id as review_id, order_id, order_no, goods_stars as stars, created_at as at from reviews
    where shop_id = ${shopId} and source = 'buyer' order by created_at desc, id desc limit ${limit}`)

/** Reviews, locked until the transaction ends, in id order. */
export const lockReviews = (tx: Tx, shopId: string, ids: readonly string[]): Promise<ReviewRow[]> =>
  tx.rows<ReviewRow>(sql`
    select ${REVIEW} from reviews r where r.shop_id = ${shopId} and r.id = any(${plainArray(ids)}::uuid[])
    order by r.id for update`)

export async function setStates(
  tx: Tx,
  shopId: string,
  ids: readonly string[],
  set: { state: 'approved' | 'rejected'; reason: string; by: string; at: string },
): Promise<void> {
  await tx.exec(sql`
    update reviews set state = ${set.state}, reject_reason = ${set.reason}, decided_by = ${set.by}, decided_at = ${set.at},
      pinned_at = case when ${set.state} = 'approved' then pinned_at end
    where shop_id = ${shopId} and id = any(${plainArray(ids)}::uuid[])`)
}

export async function setAdditionStates(
  tx: Tx,
  shopId: string,
  ids: readonly string[],
  set: { state: 'approved' | 'rejected'; reason: string },
): Promise<void> {
  await tx.exec(sql`
    update reviews set addition_state = ${set.state}, addition_reject_reason = ${set.reason}
    where shop_id = ${shopId} and id = any(${plainArray(ids)}::uuid[]) and addition_state is not null`)
}

/** Answers whether nothing had been added before. */
export async function setAddition(
  tx: Tx,
  shopId: string,
  id: string,
  add: { text: string; pictureFileIds: readonly string[]; state: string; findings: readonly string[]; at: string },
): Promise<boolean> {
  const changed = await tx.exec(sql`
    update reviews set addition = ${add.text}, addition_picture_file_ids = ${plainArray(add.pictureFileIds)}::uuid[],
      addition_state = ${add.state}, addition_findings = ${textArray(add.findings)}::text[], addition_at = ${add.at}
    where shop_id = ${shopId} and id = ${id} and addition_at is null`)
  return changed === 1
}

export async function setReply(
  tx: Tx,
  shopId: string,
  id: string,
  reply: { text: string; by: string; at: string },
): Promise<void> {
  const isGone = reply.text === ''
  await tx.exec(sql`
    update reviews set reply = ${reply.text}, replied_by = ${isGone ? '' : reply.by},
      replied_at = ${isGone ? null : reply.at}
    where shop_id = ${shopId} and id = ${id}`)
}

export async function setPinned(tx: Tx, shopId: string, id: string, at: string | null): Promise<void> {
  await tx.exec(sql`update reviews set pinned_at = ${at} where shop_id = ${shopId} and id = ${id}`)
}

export const countPinned = async (tx: Tx, shopId: string, productId: string): Promise<number> =>
  (
    await tx.one<{ count: number }>(sql`
      select count(*) as count from reviews
      where shop_id = ${shopId} and product_id = ${productId} and state = 'approved' and source = 'buyer' and is_pinned`)
  ).count

/** Counts the vote once; answers the review's votes afterwards. */
export async function addVote(tx: Tx, shopId: string, reviewId: string, buyerId: string, at: string): Promise<void> {
  await tx.exec(sql`
    with vote as (
      insert into review_votes (shop_id, review_id, buyer_id, voted_at)
      values (${shopId}, ${reviewId}, ${buyerId}, ${at}) on conflict do nothing returning review_id)
    update reviews set helpful_count = helpful_count + 1
    where shop_id = ${shopId} and id in (select review_id from vote)`)
}

export async function removeVote(tx: Tx, shopId: string, reviewId: string, buyerId: string): Promise<void> {
  await tx.exec(sql`
    with vote as (
      delete from review_votes where shop_id = ${shopId} and review_id = ${reviewId} and buyer_id = ${buyerId}
      returning review_id)
    update reviews set helpful_count = helpful_count - 1
    where shop_id = ${shopId} and id in (select review_id from vote)`)
}

export async function addReport(
  tx: Tx,
  report: { shopId: string; reviewId: string; buyerId: string; reason: string; at: string },
): Promise<void> {
  const { shopId, reviewId, buyerId, reason, at } = report
  await tx.exec(sql`
    with told as (
      insert into review_reports (shop_id, review_id, buyer_id, reason, reported_at)
      values (${shopId}, ${reviewId}, ${buyerId}, ${reason}, ${at}) on conflict do nothing returning review_id)
    update reviews set report_count = report_count + 1
    where shop_id = ${shopId} and id in (select review_id from told)`)
}

/** Whoever has decided over a review has looked at the reports too. */
export async function clearReports(tx: Tx, shopId: string, ids: readonly string[]): Promise<void> {
  await tx.exec(sql`
    update reviews set report_count = 0
    where shop_id = ${shopId} and id = any(${plainArray(ids)}::uuid[]) and report_count > 0`)
}

/** A buyer's reviews, votes and reports go to the buyer that it was merged into; what both have stays once. */
export async function moveReviews(tx: Tx, fromBuyerId: string, buyerId: string): Promise<void> {
  await tx.exec(sql`update reviews set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
  await tx.exec(sql`update review_invitations set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
  await tx.exec(sql`
    with double as (
      delete from review_votes v where v.buyer_id = ${fromBuyerId} and exists (
        select from review_votes o where o.shop_id = v.shop_id and o.review_id = v.review_id and o.buyer_id = ${buyerId})
      returning shop_id, review_id)
    update reviews r set helpful_count = r.helpful_count - 1 from double d
    where r.shop_id = d.shop_id and r.id = d.review_id`)
  await tx.exec(sql`update review_votes set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
  await tx.exec(sql`
    delete from review_reports v where v.buyer_id = ${fromBuyerId} and exists (
      select from review_reports o where o.shop_id = v.shop_id and o.review_id = v.review_id and o.buyer_id = ${buyerId})`)
  await tx.exec(sql`update review_reports set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
}
