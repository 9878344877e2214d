import { sql } from '../../kernel/db.ts'
import { accountId } from '../../ledger/index.ts'
import type { Finding, Looking } from './record.ts'

/** Payments, refunds and splits against the ledger, the orders and what was settled. */
export const bookFindings = (look: Looking): Finding[] => [
  ledgerPayments(look),
  ledgerRefunds(look),
  ledgerSplits(look),
  orders(look),
  orderRefunds(look),
  vouchers(look),
  fees(look),
]

function ledgerPayments({ shopId, from, to }: Looking): Finding {
  return {
    pair: 'ledger-payment',
    rows: sql`
      select 'P:' || p.id as subject, case when t.id is null then 'missing-here' else 'amount' end as class,
        p.out_trade_no as number, p.order_id, p.paid_at as happened_at, p.amount_fen as there_fen, t.amount as here_fen,
        p.state as there_state, null::text as here_state
      from payments p left join ledger_transfers t on t.shop_id = p.shop_id and t.id = p.id and t.kind = 'posted'
      where p.shop_id = ${shopId} and p.state = 'paid' and p.paid_at >= ${from} and p.paid_at < ${to}
        and (t.id is null or t.amount <> p.amount_fen)
      union all
      select 'L:' || t.id, 'missing-there', coalesce(o.order_no, t.reference_id, t.id::text), o.id, t.created_at, null, t.amount, null, t.code
      from ledger_transfers t left join orders o on o.shop_id = t.shop_id and t.reference_type = 'order' and o.id::text = t.reference_id
      where t.shop_id = ${shopId} and t.debit_account = ${accountId('channel.wechat', shopId)} and t.code = 'payment.received'
        and t.created_at >= ${from} and t.created_at < ${to}
        and not exists (select from payments p where p.shop_id = t.shop_id and p.id = t.id and p.state = 'paid')`,
  }
}

/** By order, since a refund may be booked by its hold or, when that was given up, by itself. */
function ledgerRefunds({ shopId, from, to }: Looking): Finding {
  return {
    pair: 'ledger-refund',
    rows: sql`
      select 'O:' || d.order_id as subject, case when d.here = 0 then 'missing-here' when d.there = 0 then 'missing-there' else 'amount' end as class,
        coalesce(o.order_no, d.order_id) as number, o.id as order_id, d.at as happened_at, d.there as there_fen, d.here as here_fen,
        null::text as there_state, null::text as here_state
      from (
        select w.order_id, max(w.at) as at,
          coalesce((select sum(r.amount_fen) from refunds r where r.shop_id = ${shopId} and r.order_id::text = w.order_id
            and r.state = 'succeeded'), 0)::bigint as there,
          coalesce((select sum(t.amount) from ledger_transfers t where t.shop_id = ${shopId} and t.reference_type = 'order'
            and t.reference_id = w.order_id and t.code = 'refund.paid' and t.kind in ('posted', 'post')), 0)::bigint as here
        from (
          select order_id::text, finished_at as at from refunds
          where shop_id = ${shopId} and state = 'succeeded' and finished_at >= ${from} and finished_at < ${to}
          union all
          select reference_id, created_at from ledger_transfers
          where shop_id = ${shopId} and credit_account = ${accountId('channel.wechat', shopId)} and code = 'refund.paid'
            and kind in ('posted', 'post') and created_at >= ${from} and created_at < ${to} and reference_type = 'order') w
        group by w.order_id) d
      left join orders o on o.shop_id = ${shopId} and o.id::text = d.order_id
      where d.there <> d.here`,
  }
}

function ledgerSplits({ shopId, from, to }: Looking): Finding {
  return {
    pair: 'ledger-split',
    rows: sql`
      select 'O:' || d.order_id as subject, case when d.here = 0 then 'missing-here' when d.there = 0 then 'missing-there' else 'amount' end as class,
        m.order_no as number, d.order_id, d.at as happened_at, d.there as there_fen, d.here as here_fen,
        null::text as there_state, null::text as here_state
      from (
        select w.order_id, max(w.at) as at,
          coalesce((select sum(s.amount_fen) from split_receivers s where s.shop_id = ${shopId} and s.order_id = w.order_id
            and s.state = 'success'), 0)::bigint
          - coalesce((select sum(b.amount_fen) from split_returns b where b.shop_id = ${shopId} and b.order_id = w.order_id
            and b.state = 'succeeded'), 0)::bigint as there,
          coalesce((select sum(case when t.code = 'split.paid' then t.amount else -t.amount end) from ledger_transfers t
            where t.shop_id = ${shopId} and t.reference_type = 'order' and t.reference_id = w.order_id::text
            and t.code in ('split.paid', 'split.returned') and t.kind in ('posted', 'post')), 0)::bigint as here
        from (
          select order_id, finished_at as at from split_receivers
          where shop_id = ${shopId} and state = 'success' and finished_at >= ${from} and finished_at < ${to}
          union all
          select order_id, finished_at from split_returns
          where shop_id = ${shopId} and state = 'succeeded' and finished_at >= ${from} and finished_at < ${to}) w
        group by w.order_id) d
      join order_money m on m.shop_id = ${shopId} and m.order_id = d.order_id
      where d.there <> d.here`,
  }
}

