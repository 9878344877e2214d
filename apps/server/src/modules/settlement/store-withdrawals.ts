import type { WithdrawalState } from '@zhanggui/contract'
import { empty, sql, type Tx } from '../../kernel/db.ts'
import type { Owner } from './withdrawal-rules.ts'

export interface PayoutRow {
  shopId: string
  buyerId: string
  app: 'mini' | 'mp'
  openidSealed: string
  realNameSealed: string
  realNameMasked: string
  version: number
  setAt: string
  setBy: string
  usableFrom: string
}

const PAYOUT = sql`p.shop_id, p.buyer_id, p.app, p.openid_sealed, p.real_name_sealed, p.real_name_masked, p.version,
  p.set_at, p.set_by, p.usable_from`

export const findPayout = (tx: Tx, shopId: string) =>
  tx.maybe<PayoutRow>(sql`select ${PAYOUT} from payout_accounts p where p.shop_id = ${shopId}`)

/** Compare-and-set; version 0 where there is none. */
export async function savePayout(tx: Tx, row: PayoutRow): Promise<boolean> {
  const { shopId, buyerId, app, openidSealed, realNameSealed, realNameMasked, version, setAt, setBy, usableFrom } = row
  return (
    (await tx.exec(sql`
      insert into payout_accounts (shop_id, buyer_id, app, openid_sealed, real_name_sealed, real_name_masked, version,
        set_at, set_by, usable_from)
      select ${shopId}, ${buyerId}, ${app}, ${openidSealed}, ${realNameSealed}, ${realNameMasked}, 1, ${setAt}, ${setBy},
        ${usableFrom}
      where ${version} = 0 or exists (select from payout_accounts where shop_id = ${shopId})
      on conflict (shop_id) do update set buyer_id = excluded.buyer_id, app = excluded.app,
        openid_sealed = excluded.openid_sealed, real_name_sealed = excluded.real_name_sealed,
        real_name_masked = excluded.real_name_masked, version = payout_accounts.version + 1, set_at = excluded.set_at,
        set_by = excluded.set_by, usable_from = excluded.usable_from
      where payout_accounts.version = ${version}`)) === 1
  )
}

export interface WithdrawalRow {
  shopId: string
  id: string
  ownerKind: Owner['kind']
  ownerId: string
  ownerName: string
  buyerId: string
  number: string
  state: WithdrawalState
  amountFen: number
  feeFen: number
  appid: string
  openidSealed: string | null
  realNameSealed: string | null
  realNameMasked: string
  transferBillNo: string | null
  packageInfo: string | null
  requestedBy: string
  createdAt: string
  confirmBefore: string | null
  finishedAt: string | null
  attempts: number
  lastError: string | null
}

const WITHDRAWAL = sql`w.shop_id, w.id, w.owner_kind, w.owner_id, w.owner_name, w.buyer_id, w.number, w.state,
  w.amount_fen, w.fee_fen, w.appid, w.openid_sealed, w.real_name_sealed, w.real_name_masked, w.transfer_bill_no,
  w.package_info, w.requested_by, w.created_at, w.confirm_before, w.finished_at, w.attempts, w.last_error`
const OPEN = sql`w.state not in ('paid', 'failed', 'cancelled')`

export async function insertWithdrawal(
  tx: Tx,
  row: Omit<
    WithdrawalRow,
    'state' | 'transferBillNo' | 'packageInfo' | 'confirmBefore' | 'finishedAt' | 'attempts' | 'lastError'
  >,
  checkAt: string,
): Promise<void> {
  await tx.exec(sql`
    insert into withdrawals (shop_id, id, owner_kind, owner_id, owner_name, buyer_id, number, state, amount_fen, fee_fen,
      appid, openid_sealed, real_name_sealed, real_name_masked, requested_by, created_at, check_at)
    values (${row.shopId}, ${row.id}, ${row.ownerKind}, ${row.ownerId}, ${row.ownerName}, ${row.buyerId}, ${row.number},
      'created', ${row.amountFen}, ${row.feeFen}, ${row.appid}, ${row.openidSealed}, ${row.realNameSealed},
      ${row.realNameMasked}, ${row.requestedBy}, ${row.createdAt}, ${checkAt})`)
}

export const findWithdrawal = (tx: Tx, shopId: string, id: string) =>
  tx.maybe<WithdrawalRow>(sql`select ${WITHDRAWAL} from withdrawals w where w.shop_id = ${shopId} and w.id = ${id}`)

export const lockWithdrawal = (tx: Tx, shopId: string, id: string) =>
  tx.maybe<WithdrawalRow>(
    sql`select ${WITHDRAWAL} from withdrawals w where w.shop_id = ${shopId} and w.id = ${id} for update`,
  )

export const withdrawalByNumber = (tx: Tx, shopId: string, number: string) =>
  tx.maybe<WithdrawalRow>(
    sql`select ${WITHDRAWAL} from withdrawals w where w.shop_id = ${shopId} and w.number = ${number}`,
  )

/** What an owner has withdrawn since an instant, or is about to. */
export const withdrawnSince = async (tx: Tx, shopId: string, ownerId: string, since: string): Promise<number> =>
  (
    await tx.one<{ fen: number }>(sql`
      select coalesce(sum(amount_fen), 0)::bigint as fen from withdrawals
      where shop_id = ${shopId} and owner_id = ${ownerId} and created_at >= ${since} and state not in ('failed', 'cancelled')`)
  ).fen

