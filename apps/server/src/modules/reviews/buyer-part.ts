import { type BuyerPart, MOST_COPIED, type Moment, type MomentPage, momentsAfter } from '../../kernel/buyer-part.ts'
import { sql, type Tx } from '../../kernel/db.ts'

const GONE = '已注销用户'

const reviewMoments = (
  tx: Tx,
  { shopId, buyerId }: { shopId: string; buyerId: string },
  page: MomentPage,
): Promise<Moment[]> =>
  tx.rows<Moment>(sql`
    select 'review:' || id as id, created_at as at, goods_stars || ' 星 · ' || title || case when body = '' then '' else '：' || left(body, 60) end as text,
      'reviews?q=' || order_no as to
    from reviews where shop_id = ${shopId} and buyer_id = ${buyerId} and source = 'buyer'
      ${momentsAfter(sql`created_at`, sql`'review:' || id`, page)}`)

/** What a buyer wrote. Published reviews stay, as nobody's. */
export const reviewsBuyerPart: BuyerPart = {
  counts: (tx, { shopId, buyerId }) =>
    tx.one<{ reviews: number }>(sql`
      select count(*) as reviews from reviews where shop_id = ${shopId} and buyer_id = ${buyerId} and source = 'buyer'`),
  moments: [{ kind: 'review', permission: 'reviews.read', read: reviewMoments }],
  copy: async (tx, buyerId) => [
    {
      name: 'reviews',
      title: '评价',
      columns: {
        ...{ createdAt: '时间', title: '商品', stars: '星级', body: '评价', addition: '追评', pictures: '图片数' },
        ...{ anonymous: '匿名', reply: '商家回复' },
      },
      rows: await tx.rows(sql`
        select created_at, title, goods_stars as stars, body, addition, cardinality(picture_file_ids) as pictures,
          is_anonymous as anonymous, reply
        from reviews where buyer_id = ${buyerId} order by created_at desc limit ${MOST_COPIED}`),
    },
  ],
  erase: async (tx, buyerId) => {
    await tx.exec(sql`update reviews set author = ${GONE}, is_anonymous = true where buyer_id = ${buyerId}`)
    await tx.exec(sql`update review_reports set reason = '（买家已注销）' where buyer_id = ${buyerId}`)
    await tx.exec(sql`delete from review_invitations where buyer_id = ${buyerId}`)
  },
}
