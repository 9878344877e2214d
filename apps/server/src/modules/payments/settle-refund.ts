import type { PayRefund, RefundNotice } from '../../adapters/wechat-pay/index.ts'
import { plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { emit } from '../../kernel/outbox.ts'
import { transferOrThrow } from '../../ledger/index.ts'
import { refundSucceeded } from './events.ts'
import { intendRefund } from './intend-refund.ts'
import type { PaymentsDeps } from './ports.ts'
import { backoffSeconds, endHold, lateRefund } from './rules.ts'
import { automaticRefundTries, retryRefundSeconds } from './settings.ts'
import { paymentById } from './store.ts'
import {
  countRefunds,
  endSuccessors,
  type RefundRow,
  refundByNo,
  setRefundFailed,
  setRefundProcessing,
  setRefundSucceeded,
} from './store-refunds.ts'
import { trouble } from './trouble.ts'

/** What WeChat says of a refund, by answer or by notification. */
export type RefundNews = Pick<PayRefund | RefundNotice, 'outRefundNo' | 'refundId' | 'status'>

const CLOSED_TEXT = '微信支付关闭了退款'
const ABNORMAL_TEXT = '退款异常：原支付账户无法收款，请在微信支付商户平台处理'

/**
 * Takes what WeChat says of a refund; repeated and late news change nothing, except that the money is back: that wins
 * over everything. Answers false for a refund that is not in the shop's books.
 */
export async function settleRefund(deps: PaymentsDeps, shopId: string, news: RefundNews): Promise<boolean> {
  const seconds = await deps.settings.get(retryRefundSeconds, {})
  const tries = await deps.settings.get(automaticRefundTries, {})
  return deps.db.tx('system', async (tx) => {
    const refund = await refundByNo(tx, shopId, news.outRefundNo)
    if (!refund) return false
    if (news.status === 'SUCCESS') await moneyIsBack(deps, tx, refund, news)
    else if (news.status === 'CLOSED') await noMoneyWent(deps, tx, refund, news, { seconds, tries })
    else await stillOpen(deps, tx, refund, news, seconds)
    return true
  })
}

async function moneyIsBack(deps: PaymentsDeps, tx: Tx, refund: RefundRow, news: RefundNews): Promise<void> {
  const { shopId, id, orderId, paymentId, amountFen, settlesOrder } = refund
  const at = deps.clock.instant()
  if (!(await setRefundSucceeded(tx, shopId, id, news.refundId, at))) return
  const hadFailed = refund.state === 'failed'
  const text = `已由退款 ${refund.outRefundNo} 完成`
  const successors = hadFailed ? await endSuccessors(tx, shopId, refund, at, text) : []
  if (settlesOrder) await deps.orders.markRefunded(tx, { shopId, orderId, refundedFen: amountFen })
  if (refund.partOfOrder) await deps.orders.partRefunded(tx, shopId, orderId, amountFen)
  await transferOrThrow(
    tx,
    deps.clock,
    hadFailed ? await lateTransfers(tx, deps, refund, successors) : { shopId, transfers: [endHold(refund, 'post')] },
  )
  await emit(tx, refundSucceeded, {
    shopId,
    aggregate: 'payment',
    aggregateId: paymentId,
    payload: { refundId: id, orderId, paymentId, amountFen, settlesOrder, purpose: refund.purpose },
    occurredAt: at,
  })
}

/** Money that went although its hold had been given up; meanwhile it may have been divided among merchant and parties. */
async function lateTransfers(tx: Tx, deps: PaymentsDeps, refund: RefundRow, successors: readonly string[]) {
  const { shopId, orderId, amountFen } = refund
  const voids = successors.map((id) => endHold({ id, orderId }, 'void'))
  if (voids.length > 0) await transferOrThrow(tx, deps.clock, { shopId, transfers: voids })
  const back = await deps.bringBack(tx, { shopId, orderId, amountFen })
  return { shopId, accounts: back.accounts, transfers: [...back.transfers, lateRefund(refund)] }
}

/** The order is where it was and somebody may ask again; what nobody asked for is tried again by itself. */
async function noMoneyWent(
  deps: PaymentsDeps,
  tx: Tx,
  refund: RefundRow,
  news: RefundNews,
  how: { seconds: number; tries: number },
): Promise<void> {
  const { shopId, id, orderId } = refund
  const at = deps.clock.instant()
  if (!(await setRefundFailed(tx, shopId, id, { refundId: news.refundId, at, error: CLOSED_TEXT }))) return
  if (refund.settlesOrder) await deps.orders.refundFailed(tx, { shopId, orderId, reason: CLOSED_TEXT })
  await transferOrThrow(tx, deps.clock, { shopId, transfers: [endHold(refund, 'void')] })
  if (!refund.settlesOrder) await tryAgain(deps, tx, refund, how)
}

async function tryAgain(
  deps: PaymentsDeps,
  tx: Tx,
  refund: RefundRow,
  { seconds, tries }: { seconds: number; tries: number },
): Promise<void> {
  const { shopId, amountFen, reason, requestedBy, outRefundNo, partOfOrder, purpose } = refund
  const done = await countRefunds(tx, shopId, refund.paymentId)
  if (done >= tries) {
    tx.afterCommit(() =>
      trouble(deps, 'refund-given-up', { outRefundNo, done }, 'WeChat closed every refund of a payment'),
    )
    return
  }
  const payment = await paymentById(tx, shopId, refund.paymentId)
  await intendRefund(deps, tx, payment!, {
    key: `after:${refund.id}`,
    amountFen,
    reason,
    requestedBy,
    settlesOrder: false,
    partOfOrder,
    purpose,
    notBefore: plusMs(deps.clock.instant(), backoffSeconds(seconds, done) * 1000),
  })
}

async function stillOpen(
  deps: PaymentsDeps,
  tx: Tx,
  refund: RefundRow,
  news: RefundNews,
  seconds: number,
): Promise<void> {
  const { shopId, id, outRefundNo } = refund
  const checkAt = plusMs(deps.clock.instant(), backoffSeconds(seconds, refund.attempts) * 1000)
  const error = news.status === 'ABNORMAL' ? ABNORMAL_TEXT : null
  const changed = await setRefundProcessing(tx, shopId, id, { refundId: news.refundId, checkAt, error })
  if (changed && error !== null && refund.lastError !== error)
    tx.afterCommit(() => trouble(deps, 'refund-abnormal', { outRefundNo }, 'WeChat wants a refund finished by hand'))
}
