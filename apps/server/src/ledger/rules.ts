import type { Instant } from '../kernel/clock.ts'
import type {
  AccountState,
  ExpireCommand,
  GroupResult,
  PendingCommand,
  PostCommand,
  PostedCommand,
  Refusal,
  RefusalReason,
  Transfer,
  TransferCommand,
  VoidCommand,
} from './types.ts'

/** A pending transfer and what became of it. */
export interface PendingState {
  transfer: Transfer
  resolvedBy: 'post' | 'void' | 'expire' | null
}

/** What is known of one shop's book: enough of it for the commands to be decided. */
export interface Book {
  accounts: Map<string, AccountState>
  pendings: Map<string, PendingState>
  /** Transfers that exist under an id the commands use. */
  transfers: Map<string, Transfer>
}

export type Books = Map<string, Book>

export type AnyCommand = TransferCommand | ExpireCommand

export interface CommandGroup {
  shopId: string
  transfers: readonly AnyCommand[]
}

export interface Decision {
  /** One for each group, in their order. */
  results: GroupResult[]
  /** The transfers to be written, in the order they were decided. */
  transfers: Transfer[]
}

type Result = Refusal | undefined

/**
 * Decides groups in order of arrival: each is carried out whole or refused whole, and sees what those before
 * it did. Advances `books` to the state after the decision. No I/O and no clock: the same books, instant and
 * groups give the same decision. (Semantics: TigerBeetle, "Two-Phase Transfers" and "Linked Events".)
 */
export function decide(books: Books, now: Instant, groups: readonly CommandGroup[]): Decision {
  const results: GroupResult[] = []
  const transfers: Transfer[] = []
  for (const group of groups) results.push(new GroupDecider(bookOf(books, group.shopId), group, now).decide(transfers))
  return { results, transfers }
}

export function bookOf(books: Books, shopId: string): Book {
  let book = books.get(shopId)
  if (book === undefined) {
    book = { accounts: new Map(), pendings: new Map(), transfers: new Map() }
    books.set(shopId, book)
  }
  return book
}

/** How much may still leave the account; null without a limit. */
export function roomBelow(account: AccountState): number | null {
  if (account.minBalance === null) return null
  return account.creditsPosted - account.debitsPosted - account.debitsPending - account.minBalance
}

/** How much may still reach the account; null without a limit. */
export function roomAbove(account: AccountState): number | null {
  if (account.maxBalance === null) return null
  return account.maxBalance - (account.creditsPosted + account.creditsPending - account.debitsPosted)
}

class GroupDecider {
  readonly #book: Book
  readonly #group: CommandGroup
  readonly #now: Instant
  readonly #linkId: string | null
  readonly #linkSize: number | null
  readonly #undo: (() => void)[] = []
  #index = 0

  constructor(book: Book, group: CommandGroup, now: Instant) {
    this.#book = book
    this.#group = group
    this.#now = now
    const linked = group.transfers.length > 1
    this.#linkId = linked ? group.transfers[0]!.id : null
    this.#linkSize = linked ? group.transfers.length : null
  }

