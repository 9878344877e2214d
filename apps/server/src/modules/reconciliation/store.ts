import type { CloseHow, DaySide, DayState, DifferenceClass, DifferencePair } from '@zhanggui/contract'
import { empty, type Sql, sql, type Tx } from '../../kernel/db.ts'

export interface DayRow {
  shopId: string
  day: string
  state: DayState
  tries: number
  lastError: string | null
  there: DaySide | null
  here: DaySide | null
  ranAt: string | null
  open: number
  closed: number
}

export interface DifferenceRow {
  shopId: string
  id: string
  day: string
  pair: DifferencePair
  class: DifferenceClass
  state: 'open' | 'closed'
  number: string
  orderId: string | null
  happenedAt: string | null
  thereFen: number | null
  hereFen: number | null
  thereState: string | null
  hereState: string | null
  ownerId: string | null
  ownerName: string | null
  closedHow: CloseHow | null
  closedAt: string | null
  closedBy: string | null
  closeReason: string | null
  transferId: string | null
  foundAt: string
  version: number
}

const DAY = sql`r.shop_id, r.day::text, r.state, r.tries, r.last_error, r.there, r.here, r.ran_at,
  (select count(*) from reconciliation_differences d where d.shop_id = r.shop_id and d.day = r.day and d.state = 'open') as open,
  (select count(*) from reconciliation_differences d where d.shop_id = r.shop_id and d.day = r.day and d.state = 'closed') as closed`
const DIFFERENCE = sql`d.shop_id, d.id, d.day::text, d.pair, d.class, d.state, d.number, d.order_id, d.happened_at, d.there_fen,
  d.here_fen, d.there_state, d.here_state, d.owner_id, d.owner_name, d.closed_how, d.closed_at, d.closed_by, d.close_reason,
  d.transfer_id, d.found_at, d.version`

export const findDay = (tx: Tx, shopId: string, day: string) =>
  tx.maybe<DayRow>(sql`select ${DAY} from reconciliation_days r where r.shop_id = ${shopId} and r.day = ${day}`)

export const listDays = (
  tx: Tx,
  shopId: string,
  filter: { from?: string | undefined; to?: string | undefined; before?: string | undefined; limit: number },
) =>
  tx.rows<DayRow>(sql`
    select ${DAY} from reconciliation_days r where r.shop_id = ${shopId}
      ${filter.from === undefined ? empty : sql`and r.day >= ${filter.from}`}
      ${filter.to === undefined ? empty : sql`and r.day <= ${filter.to}`}
      ${filter.before === undefined ? empty : sql`and r.day < ${filter.before}`}
    order by r.day desc limit ${filter.limit}`)

/** How getting a day's bills stands. */
export async function setDay(
  tx: Tx,
  row: { shopId: string; day: string; state: DayState; checkAt: string | null; lastError: string | null },
): Promise<void> {
  await tx.exec(sql`
    insert into reconciliation_days as r (shop_id, day, state, tries, check_at, last_error)
    values (${row.shopId}, ${row.day}, ${row.state}, 1, ${row.checkAt}, ${row.lastError})
    on conflict (shop_id, day) do update set state = case when r.state = 'done' then r.state else excluded.state end,
      tries = r.tries + 1, check_at = excluded.check_at, last_error = excluded.last_error`)
}

/** The day was compared. */
export async function setCompared(
  tx: Tx,
  row: { shopId: string; day: string; runId: string; at: string; there: DaySide; here: DaySide },
): Promise<void> {
  await tx.exec(sql`
    insert into reconciliation_days (shop_id, day, state, there, here, run_id, ran_at)
    values (${row.shopId}, ${row.day}, 'done', ${JSON.stringify(row.there)}::jsonb, ${JSON.stringify(row.here)}::jsonb, ${row.runId}, ${row.at})
    on conflict (shop_id, day) do update set state = 'done', check_at = null, last_error = null, there = excluded.there,
      here = excluded.here, run_id = excluded.run_id, ran_at = excluded.ran_at`)
}

/** Days whose bills are to be asked for (again). Scope `system`. */
export const dueDays = async (tx: Tx, shopId: string, at: string): Promise<string[]> =>
  (
    await tx.rows<{ day: string }>(sql`
      select day::text from reconciliation_days where shop_id = ${shopId} and check_at <= ${at} order by day limit 5`)
  ).map(({ day }) => day)

/** Of some days, those that a shop has compared. */
export const comparedAmong = async (tx: Tx, shopId: string, days: readonly string[]): Promise<string[]> =>
  (
    await tx.rows<{ day: string }>(sql`
      select day::text from reconciliation_days where shop_id = ${shopId} and day = any(${days as string[]}::date[]) and state = 'done'
      order by day`)
  ).map(({ day }) => day)

const side = (rows: Sql, fee: Sql): Sql => sql`
  select count(*) filter (where kind = 'payment') as payments, coalesce(sum(fen) filter (where kind = 'payment'), 0)::bigint as paid_fen,
    count(*) filter (where kind = 'refund') as refunds, coalesce(sum(fen) filter (where kind = 'refund'), 0)::bigint as refunded_fen,
    count(*) filter (where kind = 'split') as splits, coalesce(sum(fen) filter (where kind = 'split'), 0)::bigint as split_fen,
    ${fee} as fee_fen
  from (${rows}) x`

