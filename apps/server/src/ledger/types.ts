import type { Instant } from '../kernel/clock.ts'

/** What a transfer is about, for people and for `historyOf`: `{ type: 'order', id: '0190…' }`. */
export interface Reference {
  type: string
  id: string
}

interface CommandBase {
  /** Given by the caller (UUID): the same id is never carried out twice. */
  id: string
  /** Why: `order.reserve`, `refund.pay` … */
  code: string
  /** A post or void without one is about what its pending transfer is about. */
  reference?: Reference
}

interface Movement extends CommandBase {
  /** The account the amount leaves (its balance falls). */
  debit: string
  /** The account the amount reaches (its balance rises). */
  credit: string
  /** A whole number of units, at least 1. */
  amount: number
  /** Must be the unit of both accounts: `CNY` (in fen), `sku:<id>`, `points` … */
  unit: string
  /**
   * Refused when the credit account's balance, with everything reserved towards it, would rise above this: for limits
   * that belong to a rule which may change rather than to the account (`maxBalance`).
   */
  creditAtMost?: number
}

/** Moves the amount at once. */
export interface PostedCommand extends Movement {
  kind: 'posted'
}

/** Reserves the amount until it is posted or voided, or until `expiresAt` (exclusive). */
export interface PendingCommand extends Movement {
  kind: 'pending'
  expiresAt?: Instant
}

/** Carries out a pending transfer, in full or for less; the rest is released. */
export interface PostCommand extends CommandBase {
  kind: 'post'
  pendingId: string
  /** Left out: all of it. */
  amount?: number
}

/** Releases a pending transfer. */
export interface VoidCommand extends CommandBase {
  kind: 'void'
  pendingId: string
}

export type TransferCommand = PostedCommand | PendingCommand | PostCommand | VoidCommand

/** A void by the clock; only `expirePendings` gives it. */
export interface ExpireCommand extends CommandBase {
  kind: 'expire'
  pendingId: string
}

/** An account to be there before transfers name it. The id follows from `code` and `owners`. */
export interface AccountSpec {
  shopId: string
  /** The kind of account: `stock.available`, `coupon.budget`, `creator.payable` … */
  code: string
  /** What it belongs to, in a fixed order: `[skuId, warehouseId]`. */
  owners: readonly string[]
  unit: string
  /** The balance after reservations may not fall below it. Left out or null: no limit. */
  minBalance?: number | null
  /** The balance with everything reserved towards it may not rise above it. Left out or null: no limit. */
  maxBalance?: number | null
  /**
   * Whether its transfers can be listed and found by what they are about (`listTransfers`, `historyOf`); true unless
   * told. `false` for accounts that change often and whose owner keeps a list in words: their transfers cost less.
   */
  listed?: boolean
}

/** Transfers of one shop that happen together or not at all. */
export interface TransferGroup {
  shopId: string
  transfers: readonly TransferCommand[]
  /** Accounts of the same shop to be created first when they are not there (they stay, also after a refusal). */
  accounts?: readonly AccountSpec[]
}

export type RefusalReason =
  /** An account's limit: see `accountId`, `available`, `needed`. */
  | 'limit'
  /** The account or pending transfer does not exist: see `accountId` or `pendingId`. */
  | 'not-found'
  | 'unit-mismatch'
  /** Its time is over: the pending transfer's, or that of the one to be made. */
  | 'expired'
  | 'already-posted'
  | 'already-voided'
  /** More is to be posted than is pending: see `available`, `needed`. */
  | 'exceeds-pending'
  /** The id stands for another transfer already. */
  | 'conflict'
  /** A counter would leave 2^53. */
  | 'overflow'
  /** Only for expiry: not yet. */
  | 'not-due'

/** Why a group was refused; it names the first transfer that did not fit. */
export interface Refusal {
  reason: RefusalReason
  transferId: string
  /** The place of that transfer in its group. */
  index: number
  accountId?: string
  accountCode?: string
  pendingId?: string
  /** How much the account (or the pending transfer) could still give or take. */
  available?: number
  needed?: number
}

export type GroupResult =
  /** `replayed`: these very transfers had been carried out before, nothing was done now. */
  { ok: true; replayed: boolean } | { ok: false; refusal: Refusal }

export type TransferKind = TransferCommand['kind'] | 'expire'

/** A transfer as it stands in the book. */
export interface Transfer {
  shopId: string
  id: string
  debit: string
  credit: string
  amount: number
  unit: string
  code: string
  kind: TransferKind
  /** The pending transfer that a post, void or expire resolves. */
  pendingId: string | null
  expiresAt: Instant | null
  referenceType: string | null
  referenceId: string | null
  /** Id of the first transfer of a linked group, null when it stands alone. */
  linkId: string | null
  linkSize: number | null
  createdAt: Instant
}

/** The four counters and the limits of an account. */
export interface AccountState {
  shopId: string
  id: string
  code: string
  unit: string
  debitsPending: number
  debitsPosted: number
  creditsPending: number
  creditsPosted: number
  minBalance: number | null
  maxBalance: number | null
  listed: boolean
}

export interface Balance extends AccountState {
  owner: string
  /** Credits posted less debits posted: what is there. */
  balance: number
  /** What is there and not reserved: `balance` less debits pending. */
  available: number
}
