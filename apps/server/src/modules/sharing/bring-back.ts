import type { Tx } from '../../kernel/db.ts'
import { type AccountSpec, heldFor, type TransferCommand } from '../../ledger/index.ts'
import { closeBook, type OpenBook, openBook } from './book.ts'
import type { SharingDeps } from './deps.ts'
import { allAccounts, ofOrder, ofParty, ofShop } from './money.ts'
import { planReturns } from './plan-returns.ts'
import { divide } from './rules.ts'
import { dueBySplit, type PartyShareRow } from './store.ts'

export interface MoneyBack {
  accounts: AccountSpec[]
  transfers: TransferCommand[]
}

const NOTHING: MoneyBack = { accounts: [], transfers: [] }

/**
 * A refund is decided on an order that was settled: everybody gives back in proportion, so that the order holds what is
 * to be refunded. Answers the transfers, for the caller to carry out in one group with the hold of the refund. What was
 * split already is asked back from WeChat where it allows that; until it is there, and otherwise, the party owes it.
 * Nothing happens for an order that still holds enough. Scope `system`.
 */
export async function bringBack(
  tx: Tx,
  deps: SharingDeps,
  refund: { shopId: string; orderId: string; amountFen: number },
): Promise<MoneyBack> {
  const { shopId, orderId, amountFen } = refund
  const book = { shopId, orderId }
  const open = await openBook(tx, deps, book)
  if (open === undefined || open.money.settledFen === 0) return NOTHING
  const { money, parties } = open
  const neededFen = amountFen - open.available(ofOrder(book))
  // More than there is: the hold of the refund is refused, which says so.
  if (neededFen <= 0 || neededFen > money.settledFen) return NOTHING
  const netFen = money.settledFen - neededFen
  const shares = parties.map(({ shareFen }) => shareFen)
  const target = divide({ paidFen: money.paidFen!, feeFen: money.feeFen!, shares }, netFen)
  for (const [index, row] of parties.entries())
    await takeShare(tx, open, row, Math.max(row.nowFen - target.shares[index]!, 0))
  const fee = Math.max(money.feeNowFen - target.feeFen, 0)
  open.move('refund.fee-back', ofShop(book, 'fee.channel'), ofOrder(book), fee)
  money.feeNowFen -= fee
  const merchantFen = netFen - money.feeNowFen - parties.reduce((sum, { nowFen }) => sum + nowFen, 0)
  await takeMerchant(tx, open, money.merchantNowFen - merchantFen, neededFen)
  money.merchantNowFen = merchantFen
  money.settledFen = netFen
  for (const row of parties) await planReturns(tx, deps, open, row)
  hurry(deps, open)
  await closeBook(tx, deps, open, 'leave')
  const partyIds = parties.map(({ partyId }) => partyId)
  return { accounts: allAccounts(book, partyIds), transfers: open.transfers }
}

/** From what waits, from what is due, and the rest as a debt. */
async function takeShare(tx: Tx, open: OpenBook, row: PartyShareRow, amountFen: number): Promise<void> {
  const { book } = open
  const account = (code: Parameters<typeof ofParty>[2]) => ofParty(book, row.partyId, code)
  const paid = ofOrder(book)
  row.nowFen -= amountFen
  const pending = Math.min(amountFen, row.pendingFen)
  row.pendingFen -= pending
  open.move('refund.share-back', account('share.pending'), paid, pending)
  // What a party withdraws comes out of one pool, so that of an order's money there may be nothing left.
  const standing = open.available(account('share.payable')) + open.available(account('share.frozen'))
  const pool = row.payBy === 'split' ? standing : standing - (await dueBySplit(tx, book.shopId, row.partyId))
  const due = Math.max(Math.min(amountFen - pending, row.dueFen, pool), 0)
  row.dueFen -= due
  const fromFrozen = Math.min(due, open.available(account('share.frozen')))
  open.move('refund.share-back', account('share.frozen'), paid, fromFrozen)
  open.move('refund.share-back', account('share.payable'), paid, due - fromFrozen)
  const owed = amountFen - pending - due
  row.owedFen += owed
  open.move('refund.share-owed', account('share.negative'), paid, owed)
}

/** From what of this order waits, from what the merchant may withdraw, and the rest as a debt. */
async function takeMerchant(tx: Tx, open: OpenBook, amountFen: number, neededFen: number): Promise<void> {
  const { book, money } = open
  const paid = ofOrder(book)
  const waiting = ofShop(book, 'merchant.pending')
  // The last fen of several shares may fall to the merchant.
  if (amountFen < 0) return open.move('order.settle', paid, waiting, -amountFen)
  const held = (await heldFor(tx, book.shopId, waiting, 'order', [book.orderId])).get(book.orderId) ?? 0
  const pending = Math.max(Math.min(amountFen, held, open.available(waiting)), 0)
  // Money by a code of the merchant's own is in their pocket once it was released; nothing of it is with WeChat.
  if (money.transactionId === null && held === 0) return takePocket(open, amountFen, neededFen - amountFen)
  const ready = ofShop(book, 'merchant.available')
  const available = Math.max(Math.min(amountFen - pending, open.available(ready)), 0)
  const owed = amountFen - pending - available
  open.move('refund.merchant-back', waiting, paid, pending)
  open.move('refund.merchant-back', ready, paid, available)
  open.move('refund.merchant-owed', ofShop(book, 'merchant.negative'), paid, owed)
  money.fromAvailableFen += available
  money.fromNegativeFen += owed
}

/**
 * The merchant pays back out of their own pocket: their part, and the parties' parts, which were paid to these out of
 * what WeChat holds and come back there.
 */
function takePocket({ book, move }: OpenBook, amountFen: number, sharesFen: number): void {
  const pocket = ofShop(book, 'channel.personal-code')
  move('refund.own-pocket', pocket, ofOrder(book), amountFen)
  move('refund.own-shares', pocket, ofShop(book, 'merchant.available'), sharesFen)
}

/** WeChat refunds no more than is unsplit until the rest is unfrozen: nothing waits for tries any more. */
function hurry(deps: SharingDeps, { money }: OpenBook): void {
  if (money.state !== 'due') return
  money.giveUpAt = deps.clock.instant()
  if (money.checkAt !== null) money.checkAt = deps.clock.instant()
}
