import type { PaymentRow, RefundRow } from '@zhanggui/contract'
import { empty, sql, type Tx } from '../../kernel/db.ts'

interface Filter<State> {
  state?: State | undefined
  q?: string | undefined
  from?: string | undefined
  to?: string | undefined
  minFen?: number | undefined
  maxFen?: number | undefined
  after?: { at: string; id: string } | undefined
  limit: number
}

/** What payments `p` and refunds `r` have in common. */
function narrow(row: 'p' | 'r', { state, from, to, minFen, maxFen, after }: Filter<string>) {
  const of = row === 'p' ? sql`p` : sql`r`
  return sql`${state === undefined ? empty : sql`and ${of}.state = ${state}`}
    ${from === undefined ? empty : sql`and ${of}.created_at >= ${from}`}
    ${to === undefined ? empty : sql`and ${of}.created_at < ${to}`}
    ${minFen === undefined ? empty : sql`and ${of}.amount_fen >= ${minFen}`}
    ${maxFen === undefined ? empty : sql`and ${of}.amount_fen <= ${maxFen}`}
    ${after === undefined ? empty : sql`and (${of}.created_at, ${of}.id) < (${after.at}::timestamptz, ${after.id}::uuid)`}`
}

export const listPayments = (
  tx: Tx,
  shopId: string,
  filter: Filter<PaymentRow['state']> & { method?: PaymentRow['method'] | undefined },
) =>
  tx.rows<PaymentRow>(sql`
    select p.id, p.method, p.state, p.amount_fen, p.out_trade_no, p.transaction_id, p.paid_at, p.order_id, p.order_no,
      p.last_error, p.created_at, p.taken,
      case when p.combined is not null then
        jsonb_build_object('no', p.combined ->> 'no', 'orders', jsonb_array_length(p.combined -> 'parts')) end as combined,
      coalesce((select sum(amount_fen) from refunds r
        where r.shop_id = p.shop_id and r.payment_id = p.id and r.state = 'succeeded'), 0)::bigint as refunded_fen,
      coalesce((select sum(amount_fen) from refunds r
        where r.shop_id = p.shop_id and r.payment_id = p.id and r.state in ('created', 'processing')), 0)::bigint as refunding_fen
    from payments p where p.shop_id = ${shopId}
      ${filter.method === undefined ? empty : sql`and p.method = ${filter.method}`}
      ${filter.q ? sql`and ${filter.q} in (p.order_no, p.out_trade_no, p.transaction_id, p.combined ->> 'no')` : empty}
      ${narrow('p', filter)}
    order by p.created_at desc, p.id desc limit ${filter.limit}`)

const REFUND = sql`
  select r.id, r.state, r.amount_fen, r.reason, r.out_refund_no, r.requested_by, r.last_error, r.created_at, r.finished_at,
    r.order_id, p.order_no, p.out_trade_no, r.refund_id, r.attempts
  from refunds r join payments p on p.shop_id = r.shop_id and p.id = r.payment_id`

export const listRefunds = (tx: Tx, shopId: string, filter: Filter<RefundRow['state']>) =>
  tx.rows<RefundRow>(sql`
    ${REFUND} where r.shop_id = ${shopId}
      ${filter.q ? sql`and ${filter.q} in (p.order_no, p.out_trade_no, p.transaction_id, r.out_refund_no, r.refund_id)` : empty}
      ${narrow('r', filter)}
    order by r.created_at desc, r.id desc limit ${filter.limit}`)

export const refundForStaff = (tx: Tx, shopId: string, id: string) =>
  tx.maybe<RefundRow>(sql`${REFUND} where r.shop_id = ${shopId} and r.id = ${id}`)
