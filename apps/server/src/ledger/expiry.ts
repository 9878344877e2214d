import type { Clock, Instant } from '../kernel/clock.ts'
import type { Tx } from '../kernel/db.ts'
import { newId } from '../kernel/ids.ts'
import { type CommandGroup, decide } from './rules.ts'
import { findDue } from './store.ts'
import { openBooks, writeDecision } from './transfers.ts'
import type { Reference } from './types.ts'

/** A pending transfer whose time was over and whose amount has gone back. */
export interface ExpiredPending {
  shopId: string
  /** The id of the pending transfer. */
  id: string
  code: string
  debit: string
  credit: string
  amount: number
  unit: string
  expiresAt: Instant
  /** What it was for: the order to cancel, in this same transaction. */
  reference: Reference | null
}

/** What expiries are written with as `code`. */
export const EXPIRED_CODE = 'ledger.expired'

/**
 * Releases up to about `limit` pending transfers whose time is over, oldest first, and answers them. Each is answered
 * by exactly one call, however many processes sweep and whatever posts and voids race with it: all of them decide under
 * the locks of the same accounts. Linked ones with the same time-out are never torn apart, so the answer may exceed
 * `limit`. Call it again until nothing is answered. It is the transaction's one ledger call; the caller cancels what the
 * references name in the same transaction.
 */
export async function expirePendings(tx: Tx, clock: Clock, limit = 500): Promise<ExpiredPending[]> {
  const due = await findDue(tx, clock.instant(), limit)
  if (due.length === 0) return []
  const groups: CommandGroup[] = due.map(({ shopId, id }) => ({
    shopId,
    transfers: [{ kind: 'expire', id: newId(), pendingId: id, code: EXPIRED_CODE }],
  }))
  const loaded = await openBooks(tx, clock, groups)
  const decision = decide(loaded.books, clock.instant(), groups)
  await writeDecision(tx, loaded, decision)
  return decision.transfers.map(({ shopId, pendingId }) => {
    const { transfer } = loaded.books.get(shopId)!.pendings.get(pendingId!)!
    return {
      shopId,
      id: transfer.id,
      code: transfer.code,
      debit: transfer.debit,
      credit: transfer.credit,
      amount: transfer.amount,
      unit: transfer.unit,
      expiresAt: transfer.expiresAt!,
      reference: transfer.referenceType === null ? null : { type: transfer.referenceType, id: transfer.referenceId! },
    }
  })
}
