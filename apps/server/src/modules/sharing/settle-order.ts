import { DAY_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { emit } from '../../kernel/outbox.ts'
import { FEE_BP } from '../payments/index.ts'
import { closeBook, type OpenBook, openBook } from './book.ts'
import type { SharingDeps } from './deps.ts'
import { orderSettled } from './events.ts'
import { type Book, ofOrder, ofParty, ofShop } from './money.ts'
import { divide, feeOf } from './rules.ts'
import { holdDays } from './settings.ts'
import { insertMoney, sharesOf } from './store.ts'

const NOT_OPENED = '付款时没有开通分账，改为提现结算'

/**
 * Divides what an order holds among fee, parties and merchant, once the buyer has the goods; again for what a refund
 * that failed has left there. A second call finds nothing to divide. Answers whether it did. Scope `system`.
 */
export async function settleOrder(tx: Tx, deps: SharingDeps, book: Book): Promise<boolean> {
  const order = await deps.orders.findOrder(tx, book)
  if (order === undefined || order.state !== 'completed' || order.paidFen === 0) return false
  const { orderNo, placedAt } = order
  await insertMoney(tx, { ...book, orderNo, placedAt, frozenAt: deps.clock.instant() })
  const open = (await openBook(tx, deps, book))!
  const { money } = open
  if (money.paidFen === null) await takePayment(tx, deps, open, order)
  const amountFen = Math.min(open.available(ofOrder(book)), money.paidFen! - money.settledFen)
  if (amountFen <= 0) return false
  give(open, money.settledFen + amountFen)
  await begin(tx, deps, open)
  await closeBook(tx, deps, open)
  await emit(tx, orderSettled, {
    shopId: book.shopId,
    ...{ aggregate: 'order', aggregateId: book.orderId, occurredAt: deps.clock.instant() },
    payload: {
      ...{ orderId: book.orderId, settledFen: money.settledFen, merchantFen: money.merchantNowFen },
      ...{ sharesFen: open.parties.reduce((sum, { nowFen }) => sum + nowFen, 0), feeFen: money.feeNowFen },
    },
  })
  if (money.checkAt !== null && money.checkAt <= deps.clock.instant()) tx.afterCommit(() => deps.wake('money'))
  return true
}

/** What is needed of the payment the order took. One that WeChat had no part in has no fee and cannot be split. */
async function takePayment(
  tx: Tx,
  deps: SharingDeps,
  { money, parties, book }: OpenBook,
  order: { paidFen: number; paidAt: string | null },
): Promise<void> {
  const payment = await deps.takenPayment(tx, book.shopId, book.orderId)
  const feeBp = payment ? await deps.settings.get(FEE_BP[payment.method], { shopId: book.shopId }, tx) : 0
  Object.assign(money, {
    ...{ paidFen: order.paidFen, paidAt: payment?.paidAt ?? order.paidAt, feeBp, feeFen: feeOf(order.paidFen, feeBp) },
    ...{ transactionId: payment?.transactionId ?? null, appid: payment?.appid ?? null },
    profitSharing: payment?.profitSharing ?? false,
  })
  if (money.profitSharing) return
  for (const row of parties)
    if (row.payBy === 'split') {
      row.payBy = 'withdrawal'
      row.note = NOT_OPENED
    }
}

/** The order's money goes up to `netFen`: everybody gets what they then have more, debts of this order first. */
function give(open: OpenBook, netFen: number): void {
  const { book, money, parties } = open
  const paid = ofOrder(book)
  const shares = parties.map(({ shareFen }) => shareFen)
  const target = divide({ paidFen: money.paidFen!, feeFen: money.feeFen!, shares }, netFen)
  let left = netFen - money.settledFen
  parties.forEach((row, index) => {
    const more = Math.min(Math.max(target.shares[index]! - row.nowFen, 0), left)
    left -= more
    row.nowFen += more
    const repaid = Math.min(more, row.owedFen - row.returningFen)
    row.owedFen -= repaid
    row.pendingFen += more - repaid
    open.move('order.settle', paid, ofParty(book, row.partyId, 'share.negative'), repaid)
    open.move('order.settle', paid, ofParty(book, row.partyId, 'share.pending'), more - repaid)
  })
  const fee = Math.min(Math.max(target.feeFen - money.feeNowFen, 0), left)
  open.move('order.settle', paid, ofShop(book, 'fee.channel'), fee)
  giveMerchant(open, left - fee)
  money.feeNowFen += fee
  money.merchantNowFen += left - fee
  money.settledFen = netFen
}

/** What refunds that failed had taken from the merchant's debts and balance goes back there. */
function giveMerchant(open: OpenBook, amountFen: number): void {
  const { book, money } = open
  const debt = -open.available(ofShop(book, 'merchant.negative'))
  const toDebt = Math.min(amountFen, money.fromNegativeFen, Math.max(debt, 0))
  const toAvailable = Math.min(amountFen - toDebt, money.fromAvailableFen + money.fromNegativeFen - toDebt)
  money.fromNegativeFen = 0
  money.fromAvailableFen = Math.max(money.fromAvailableFen - toAvailable, 0)
  open.move('order.resettle', ofOrder(book), ofShop(book, 'merchant.negative'), toDebt)
  open.move('order.resettle', ofOrder(book), ofShop(book, 'merchant.available'), toAvailable)
  open.move('order.settle', ofOrder(book), ofShop(book, 'merchant.pending'), amountFen - toDebt - toAvailable)
}

/** The holding period begins with the first time an order is settled. */
async function begin(tx: Tx, deps: SharingDeps, { money, parties, book }: OpenBook): Promise<void> {
  const now = deps.clock.instant()
  if (money.settledAt === null) {
    money.settledAt = now
    const days = await deps.settings.get(holdDays, { shopId: book.shopId }, tx)
    const shares = await sharesOf(tx, book.shopId, [book.orderId])
    const longest = Math.max(0, ...shares.map((share) => share.holdDays ?? days))
    money.holdUntil = plusMs(now, longest * DAY_MS)
  }
  const isWaiting = parties.some(({ pendingFen }) => pendingFen > 0)
  if (isWaiting) {
    money.state = 'settled'
    money.checkAt = money.holdUntil! > now ? money.holdUntil : now
  } else if (money.state === 'frozen' || money.state === 'settled') {
    money.state = money.profitSharing ? 'due' : 'closed'
    money.checkAt = money.profitSharing ? now : null
  }
}
