import type { PayTransaction } from '../../adapters/wechat-pay/index.ts'
import type { Tx } from '../../kernel/db.ts'
import { emit } from '../../kernel/outbox.ts'
import { transferOrThrow } from '../../ledger/index.ts'
import { paymentReceived } from './events.ts'
import { intendRefund } from './intend-refund.ts'
import type { PaymentsDeps } from './ports.ts'
import { moneyAccounts, paymentTransfer } from './rules.ts'
import { type PaymentRow, paymentByTradeNo, setClosed, setPaid } from './store.ts'

/**
 * Takes what WeChat says of a transaction, whoever asked or was told, once or many times, in any order.
 * Money that the order cannot take (it was cancelled, or is paid already) goes back by itself.
 * The order's stock is moved before money, everywhere, so that no two transactions wait for each other.
 * Answers how the payment stands, `not-ours` for one that is not in the shop's books.
 */
export async function settlePayment(
  deps: PaymentsDeps,
  shopId: string,
  transaction: PayTransaction,
): Promise<PaymentRow['state'] | 'not-ours'> {
  return deps.db.tx('system', async (tx) => {
    const payment = await paymentByTradeNo(tx, shopId, transaction.outTradeNo)
    if (!payment) return 'not-ours'
    if (payment.state === 'paid') return 'paid'
    if (transaction.tradeState === 'CLOSED' || transaction.tradeState === 'REVOKED') {
      await setClosed(tx, shopId, payment.id)
      return 'closed'
    }
    if (transaction.transactionId === null || !['SUCCESS', 'REFUND'].includes(transaction.tradeState))
      return payment.state
    await takeMoney(deps, tx, payment, transaction.transactionId, transaction)
    return 'paid'
  })
}

async function takeMoney(
  deps: PaymentsDeps,
  tx: Tx,
  payment: PaymentRow,
  transactionId: string,
  transaction: PayTransaction,
): Promise<void> {
  const { shopId, id, orderId } = payment
  const at = deps.clock.instant()
  const paidAt = transaction.paidAt?.toISOString() ?? at
  const { amountFen, payerOpenid } = transaction
  const outcome =
    amountFen === payment.amountFen
      ? await deps.orders.markPaid(tx, { shopId, orderId, paidFen: amountFen, paidAt, paymentId: id })
      : 'not-payable'
  const taken = outcome !== 'not-payable'
  const arrived = { ...payment, amountFen }
  await Promise.all([
    setPaid(tx, shopId, id, { transactionId, payerOpenid, amountFen, paidAt, taken }),
    transferOrThrow(tx, deps.clock, {
      shopId,
      accounts: moneyAccounts(shopId, orderId),
      transfers: [paymentTransfer(arrived)],
    }),
  ])
  await emit(tx, paymentReceived, {
    shopId,
    aggregate: 'payment',
    aggregateId: id,
    payload: { paymentId: id, orderId, amountFen, method: payment.method, taken },
    occurredAt: at,
  })
  if (taken) return
  await intendRefund(deps, tx, arrived, {
    key: 'not-taken',
    amountFen,
    reason: '订单已支付或已关闭，本次付款自动退回',
    requestedBy: 'system',
    settlesOrder: false,
  })
}
