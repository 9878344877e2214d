import { empty, sql, type Tx } from '../../kernel/db.ts'
import { type OrderMoneyRow, PARTY_SHARE, type PartyShareRow } from './store.ts'

export interface MoneyListRow
  extends Pick<
    OrderMoneyRow,
    | 'orderId'
    | 'orderNo'
    | 'state'
    | 'placedAt'
    | 'frozenAt'
    | 'settledAt'
    | 'holdUntil'
    | 'profitSharing'
    | 'paidFen'
    | 'lastError'
  > {
  feeFen: number
  merchantFen: number
  sharesFen: number
  splitFen: number
  owedFen: number
  trouble: boolean
}

const SUMS = sql`
  left join lateral (
    select coalesce(sum(case when m.state = 'frozen' then s.share_fen else s.now_fen end), 0)::bigint as shares_fen,
      coalesce(sum(s.split_fen), 0)::bigint as split_fen, coalesce(sum(s.owed_fen), 0)::bigint as owed_fen,
      coalesce(bool_or(s.owed_fen > 0 or s.note <> ''), false) as trouble
    from order_party_shares s where s.shop_id = m.shop_id and s.order_id = m.order_id) sums on true`
const ROW = sql`m.order_id, m.order_no, m.state, m.placed_at, m.frozen_at, m.settled_at, m.hold_until, m.profit_sharing, m.paid_fen,
  m.last_error, m.fee_now_fen as fee_fen, m.merchant_now_fen as merchant_fen, sums.shares_fen, sums.split_fen, sums.owed_fen, sums.trouble`

export const listMoney = (
  tx: Tx,
  shopId: string,
  filter: {
    state?: string | undefined
    partyId?: string | undefined
    trouble?: string | undefined
    q?: string | undefined
    before?: { at: string; orderId: string } | undefined
    limit: number
  },
): Promise<MoneyListRow[]> =>
  tx.rows<MoneyListRow>(sql`
    select ${ROW} from order_money m ${SUMS} where m.shop_id = ${shopId}
    ${filter.state === undefined ? empty : sql`and m.state = ${filter.state}`}
    ${filter.q ? sql`and m.order_no = ${filter.q}` : empty}
    ${
      filter.partyId === undefined
        ? empty
        : sql`and exists (select from order_party_shares s where s.shop_id = m.shop_id and s.order_id = m.order_id and s.party_id = ${filter.partyId})`
    }
    ${filter.trouble === undefined ? empty : sql`and sums.trouble`}
    ${filter.before === undefined ? empty : sql`and (m.frozen_at, m.order_id) < (${filter.before.at}::timestamptz, ${filter.before.orderId}::uuid)`}
    order by m.frozen_at desc, m.order_id desc limit ${filter.limit}`)

export const moneyOfOrder = (tx: Tx, shopId: string, orderId: string): Promise<MoneyListRow | undefined> =>
  tx.maybe<MoneyListRow>(
    sql`select ${ROW} from order_money m ${SUMS} where m.shop_id = ${shopId} and m.order_id = ${orderId}`,
  )

export interface PartyShareListRow extends PartyShareRow {
  orderNo: string
  holdUntil: string | null
  settledAt: string | null
}

/** Shares of a party by order, or of an order by party. */
export const listPartyShares = (
  tx: Tx,
  shopId: string,
  of: { partyId: string; beforeId?: string | undefined; limit: number } | { orderId: string },
): Promise<PartyShareListRow[]> =>
  tx.rows<PartyShareListRow>(sql`
    select ${PARTY_SHARE}, m.order_no, m.hold_until, m.settled_at from order_party_shares s
    join order_money m on m.shop_id = s.shop_id and m.order_id = s.order_id
    where s.shop_id = ${shopId}
    ${
      'orderId' in of
        ? sql`and s.order_id = ${of.orderId} order by s.party_id`
        : sql`and s.party_id = ${of.partyId} ${of.beforeId === undefined ? empty : sql`and s.order_id < ${of.beforeId}`}
          order by s.order_id desc limit ${of.limit}`
    }`)

export const sumsOfParty = (tx: Tx, shopId: string, partyId: string) =>
  tx.one<{ dueFen: number; flyingFen: number; splitFen: number }>(sql`
    select coalesce(sum(due_fen), 0)::bigint as due_fen, coalesce(sum(flying_fen), 0)::bigint as flying_fen, coalesce(sum(split_fen), 0)::bigint as split_fen
    from order_party_shares where shop_id = ${shopId} and party_id = ${partyId}`)

export const openFreezeOf = (tx: Tx, shopId: string, partyId: string) =>
  tx.maybe<{ reason: string; at: string; by: string }>(sql`
    select reason, frozen_at as at, frozen_by as by from share_freezes
    where shop_id = ${shopId} and party_id = ${partyId} and released_at is null`)

/** Receivers that were refused are tried at once, with all their tries. False when the order has none. */
export async function retryShares(tx: Tx, shopId: string, orderId: string, at: string): Promise<boolean> {
  const rows = await tx.exec(sql`
    update order_party_shares set tries = 0, retry_at = null
    where shop_id = ${shopId} and order_id = ${orderId} and pay_by = 'split' and due_fen > 0`)
  if (rows === 0) return false
  await tx.exec(sql`
    update order_money set check_at = ${at} where shop_id = ${shopId} and order_id = ${orderId} and state = 'due'
      and not exists (select from splits t where t.shop_id = ${shopId} and t.order_id = ${orderId} and t.state in ('created', 'processing'))`)
  return true
}
