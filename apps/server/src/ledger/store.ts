import { plainArray, textArray } from '../kernel/arrays.ts'
import type { Instant } from '../kernel/clock.ts'
import type { Tx } from '../kernel/db.ts'
import { RowArray, type RowType } from '../kernel/row-array.ts'
import type { AccountSpec, AccountState, Transfer } from './types.ts'

/** A row in a shop's book. */
export interface Key {
  shopId: string
  id: string
}

const TRANSFER = `t.shop_id, t.id, t.debit_account as debit, t.credit_account as credit, t.amount, t.unit, t.code, t.kind,
  t.pending_id, t.expires_at, t.reference_type, t.reference_id, t.link_id, t.link_size, t.created_at`

export const TRANSFER_COLUMNS = TRANSFER

const KEYS: RowType<Key> = {
  name: 'row_key',
  columns: [
    ['uuid', (key) => key.shopId],
    ['uuid', (key) => key.id],
  ],
}

const keys = (rows: readonly Key[]): RowArray<Key> => new RowArray(KEYS, rows)

const byKey = (a: Key, b: Key): number => {
  if (a.shopId !== b.shopId) return a.shopId < b.shopId ? -1 : 1
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

/** Creates the accounts that are missing, in key order; answers those that exist with another code or unit. */
export async function insertAccounts(
  tx: Tx,
  createdAt: Instant,
  specs: readonly (AccountSpec & { id: string; owner: string })[],
): Promise<(Key & { code: string; unit: string })[]> {
  const rows = [...specs].sort(byKey)
  const columns = [
    plainArray(rows.map((row) => row.shopId)),
    plainArray(rows.map((row) => row.id)),
    textArray(rows.map((row) => row.code)),
    textArray(rows.map((row) => row.unit)),
    textArray(rows.map((row) => row.owner)),
    plainArray(rows.map((row) => row.minBalance ?? null)),
    plainArray(rows.map((row) => row.maxBalance ?? null)),
    createdAt,
    plainArray(rows.map((row) => row.listed ?? true)),
  ]
  const findDiffering = () =>
    tx.prepared<Key & { code: string; unit: string }>(
      'ledger-differing-accounts',
      DIFFERING_ACCOUNTS,
      columns.slice(0, 4),
    )
  // Most are there already: look before writing, so that the usual case writes nothing.
  const [missing, differing] = await Promise.all([
    tx.prepared<Key>('ledger-missing-accounts', MISSING_ACCOUNTS, columns.slice(0, 2)),
    findDiffering(),
  ])
  if (missing.length === 0) return differing
  const inserted = tx.prepared('ledger-insert-accounts', INSERT_ACCOUNTS, columns)
  const [differingNow] = await Promise.all([findDiffering(), inserted])
  return differingNow
}

const MISSING_ACCOUNTS = `
  select w.shop_id, w.id from unnest($1::uuid[], $2::uuid[]) as w(shop_id, id)
  where not exists (select from ledger_accounts a where a.shop_id = w.shop_id and a.id = w.id) limit 1`

const INSERT_ACCOUNTS = `
  insert into ledger_accounts (shop_id, id, code, unit, owner, min_balance, max_balance, created_at, listed)
  select w.shop_id, w.id, w.code, w.unit, w.owner, w.min_balance, w.max_balance, $8::timestamptz, w.listed
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $9::boolean[])
    as w(shop_id, id, code, unit, owner, min_balance, max_balance, listed)
  order by w.shop_id, w.id
  on conflict (shop_id, id) do nothing`

const DIFFERING_ACCOUNTS = `
  select a.shop_id, a.id, a.code, a.unit
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) as w(shop_id, id, code, unit)
  join ledger_accounts a on a.shop_id = w.shop_id and a.id = w.id
  where a.code <> w.code or a.unit <> w.unit`

/**
 * Locks accounts in (shop_id, id) order, in one statement: two transactions that do so never wait for each other
 * in a circle. Answers their state as it is once the locks are held. Ids that do not exist are left out.
 */
export async function lockAccounts(tx: Tx, wanted: readonly Key[]): Promise<AccountState[]> {
  if (wanted.length === 0) return []
  return tx.prepared<AccountState>('ledger-lock-accounts', LOCK_ACCOUNTS, [keys(wanted)])
}

const LOCK_ACCOUNTS = `
  select a.shop_id, a.id, a.code, a.unit, a.debits_pending, a.debits_posted, a.credits_pending, a.credits_posted,
    a.min_balance, a.max_balance, a.listed
  from unnest($1::app.row_key[]) as w
  join ledger_accounts a on a.shop_id = w.shop_id and a.id = w.id
  order by a.shop_id, a.id
  for no key update of a`

/** The transfers that exist under these ids. */
export async function findTransfers(tx: Tx, wanted: readonly Key[]): Promise<Transfer[]> {
  if (wanted.length === 0) return []
  return tx.prepared<Transfer>('ledger-find-transfers', FIND_TRANSFERS, [keys(wanted)])
}

const FIND_TRANSFERS = `
  select ${TRANSFER} from unnest($1::app.row_key[]) as w
  join ledger_transfers t on t.shop_id = w.shop_id and t.id = w.id`

/** What became of pending transfers. Only true while their accounts are locked. */
export async function findResolutions(
  tx: Tx,
  wanted: readonly Key[],
): Promise<(Key & { resolvedBy: 'post' | 'void' | 'expire' })[]> {
  if (wanted.length === 0) return []
  return tx.prepared('ledger-find-resolutions', FIND_RESOLUTIONS, [keys(wanted)])
}

const FIND_RESOLUTIONS = `
  select t.shop_id, t.pending_id as id, t.kind as resolved_by
  from unnest($1::app.row_key[]) as w
  join ledger_transfers t on t.shop_id = w.shop_id and t.pending_id = w.id`

/** What a decision changes: new transfers, and the differences it makes to counters. */
export interface Changes {
  transfers: readonly Transfer[]
  /** Pending transfers that are new and still open. */
  opened: ReadonlySet<Transfer>
  /** Pending transfers from before that are resolved now. */
  closed: readonly Key[]
  accounts: readonly AccountDelta[]
  /** Transfers between accounts of which neither is listed. */
  unlisted: ReadonlySet<Transfer>
}

export interface AccountDelta extends Key {
  debitsPending: number
  debitsPosted: number
  creditsPending: number
  creditsPosted: number
}

interface NewTransfer extends Transfer {
  opened: boolean
  listed: boolean
}

const NEW_TRANSFERS: RowType<NewTransfer> = {
  name: 'new_transfer',
  columns: [
    ['uuid', (transfer) => transfer.shopId],
    ['uuid', (transfer) => transfer.id],
    ['uuid', (transfer) => transfer.debit],
    ['uuid', (transfer) => transfer.credit],
    ['int8', (transfer) => transfer.amount],
    ['text', (transfer) => transfer.unit],
    ['text', (transfer) => transfer.code],
    ['text', (transfer) => transfer.kind],
    ['uuid', (transfer) => transfer.pendingId],
    ['timestamptz', (transfer) => transfer.expiresAt],
    ['text', (transfer) => transfer.referenceType],
    ['text', (transfer) => transfer.referenceId],
    ['uuid', (transfer) => transfer.linkId],
    ['int2', (transfer) => transfer.linkSize],
    ['bool', (transfer) => transfer.opened],
    ['bool', (transfer) => transfer.listed],
  ],
}

const ACCOUNT_DELTAS: RowType<AccountDelta> = {
  name: 'account_delta',
  columns: [
    ['uuid', (delta) => delta.shopId],
    ['uuid', (delta) => delta.id],
    ['int8', (delta) => delta.debitsPending],
    ['int8', (delta) => delta.debitsPosted],
    ['int8', (delta) => delta.creditsPending],
    ['int8', (delta) => delta.creditsPosted],
  ],
}

/** Writes a decision with one statement: transfers, open pendings, balances. */
export async function writeChanges(tx: Tx, changes: Changes): Promise<void> {
  const { transfers, closed, accounts, opened, unlisted } = changes
  if (transfers.length === 0) return
  const rows = transfers.map((transfer) => ({
    ...transfer,
    opened: opened.has(transfer),
    listed: !unlisted.has(transfer),
  }))
  const [written] = await tx.prepared<{ opened: number; closed: number; accounts: number }>(
    'ledger-write',
    WRITE_CHANGES,
    [new RowArray(NEW_TRANSFERS, rows), transfers[0]!.createdAt, keys(closed), new RowArray(ACCOUNT_DELTAS, accounts)],
  )
  const { opened: openedCount, closed: closedCount, accounts: accountCount } = written!
  if (openedCount !== opened.size || closedCount !== closed.length || accountCount !== accounts.length)
    throw new Error(
      `Ledger rows moved under their locks: ${openedCount}/${opened.size} opened, ` +
        `${closedCount}/${closed.length} closed, ${accountCount}/${accounts.length} accounts`,
    )
}

const WRITE_CHANGES = `
  with wanted as materialized (
    select * from unnest($1::app.new_transfer[])
  ), written as (
    insert into ledger_transfers (shop_id, id, debit_account, credit_account, amount, unit, code, kind, pending_id,
      expires_at, reference_type, reference_id, link_id, link_size, created_at, listed)
    select shop_id, id, debit, credit, amount, unit, code, kind, pending_id, expires_at, reference_type, reference_id,
      link_id, link_size, $2::timestamptz, listed from wanted
  ), opened as (
    insert into ledger_pendings (shop_id, id, expires_at, link_id)
    select shop_id, id, expires_at, link_id from wanted where opened
    returning 1
  ), closed as (
    delete from ledger_pendings p using unnest($3::app.row_key[]) as c
    where p.shop_id = c.shop_id and p.id = c.id
    returning 1
  ), balances as (
    update ledger_accounts a set
      debits_pending = a.debits_pending + d.debits_pending, debits_posted = a.debits_posted + d.debits_posted,
      credits_pending = a.credits_pending + d.credits_pending, credits_posted = a.credits_posted + d.credits_posted
    from unnest($4::app.account_delta[]) as d
    where a.shop_id = d.shop_id and a.id = d.id
    returning 1
  )
  select (select count(*) from opened) as opened, (select count(*) from closed) as closed,
    (select count(*) from balances) as accounts`

/** Open pending transfers whose time is over, oldest first, linked ones together. Takes no lock. */
export async function findDue(tx: Tx, now: Instant, limit: number): Promise<Key[]> {
  return tx.prepared<Key>('ledger-find-due', FIND_DUE, [now, limit])
}

const FIND_DUE = `
  with due as (
    select shop_id, id, expires_at, link_id from ledger_pendings
    where expires_at <= $1::timestamptz
    order by expires_at, shop_id, link_id, id limit $2::int
  )
  select shop_id, id from due
  union
  select p.shop_id, p.id from (select distinct expires_at, shop_id, link_id from due where link_id is not null) d
  join ledger_pendings p on p.expires_at = d.expires_at and p.shop_id = d.shop_id and p.link_id = d.link_id`
