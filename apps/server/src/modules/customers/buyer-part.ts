import { LEGAL_KINDS } from '@zhanggui/contract'
import { formatYuan } from '@zhanggui/contract/money'
import {
  type BuyerPart,
  type CopySection,
  MOST_COPIED,
  type Moment,
  type MomentPage,
  momentsAfter,
} from '../../kernel/buyer-part.ts'
import { type Sql, sql, type Tx } from '../../kernel/db.ts'
import type { CustomersDeps } from './deps.ts'
import { choicesOf } from './store.ts'

interface Key {
  shopId: string
  buyerId: string
}

/** What a buyer likes, looked at and agreed to; and the buyer's place in the lists of shops. */
export function customersBuyerPart(deps: Pick<CustomersDeps, 'catalog'>): BuyerPart {
  /** Moments about products, in their titles. */
  const aboutProducts =
    (prefix: string, table: Sql, column: Sql) =>
    async (tx: Tx, { shopId, buyerId }: Key, page: MomentPage): Promise<Moment[]> => {
      const id = sql`${prefix}::text || product_id`
      const rows = await tx.rows<Moment & { productId: string }>(sql`
        select ${id} as id, ${column} as at, product_id from ${table}
        where shop_id = ${shopId} and buyer_id = ${buyerId} ${momentsAfter(column, id, page)}`)
      const titles = await deps.catalog.productTitles(
        tx,
        shopId,
        rows.map(({ productId }) => productId),
      )
      return rows.map(({ id: momentId, at, productId }) => ({
        ...{ id: momentId, at, to: `products/${productId}` },
        text: titles.get(productId) ?? '已删除的商品',
      }))
    }
  return {
    counts: (tx, { shopId, buyerId }) =>
      tx.one<{ favourites: number; seen: number }>(sql`
        select (select count(*) from favourites where shop_id = ${shopId} and buyer_id = ${buyerId}) as favourites,
          (select count(*) from seen_products where shop_id = ${shopId} and buyer_id = ${buyerId}) as seen`),
    moments: [
      { kind: 'consent', read: consentMoments },
      { kind: 'favourite', read: aboutProducts('favourite:', sql`favourites`, sql`added_at`) },
      { kind: 'viewed', read: aboutProducts('viewed:', sql`seen_products`, sql`seen_at`) },
    ],
    copy: async (tx, buyerId): Promise<CopySection[]> => [
      {
        name: 'favourites',
        title: '收藏',
        columns: { productId: '商品编号', price: '收藏时价格（元）', addedAt: '时间' },
        rows: (
          await tx.rows<{ priceFen: number }>(sql`
            select product_id, price_fen, added_at from favourites where buyer_id = ${buyerId}
            order by added_at desc limit ${MOST_COPIED}`)
        ).map(({ priceFen, ...row }) => ({ ...row, price: formatYuan(priceFen) })),
      },
      {
        name: 'seen-products',
        title: '浏览足迹',
        columns: { productId: '商品编号', seenAt: '时间' },
        rows: await tx.rows(sql`
          select product_id, seen_at from seen_products where buyer_id = ${buyerId} order by seen_at desc limit ${MOST_COPIED}`),
      },
      {
        name: 'consents',
        title: '同意的协议',
        columns: { kind: '协议', version: '版本', agreedAt: '时间' },
        rows: (
          await tx.rows<{ kind: keyof typeof LEGAL_KINDS }>(sql`
            select kind, version, agreed_at from buyer_consents where buyer_id = ${buyerId}
            order by agreed_at desc limit ${MOST_COPIED}`)
        ).map((row) => ({ ...row, kind: LEGAL_KINDS[row.kind].zh })),
      },
      {
        name: 'choices',
        title: '隐私选择',
        columns: { marketing: '接收营销消息', personalised: '个性化推荐', keepsHistory: '保留浏览足迹' },
        rows: [{ ...(await choicesOf(tx, buyerId)) }],
      },
    ],
    // Consents stay as proof, under an id that names nobody any more.
    erase: async (tx, buyerId) => {
      await tx.exec(sql`delete from favourites where buyer_id = ${buyerId}`)
      await tx.exec(sql`delete from seen_products where buyer_id = ${buyerId}`)
      await tx.exec(sql`delete from privacy_choices where buyer_id = ${buyerId}`)
      await tx.exec(sql`delete from own_data_copies where buyer_id = ${buyerId}`)
      await tx.exec(sql`update shop_buyers set nickname = '已注销用户' where buyer_id = ${buyerId}`)
    },
  }
}

async function consentMoments(tx: Tx, { shopId, buyerId }: Key, page: MomentPage): Promise<Moment[]> {
  const id = sql`'consent:' || kind || ':' || version`
  const rows = await tx.rows<Moment & { kind: keyof typeof LEGAL_KINDS; version: number }>(sql`
    select ${id} as id, agreed_at as at, kind, version from buyer_consents
    where shop_id = ${shopId} and buyer_id = ${buyerId} ${momentsAfter(sql`agreed_at`, id, page)}`)
  return rows.map(({ id: momentId, at, kind, version }) => ({
    ...{ id: momentId, at, to: null },
    text: `${LEGAL_KINDS[kind].zh} 第 ${version} 版`,
  }))
}
