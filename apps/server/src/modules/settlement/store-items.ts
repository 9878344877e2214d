import type { MerchantLevel, SettlementItemState } from '@zhanggui/contract'
import { empty, sql, type Tx } from '../../kernel/db.ts'

export interface ItemRow {
  shopId: string
  orderId: string
  orderNo: string
  channel: 'wechat' | 'personal-code'
  level: MerchantLevel
  cycleDays: number
  settledAt: string
  dueAt: string
  state: SettlementItemState
  amountFen: number
  sharesFen: number
  releasedFen: number | null
  releasedAt: string | null
  rounds: number
}

const ITEM = sql`i.shop_id, i.order_id, i.order_no, i.channel, i.level, i.cycle_days, i.settled_at, i.due_at, i.state,
  i.amount_fen, i.shares_fen, i.released_fen, i.released_at, i.rounds`

/** Answers false for an order that is known. */
export async function insertItem(
  tx: Tx,
  row: Omit<ItemRow, 'state' | 'releasedFen' | 'releasedAt' | 'rounds'>,
): Promise<boolean> {
  return (
    (await tx.exec(sql`
      insert into settlement_items (shop_id, order_id, order_no, channel, level, cycle_days, settled_at, due_at, state,
        amount_fen, shares_fen)
      values (${row.shopId}, ${row.orderId}, ${row.orderNo}, ${row.channel}, ${row.level}, ${row.cycleDays},
        ${row.settledAt}, ${row.dueAt}, 'waiting', ${row.amountFen}, ${row.sharesFen})
      on conflict do nothing`)) === 1
  )
}

/** What was released waits again, for money came to it later. */
export async function waitAgain(tx: Tx, shopId: string, orderIds: readonly string[]): Promise<void> {
  await tx.exec(sql`
    update settlement_items set state = 'waiting', released_at = null
    where shop_id = ${shopId} and order_id = any(${orderIds as string[]}::uuid[]) and state = 'released'`)
}

export const shopsDue = async (tx: Tx, at: string, limit: number): Promise<string[]> =>
  (
    await tx.rows<{ shopId: string }>(sql`
      select distinct shop_id from (
        select shop_id from settlement_items where state = 'waiting' and due_at <= ${at} order by due_at limit ${limit}) due`)
  ).map(({ shopId }) => shopId)

export const claimDueItems = (tx: Tx, shopId: string, at: string, limit: number) =>
  tx.rows<ItemRow>(sql`
    select ${ITEM} from settlement_items i
    where i.shop_id = ${shopId} and i.state = 'waiting' and i.due_at <= ${at}
    order by i.due_at, i.order_id limit ${limit} for update skip locked`)

export async function setReleased(
  tx: Tx,
  shopId: string,
  released: readonly { orderId: string; releasedFen: number }[],
  at: string,
): Promise<void> {
  await tx.exec(sql`
    update settlement_items i set state = 'released', released_at = ${at},
      released_fen = coalesce(released_fen, 0) + r.fen, rounds = rounds + 1
    from unnest(${released.map(({ orderId }) => orderId)}::uuid[], ${released.map(({ releasedFen }) => releasedFen)}::bigint[])
      as r(order_id, fen)
    where i.shop_id = ${shopId} and i.order_id = r.order_id and i.state = 'waiting'`)
}

export interface ItemFilter {
  state?: SettlementItemState | undefined
  q?: string | undefined
  from?: string | undefined
  to?: string | undefined
  after?: { at: string; id: string } | undefined
  limit: number
}

export const listItems = (tx: Tx, shopId: string, { state, q, from, to, after, limit }: ItemFilter) =>
  tx.rows<ItemRow>(sql`
    select ${ITEM} from settlement_items i where i.shop_id = ${shopId}
      ${state === undefined ? empty : sql`and i.state = ${state}`}
      ${q === undefined || q === '' ? empty : sql`and i.order_no = ${q}`}
      ${from === undefined ? empty : sql`and i.settled_at >= ${from}`}
      ${to === undefined ? empty : sql`and i.settled_at < ${to}`}
      ${after === undefined ? empty : sql`and (i.settled_at, i.order_id) < (${after.at}::timestamptz, ${after.id}::uuid)`}
    order by i.settled_at desc, i.order_id desc limit ${limit}`)

/** What waits, by the instant at which it will be available, the next first. */
export const waitingByDue = (tx: Tx, shopId: string, limit: number) =>
  tx.rows<{ dueAt: string; orders: number; amountFen: number }>(sql`
    select due_at, count(*) as orders, sum(amount_fen)::bigint as amount_fen
    from settlement_items where shop_id = ${shopId} and state = 'waiting' and channel = 'wechat'
    group by due_at order by due_at limit ${limit}`)

export interface MerchantRow {
  shopId: string
  level: MerchantLevel
  note: string
  version: number
  changedAt: string
  changedBy: string
}

const MERCHANT = sql`m.shop_id, m.level, m.note, m.version, m.changed_at, m.changed_by`

export const findMerchant = (tx: Tx, shopId: string) =>
  tx.maybe<MerchantRow>(sql`select ${MERCHANT} from settlement_merchants m where m.shop_id = ${shopId}`)

/** Compare-and-set; version 0 for a shop that has none yet. Answers false when somebody was faster. */
export async function saveMerchant(tx: Tx, row: MerchantRow): Promise<boolean> {
  return (
    (await tx.exec(sql`
      insert into settlement_merchants (shop_id, level, note, version, changed_at, changed_by)
      select ${row.shopId}, ${row.level}, ${row.note}, 1, ${row.changedAt}, ${row.changedBy}
      where ${row.version} = 0 or exists (select from settlement_merchants where shop_id = ${row.shopId})
      on conflict (shop_id) do update set level = excluded.level, note = excluded.note, changed_at = excluded.changed_at,
        changed_by = excluded.changed_by, version = settlement_merchants.version + 1
      where settlement_merchants.version = ${row.version}`)) === 1
  )
}

export const merchantsOf = async (tx: Tx, shopIds: readonly string[]): Promise<Map<string, MerchantRow>> => {
  const rows = await tx.rows<MerchantRow>(
    sql`select ${MERCHANT} from settlement_merchants m where m.shop_id = any(${shopIds as string[]}::uuid[])`,
  )
  return new Map(rows.map((row) => [row.shopId, row]))
}
