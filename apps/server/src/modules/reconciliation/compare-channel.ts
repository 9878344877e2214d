import { type Sql, sql } from '../../kernel/db.ts'
import type { Finding, Looking } from './record.ts'

/**
 * What moved close to midnight is waited for while the neighbouring day's bill is not here. `at` is when it happened
 * by our books, within the day.
 */
const missingThere = ({ shopId, day, from, to, midnightMinutes }: Looking, at: Sql): Sql => sql`case
  when ${at} >= ${to}::timestamptz - make_interval(mins => ${midnightMinutes}) and not exists (select from reconciliation_days n
    where n.shop_id = ${shopId} and n.day = ${day}::date + 1 and n.state = 'done') then 'time-shift'
  when ${at} < ${from}::timestamptz + make_interval(mins => ${midnightMinutes}) and exists (select from reconciliation_days n
    where n.shop_id = ${shopId} and n.day = ${day}::date - 1 and n.state <> 'done') then 'time-shift'
  else 'missing-there' end`

/** The bills of WeChat against payments, refunds and splits. */
export function channelFindings(look: Looking): Finding[] {
  const { shopId, day, from, to } = look
  return [
    {
      pair: 'payment',
      rows: sql`
        select 'P:' || b.line_key as subject, case when p.id is null then 'missing-here' when p.state <> 'paid' then 'state'
            when p.amount_fen <> b.amount_fen then 'amount' when p.transaction_id <> b.channel_id then 'state' else 'time-shift' end as class,
          b.number, p.order_id, b.happened_at, b.amount_fen as there_fen,
          case when p.id is null then null when p.state = 'paid' then p.amount_fen else 0 end as here_fen,
          case when p.transaction_id <> b.channel_id then b.channel_id else b.state end as there_state,
          case when p.transaction_id <> b.channel_id then p.transaction_id else p.state end as here_state
        from bill_lines b left join payments p on p.shop_id = b.shop_id and p.out_trade_no = b.number
        where b.shop_id = ${shopId} and b.day = ${day} and b.bill = 'trade' and b.kind = 'payment' and (p.id is null
          or p.state <> 'paid' or p.amount_fen <> b.amount_fen or p.transaction_id <> b.channel_id
          or p.paid_at < ${from}::timestamptz - interval '1 day' or p.paid_at >= ${to}::timestamptz + interval '1 day')
        union all
        select 'H:' || p.out_trade_no, ${missingThere(look, sql`p.paid_at`)}, p.out_trade_no, p.order_id, p.paid_at, null,
          p.amount_fen, null, p.state
        from payments p where p.shop_id = ${shopId} and p.state = 'paid' and p.paid_at >= ${from} and p.paid_at < ${to}
          and not exists (select from bill_lines b where b.shop_id = p.shop_id and b.number = p.out_trade_no
            and b.bill = 'trade' and b.kind = 'payment')`,
    },
    {
      pair: 'refund',
      rows: sql`
        select 'P:' || b.line_key as subject, case when r.id is null then 'missing-here'
            when r.amount_fen <> b.amount_fen then 'amount' else 'state' end as class,
          b.number, r.order_id, b.happened_at, b.amount_fen as there_fen,
          case when r.id is null then null when r.state = 'succeeded' then r.amount_fen else 0 end as here_fen,
          b.state as there_state, r.state as here_state
        from bill_lines b left join refunds r on r.shop_id = b.shop_id and r.out_refund_no = b.number
        where b.shop_id = ${shopId} and b.day = ${day} and b.bill = 'trade' and b.kind = 'refund' and (r.id is null
          or b.state = 'SUCCESS' and r.state <> 'succeeded'
          or b.state not in ('SUCCESS', 'PROCESSING') and r.state = 'succeeded' or r.amount_fen <> b.amount_fen)
        union all
        select 'H:' || r.out_refund_no, ${missingThere(look, sql`r.finished_at`)}, r.out_refund_no, r.order_id, r.finished_at,
          null, r.amount_fen, null, r.state
        from refunds r where r.shop_id = ${shopId} and r.state = 'succeeded' and r.finished_at >= ${from} and r.finished_at < ${to}
          and not exists (select from bill_lines b where b.shop_id = r.shop_id and b.number = r.out_refund_no
            and b.bill = 'trade' and b.kind = 'refund')`,
    },
    splitFinding(look),
    flowFinding(look),
    transferFinding(look),
  ]
}