/** The payment that an order took against the order; and orders that are paid by WeChat without a payment. */
function orders({ shopId, from, to }: Looking): Finding {
  return {
    pair: 'order',
    rows: sql`
      select 'P:' || p.id as subject, case when o.id is null then 'missing-here' when o.state in ('awaiting-payment', 'cancelled')
          then 'state' else 'amount' end as class,
        p.out_trade_no as number, p.order_id, p.paid_at as happened_at, p.amount_fen as there_fen, o.paid_fen as here_fen,
        p.state as there_state, o.state as here_state
      from payments p left join orders o on o.shop_id = p.shop_id and o.id = p.order_id
      where p.shop_id = ${shopId} and p.state = 'paid' and p.taken and p.paid_at >= ${from} and p.paid_at < ${to}
        and (o.id is null or o.state in ('awaiting-payment', 'cancelled') or o.paid_fen <> p.amount_fen)
      union all
      select 'O:' || o.id, 'missing-there', o.order_no, o.id, o.paid_at, null, o.paid_fen, null, o.state
      from orders o where o.shop_id = ${shopId} and o.paid_at >= ${from} and o.paid_at < ${to} and o.paid_fen > 0
        and not exists (select from payments p where p.shop_id = o.shop_id and p.order_id = o.id and p.state = 'paid' and p.taken)
        and not exists (select from ledger_transfers t where t.shop_id = o.shop_id and t.reference_type = 'order'
          and t.reference_id = o.id::text and t.debit_account = ${accountId('channel.personal-code', shopId)})`,
  }
}

function orderRefunds({ shopId, from, to }: Looking): Finding {
  return {
    pair: 'order-refund',
    rows: sql`
      select 'O:' || o.id as subject, 'amount' as class, o.order_no as number, o.id as order_id, d.at as happened_at,
        d.there as there_fen, o.refunded_fen as here_fen, null::text as there_state, o.state as here_state
      from (
        select w.order_id, max(w.at) as at, (select coalesce(sum(r.amount_fen), 0)::bigint from refunds r
          where r.shop_id = ${shopId} and r.order_id = w.order_id and r.state = 'succeeded'
            and (r.settles_order or r.part_of_order))
          + (select coalesce(sum(r.amount_fen), 0)::bigint from personal_refunds r
          where r.shop_id = ${shopId} and r.order_id = w.order_id and r.state = 'recorded'
            and (r.settles_order or r.part_of_order)) as there
        from (
          select order_id, finished_at as at from refunds where shop_id = ${shopId} and state = 'succeeded'
            and finished_at >= ${from} and finished_at < ${to}
          union all
          select order_id, recorded_at from personal_refunds where shop_id = ${shopId} and state = 'recorded'
            and recorded_at >= ${from} and recorded_at < ${to}) w group by w.order_id) d
      join orders o on o.shop_id = ${shopId} and o.id = d.order_id
      where o.refunded_fen <> d.there`,
  }
}

/** Every settled order has the line of its payment in a bill, once the bill of that day is here. */
function vouchers({ shopId, from, to }: Looking): Finding {
  return {
    pair: 'voucher',
    rows: sql`
      select 'O:' || m.order_id as subject, 'missing-there' as class, m.order_no as number, m.order_id, m.settled_at as happened_at,
        null::bigint as there_fen, m.paid_fen as here_fen, null::text as there_state, m.state as here_state
      from order_money m
      join reconciliation_days d on d.shop_id = m.shop_id and d.state = 'done' and d.day = (m.paid_at at time zone 'Asia/Shanghai')::date
      where m.shop_id = ${shopId} and m.transaction_id is not null and m.settled_at >= ${from} and m.settled_at < ${to}
        and not exists (select from bill_lines b where b.shop_id = m.shop_id and b.channel_id = m.transaction_id
          and b.bill = 'trade' and b.kind = 'payment')`,
  }
}

function fees({ shopId, from, to }: Looking): Finding {
  return {
    pair: 'fee',
    rows: sql`
      select 'O:' || m.order_id as subject, 'amount' as class, m.order_no as number, m.order_id, m.settled_at as happened_at,
        b.fee_fen as there_fen, m.fee_fen as here_fen, null::text as there_state, null::text as here_state
      from order_money m
      join bill_lines b on b.shop_id = m.shop_id and b.channel_id = m.transaction_id and b.bill = 'trade' and b.kind = 'payment'
      where m.shop_id = ${shopId} and m.settled_at >= ${from} and m.settled_at < ${to} and m.fee_fen <> b.fee_fen`,
  }
}
