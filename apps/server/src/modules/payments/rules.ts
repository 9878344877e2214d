import { nameId } from '../../kernel/ids.ts'
import type { AccountSpec, TransferCommand } from '../../ledger/index.ts'
import { accountId } from '../../ledger/index.ts'

const MAX_BACKOFF_SECONDS = 3600

/** WeChat's number for an attempt to pay: the order number and the attempt, unique over all shops. */
export const outTradeNo = (orderNo: string, attempt: number): string => `${orderNo}P${String(attempt).padStart(2, '0')}`

/** WeChat's number for a whole of several attempts, after the first of them: it is in one whole only. */
export const combinedNo = (firstOutTradeNo: string): string => `${firstOutTradeNo}C`

/** Seconds until the next try: doubles, one hour at most. */
export const backoffSeconds = (firstSeconds: number, attempts: number): number =>
  Math.min(firstSeconds * 2 ** Math.min(attempts, 12), MAX_BACKOFF_SECONDS)

/** Accounts of an order's money: what WeChat owes the shop, and what was paid for this order and not given back. */
export function moneyAccounts(shopId: string, orderId: string): AccountSpec[] {
  return [
    { shopId, code: 'channel.wechat', owners: [shopId], unit: 'CNY' },
    { shopId, code: 'order.paid', owners: [orderId], unit: 'CNY', minBalance: 0 },
  ]
}

const channel = (shopId: string) => accountId('channel.wechat', shopId)
const paid = (orderId: string) => accountId('order.paid', orderId)

/** A payment arrived: WeChat owes the shop more, the order has more paid. The payment's id makes it happen once. */
export function paymentTransfer(payment: {
  id: string
  shopId: string
  orderId: string
  amountFen: number
}): TransferCommand {
  return {
    kind: 'posted',
    id: payment.id,
    code: 'payment.received',
    debit: channel(payment.shopId),
    credit: paid(payment.orderId),
    amount: payment.amountFen,
    unit: 'CNY',
    reference: { type: 'order', id: payment.orderId },
  }
}

interface MoneyBack {
  id: string
  shopId: string
  orderId: string
  amountFen: number
}

const moneyBack = (refund: MoneyBack) => ({
  debit: paid(refund.orderId),
  credit: channel(refund.shopId),
  amount: refund.amountFen,
  unit: 'CNY',
  reference: { type: 'order', id: refund.orderId },
})

/** A refund is decided: its money is held on the order, so that no second refund can have it too. */
export const refundHold = (refund: MoneyBack): TransferCommand => ({
  kind: 'pending',
  id: refund.id,
  code: 'refund.hold',
  ...moneyBack(refund),
})

/** Ends the hold of a refund: with the money gone, or free for another refund. */
export function endHold(refund: { id: string; orderId: string }, end: 'post' | 'void'): TransferCommand {
  return {
    kind: end,
    id: nameId('refund-end', refund.id),
    code: end === 'post' ? 'refund.paid' : 'refund.failed',
    pendingId: refund.id,
    reference: { type: 'order', id: refund.orderId },
  }
}

/** Money went back by a refund whose hold had been given up. */
export const lateRefund = (refund: MoneyBack): TransferCommand => ({
  kind: 'posted',
  id: nameId('refund-late', refund.id),
  code: 'refund.paid',
  ...moneyBack(refund),
})

/** What a text may be for WeChat Pay: characters of the basic plane, at most `max`. */
export const forWechat = (text: string, max: number): string =>
  [...text]
    .filter((char) => char.codePointAt(0)! <= 0xffff)
    .slice(0, max)
    .join('')
