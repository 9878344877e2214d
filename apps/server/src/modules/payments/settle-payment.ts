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
 */
export async function settlePayment(
  deps: PaymentsDeps,
  shopId: string,
  transaction: PayTransaction,
): Promise<PaymentRow['state'] | 'unknown'> {
  return deps.db.tx('system', async (tx) => {
    const payment = await paymentByTradeNo(tx, shopId, transaction.outTradeNo)
    if (!payment) {
      deps.log.error({ shopId, outTradeNo: transaction.outTradeNo }, 'WeChat speaks of a payment that is not ours')
      return 'unknown'
    }
    if (transaction.tradeState === 'CLOSED' || transaction.tradeState === 'REVOKED') {
      await setClosed(tx, shopId, payment.id)
      return payment.state === 'paid' ? 'paid' : 'closed'
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
  const at = deps.clock.instant()
  const paidAt = transaction.paidAt?.toISOString() ?? at
  if (
    !(await setPaid(tx, payment.shopId, payment.id, {
      transactionId,
      payerOpenid: transaction.payerOpenid,
      amountFen: transaction.amountFen,
      paidAt,
    }))
  )
    return
  const arrived = { ...payment, amountFen: transaction.amountFen }
  const outcome =
    transaction.amountFen === payment.amountFen
      ? await deps.orders.markPaid(tx, {
          shopId: payment.shopId,
          orderId: payment.orderId,
          paidFen: payment.amountFen,
          paidAt,
          paymentId: payment.id,
        })
      : 'not-payable'
  await transferOrThrow(tx, deps.clock, {
    shopId: payment.shopId,
    accounts: moneyAccounts(payment.shopId, payment.orderId),
    transfers: [paymentTransfer(arrived)],
  })
  await emit(tx, paymentReceived, {
    shopId: payment.shopId,
    aggregate: 'payment',
    aggregateId: payment.id,
    payload: {
      paymentId: payment.id,
      orderId: payment.orderId,
      amountFen: arrived.amountFen,
      method: payment.method,
      taken: outcome === 'paid',
    },
    occurredAt: at,
  })
  if (outcome !== 'not-payable') return
  await intendRefund(deps, tx, arrived, {
    key: 'not-taken',
    amountFen: arrived.amountFen,
    reason: '订单已支付或已关闭，本次付款自动退回',
    requestedBy: 'system',
    settlesOrder: false,
  })
}
