import type { Instant } from '../kernel/clock.ts'
import { sql, type Tx } from '../kernel/db.ts'
import { lockAccounts } from './store.ts'
import type { AccountState } from './types.ts'

/** An amount that moved, with the names of both its accounts. Reservations that came to nothing are none. */
export interface Movement {
  id: string
  debit: string
  credit: string
  debitCode: string
  creditCode: string
  amount: number
  code: string
  referenceType: string | null
  referenceId: string | null
  createdAt: Instant
}

/** The interval [from, to). */
export interface Interval {
  from: Instant
  to: Instant
}

const MOVEMENT = sql`t.id, t.debit_account as debit, t.credit_account as credit, d.code as debit_code, c.code as credit_code,
  t.amount, t.code, t.reference_type, t.reference_id, t.created_at`
const ACCOUNTS = sql`
  join ledger_accounts d on d.shop_id = t.shop_id and d.id = t.debit_account
  join ledger_accounts c on c.shop_id = t.shop_id and c.id = t.credit_account`

/** What moved from or to listed accounts in an interval, oldest first. */
export function movementsOf(
  tx: Tx,
  shopId: string,
  accountIds: readonly string[],
  { from, to }: Interval,
): Promise<Movement[]> {
  const ids = accountIds as string[]
  return tx.rows<Movement>(sql`
    select ${MOVEMENT} from (
      select t.* from ledger_transfers t
      where t.shop_id = ${shopId} and t.listed and t.debit_account = any(${ids}::uuid[])
        and t.created_at >= ${from} and t.created_at < ${to} and t.kind in ('posted', 'post')
      union
      select t.* from ledger_transfers t
      where t.shop_id = ${shopId} and t.listed and t.credit_account = any(${ids}::uuid[])
        and t.created_at >= ${from} and t.created_at < ${to} and t.kind in ('posted', 'post')
    ) t ${ACCOUNTS} order by t.created_at, t.id`)
}

/** When something first moved from or to listed accounts at or after an instant. */
export async function nextMovementAt(
  tx: Tx,
  shopId: string,
  accountIds: readonly string[],
  from: Instant,
): Promise<Instant | undefined> {
  const ids = accountIds as string[]
  const { at } = await tx.one<{ at: Instant | null }>(sql`
    select min(at) as at from unnest(${ids}::uuid[]) as a(id) cross join lateral (
      (select t.created_at as at from ledger_transfers t
        where t.shop_id = ${shopId} and t.listed and t.debit_account = a.id and t.created_at >= ${from}
        order by t.created_at limit 1)
      union all
      (select t.created_at from ledger_transfers t
        where t.shop_id = ${shopId} and t.listed and t.credit_account = a.id and t.created_at >= ${from}
        order by t.created_at limit 1)
    ) moved`)
  return at ?? undefined
}

/** What moved about some things (orders, say) in an interval, oldest first, between listed accounts. */
export function movementsAbout(
  tx: Tx,
  shopId: string,
  type: string,
  ids: readonly string[],
  { from, to }: Interval,
): Promise<Movement[]> {
  return tx.rows<Movement>(sql`
    select ${MOVEMENT} from ledger_transfers t ${ACCOUNTS}
    where t.shop_id = ${shopId} and t.listed and t.reference_type = ${type} and t.reference_id = any(${ids as string[]}::text[])
      and t.created_at >= ${from} and t.created_at < ${to} and t.kind in ('posted', 'post')
    order by t.created_at, t.id`)
}

/** Transfers by id that moved something, oldest first. */
export function movementsByIds(tx: Tx, shopId: string, ids: readonly string[]): Promise<Movement[]> {
  return tx.rows<Movement>(sql`
    select ${MOVEMENT} from ledger_transfers t ${ACCOUNTS}
    where t.shop_id = ${shopId} and t.id = any(${ids as string[]}::uuid[]) and t.kind in ('posted', 'post')
    order by t.created_at, t.id`)
}

/** What one account holds on behalf of each of some things: what came about it less what left about it. */
export async function heldFor(
  tx: Tx,
  shopId: string,
  accountId: string,
  type: string,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const rows = await tx.rows<{ id: string; net: number }>(sql`
    select t.reference_id as id,
      sum(case when t.credit_account = ${accountId} then t.amount else -t.amount end)::bigint as net
    from ledger_transfers t
    where t.shop_id = ${shopId} and t.listed and t.reference_type = ${type} and t.reference_id = any(${ids as string[]}::text[])
      and t.kind in ('posted', 'post') and (t.credit_account = ${accountId} or t.debit_account = ${accountId})
    group by t.reference_id`)
  return new Map(rows.map(({ id, net }) => [id, net]))
}

/**
 * Locks accounts as `applyTransfers` will, and answers them as they then are: for decisions that depend on balances.
 * Name every account that the transaction will move, so that none is locked out of order. Those missing are left out.
 */
export async function lockBalances(tx: Tx, shopId: string, ids: readonly string[]): Promise<Map<string, AccountState>> {
  const states = await lockAccounts(
    tx,
    ids.map((id) => ({ shopId, id })),
  )
  return new Map(states.map((state) => [state.id, state]))
}

export interface CodeSum {
  code: string
  /** Credits posted less debits posted, of all accounts of the code. */
  balance: number
  debitsPending: number
  creditsPending: number
}

/**
 * The money of a shop by kind of account. `order.paid` has an account for each order and is left out: as every book
 * balances, it is what the others lack to zero.
 */
export const moneyByCode = (tx: Tx, shopId: string): Promise<CodeSum[]> =>
  tx.rows<CodeSum>(sql`
    select code, sum(credits_posted - debits_posted)::bigint as balance, sum(debits_pending)::bigint as debits_pending,
      sum(credits_pending)::bigint as credits_pending
    from ledger_accounts where shop_id = ${shopId} and unit = 'CNY' and code <> 'order.paid'
    group by code order by code`)
