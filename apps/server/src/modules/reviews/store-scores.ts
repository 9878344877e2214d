import { plainArray, textArray } from '../../kernel/arrays.ts'
import { sql, type Tx } from '../../kernel/db.ts'
import { levelOf } from './rules.ts'
import type { ReviewRow } from './store.ts'

export interface ScoreRow {
  productId: string
  reviewCount: number
  starSum: number
  goodCount: number
  mediumCount: number
  badCount: number
  pictureCount: number
  defaultCount: number
  serviceSum: number
  logisticsSum: number
}

/**
 * Adds reviews to the scores and phrases of their products, or takes them out (`sign` -1). Rows are touched in the
 * order of products and phrases, after the reviews themselves: everybody waits in one direction.
 */
export async function countReviews(
  tx: Tx,
  shopId: string,
  rows: readonly ReviewRow[],
  sign: 1 | -1,
  at: string,
): Promise<void> {
  if (rows.length === 0) return
  await addScores(tx, shopId, rows, sign)
  const said = rows
    .filter(({ source }) => source === 'buyer')
    .flatMap((row) => row.phrases.map((phrase) => ({ row, ...splitPhrase(phrase) })))
  if (said.length === 0) return
  const [products, phrases] = [said.map(({ row }) => row.productId), said.map(({ phrase }) => phrase)]
  const ids = said.map(({ row }) => row.id)
  const polarities = said.map(({ polarity }) => polarity)
  if (sign > 0)
    await tx.exec(sql`
      with new_words as (
        insert into review_phrases (shop_id, product_id, phrase, review_id, polarity, said_at)
        select ${shopId}, w.product_id, w.phrase, w.review_id, w.polarity, ${at}
        from unnest(${plainArray(products)}::uuid[], ${textArray(phrases)}::text[], ${plainArray(ids)}::uuid[],
          ${plainArray(polarities)}::smallint[]) as w(product_id, phrase, review_id, polarity)
        on conflict do nothing returning product_id, phrase, polarity)
      insert into review_phrase_counts as c (shop_id, product_id, phrase, polarity, review_count)
      select ${shopId}, product_id, phrase, max(polarity), count(*) from new_words
      group by product_id, phrase order by product_id, phrase
      on conflict (shop_id, product_id, phrase) do update set review_count = c.review_count + excluded.review_count`)
  else
    await tx.exec(sql`
      with gone as (
        delete from review_phrases where shop_id = ${shopId} and review_id = any(${plainArray(ids)}::uuid[])
        returning product_id, phrase),
      counted as (select product_id, phrase, count(*) as n from gone group by 1, 2),
      locked as (
        select c.product_id, c.phrase, d.n from review_phrase_counts c join counted d using (product_id, phrase)
        where c.shop_id = ${shopId} order by c.product_id, c.phrase for update of c)
      update review_phrase_counts c set review_count = c.review_count - l.n from locked l
      where c.shop_id = ${shopId} and c.product_id = l.product_id and c.phrase = l.phrase`)
}

/** A phrase as the review keeps it, with the sign of what it says: `+口感不错`. */
export const joinPhrase = (opinion: { phrase: string; polarity: number }): string =>
  `${opinion.polarity < 0 ? '-' : '+'}${opinion.phrase}`

export const splitPhrase = (text: string): { phrase: string; polarity: number } => ({
  phrase: text.slice(1),
  polarity: text.startsWith('-') ? -1 : 1,
})

async function addScores(tx: Tx, shopId: string, rows: readonly ReviewRow[], sign: number): Promise<void> {
  const spoken = (row: ReviewRow) => (row.source === 'buyer' ? sign : 0)
  const level = (row: ReviewRow, wanted: string) => (levelOf(row.goodsStars) === wanted ? spoken(row) : 0)
  await tx.exec(sql`
    insert into review_scores as s (shop_id, product_id, review_count, star_sum, good_count, medium_count, bad_count,
      picture_count, default_count, service_sum, logistics_sum)
    select ${shopId}, d.product_id, 0, 0, 0, 0, 0, 0, 0, 0, 0
    from unnest(${plainArray(rows.map((row) => row.productId))}::uuid[]) as d(product_id)
    group by d.product_id order by d.product_id
    on conflict (shop_id, product_id) do nothing`)
  await tx.exec(sql`
    with delta as (
      select d.product_id, sum(n) as n, sum(n * stars) as stars, sum(good) as good, sum(medium) as medium,
        sum(bad) as bad, sum(media) as media, sum(by_clock) as by_clock, sum(n * service) as service,
        sum(n * logistics) as logistics
      from unnest(${plainArray(rows.map((row) => row.productId))}::uuid[], ${plainArray(rows.map(spoken))}::int[],
        ${plainArray(rows.map((row) => row.goodsStars))}::int[], ${plainArray(rows.map((row) => level(row, 'good')))}::int[],
        ${plainArray(rows.map((row) => level(row, 'medium')))}::int[],
        ${plainArray(rows.map((row) => level(row, 'bad')))}::int[],
        ${plainArray(rows.map((row) => (row.hasMedia ? spoken(row) : 0)))}::int[],
        ${plainArray(rows.map((row) => (row.source === 'default' ? sign : 0)))}::int[],
        ${plainArray(rows.map((row) => row.serviceStars))}::int[],
        ${plainArray(rows.map((row) => row.logisticsStars))}::int[])
        as d(product_id, n, stars, good, medium, bad, media, by_clock, service, logistics)
      group by d.product_id),
    locked as (
      select s.product_id from review_scores s join delta d using (product_id) where s.shop_id = ${shopId}
      order by s.product_id for update of s)
    update review_scores s set review_count = s.review_count + d.n, star_sum = s.star_sum + d.stars,
      good_count = s.good_count + d.good, medium_count = s.medium_count + d.medium, bad_count = s.bad_count + d.bad,
      picture_count = s.picture_count + d.media, default_count = s.default_count + d.by_clock,
      service_sum = s.service_sum + d.service, logistics_sum = s.logistics_sum + d.logistics
    from delta d where s.shop_id = ${shopId} and s.product_id = d.product_id
      and d.product_id in (select product_id from locked)`)
}

/** Scores of products; those without a review are absent. */
export const scoresOf = (tx: Tx, shopId: string, productIds: readonly string[]): Promise<ScoreRow[]> =>
  tx.rows<ScoreRow>(sql`
    select product_id, review_count, star_sum, good_count, medium_count, bad_count, picture_count, default_count,
      service_sum, logistics_sum
    from review_scores where shop_id = ${shopId} and product_id = any(${plainArray(productIds)}::uuid[])`)

/** Phrases of a product, those said most first. */
export const phrasesOf = (
  tx: Tx,
  shopId: string,
  productId: string,
  limit: number,
): Promise<{ phrase: string; polarity: number; count: number }[]> =>
  tx.rows(sql`
    select phrase, polarity, review_count as count from review_phrase_counts
    where shop_id = ${shopId} and product_id = ${productId} and review_count > 0
    order by review_count desc, phrase limit ${limit}`)
