import type { RevenueEntryKind, RevenueStep } from '@zhanggui/contract'
import { empty, type Sql, sql, type Tx } from '../../kernel/db.ts'
import { nameId } from '../../kernel/ids.ts'
import { accountId } from '../../ledger/index.ts'
import type { TaxPeriod } from '../catalog/index.ts'
import type { Period } from './period.ts'
import type { Mixed } from './rules-revenue.ts'

export interface RevenueFilter {
  channel?: string | undefined
  accountId?: string | undefined
  /** Brought by no account. */
  direct?: boolean | undefined
}

/** What the program knows of transfers that their rows do not say. */
interface Named {
  /** Transfers by which money of a personal code came that its order took. */
  taken: string[]
  /** Refunds that were booked without their hold, and their transfers. */
  lateRefunds: { transferId: string; refundId: string }[]
}

/** Received, given back, kept by the channel, shared: transfers of the accounts, with what each was for. */
function moved(shopId: string, { start, end }: Pick<Period, 'start' | 'end'>): Sql {
  const channels = ['channel.wechat', 'channel.personal-code'].map((code) => accountId(code, shopId))
  const fee = accountId('fee.channel', shopId)
  const within = sql`t.shop_id = ${shopId} and t.created_at >= ${start} and t.created_at < ${end} and t.kind in ('posted', 'post')`
  const shares = sql`select id from ledger_accounts where shop_id = ${shopId} and code like 'share.%' and unit = 'CNY'`
  const of = sql`t.id, t.created_at, t.pending_id, t.reference_type, t.reference_id`
  return sql`
    select 'received' as what, ${of}, t.amount from ledger_transfers t where ${within}
      and t.debit_account = any(${channels}::uuid[]) and t.code in ('payment.received', 'personal.received')
    union all
    select 'refunded', ${of}, t.amount from ledger_transfers t where ${within}
      and t.credit_account = any(${channels}::uuid[]) and t.code in ('refund.paid', 'personal.refund-paid')
    union all
    select 'fee', ${of}, t.amount from ledger_transfers t where ${within} and t.credit_account = ${fee}
    union all
    select 'fee', ${of}, -t.amount from ledger_transfers t where ${within} and t.debit_account = ${fee}
    union all
    select 'shares', ${of}, t.amount from ledger_transfers t where ${within}
      and t.credit_account in (${shares}) and t.code = 'order.settle'
    union all
    select 'shares', ${of}, -t.amount from ledger_transfers t where ${within}
      and t.debit_account in (${shares}) and t.code in ('refund.share-back', 'refund.share-owed')`
}

/**
 * Every transfer that is revenue or costs some, with its order, and the rates and weights of the goods it is for: those
 * of the after-sale case of a refund, else those of the order by what was paid for them. Money that no order took, and
 * its way back, have kind null.
 */
