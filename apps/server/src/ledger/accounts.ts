import type { Clock } from '../kernel/clock.ts'
import { sql, type Tx } from '../kernel/db.ts'
import { AppError } from '../kernel/errors.ts'
import { nameId } from '../kernel/ids.ts'
import { checkSpec, ownerText } from './checks.ts'
import { refusalError } from './refusals.ts'
import { roomAbove, roomBelow } from './rules.ts'
import { insertAccounts, lockAccounts } from './store.ts'
import type { AccountSpec, Balance } from './types.ts'

/** Ids that were computed before: the same goods are sold again and again. */
const known = new Map<string, string>()
const MAX_KNOWN = 20_000

/** The id of an account follows from its name, so that everybody computes it without a look-up. */
export function accountId(code: string, ...owners: readonly string[]): string {
  const name = `${code}\u001f${owners.join('\u001f')}`
  let id = known.get(name)
  if (id === undefined) {
    id = nameId('ledger.account', code, ...owners)
    if (known.size >= MAX_KNOWN) known.clear()
    known.set(name, id)
  }
  return id
}

/**
 * Creates the accounts that are missing and answers all ids, in the order of the specs. An account that is there keeps
 * its limits (`setLimits` changes them). Throws CONFLICT when one exists with another unit. Call it before other locks
 * are taken, or hand the specs to `applyTransfers` with the group that needs them.
 */
export async function ensureAccounts(tx: Tx, clock: Clock, specs: readonly AccountSpec[]): Promise<string[]> {
  const ids: string[] = []
  const distinct = new Map<string, AccountSpec & { id: string; owner: string }>()
  for (const spec of specs) {
    checkSpec(spec)
    const id = accountId(spec.code, ...spec.owners)
    ids.push(id)
    const key = `${spec.shopId}/${id}`
    const earlier = distinct.get(key)
    if (earlier !== undefined && earlier.unit !== spec.unit) throw otherUnit(spec.code, earlier.unit)
    if (earlier === undefined) distinct.set(key, { ...spec, id, owner: ownerText(spec.owners) })
  }
  if (distinct.size === 0) return ids
  const [differing] = await insertAccounts(tx, clock.instant(), [...distinct.values()])
  if (differing !== undefined) throw otherUnit(differing.code, differing.unit)
  return ids
}

function otherUnit(code: string, unit: string): AppError {
  return new AppError('CONFLICT', { values: { what: `账户 ${code}（单位 ${unit}）` } })
}

/**
 * Changes the limits of an account. Throws LEDGER_LIMIT when its balance is already beyond the new ones,
 * NOT_FOUND when there is no such account.
 */
export async function setLimits(
  tx: Tx,
  account: { shopId: string; id: string },
  limits: { minBalance: number | null; maxBalance: number | null },
): Promise<void> {
  const [state] = await lockAccounts(tx, [account])
  if (state === undefined) throw new AppError('NOT_FOUND', { values: { what: `账户 ${account.id}` } })
  const wanted = { ...state, ...limits }
  for (const room of [roomBelow(wanted), roomAbove(wanted)])
    if (room !== null && room < 0)
      throw refusalError({
        reason: 'limit',
        transferId: account.id,
        index: 0,
        accountId: account.id,
        accountCode: state.code,
        available: room,
        needed: 0,
      })
  await tx.exec(sql`
    update ledger_accounts set min_balance = ${limits.minBalance}, max_balance = ${limits.maxBalance}
    where shop_id = ${account.shopId} and id = ${account.id}`)
}

/** Balances of accounts of one shop by id; an id without an account is not in the map. */
export async function getBalances(tx: Tx, shopId: string, ids: readonly string[]): Promise<Map<string, Balance>> {
  const rows = await tx.prepared<Balance>('ledger-balances', BALANCES, [shopId, ids])
  return new Map(rows.map((row) => [row.id, row]))
}

const BALANCES = `
  select shop_id, id, code, unit, owner, debits_pending, debits_posted, credits_pending, credits_posted,
    min_balance, max_balance, listed, credits_posted - debits_posted as balance,
    credits_posted - debits_posted - debits_pending as available
  from ledger_accounts where shop_id = $1 and id = any($2::uuid[])`
