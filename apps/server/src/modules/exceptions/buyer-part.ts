import { type BuyerPart, MOST_COPIED } from '../../kernel/buyer-part.ts'
import { sql } from '../../kernel/db.ts'

const MOST_NAMED = 10

/** What went wrong with a buyer's orders. The case stays, what the buyer asked for in it does not. */
export const exceptionsBuyerPart: BuyerPart = {
  copy: async (tx, buyerId) => [
    {
      name: 'exceptions',
      title: '订单异常',
      columns: { orderNo: '订单号', title: '事项', detail: '说明', openedAt: '时间', resolution: '处理结果' },
      rows: await tx.rows(sql`
        select order_no, title, detail, opened_at, resolution from order_exceptions where buyer_id = ${buyerId}
        order by opened_at desc limit ${MOST_COPIED}`),
    },
  ],
  blockers: async (tx, buyerId) =>
    (
      await tx.rows<{ orderNo: string; title: string }>(sql`
        select order_no, title from order_exceptions where buyer_id = ${buyerId} and state <> 'resolved'
        order by opened_at limit ${MOST_NAMED}`)
    ).map(({ orderNo, title }) => `订单 ${orderNo} 的「${title}」还在处理`),
  erase: async (tx, buyerId) => {
    await tx.exec(sql`
      update order_exceptions set data = data - 'address', detail = case when kind = 'address-change' then '' else detail end
      where buyer_id = ${buyerId}`)
    await tx.exec(sql`update order_exception_history set text = '', actor = '' where buyer_id = ${buyerId}`)
  },
}