/** Takes open withdrawals whose time to ask has come, for this process alone, until `leaseUntil`. */
export const claimDueWithdrawals = (tx: Tx, at: string, leaseUntil: string, limit: number) =>
  tx.rows<WithdrawalRow>(sql`
    update withdrawals w set check_at = ${leaseUntil}, attempts = w.attempts + 1 from (
      select w.shop_id, w.id from withdrawals w where ${OPEN} and w.check_at <= ${at}
      order by w.check_at limit ${limit} for update skip locked) due
    where w.shop_id = due.shop_id and w.id = due.id
    returning ${WITHDRAWAL}`)

/** One open withdrawal for this process alone; undefined when another is at it. */
export const claimWithdrawal = (tx: Tx, shopId: string, id: string, at: string, leaseUntil: string) =>
  tx.maybe<WithdrawalRow>(sql`
    update withdrawals w set check_at = ${leaseUntil}, attempts = w.attempts + 1
    where w.shop_id = ${shopId} and w.id = ${id} and ${OPEN} and w.check_at <= ${at}
    returning ${WITHDRAWAL}`)

export interface WithdrawalNews {
  state: WithdrawalState
  transferBillNo: string | null
  packageInfo: string | null
  confirmBefore: string | null
  finishedAt: string | null
  checkAt: string | null
  error: string | null
}

/** Compare-and-set on the state that was locked. */
export async function setWithdrawal(tx: Tx, row: WithdrawalRow, news: WithdrawalNews): Promise<boolean> {
  return (
    (await tx.exec(sql`
      update withdrawals set state = ${news.state}, transfer_bill_no = coalesce(${news.transferBillNo}, transfer_bill_no),
        package_info = ${news.packageInfo}, confirm_before = coalesce(${news.confirmBefore}, confirm_before),
        finished_at = ${news.finishedAt}, check_at = ${news.checkAt}, last_error = ${news.error}
      where shop_id = ${row.shopId} and id = ${row.id} and state = ${row.state}`)) === 1
  )
}

export async function postponeWithdrawal(
  tx: Tx,
  shopId: string,
  id: string,
  checkAt: string,
  error: string | null,
): Promise<void> {
  await tx.exec(sql`
    update withdrawals w set check_at = ${checkAt}, last_error = coalesce(${error}, last_error)
    where shop_id = ${shopId} and id = ${id} and ${OPEN}`)
}

export interface WithdrawalFilter {
  state?: WithdrawalState | undefined
  ownerKind?: Owner['kind'] | undefined
  ownerId?: string | undefined
  q?: string | undefined
  from?: string | undefined
  to?: string | undefined
  after?: { at: string; id: string } | undefined
  limit: number
}

export const listWithdrawals = (tx: Tx, shopId: string, filter: WithdrawalFilter) => {
  const { state, ownerKind, ownerId, q, from, to, after, limit } = filter
  return tx.rows<WithdrawalRow>(sql`
    select ${WITHDRAWAL} from withdrawals w where w.shop_id = ${shopId}
      ${state === undefined ? empty : sql`and w.state = ${state}`}
      ${ownerKind === undefined ? empty : sql`and w.owner_kind = ${ownerKind}`}
      ${ownerId === undefined ? empty : sql`and w.owner_id = ${ownerId}`}
      ${q === undefined || q === '' ? empty : sql`and (w.number = ${q} or position(${q} in w.owner_name) > 0)`}
      ${from === undefined ? empty : sql`and w.created_at >= ${from}`}
      ${to === undefined ? empty : sql`and w.created_at < ${to}`}
      ${after === undefined ? empty : sql`and (w.created_at, w.id) < (${after.at}::timestamptz, ${after.id}::uuid)`}
    order by w.created_at desc, w.id desc limit ${limit}`)
}

/** Withdrawals of all shops that a person is to confirm or has had, newest first. */
export const withdrawalsOfBuyer = (tx: Tx, buyerId: string, limit: number) =>
  tx.rows<WithdrawalRow>(sql`
    select ${WITHDRAWAL} from withdrawals w where w.buyer_id = ${buyerId} order by w.created_at desc, w.id desc limit ${limit}`)

/** Two buyers turned out to be one person. */
export async function moveWithdrawals(tx: Tx, fromBuyerId: string, buyerId: string): Promise<void> {
  await tx.exec(sql`update withdrawals set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
  await tx.exec(sql`update payout_accounts set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
}

/** Forgets whom it was paid to; the books keep amount and number. */
export async function erasePayee(tx: Tx, buyerId: string): Promise<void> {
  await tx.exec(sql`delete from payout_accounts where buyer_id = ${buyerId}`)
  await tx.exec(sql`
    update withdrawals set openid_sealed = null, real_name_sealed = null, real_name_masked = '', owner_name =
      case when owner_kind = 'party' then '' else owner_name end, package_info = null
    where buyer_id = ${buyerId} and state in ('paid', 'failed', 'cancelled')`)
}

export const openOfBuyer = async (tx: Tx, buyerId: string): Promise<number> =>
  (
    await tx.one<{ count: number }>(sql`
      select count(*) as count from withdrawals w where w.buyer_id = ${buyerId} and ${OPEN}`)
  ).count
