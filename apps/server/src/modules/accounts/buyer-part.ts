import { type BuyerPart, MOST_COPIED } from '../../kernel/buyer-part.ts'
import { sql } from '../../kernel/db.ts'

/** Through which accounts a buyer came. Visits are counted by day and stay as counts of nobody. */
export const accountsBuyerPart: BuyerPart = {
  copy: async (tx, buyerId) => [
    {
      name: 'channels',
      title: '来源账号',
      columns: { account: '账号', firstAt: '首次进入', lastAt: '最近进入' },
      rows: await tx.rows(sql`
        select a.name as account, t.first_at, t.last_at from channel_touches t
        join channel_accounts a on a.shop_id = t.shop_id and a.id = t.account_id where t.visitor_id = ${buyerId}
        order by t.last_at desc limit ${MOST_COPIED}`),
    },
  ],
  erase: async (tx, buyerId) => {
    await tx.exec(sql`delete from channel_touches where visitor_id = ${buyerId}`)
  },
}
