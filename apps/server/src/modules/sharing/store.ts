import type { PartyKind, PayWay } from '@zhanggui/contract'
import { plainArray } from '../../kernel/arrays.ts'
import { sql, type Tx } from '../../kernel/db.ts'
import type { Share } from './rules.ts'

export interface OrderMoneyRow {
  shopId: string
  orderId: string
  orderNo: string
  state: 'frozen' | 'settled' | 'due' | 'closed'
  placedAt: string
  frozenAt: string
  paidFen: number | null
  paidAt: string | null
  transactionId: string | null
  appid: string | null
  profitSharing: boolean
  feeBp: number | null
  feeFen: number | null
  settledFen: number
  feeNowFen: number
  merchantNowFen: number
  fromAvailableFen: number
  fromNegativeFen: number
  version: number
  settledAt: string | null
  holdUntil: string | null
  checkAt: string | null
  giveUpAt: string | null
  lastError: string | null
}

export interface PartyShareRow {
  shopId: string
  orderId: string
  partyId: string
  payBy: PayWay
  shareFen: number
  nowFen: number
  pendingFen: number
  dueFen: number
  flyingFen: number
  splitFen: number
  repaidFen: number
  owedFen: number
  recoveredFen: number
  returningFen: number
  tries: number
  retryAt: string | null
  note: string
}

export interface ShareRow {
  orderId: string
  number: number
  line: number
  title: string
  partyId: string
  partyKind: PartyKind
  contractId: string
  contractVersion: number
  contractName: string
  quantity: number
  baseFen: number
  rateKind: 'bp' | 'per-unit'
  rate: number
  ofPartyId: string | null
  serviceLevel: string
  payBy: PayWay
  holdDays: number | null
  cutFen: number
  passedFen: number
  shareFen: number
}

export const MONEY = sql`m.shop_id, m.order_id, m.order_no, m.state, m.placed_at, m.frozen_at, m.paid_fen, m.paid_at, m.transaction_id, m.appid,
  m.profit_sharing, m.fee_bp, m.fee_fen, m.settled_fen, m.fee_now_fen, m.merchant_now_fen, m.from_available_fen, m.from_negative_fen,
  m.version, m.settled_at, m.hold_until, m.check_at, m.give_up_at, m.last_error`
export const PARTY_SHARE = sql`s.shop_id, s.order_id, s.party_id, s.pay_by, s.share_fen, s.now_fen, s.pending_fen, s.due_fen, s.flying_fen,
  s.split_fen, s.repaid_fen, s.owed_fen, s.recovered_fen, s.returning_fen, s.tries, s.retry_at, s.note`

export const findMoney = (tx: Tx, shopId: string, orderId: string): Promise<OrderMoneyRow | undefined> =>
  tx.maybe<OrderMoneyRow>(
    sql`select ${MONEY} from order_money m where m.shop_id = ${shopId} and m.order_id = ${orderId}`,
  )

export const partySharesOf = (tx: Tx, shopId: string, orderId: string): Promise<PartyShareRow[]> =>
  tx.rows<PartyShareRow>(sql`
    select ${PARTY_SHARE} from order_party_shares s where s.shop_id = ${shopId} and s.order_id = ${orderId} order by s.party_id`)

export const sharesOf = (tx: Tx, shopId: string, orderIds: readonly string[]): Promise<ShareRow[]> =>
  tx.rows<ShareRow>(sql`
    select order_id, number, line, title, party_id, party_kind, contract_id, contract_version, contract_name, quantity, base_fen, rate_kind,
      rate, of_party_id, service_level, pay_by, hold_days, cut_fen, passed_fen, share_fen
    from order_shares where shop_id = ${shopId} and order_id = any(${orderIds as string[]}::uuid[]) order by order_id, number`)

/** Which of these orders have their shares already. */
export const knownAmong = async (
  tx: Tx,
  orders: readonly { shopId: string; orderId: string }[],
): Promise<Set<string>> => {
  const rows = await tx.rows<{ orderId: string }>(sql`
    select m.order_id from unnest(${plainArray(orders.map(({ shopId }) => shopId))}::uuid[], ${plainArray(orders.map(({ orderId }) => orderId))}::uuid[]) as w(shop_id, order_id)
    join order_money m on m.shop_id = w.shop_id and m.order_id = w.order_id`)
  return new Set(rows.map(({ orderId }) => orderId))
}

/** The row of an order's money; false when it is there already. */
export async function insertMoney(
  tx: Tx,
  row: { shopId: string; orderId: string; orderNo: string; placedAt: string; frozenAt: string },
): Promise<boolean> {
  return (
    (await tx.exec(sql`
      insert into order_money (shop_id, order_id, order_no, state, placed_at, frozen_at)
      values (${row.shopId}, ${row.orderId}, ${row.orderNo}, 'frozen', ${row.placedAt}, ${row.frozenAt})
      on conflict do nothing`)) === 1
  )
}