function splitFinding(look: Looking): Finding {
  const { shopId, day, from, to } = look
  return {
    pair: 'split',
    rows: sql`
      select 'P:' || b.line_key as subject, case when coalesce(s.state, t.state) is null then 'missing-here'
          when coalesce(s.state, t.state) not in ('success', 'succeeded') then 'state' else 'amount' end as class,
        b.number, coalesce(s.order_id, t.order_id) as order_id, b.happened_at,
        case when b.kind = 'split' then b.amount_fen else -b.amount_fen end as there_fen,
        case when b.kind = 'split' then s.amount_fen else -t.amount_fen end as here_fen, b.state as there_state,
        coalesce(s.state, t.state) as here_state
      from bill_lines b
      left join split_receivers s on b.kind = 'split' and s.shop_id = b.shop_id and s.detail_id = b.channel_id
      left join split_returns t on b.kind = 'return' and t.shop_id = b.shop_id and t.out_return_no = b.number
      where b.shop_id = ${shopId} and b.day = ${day} and b.bill = 'split' and (coalesce(s.state, t.state) is null
        or coalesce(s.state, t.state) not in ('success', 'succeeded') or coalesce(s.amount_fen, t.amount_fen) <> b.amount_fen)
      union all
      select 'H:' || coalesce(s.detail_id, s.split_id::text || s.party_id::text), ${missingThere(look, sql`s.finished_at`)},
        w.out_order_no, s.order_id, s.finished_at, null, s.amount_fen, null, s.state
      from split_receivers s join splits w on w.shop_id = s.shop_id and w.id = s.split_id
      where s.shop_id = ${shopId} and s.state = 'success' and s.finished_at >= ${from} and s.finished_at < ${to}
        and not exists (select from bill_lines b where b.shop_id = s.shop_id and b.channel_id = s.detail_id and b.bill = 'split')
      union all
      select 'H:' || t.out_return_no, ${missingThere(look, sql`t.finished_at`)}, t.out_return_no, t.order_id, t.finished_at,
        null, -t.amount_fen, null, t.state
      from split_returns t where t.shop_id = ${shopId} and t.state = 'succeeded' and t.finished_at >= ${from} and t.finished_at < ${to}
        and not exists (select from bill_lines b where b.shop_id = t.shop_id and b.number = t.out_return_no and b.bill = 'split')`,
  }
}

/** Each trade has moved the account by its amount; a refund by its amount, or less the fee that came back with it. */
const flowFinding = ({ shopId, day }: Looking): Finding => ({
  pair: 'flow',
  rows: sql`
    select 'T:' || b.line_key as subject, case when f.fen is null then 'missing-there' else 'amount' end as class, b.number,
      coalesce(p.order_id, r.order_id) as order_id, b.happened_at, f.fen as there_fen,
      case when b.kind = 'payment' then b.amount_fen else -b.amount_fen end as here_fen, null::text as there_state,
      b.state as here_state
    from bill_lines b
    left join (
      select b.line_key, case when b.kind = 'payment' then sum(f.amount_fen) filter (where f.amount_fen > 0)
        else sum(f.amount_fen) filter (where f.amount_fen < 0) end as fen
      from bill_lines b join bill_lines f on f.shop_id = b.shop_id and f.bill = 'flow' and f.channel_id = b.channel_id
      where b.shop_id = ${shopId} and b.day = ${day} and b.bill = 'trade' group by b.line_key, b.kind) f on f.line_key = b.line_key
    left join payments p on b.kind = 'payment' and p.shop_id = b.shop_id and p.out_trade_no = b.number
    left join refunds r on b.kind = 'refund' and r.shop_id = b.shop_id and r.out_refund_no = b.number
    where b.shop_id = ${shopId} and b.day = ${day} and b.bill = 'trade' and b.state in ('SUCCESS', 'REFUND') and (f.fen is null
      or b.kind = 'payment' and f.fen <> b.amount_fen
      or b.kind = 'refund' and f.fen not in (-b.amount_fen, -b.amount_fen - b.fee_fen))`,
})

/** Withdrawals that WeChat carried out, and money that moved at WeChat about nothing that any other bill or we know. */
const transferFinding = (look: Looking): Finding => ({
  pair: 'transfer',
  rows: sql`
    select 'F:' || f.line_key as subject, case when w.id is null then 'missing-here' when w.state <> 'paid' then 'state' else 'amount' end as class,
      f.number, null::uuid as order_id, f.happened_at, f.amount_fen as there_fen,
      case when w.state = 'paid' then w.fee_fen - w.amount_fen end as here_fen, f.title as there_state, w.state as here_state
    from bill_lines f left join withdrawals w on w.shop_id = f.shop_id and w.number = f.number
    where f.shop_id = ${look.shopId} and f.day = ${look.day} and f.bill = 'flow'
      and (w.id is null or w.state <> 'paid' or f.amount_fen <> w.fee_fen - w.amount_fen)
      and not exists (select from bill_lines b where b.shop_id = f.shop_id and b.bill <> 'flow' and b.channel_id = f.channel_id)
      and not exists (select from payments p where p.shop_id = f.shop_id and p.out_trade_no = f.number)
      and not exists (select from refunds r where r.shop_id = f.shop_id and r.out_refund_no = f.number)
      and not exists (select from splits s where s.shop_id = f.shop_id and s.out_order_no = f.number)
      and not exists (select from split_returns t where t.shop_id = f.shop_id and t.out_return_no = f.number)
    union all
    select 'H:' || w.number, ${missingThere(look, sql`w.finished_at`)}, w.number, null, w.finished_at, null,
      w.fee_fen - w.amount_fen, null, w.state
    from withdrawals w where w.shop_id = ${look.shopId} and w.state = 'paid' and w.finished_at >= ${look.from} and w.finished_at < ${look.to}
      and not exists (select from bill_lines f where f.shop_id = w.shop_id and f.number = w.number and f.bill = 'flow')`,
})
