import { type BuyerPart, type CopySection, MOST_COPIED } from '../../kernel/buyer-part.ts'
import { sql } from '../../kernel/db.ts'

/** What a buyer waits for and has shared. */
export const storefrontBuyerPart: BuyerPart = {
  copy: async (tx, buyerId): Promise<CopySection[]> => [
    {
      name: 'restock-reminders',
      title: '到货提醒',
      columns: { productId: '商品编号', createdAt: '登记时间', toldAt: '提醒时间' },
      rows: await tx.rows(sql`
        select product_id, created_at, told_at from restock_reminders where buyer_id = ${buyerId}
        order by created_at desc limit ${MOST_COPIED}`),
    },
    {
      name: 'shares',
      title: '分享',
      columns: { page: '页面', code: '分享码', createdAt: '时间' },
      rows: await tx.rows(sql`
        select page, code, created_at from share_links where sharer_id = ${buyerId}
        order by created_at desc limit ${MOST_COPIED}`),
    },
  ],
  erase: async (tx, buyerId) => {
    await tx.exec(sql`delete from restock_reminders where buyer_id = ${buyerId}`)
    await tx.exec(sql`delete from share_links where sharer_id = ${buyerId}`)
  },
}
