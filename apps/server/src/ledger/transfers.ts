import type { Clock } from '../kernel/clock.ts'
import type { Tx } from '../kernel/db.ts'
import { ensureAccounts } from './accounts.ts'
import { checkGroup, MAX_GROUPS } from './checks.ts'
import { refusalError } from './refusals.ts'
import { type Book, type Books, bookOf, type CommandGroup, type Decision, decide } from './rules.ts'
import { type AccountDelta, findResolutions, findTransfers, type Key, lockAccounts, writeChanges } from './store.ts'
import type { AccountSpec, AccountState, GroupResult, Transfer, TransferGroup } from './types.ts'

const UNIQUE_VIOLATION = '23505'

/**
 * Carries out groups of transfers in order of arrival, each whole or not at all: a refused group does not disturb
 * the others. Answers one result per group, in their order. Ledger accounts are locked here, in key order and
 * after all other locks of the transaction; call it once per transaction, with everything there is to do.
 */
export async function applyTransfers(tx: Tx, clock: Clock, groups: readonly TransferGroup[]): Promise<GroupResult[]> {
  if (groups.length > MAX_GROUPS) throw new RangeError(`At most ${MAX_GROUPS} groups at once, not ${groups.length}`)
  for (const group of groups) checkGroup(group)
  const loaded = await openBooks(tx, clock, groups)
  const decision = decide(loaded.books, clock.instant(), groups)
  await writeDecision(tx, loaded, decision)
  return decision.results
}

/** Carries out one group, or throws its refusal as an AppError (`refusalError`). */
export async function transferOrThrow(tx: Tx, clock: Clock, group: TransferGroup): Promise<void> {
  const [result] = await applyTransfers(tx, clock, [group])
  if (!result!.ok) throw refusalError(result!.refusal)
}

/** Books with their accounts locked, and the counters as they were. */
export interface LoadedBooks {
  books: Books
  before: Map<AccountState, AccountState>
}

/**
 * Locks every account the groups touch and loads what is needed to decide them. Three kinds of reading, each its own
 * statement because each must see what was committed while the one before waited: which accounts a post or void
 * concerns (never changes), the accounts (locks), and then existing ids and resolutions (stand still under the locks).
 * The last two are sent without waiting for each other's answers: PostgreSQL carries them out in order, each with a
 * snapshot of its own. `underLocks` is called once the locking statement is on its way: what it sends sees the same.
 * `newIds`: no transfer has an id that was ever used, so none is looked for.
 */
export async function openBooks(
  tx: Tx,
  clock: Clock,
  groups: readonly (CommandGroup & { accounts?: readonly AccountSpec[] })[],
  { underLocks = async () => {}, newIds = false }: { underLocks?: () => Promise<void>; newIds?: boolean } = {},
): Promise<LoadedBooks> {
  const specs = groups.flatMap((group) => group.accounts ?? [])
  if (specs.length > 0) await ensureAccounts(tx, clock, specs)
  const books: Books = new Map()
  const before = new Map<AccountState, AccountState>()
  const { transferKeys, pendingKeys } = keysOf(groups)
  for (const transfer of await findTransfers(tx, pendingKeys)) {
    if (transfer.kind === 'pending')
      bookOf(books, transfer.shopId).pendings.set(transfer.id, { transfer, resolvedBy: null })
  }
  const [accounts, transfers, resolutions] = await Promise.all([
    lockAccounts(tx, accountKeys(books, groups)),
    newIds ? [] : findTransfers(tx, transferKeys),
    findResolutions(tx, pendingKeys),
    underLocks(),
  ])
  for (const account of accounts) {
    bookOf(books, account.shopId).accounts.set(account.id, account)
    before.set(account, { ...account })
  }
  for (const transfer of transfers) bookOf(books, transfer.shopId).transfers.set(transfer.id, transfer)
  for (const { shopId, id, resolvedBy } of resolutions) {
    const pending = bookOf(books, shopId).pendings.get(id)
    if (pending !== undefined) pending.resolvedBy = resolvedBy
  }
  return { books, before }
}