function entries(
  shopId: string,
  period: Period,
  rates: readonly TaxPeriod[],
  named: Named,
  filter: RevenueFilter,
): Sql {
  const { taken, lateRefunds } = named
  // Of an order whose lines are all gone.
  const unknown = rates.find(({ categoryId }) => categoryId === null)?.rateBp ?? 0
  return sql`
    with moved as (${moved(shopId, period)}),
    tax as (
      select * from unnest(${rates.map((rate) => rate.categoryId)}::uuid[], ${rates.map((rate) => rate.fromDay)}::date[],
        ${rates.map((rate) => rate.toDay)}::date[], ${rates.map((rate) => rate.rateBp)}::integer[])
        as tax(category_id, from_day, to_day, rate_bp)
    ),
    back as (
      select id, settles_order or part_of_order as counts, purpose from refunds where shop_id = ${shopId}
      union all
      select id, settles_order or part_of_order, purpose from personal_refunds where shop_id = ${shopId}
    ),
    late as (
      select * from unnest(${lateRefunds.map((each) => each.transferId)}::uuid[],
        ${lateRefunds.map((each) => each.refundId)}::uuid[]) as late(transfer_id, refund_id)
    ),
    told as (
      select m.id, m.created_at as at, m.amount, o.id as order_id, o.order_no, o.paid_at,
        coalesce(o.routing ->> 'channel', 'h5') as channel, o.channel_account_id as account_id, o.goods_fen,
        o.discount_fen, o.freight_fen, substring(b.purpose from '^aftersale:([0-9a-f-]{36})')::uuid as case_id,
        substring(b.purpose from '^aftersale:[0-9a-f-]{36}:([0-9a-f-]{36})')::uuid as case_sku,
        case m.what
          when 'received' then case when p.taken or m.id = any(${taken}::uuid[]) then 'sale' end
          when 'refunded' then case when b.counts then 'refund' end
          when 'fee' then 'fee' else 'share' end as kind
      from moved m
      join orders o on o.shop_id = ${shopId} and o.id = case when m.reference_type = 'order' then m.reference_id::uuid end
      left join payments p on p.shop_id = ${shopId} and m.what = 'received' and p.id = m.id
      left join late on m.what = 'refunded' and late.transfer_id = m.id
      left join back b on m.what = 'refunded' and b.id = coalesce(m.pending_id, late.refund_id)
      where true ${narrowed(filter)}
      union all
      select o.id, o.paid_at, 0, o.id, o.order_no, o.paid_at, coalesce(o.routing ->> 'channel', 'h5'),
        o.channel_account_id, o.goods_fen, o.discount_fen, o.freight_fen, null, null, 'sale'
      from orders o where o.shop_id = ${shopId} and o.paid_fen = 0 and o.paid_at >= ${period.start}
        and o.paid_at < ${period.end} ${narrowed(filter)}
    ),
    about as (select distinct order_id, paid_at from told where kind is not null),
    priced as (
      select a.order_id, l.pay_total_fen as weight, t.rate_bp from about a
      join order_lines l on l.shop_id = ${shopId} and l.order_id = a.order_id
      left join products g on g.shop_id = ${shopId} and g.id = l.product_id
      join tax t on t.category_id is not distinct from g.category_id
        and (t.from_day is null or t.from_day <= (a.paid_at at time zone ${period.timeZone})::date)
        and (t.to_day is null or t.to_day > (a.paid_at at time zone ${period.timeZone})::date)
    ),
    mixes as (
      select order_id, array_agg(rate_bp order by rate_bp) as rates, array_agg(weight::float8 order by rate_bp) as weights
      from (select order_id, rate_bp, sum(weight)::bigint as weight from priced group by order_id, rate_bp) each
      group by order_id
    ),
    cases as (
      select case_id, case_sku, array_agg(rate_bp order by rate_bp) as rates, array_agg(weight::float8 order by rate_bp) as weights
      from (
        select w.case_id, w.case_sku, t.rate_bp, sum(c.amount_fen)::bigint as weight
        from (select distinct case_id, case_sku, paid_at from told where case_id is not null and kind = 'refund') w
        join aftersale_lines c on c.shop_id = ${shopId} and c.case_id = w.case_id
          and (w.case_sku is null or c.sku_id = w.case_sku)
        left join products g on g.shop_id = ${shopId} and g.id = c.product_id
        join tax t on t.category_id is not distinct from g.category_id
          and (t.from_day is null or t.from_day <= (w.paid_at at time zone ${period.timeZone})::date)
          and (t.to_day is null or t.to_day > (w.paid_at at time zone ${period.timeZone})::date)
        group by w.case_id, w.case_sku, t.rate_bp) each
      group by case_id, case_sku
    ),
    entries as (
      select t.*, coalesce(c.rates, m.rates, ${[unknown]}::integer[]) as rates,
        coalesce(c.weights, m.weights, '{1}'::float8[]) as weights
      from told t left join mixes m on m.order_id = t.order_id
      left join cases c on t.kind = 'refund' and c.case_id = t.case_id and c.case_sku is not distinct from t.case_sku
    )`
}

const narrowed = ({ channel, accountId: account, direct }: RevenueFilter): Sql => sql`
  ${channel === undefined ? empty : sql`and coalesce(o.routing ->> 'channel', 'h5') = ${channel}`}
  ${account === undefined ? empty : sql`and o.channel_account_id = ${account}`}
  ${direct ? sql`and o.channel_account_id is null` : empty}`

/**
 * Amounts of a period by step, channel and account. Transfers for goods of several rates stand alone with their weights,
 * for `byRate` to divide.
 */
export async function revenueOf(
  tx: Tx,
  shopId: string,
  period: Period,
  rates: readonly TaxPeriod[],
  step: RevenueStep,
): Promise<Mixed[]> {
  const named = await namedTransfers(tx, shopId, period)
  const is = (kind: RevenueEntryKind): Sql => sql`filter (where e.kind = ${kind})`
  const summed = (amount: Sql, kind: RevenueEntryKind): Sql => sql`coalesce(sum(${amount}) ${is(kind)}, 0)::bigint`
  return tx.rows<Mixed>(sql`
    ${entries(shopId, period, rates, named, {})},
    borne as (
      select a.order_id, sum(a.fen) filter (where a.payer = 'platform') as platform,
        sum(a.fen) filter (where a.payer = 'creator') as creator
      from order_adjustments a where a.shop_id = ${shopId}
        and a.order_id in (select order_id from told where kind = 'sale' and discount_fen < 0)
      group by a.order_id
    )
    select to_char(date_trunc(${step}::text, e.at at time zone ${period.timeZone}), 'YYYY-MM-DD') as period,
      e.channel, e.account_id, e.rates,
      case when cardinality(e.rates) > 1 then e.weights else '{1}'::float8[] end as weights,
      count(*) ${is('sale')} as orders, ${summed(sql`e.goods_fen`, 'sale')} as goods_fen,
      ${summed(sql`e.discount_fen - coalesce(b.platform, 0) - coalesce(b.creator, 0)`, 'sale')} as merchant_discount_fen,
      ${summed(sql`coalesce(b.platform, 0)`, 'sale')} as platform_discount_fen,
      ${summed(sql`coalesce(b.creator, 0)`, 'sale')} as creator_discount_fen,
      ${summed(sql`e.freight_fen`, 'sale')} as freight_fen, ${summed(sql`e.amount`, 'refund')} as refunded_fen,
      ${summed(sql`e.amount`, 'fee')} as fee_fen, ${summed(sql`e.amount`, 'share')} as shares_fen
    from entries e left join borne b on b.order_id = e.order_id and e.kind = 'sale'
    where e.kind is not null
    group by 1, 2, 3, 4, 5, case when cardinality(e.rates) > 1 then e.id end`)
}