export const thereSide = (tx: Tx, shopId: string, day: string) =>
  tx.one<DaySide>(
    side(
      sql`select kind, amount_fen as fen, fee_fen from bill_lines where shop_id = ${shopId} and day = ${day} and bill <> 'flow'
        and (kind <> 'refund' or state = 'SUCCESS')`,
      sql`coalesce(sum(fee_fen), 0)::bigint`,
    ),
  )

export const hereSide = (tx: Tx, shopId: string, { from, to }: { from: string; to: string }) =>
  tx.one<DaySide>(
    side(
      sql`select 'payment' as kind, amount_fen as fen from payments
          where shop_id = ${shopId} and state = 'paid' and paid_at >= ${from} and paid_at < ${to}
        union all select 'refund', amount_fen from refunds
          where shop_id = ${shopId} and state = 'succeeded' and finished_at >= ${from} and finished_at < ${to}
        union all select 'split', amount_fen from split_receivers
          where shop_id = ${shopId} and state = 'success' and finished_at >= ${from} and finished_at < ${to}`,
      sql`null::bigint`,
    ),
  )

export interface DifferenceFilter {
  state?: 'open' | 'closed' | undefined
  class?: DifferenceClass | undefined
  pair?: DifferencePair | undefined
  from?: string | undefined
  to?: string | undefined
  owner?: string | undefined
  q?: string | undefined
  after?: { day: string; id: string } | undefined
  limit: number
}

export const listDifferences = (tx: Tx, shopId: string, filter: DifferenceFilter) =>
  tx.rows<DifferenceRow>(sql`
    select ${DIFFERENCE} from reconciliation_differences d where d.shop_id = ${shopId}
      ${filter.state === undefined ? empty : sql`and d.state = ${filter.state}`}
      ${filter.class === undefined ? empty : sql`and d.class = ${filter.class}`}
      ${filter.pair === undefined ? empty : sql`and d.pair = ${filter.pair}`}
      ${filter.from === undefined ? empty : sql`and d.day >= ${filter.from}`}
      ${filter.to === undefined ? empty : sql`and d.day <= ${filter.to}`}
      ${filter.owner === undefined ? empty : filter.owner === 'none' ? sql`and d.owner_id is null` : sql`and d.owner_id = ${filter.owner}`}
      ${filter.q === undefined || filter.q === '' ? empty : sql`and strpos(d.number, ${filter.q}) > 0`}
      ${filter.after === undefined ? empty : sql`and (d.day, d.id) < (${filter.after.day}::date, ${filter.after.id}::uuid)`}
    order by d.day desc, d.id desc limit ${filter.limit}`)

export const findDifference = (tx: Tx, shopId: string, id: string) =>
  tx.maybe<DifferenceRow>(
    sql`select ${DIFFERENCE} from reconciliation_differences d where d.shop_id = ${shopId} and d.id = ${id}`,
  )

export const lockDifference = (tx: Tx, shopId: string, id: string) =>
  tx.maybe<DifferenceRow>(
    sql`select ${DIFFERENCE} from reconciliation_differences d where d.shop_id = ${shopId} and d.id = ${id} for update`,
  )

export async function setOwner(
  tx: Tx,
  row: { shopId: string; id: string; ownerId: string | null; ownerName: string | null },
): Promise<void> {
  await tx.exec(sql`
    update reconciliation_differences set owner_id = ${row.ownerId}, owner_name = ${row.ownerName}, version = version + 1
    where shop_id = ${row.shopId} and id = ${row.id}`)
}

export async function setClosed(
  tx: Tx,
  row: {
    shopId: string
    id: string
    how: CloseHow
    at: string
    by: string
    reason: string
    transferId: string | null
  },
): Promise<void> {
  await tx.exec(sql`
    update reconciliation_differences set state = 'closed', closed_how = ${row.how}, closed_at = ${row.at}, closed_by = ${row.by},
      close_reason = ${row.reason}, transfer_id = ${row.transferId}, version = version + 1
    where shop_id = ${row.shopId} and id = ${row.id} and state = 'open'`)
}

export interface VoucherRow {
  day: string
  bill: 'trade' | 'flow' | 'split'
  kind: 'payment' | 'refund' | 'split' | 'return' | 'flow'
  number: string
  channelId: string
  happenedAt: string
  state: string
  amountFen: number
  feeFen: number
  title: string
}

const VOUCHER = sql`b.day::text, b.bill, b.kind, b.number, b.channel_id, b.happened_at, b.state, b.amount_fen, b.fee_fen, b.title`

/** Lines of bills with one of our numbers, or about one of our orders. */
export const vouchersOf = (tx: Tx, shopId: string, about: { number: string; orderId: string | null }) =>
  tx.rows<VoucherRow>(sql`
    select ${VOUCHER} from bill_lines b where b.shop_id = ${shopId} and (b.number = ${about.number} or b.number in (
      select out_trade_no from payments where shop_id = ${shopId} and order_id = ${about.orderId}
      union all select out_refund_no from refunds where shop_id = ${shopId} and order_id = ${about.orderId}
      union all select out_order_no from splits where shop_id = ${shopId} and order_id = ${about.orderId}
      union all select out_return_no from split_returns where shop_id = ${shopId} and order_id = ${about.orderId}))
    order by b.happened_at, b.bill, b.line_key limit 200`)