/** Writes what was decided on these books. */
export async function writeDecision(tx: Tx, { books, before }: LoadedBooks, { transfers }: Decision): Promise<void> {
  if (transfers.length === 0) return
  const ownIds = new Set<string>()
  for (const transfer of transfers) if (transfer.kind === 'pending') ownIds.add(transfer.id)
  const opened = new Set<Transfer>()
  const closed: Key[] = []
  for (const transfer of transfers) {
    if (transfer.kind === 'pending') {
      if (bookOf(books, transfer.shopId).pendings.get(transfer.id)!.resolvedBy === null) opened.add(transfer)
    } else if (transfer.pendingId !== null && !ownIds.has(transfer.pendingId)) {
      closed.push({ shopId: transfer.shopId, id: transfer.pendingId })
    }
  }
  const accounts: AccountDelta[] = []
  for (const [now, was] of before) {
    const delta = difference(now, was)
    if (delta.debitsPending || delta.debitsPosted || delta.creditsPending || delta.creditsPosted) accounts.push(delta)
  }
  const isListed = ({ shopId, debit, credit }: Transfer): boolean => {
    const { accounts: known } = bookOf(books, shopId)
    return known.get(debit)!.listed || known.get(credit)!.listed
  }
  const unlisted = new Set(transfers.filter((transfer) => !isListed(transfer)))
  try {
    await writeChanges(tx, { transfers, opened, closed, accounts, unlisted })
  } catch (error) {
    throw raced(error)
  }
}

/**
 * Two transactions brought the same transfer id with different accounts, so that no lock kept them apart. PostgreSQL's
 * own code for "try again" makes `Db.tx` start over; then the other's transfer is there to be compared with.
 */
function raced(error: unknown): unknown {
  const { code, table } = error as { code?: string; table?: string }
  if (code !== UNIQUE_VIOLATION || table !== 'ledger_transfers') return error
  return Object.assign(new Error('A transfer with the same id was written at the same moment', { cause: error }), {
    code: '40001',
  })
}

function difference(now: AccountState, was: AccountState): AccountDelta {
  return {
    shopId: now.shopId,
    id: now.id,
    debitsPending: now.debitsPending - was.debitsPending,
    debitsPosted: now.debitsPosted - was.debitsPosted,
    creditsPending: now.creditsPending - was.creditsPending,
    creditsPosted: now.creditsPosted - was.creditsPosted,
  }
}

function keysOf(groups: readonly CommandGroup[]): { transferKeys: Key[]; pendingKeys: Key[] } {
  const transferKeys = new Keys()
  const pendingKeys = new Keys()
  for (const { shopId, transfers } of groups)
    for (const command of transfers) {
      transferKeys.add(shopId, command.id)
      if ('pendingId' in command) pendingKeys.add(shopId, command.pendingId)
    }
  return { transferKeys: transferKeys.all, pendingKeys: pendingKeys.all }
}

function accountKeys(books: Books, groups: readonly CommandGroup[]): Key[] {
  const accounts = new Keys()
  for (const { shopId, transfers } of groups) {
    const book: Book | undefined = books.get(shopId)
    for (const command of transfers) {
      const sides = 'pendingId' in command ? book?.pendings.get(command.pendingId)?.transfer : command
      if (sides === undefined) continue
      accounts.add(shopId, sides.debit)
      accounts.add(shopId, sides.credit)
    }
  }
  return accounts.all
}

/** Distinct keys, in the order they came. */
class Keys {
  readonly all: Key[] = []
  readonly #seen = new Map<string, Set<string>>()

  add(shopId: string, id: string): void {
    let ids = this.#seen.get(shopId)
    if (ids === undefined) {
      ids = new Set()
      this.#seen.set(shopId, ids)
    }
    if (ids.has(id)) return
    ids.add(id)
    this.all.push({ shopId, id })
  }
}
