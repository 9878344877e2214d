import { formatYuan } from '@zhanggui/contract/money'
import { type BuyerPart, MOST_COPIED, type Moment, type MomentPage, momentsAfter } from '../../kernel/buyer-part.ts'
import { sql, type Tx } from '../../kernel/db.ts'

interface Money extends Omit<Moment, 'text' | 'to'> {
  orderId: string
  orderNo: string
  amountFen: number
  state: string
}

const WORDS: Record<string, string> = {
  open: '打开收款码',
  waiting: '收款码付款待核对',
  confirmed: '收款码付款成功',
  refused: '收款码付款未到账',
  closed: '收款码付款已关闭',
  owed: '收款码退款处理中',
  recorded: '收款码退款已退回',
}

async function moments(
  tx: Tx,
  { shopId, buyerId }: { shopId: string; buyerId: string },
  page: MomentPage,
): Promise<Moment[]> {
  const [id, at] = [sql`'personal-code:' || p.id`, sql`coalesce(p.checked_at, p.claimed_at, p.opened_at)`]
  const rows = await tx.rows<Money>(sql`
    select ${id} as id, ${at} as at, p.order_id, p.order_no, p.amount_fen, p.state from personal_payments p
    where p.shop_id = ${shopId} and p.buyer_id = ${buyerId} ${momentsAfter(at, id, page)}`)
  return rows.map(({ orderId, orderNo, amountFen, state, ...moment }) => ({
    ...{ ...moment, to: `orders/${orderId}` },
    text: `${WORDS[state] ?? state} ¥${formatYuan(amountFen)}（${orderNo}）`,
  }))
}

/** A buyer's payments by code. They stay for the books; what the buyer wrote and showed does not. */
export const personalCodeBuyerPart: BuyerPart = {
  moments: [{ kind: 'payment', permission: 'orders.read', read: moments }],
  copy: async (tx, buyerId) => [
    {
      name: 'personal-payments',
      title: '收款码付款与退款',
      columns: { kind: '类型', orderNo: '订单号', amount: '金额（元）', state: '状态', number: '单号', at: '时间' },
      rows: (
        await tx.rows<{ state: string; amountFen: number }>(sql`
          select '付款' as kind, order_no, amount_fen, state, coalesce(transaction_no, '') as number, opened_at as at
          from personal_payments where buyer_id = ${buyerId}
          union all
          select '退款', order_no, amount_fen, state, coalesce(transaction_no, ''), created_at
          from personal_refunds where buyer_id = ${buyerId}
          order by at desc limit ${MOST_COPIED}`)
      ).map(({ amountFen, state, ...row }) => ({
        ...row,
        amount: formatYuan(amountFen),
        state: WORDS[state] ?? state,
      })),
    },
  ],
  blockers: async (tx, buyerId) => {
    const { payments, refunds } = await tx.one<{ payments: number; refunds: number }>(sql`
      select (select count(*) from personal_payments where buyer_id = ${buyerId} and state = 'waiting') as payments,
        (select count(*) from personal_refunds where buyer_id = ${buyerId} and state = 'owed') as refunds`)
    return [
      ...(payments > 0 ? [`有 ${payments} 笔收款码付款等待商家核对`] : []),
      ...(refunds > 0 ? [`有 ${refunds} 笔退款等待商家退回`] : []),
    ]
  },
  erase: async (tx, buyerId) => {
    await tx.exec(sql`
      update personal_payments set note = '', evidence = '{}', staff_evidence = '{}' where buyer_id = ${buyerId}`)
    await tx.exec(sql`
      update personal_refunds set evidence = '{}',
        reason = case when requested_by = 'buyer' then '买家已注销' else reason end
      where buyer_id = ${buyerId}`)
  },
}
