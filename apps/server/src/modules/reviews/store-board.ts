import { sql, type Tx } from '../../kernel/db.ts'

/** What of a shop's reviews waits for somebody, each by an index of its own. */
export const waitingCounts = (
  tx: Tx,
  shopId: string,
  lateBefore: string,
): Promise<{ waiting: number; reported: number; unanswered: number; lowUnanswered: number; lowLate: number }> =>
  tx.one(sql`
    select
      (select count(*) from reviews where shop_id = ${shopId} and (state = 'pending' or addition_state = 'pending')) as waiting,
      (select count(*) from reviews where shop_id = ${shopId} and report_count > 0) as reported,
      count(*) as unanswered,
      count(*) filter (where goods_stars <= 2) as low_unanswered,
      count(*) filter (where goods_stars <= 2 and created_at < ${lateBefore}) as low_late
    from reviews where shop_id = ${shopId} and state = 'approved' and source = 'buyer' and reply = ''`)

export const shopScore = (
  tx: Tx,
  shopId: string,
): Promise<{ count: number; stars: number; good: number; service: number; logistics: number }> =>
  tx.one(sql`
    select coalesce(sum(review_count), 0)::bigint as count, coalesce(sum(star_sum), 0)::bigint as stars,
      coalesce(sum(good_count), 0)::bigint as good, coalesce(sum(service_sum), 0)::bigint as service,
      coalesce(sum(logistics_sum), 0)::bigint as logistics
    from review_scores where shop_id = ${shopId}`)

/** What buyers may read of the reviews of [from, to): what the shop's score counts. */
export const period = (
  tx: Tx,
  shopId: string,
  from: string,
  to: string,
): Promise<{ count: number; stars: number; badCount: number }> =>
  tx.one(sql`
    select count(*) as count, coalesce(sum(goods_stars), 0)::bigint as stars,
      count(*) filter (where goods_stars <= 2) as bad_count
    from reviews where shop_id = ${shopId} and created_at >= ${from} and created_at < ${to} and source = 'buyer' and state = 'approved'`)

/** Phrases said more often in [middle, to) than in [from, middle), those that rise most first. */
export const rising = (
  tx: Tx,
  shopId: string,
  { from, middle, to }: { from: string; middle: string; to: string },
  limit: number,
): Promise<{ phrase: string; polarity: number; count: number; before: number }[]> =>
  tx.rows(sql`
    select phrase, max(polarity)::int as polarity, count(*) filter (where said_at >= ${middle}) as count,
      count(*) filter (where said_at < ${middle}) as before
    from review_phrases where shop_id = ${shopId} and said_at >= ${from} and said_at < ${to}
    group by phrase
    having count(*) filter (where said_at >= ${middle}) > count(*) filter (where said_at < ${middle})
    order by count(*) filter (where said_at >= ${middle}) - count(*) filter (where said_at < ${middle}) desc, phrase
    limit ${limit}`)

/** Products with the most low stars since an instant. */
export const worstProducts = (
  tx: Tx,
  shopId: string,
  since: string,
  limit: number,
): Promise<{ productId: string; title: string; badCount: number; count: number; stars: number }[]> =>
  tx.rows(sql`
    select product_id, max(title) as title, count(*) filter (where goods_stars <= 2) as bad_count, count(*) as count,
      sum(goods_stars)::bigint as stars
    from reviews where shop_id = ${shopId} and created_at >= ${since} and source = 'buyer'
    group by product_id having count(*) filter (where goods_stars <= 2) > 0
    order by bad_count desc, product_id limit ${limit}`)
