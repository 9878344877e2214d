import type { Tx } from '../../kernel/db.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import { accountId, ensureAccounts, lockBalances, type TransferCommand, transferOrThrow } from '../../ledger/index.ts'
import type { SharingDeps } from './deps.ts'
import { allAccounts, type Book, mover, ofParty } from './money.ts'
import {
  debtsOf,
  findMoney,
  type OrderMoneyRow,
  openFreezes,
  type PartyShareRow,
  partySharesOf,
  updateMoney,
  updatePartyShares,
} from './store.ts'

/** An order's money, locked with the accounts of everybody in it, to be changed and written back. */
export interface OpenBook {
  book: Book
  money: OrderMoneyRow
  parties: PartyShareRow[]
  /** Parties whose shares must not be paid out. */
  frozen: ReadonlySet<string>
  /** What an account can give now, as these steps have left it. */
  available(account: string): number
  move(code: string, from: string, to: string, amountFen: number): void
  /** A transfer that is not simply carried out. */
  add(transfer: TransferCommand): void
  transfers: TransferCommand[]
  /** Rows of other orders that change, too. */
  others: Map<string, PartyShareRow>
}

/**
 * Locks an order's money and its parties', and reads what they have. Undefined when nothing of the order was frozen or
 * settled. Locks come in the one order: names, then ledger accounts by id.
 */
export async function openBook(tx: Tx, deps: Pick<SharingDeps, 'clock'>, book: Book): Promise<OpenBook | undefined> {
  const { shopId, orderId } = book
  // Who has a share never changes once it is frozen.
  const partyIds = (await partySharesOf(tx, shopId, orderId)).map(({ partyId }) => partyId)
  await lockInOrder(tx, [`order-money:${orderId}`, ...partyIds.map(partyLock)])
  const money = await findMoney(tx, shopId, orderId)
  if (money === undefined) return undefined
  const accounts = allAccounts(book, partyIds)
  await ensureAccounts(tx, deps.clock, accounts)
  const ids = accounts.map(({ code, owners }) => accountId(code, ...owners))
  const states = await lockBalances(tx, shopId, ids)
  const left = new Map(
    ids.map((id) => {
      const state = states.get(id)
      return [id, state ? state.creditsPosted - state.debitsPosted - state.debitsPending : 0]
    }),
  )
  money.version++
  const moving = mover(book, `${orderId}:${money.version}`)
  return {
    ...{ book, money, parties: await partySharesOf(tx, shopId, orderId), transfers: moving.transfers },
    frozen: await openFreezes(tx, shopId, partyIds),
    available: (account) => left.get(account) ?? 0,
    move(code, from, to, amountFen) {
      moving.move(code, from, to, amountFen)
      left.set(from, (left.get(from) ?? 0) - amountFen)
      left.set(to, (left.get(to) ?? 0) + amountFen)
    },
    add: (transfer) => void moving.transfers.push(transfer),
    others: new Map(),
  }
}

export const partyLock = (partyId: string): string => `share-party:${partyId}`

/** Writes what has changed, and carries the transfers out, unless the caller does with others of theirs. */
export async function closeBook(
  tx: Tx,
  deps: Pick<SharingDeps, 'clock'>,
  open: OpenBook,
  transfers: 'carry-out' | 'leave' = 'carry-out',
): Promise<void> {
  await updateMoney(tx, open.money)
  await updatePartyShares(tx, [...open.parties, ...open.others.values()])
  if (transfers === 'carry-out' && open.transfers.length > 0)
    await transferOrThrow(tx, deps.clock, { shopId: open.book.shopId, transfers: open.transfers })
}

/** Where a party's due money stands. */
export const dueAccount = (open: OpenBook, partyId: string): string =>
  ofParty(open.book, partyId, open.frozen.has(partyId) ? 'share.frozen' : 'share.payable')

/**
 * Debts of a party come before its earnings: takes what they need out of `amountFen` that stands on `from`, oldest debt
 * first. Answers what is left. The caller has taken the amount out of the row's pending or due money.
 */
export async function repayDebts(
  tx: Tx,
  open: OpenBook,
  row: PartyShareRow,
  from: string,
  amountFen: number,
): Promise<number> {
  let left = amountFen
  if (left === 0) return 0
  const { shopId, orderId } = open.book
  for (const stored of await debtsOf(tx, shopId, row.partyId)) {
    const debt = stored.orderId === orderId ? row : (open.others.get(`${stored.orderId} ${row.partyId}`) ?? stored)
    const part = Math.min(debt.owedFen - debt.returningFen, left)
    if (part <= 0) continue
    left -= part
    debt.owedFen -= part
    if (debt !== row) {
      debt.recoveredFen += part
      row.repaidFen += part
      open.others.set(`${debt.orderId} ${row.partyId}`, debt)
    }
  }
  open.move('share.repaid', from, ofParty(open.book, row.partyId, 'share.negative'), amountFen - left)
  return left
}
