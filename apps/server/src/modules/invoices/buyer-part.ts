import { INVOICE_STATES, type InvoiceState } from '@zhanggui/contract'
import { formatYuan } from '@zhanggui/contract/money'
import { type BuyerPart, MOST_COPIED } from '../../kernel/buyer-part.ts'
import { sql } from '../../kernel/db.ts'

/** A buyer's invoices. Those that were issued stay with their heads, for the tax authority; a person's wish does not. */
export const invoicesBuyerPart: BuyerPart = {
  copy: async (tx, buyerId) => [
    {
      name: 'invoices',
      title: '发票申请',
      columns: {
        orderNo: '订单号',
        title: '抬头',
        taxNo: '税号',
        state: '状态',
        amount: '金额（元）',
        number: '发票号码',
        at: '时间',
      },
      rows: (
        await tx.rows<{ state: InvoiceState; amountFen: number | null }>(sql`
          select order_no, title, tax_no, state, amount_fen, coalesce(number, '') as number, asked_at as at
          from invoices where buyer_id = ${buyerId} order by at desc limit ${MOST_COPIED}`)
      ).map(({ state, amountFen, ...row }) => ({
        ...row,
        state: INVOICE_STATES[state].zh,
        amount: amountFen === null ? '' : formatYuan(amountFen),
      })),
    },
  ],
  blockers: async (tx, buyerId) => {
    const { count } = await tx.one<{ count: number }>(
      sql`select count(*) as count from invoices where buyer_id = ${buyerId} and (state = 'asked' or must_reverse)`,
    )
    return count > 0 ? [`有 ${count} 张发票等待商家处理`] : []
  },
  erase: async (tx, buyerId) => {
    await tx.exec(sql`
      update invoices set title = '个人' where buyer_id = ${buyerId} and kind = 'person' and state in ('refused', 'withdrawn')`)
  },
}