  decide(written: Transfer[]): GroupResult {
    const { transfers } = this.#group
    if (transfers.length > 0 && transfers.every((command) => this.#book.transfers.has(command.id)))
      return this.#replay()
    const start = written.length
    for (this.#index = 0; this.#index < transfers.length; this.#index++) {
      const refusal = this.#step(transfers[this.#index]!, written)
      if (refusal !== undefined) {
        while (this.#undo.length > 0) this.#undo.pop()!()
        written.length = start
        return { ok: false, refusal }
      }
    }
    return { ok: true, replayed: false }
  }

  /** All ids exist: the same content gives the same answer again, anything else is a conflict. */
  #replay(): GroupResult {
    for (const [index, command] of this.#group.transfers.entries()) {
      this.#index = index
      const existing = this.#book.transfers.get(command.id)!
      if (!this.#sameContent(existing, command)) return { ok: false, refusal: this.#refuse('conflict') }
    }
    return { ok: true, replayed: true }
  }

  #sameContent(existing: Transfer, command: AnyCommand): boolean {
    const reference = this.#referenceOf(command)
    const same =
      existing.kind === command.kind &&
      existing.code === command.code &&
      existing.referenceType === reference.type &&
      existing.referenceId === reference.id &&
      existing.linkId === this.#linkId &&
      existing.linkSize === this.#linkSize
    if (!same) return false
    if (command.kind === 'posted' || command.kind === 'pending')
      return (
        existing.debit === command.debit &&
        existing.credit === command.credit &&
        existing.amount === command.amount &&
        existing.unit === command.unit &&
        existing.expiresAt === (command.kind === 'pending' ? (command.expiresAt ?? null) : null)
      )
    if (existing.pendingId !== command.pendingId) return false
    if (command.kind !== 'post') return true
    return existing.amount === (command.amount ?? this.#book.pendings.get(command.pendingId)?.transfer.amount)
  }

  /** What resolves a pending transfer is about the same thing as that, unless it says otherwise. */
  #referenceOf(command: AnyCommand): { type: string | null; id: string | null } {
    if (command.reference !== undefined) return command.reference
    const pending = 'pendingId' in command ? this.#book.pendings.get(command.pendingId)?.transfer : undefined
    return { type: pending?.referenceType ?? null, id: pending?.referenceId ?? null }
  }

  #step(command: AnyCommand, written: Transfer[]): Result {
    if (this.#book.transfers.has(command.id)) return this.#refuse('conflict')
    if (command.kind === 'posted' || command.kind === 'pending') return this.#move(command, written)
    return this.#resolve(command, written)
  }

  #move(command: PostedCommand | PendingCommand, written: Transfer[]): Result {
    const { amount } = command
    const debit = this.#book.accounts.get(command.debit)
    if (debit === undefined) return this.#refuse('not-found', { accountId: command.debit })
    const credit = this.#book.accounts.get(command.credit)
    if (credit === undefined) return this.#refuse('not-found', { accountId: command.credit })
    for (const account of [debit, credit])
      if (account.unit !== command.unit) return this.#refuse('unit-mismatch', named(account))
    const expiresAt = command.kind === 'pending' ? (command.expiresAt ?? null) : null
    if (expiresAt !== null && expiresAt <= this.#now) return this.#refuse('expired')
    const below = roomBelow(debit)
    if (below !== null && below < amount) return this.#refuse('limit', short(debit, below, amount))
    const above = roomAbove(
      command.creditAtMost === undefined
        ? credit
        : { ...credit, maxBalance: lower(credit.maxBalance, command.creditAtMost) },
    )
    if (above !== null && above < amount) return this.#refuse('limit', short(credit, above, amount))
    if (debit.debitsPending + debit.debitsPosted + amount > Number.MAX_SAFE_INTEGER)
      return this.#refuse('overflow', named(debit))
    if (credit.creditsPending + credit.creditsPosted + amount > Number.MAX_SAFE_INTEGER)
      return this.#refuse('overflow', named(credit))

    if (command.kind === 'pending') this.#change(debit, credit, amount, 0)
    else this.#change(debit, credit, 0, amount)
    const transfer = this.#write(written, command, command, amount, expiresAt)
    if (command.kind === 'pending') {
      this.#book.pendings.set(transfer.id, { transfer, resolvedBy: null })
      this.#undo.push(() => this.#book.pendings.delete(transfer.id))
    }
    return undefined
  }

  #resolve(command: PostCommand | VoidCommand | ExpireCommand, written: Transfer[]): Result {
    const { pendingId } = command
    const pending = this.#book.pendings.get(pendingId)
    if (pending === undefined) return this.#refuse('not-found', { pendingId })
    const refusal = this.#resolvable(command, pending)
    if (refusal !== undefined) return refusal
    const { transfer } = pending
    const debit = this.#book.accounts.get(transfer.debit)!
    const credit = this.#book.accounts.get(transfer.credit)!
    const posted = command.kind === 'post' ? (command.amount ?? transfer.amount) : 0
    this.#change(debit, credit, -transfer.amount, posted)
    pending.resolvedBy = command.kind
    this.#undo.push(() => {
      pending.resolvedBy = null
    })
    this.#write(written, command, transfer, posted || transfer.amount, null)
    return undefined
  }

  #resolvable(command: PostCommand | VoidCommand | ExpireCommand, pending: PendingState): Result {
    const { pendingId } = command
    if (pending.resolvedBy === 'post') return this.#refuse('already-posted', { pendingId })
    if (pending.resolvedBy === 'void') return this.#refuse('already-voided', { pendingId })
    if (pending.resolvedBy === 'expire') return this.#refuse('expired', { pendingId })
    const { amount, expiresAt } = pending.transfer
    const due = expiresAt !== null && expiresAt <= this.#now
    // A void needs no time: it gives back what the sweeper would have given back.
    if (command.kind === 'post' && due) return this.#refuse('expired', { pendingId })
    if (command.kind === 'expire' && !due) return this.#refuse('not-due', { pendingId })
    if (command.kind === 'post' && command.amount !== undefined && command.amount > amount)
      return this.#refuse('exceeds-pending', { pendingId, available: amount, needed: command.amount })
    return undefined
  }

  /** Both sides of one movement: a debit and a credit of the same amounts, so that every book balances. */
  #change(debit: AccountState, credit: AccountState, pending: number, posted: number): void {
    debit.debitsPending += pending
    debit.debitsPosted += posted
    credit.creditsPending += pending
    credit.creditsPosted += posted
    this.#undo.push(() => {
      debit.debitsPending -= pending
      debit.debitsPosted -= posted
      credit.creditsPending -= pending
      credit.creditsPosted -= posted
    })
  }

  #write(
    written: Transfer[],
    command: AnyCommand,
    sides: { debit: string; credit: string; unit: string },
    amount: number,
    expiresAt: Instant | null,
  ): Transfer {
    const reference = this.#referenceOf(command)
    const transfer: Transfer = {
      shopId: this.#group.shopId,
      id: command.id,
      debit: sides.debit,
      credit: sides.credit,
      amount,
      unit: sides.unit,
      code: command.code,
      kind: command.kind,
      pendingId: 'pendingId' in command ? command.pendingId : null,
      expiresAt,
      referenceType: reference.type,
      referenceId: reference.id,
      linkId: this.#linkId,
      linkSize: this.#linkSize,
      createdAt: this.#now,
    }
    written.push(transfer)
    this.#book.transfers.set(transfer.id, transfer)
    this.#undo.push(() => this.#book.transfers.delete(transfer.id))
    return transfer
  }

  #refuse(reason: RefusalReason, more: Partial<Refusal> = {}): Refusal {
    return { reason, transferId: this.#group.transfers[this.#index]!.id, index: this.#index, ...more }
  }
}

/** The stricter of two limits. */
const lower = (limit: number | null, other: number): number => (limit === null ? other : Math.min(limit, other))

const named = (account: AccountState): Partial<Refusal> => ({ accountId: account.id, accountCode: account.code })

const short = (account: AccountState, available: number, needed: number): Partial<Refusal> => ({
  ...named(account),
  available,
  needed,
})