export interface EntryWish extends RevenueFilter {
  kind?: RevenueEntryKind | undefined
  rateBp?: number | undefined
  before?: { at: string; id: string } | undefined
  limit: number
}

export interface Entry {
  id: string
  at: string
  kind: RevenueEntryKind
  orderId: string
  orderNo: string
  channel: string
  wholeFen: number
  rates: number[]
  weights: number[]
}

/** The transfers behind a number, newest first. */
export async function entriesBehind(
  tx: Tx,
  shopId: string,
  period: Period,
  rates: readonly TaxPeriod[],
  { kind, rateBp, before, limit, ...filter }: EntryWish,
): Promise<Entry[]> {
  const named = await namedTransfers(tx, shopId, period)
  return tx.rows<Entry>(sql`
    ${entries(shopId, period, rates, named, filter)}
    select e.id, e.at, e.kind, e.order_id, e.order_no, e.channel, e.amount as whole_fen, e.rates, e.weights from entries e
    where e.kind is not null ${kind === undefined ? empty : sql`and e.kind = ${kind}`}
      ${rateBp === undefined ? empty : sql`and ${rateBp} = any(e.rates)`}
      ${before === undefined ? empty : sql`and (e.at, e.id) < (${before.at}::timestamptz, ${before.id}::uuid)`}
    order by e.at desc, e.id desc limit ${limit}`)
}

export interface LedgerSum {
  what: 'received' | 'refunded' | 'fee' | 'shares'
  ledgerFen: number
  /** Of that, what is no revenue: money that no order took and its way back; what belongs to no order. */
  otherFen: number
}

/** What the ledger's accounts moved in the period, whatever the orders say. */
export async function ledgerSums(tx: Tx, shopId: string, period: Period): Promise<LedgerSum[]> {
  const named = await namedTransfers(tx, shopId, period)
  return tx.rows<LedgerSum>(sql`
    with moved as (${moved(shopId, period)})
    select m.what, sum(m.amount)::bigint as ledger_fen, coalesce(sum(m.amount) filter (where case m.what
      when 'received' then not coalesce(p.taken or m.id = any(${named.taken}::uuid[]), false)
      when 'refunded' then not coalesce(r.settles_order or r.part_of_order or h.settles_order or h.part_of_order, false)
      else m.reference_type is distinct from 'order' end), 0)::bigint as other_fen
    from moved m
    left join payments p on p.shop_id = ${shopId} and p.id = m.id
    left join unnest(${named.lateRefunds.map((each) => each.transferId)}::uuid[],
      ${named.lateRefunds.map((each) => each.refundId)}::uuid[]) as late(transfer_id, refund_id) on late.transfer_id = m.id
    left join refunds r on r.shop_id = ${shopId} and r.id = coalesce(m.pending_id, late.refund_id)
    left join personal_refunds h on h.shop_id = ${shopId} and h.id = m.pending_id
    group by m.what`)
}

/** A payment by code is booked when staff confirm it; a refund late, when its hold had been given up. */
async function namedTransfers(tx: Tx, shopId: string, { start, end }: Period): Promise<Named> {
  const paid = await tx.rows<{ id: string }>(sql`
    select id from personal_payments where shop_id = ${shopId} and state = 'confirmed' and taken
      and checked_at >= ${start}::timestamptz - interval '1 hour' and checked_at < ${end}::timestamptz + interval '1 hour'`)
  const refunds = await tx.rows<{ id: string }>(sql`
    select distinct r.id from ledger_transfers t join refunds r on r.shop_id = t.shop_id and r.order_id::text = t.reference_id
    where t.shop_id = ${shopId} and t.credit_account = ${accountId('channel.wechat', shopId)} and t.code = 'refund.paid'
      and t.kind = 'posted' and t.created_at >= ${start} and t.created_at < ${end}`)
  return {
    taken: paid.map(({ id }) => nameId('personal.received', id)),
    lateRefunds: refunds.map(({ id }) => ({ transferId: nameId('refund-late', id), refundId: id })),
  }
}
