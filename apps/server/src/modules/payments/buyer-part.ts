import { formatYuan } from '@zhanggui/contract/money'
import { type BuyerPart, MOST_COPIED, type Moment, type MomentPage, momentsAfter } from '../../kernel/buyer-part.ts'
import { sql, type Tx } from '../../kernel/db.ts'

interface Money extends Omit<Moment, 'text' | 'to'> {
  orderId: string
  orderNo: string
  amountFen: number
  state: string
}

const PAYMENT_WORDS: Record<string, string> = {
  created: '发起支付',
  pending: '等待支付',
  paid: '支付成功',
  closed: '支付已关闭',
  failed: '支付失败',
}
const REFUND_WORDS: Record<string, string> = {
  created: '发起退款',
  processing: '退款处理中',
  succeeded: '退款到账',
  failed: '退款失败',
}

const told =
  (words: Record<string, string>) =>
  ({ id, at, orderId, orderNo, amountFen, state }: Money): Moment => ({
    ...{ id, at, to: `orders/${orderId}` },
    text: `${words[state] ?? state} ¥${formatYuan(amountFen)}（${orderNo}）`,
  })

async function paymentMoments(
  tx: Tx,
  { shopId, buyerId }: { shopId: string; buyerId: string },
  page: MomentPage,
): Promise<Moment[]> {
  const [id, at] = [sql`'payment:' || p.id`, sql`coalesce(p.paid_at, p.created_at)`]
  const rows = await tx.rows<Money>(sql`
    select ${id} as id, ${at} as at, p.order_id, p.order_no, p.amount_fen, p.state from payments p
    where p.shop_id = ${shopId} and p.buyer_id = ${buyerId} ${momentsAfter(at, id, page)}`)
  return rows.map(told(PAYMENT_WORDS))
}

async function refundMoments(
  tx: Tx,
  { shopId, buyerId }: { shopId: string; buyerId: string },
  page: MomentPage,
): Promise<Moment[]> {
  const [id, at] = [sql`'refund:' || r.id`, sql`coalesce(r.finished_at, r.created_at)`]
  const rows = await tx.rows<Money>(sql`
    select ${id} as id, ${at} as at, r.order_id, p.order_no, r.amount_fen, r.state from refunds r
    join payments p on p.shop_id = r.shop_id and p.id = r.payment_id
    where r.shop_id = ${shopId} and r.buyer_id = ${buyerId} ${momentsAfter(at, id, page)}`)
  return rows.map(told(REFUND_WORDS))
}

/** A buyer's payments and refunds. They stay for the books; who paid at WeChat does not. */
export const paymentsBuyerPart: BuyerPart = {
  moments: [
    { kind: 'payment', permission: 'orders.read', read: paymentMoments },
    { kind: 'refund', permission: 'orders.read', read: refundMoments },
  ],
  copy: async (tx, buyerId) => [
    {
      name: 'payments',
      title: '支付与退款',
      columns: { kind: '类型', orderNo: '订单号', amount: '金额（元）', state: '状态', number: '单号', at: '时间' },
      rows: (
        await tx.rows<{ kind: string; state: string; amountFen: number }>(sql`
          select '支付' as kind, order_no, amount_fen, state, out_trade_no as number, coalesce(paid_at, created_at) as at
          from payments where buyer_id = ${buyerId}
          union all
          select '退款', p.order_no, r.amount_fen, r.state, r.out_refund_no, coalesce(r.finished_at, r.created_at)
          from refunds r join payments p on p.shop_id = r.shop_id and p.id = r.payment_id where r.buyer_id = ${buyerId}
          order by at desc limit ${MOST_COPIED}`)
      ).map(({ amountFen, state, ...row }) => ({
        ...row,
        amount: formatYuan(amountFen),
        state: (row.kind === '支付' ? PAYMENT_WORDS : REFUND_WORDS)[state] ?? state,
      })),
    },
  ],
  blockers: async (tx, buyerId) => {
    const { payments, refunds } = await tx.one<{ payments: number; refunds: number }>(sql`
      select (select count(*) from payments where buyer_id = ${buyerId} and state in ('created', 'pending')) as payments,
        (select count(*) from refunds where buyer_id = ${buyerId} and state in ('created', 'processing')) as refunds`)
    return [
      ...(payments > 0 ? [`有 ${payments} 笔支付还没有结果，请稍后再试`] : []),
      ...(refunds > 0 ? [`有 ${refunds} 笔退款正在处理，请等退款到账`] : []),
    ]
  },
  erase: async (tx, buyerId) => {
    await tx.exec(sql`
      update payments set payer_openid = null, prepay_id = null, h5_url = null, code_url = null where buyer_id = ${buyerId}`)
    await tx.exec(sql`update refunds set reason = '买家已注销' where buyer_id = ${buyerId} and requested_by = 'buyer'`)
  },
}