/** Shares as they are frozen, and their sum for each party. */
export async function insertShares(tx: Tx, shopId: string, orderId: string, shares: readonly Share[]): Promise<void> {
  const rows = shares.map((share, index) => ({
    ...{
      number: index + 1,
      line: share.line,
      title: share.title,
      party_id: share.partyId,
      party_kind: share.partyKind,
    },
    ...{ contract_id: share.contractId, contract_version: share.contractVersion, contract_name: share.contractName },
    ...{ quantity: share.quantity, base_fen: share.baseFen, rate_kind: share.rate.kind },
    rate: share.rate.kind === 'bp' ? share.rate.bp : share.rate.fen,
    ...{ of_party_id: share.ofPartyId, service_level: share.serviceLevel, pay_by: share.payBy },
    ...{ hold_days: share.holdDays, cut_fen: share.cutFen, passed_fen: share.passedFen, share_fen: share.shareFen },
  }))
  await tx.exec(sql`
    insert into order_shares (shop_id, order_id, number, line, title, party_id, party_kind, contract_id, contract_version, contract_name,
      quantity, base_fen, rate_kind, rate, of_party_id, service_level, pay_by, hold_days, cut_fen, passed_fen, share_fen)
    select ${shopId}, ${orderId}, number, line, title, party_id, party_kind, contract_id, contract_version, contract_name, quantity, base_fen,
      rate_kind, rate, of_party_id, service_level, pay_by, hold_days, cut_fen, passed_fen, share_fen
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(number smallint, line smallint, title text, party_id uuid, party_kind text,
      contract_id uuid, contract_version int, contract_name text, quantity int, base_fen bigint, rate_kind text, rate int, of_party_id uuid,
      service_level text, pay_by text, hold_days int, cut_fen bigint, passed_fen bigint, share_fen bigint)`)
  await tx.exec(sql`
    insert into order_party_shares (shop_id, order_id, party_id, pay_by, share_fen)
    select shop_id, order_id, party_id, case when bool_and(pay_by = 'split') then 'split' else 'withdrawal' end, sum(share_fen)
    from order_shares where shop_id = ${shopId} and order_id = ${orderId} group by shop_id, order_id, party_id
    having sum(share_fen) > 0`)
}

/** Whether something of an order is to be split. */
export const sharesBySplit = async (tx: Tx, shopId: string, orderId: string): Promise<boolean> =>
  (
    await tx.one<{ found: boolean }>(sql`
      select exists (select from order_party_shares where shop_id = ${shopId} and order_id = ${orderId} and pay_by = 'split') as found`)
  ).found

export async function updateMoney(tx: Tx, row: OrderMoneyRow): Promise<void> {
  await tx.exec(sql`
    update order_money set state = ${row.state}, paid_fen = ${row.paidFen}, paid_at = ${row.paidAt}, transaction_id = ${row.transactionId},
      appid = ${row.appid}, profit_sharing = ${row.profitSharing}, fee_bp = ${row.feeBp}, fee_fen = ${row.feeFen},
      settled_fen = ${row.settledFen}, fee_now_fen = ${row.feeNowFen}, merchant_now_fen = ${row.merchantNowFen},
      from_available_fen = ${row.fromAvailableFen}, from_negative_fen = ${row.fromNegativeFen}, version = ${row.version},
      settled_at = ${row.settledAt}, hold_until = ${row.holdUntil}, check_at = ${row.checkAt}, give_up_at = ${row.giveUpAt},
      last_error = ${row.lastError}
    where shop_id = ${row.shopId} and order_id = ${row.orderId}`)
}

export async function updatePartyShares(tx: Tx, rows: readonly PartyShareRow[]): Promise<void> {
  for (const row of rows)
    await tx.exec(sql`
      update order_party_shares set pay_by = ${row.payBy}, now_fen = ${row.nowFen}, pending_fen = ${row.pendingFen}, due_fen = ${row.dueFen},
        flying_fen = ${row.flyingFen}, split_fen = ${row.splitFen}, repaid_fen = ${row.repaidFen}, owed_fen = ${row.owedFen},
        recovered_fen = ${row.recoveredFen}, returning_fen = ${row.returningFen}, tries = ${row.tries}, retry_at = ${row.retryAt},
        note = ${row.note}
      where shop_id = ${row.shopId} and order_id = ${row.orderId} and party_id = ${row.partyId}`)
}

/** Orders whose time has come, for this process alone until the lease is over. */
export const claimDueMoney = (
  tx: Tx,
  at: string,
  leaseUntil: string,
  limit: number,
): Promise<{ shopId: string; orderId: string }[]> =>
  tx.rows(sql`
    update order_money m set check_at = ${leaseUntil} from (
      select shop_id, order_id from order_money where check_at <= ${at} order by check_at limit ${limit} for update skip locked) due
    where m.shop_id = due.shop_id and m.order_id = due.order_id returning m.shop_id, m.order_id`)

/** Debts of a party by order, oldest first, that WeChat has not been asked to bring back. */
export const debtsOf = (tx: Tx, shopId: string, partyId: string): Promise<PartyShareRow[]> =>
  tx.rows<PartyShareRow>(sql`
    select ${PARTY_SHARE} from order_party_shares s
    where s.shop_id = ${shopId} and s.party_id = ${partyId} and s.owed_fen > s.returning_fen order by s.order_id limit 500`)

/** What of a party's due money waits for its split, order by order; the rest is withdrawn as a whole. */
export const dueBySplit = async (tx: Tx, shopId: string, partyId: string): Promise<number> =>
  (
    await tx.one<{ fen: number }>(sql`
      select coalesce(sum(due_fen), 0)::bigint as fen from order_party_shares
      where shop_id = ${shopId} and party_id = ${partyId} and pay_by = 'split' and due_fen > 0`)
  ).fen

export const openFreezes = async (tx: Tx, shopId: string, partyIds: readonly string[]): Promise<Set<string>> => {
  const rows = await tx.rows<{ partyId: string }>(sql`
    select party_id from share_freezes where shop_id = ${shopId} and party_id = any(${partyIds as string[]}::uuid[]) and released_at is null`)
  return new Set(rows.map(({ partyId }) => partyId))
}
