import {
  isNotFound,
  type PayRefund,
  type RefundNotice,
  type WechatPay,
  WechatPayError,
} from '../../adapters/wechat-pay/index.ts'
import { MINUTE_MS, plusMs } from '../../kernel/clock.ts'
import { nameId } from '../../kernel/ids.ts'
import { emit } from '../../kernel/outbox.ts'
import { transferOrThrow } from '../../ledger/index.ts'
import { refundSucceeded } from './events.ts'
import type { PaymentsDeps } from './ports.ts'
import { backoffSeconds, forWechat } from './rules.ts'
import { retryRefundSeconds } from './settings.ts'
import { type PaymentRow, paymentById } from './store.ts'
import {
  claimDueRefunds,
  finishRefund,
  postponeRefund,
  type RefundRow,
  refundByNo,
  setRefundProcessing,
} from './store-refunds.ts'

const BATCH = 50
const LEASE_MS = 2 * MINUTE_MS
const REASON_CHARS = 80

/** What WeChat says of a refund, by answer or by notification. */
type RefundNews = Pick<PayRefund | RefundNotice, 'outRefundNo' | 'refundId' | 'status'>

/** Asks WeChat for every refund that is due, or how it stands, until each has ended. Answers how many it saw. */
export async function sweepRefunds(deps: PaymentsDeps): Promise<number> {
  if (!deps.wechatPay) return 0
  const at = deps.clock.instant()
  const due = await deps.db.tx('system', (tx) => claimDueRefunds(tx, at, plusMs(at, LEASE_MS), BATCH))
  for (const refund of due) await advance(deps, deps.wechatPay, refund)
  return due.length
}

/** Takes what WeChat says of a refund; repeated and late news change nothing. Answers false for a refund that is not ours. */
export async function settleRefund(deps: PaymentsDeps, shopId: string, news: RefundNews): Promise<boolean> {
  const seconds = await deps.settings.get(retryRefundSeconds, {})
  return deps.db.tx('system', async (tx) => {
    const refund = await refundByNo(tx, shopId, news.outRefundNo)
    if (!refund) return false
    const at = deps.clock.instant()
    if (news.status === 'PROCESSING') {
      await setRefundProcessing(
        tx,
        shopId,
        refund.id,
        news.refundId,
        plusMs(at, backoffSeconds(seconds, refund.attempts) * 1000),
      )
      return true
    }
    const succeeded = news.status === 'SUCCESS'
    const ended = await finishRefund(
      tx,
      shopId,
      refund.id,
      succeeded ? 'succeeded' : 'failed',
      news.refundId,
      at,
      succeeded ? null : `微信退款状态 ${news.status}`,
    )
    if (!ended) return true
    if (succeeded && refund.settlesOrder)
      await deps.orders.markRefunded(tx, { shopId, orderId: refund.orderId, refundedFen: refund.amountFen })
    if (!succeeded && refund.settlesOrder)
      await deps.orders.refundFailed(tx, { shopId, orderId: refund.orderId, reason: `微信退款状态 ${news.status}` })
    await transferOrThrow(tx, deps.clock, {
      shopId,
      transfers: [
        {
          kind: succeeded ? 'post' : 'void',
          id: nameId('refund-end', refund.id),
          code: succeeded ? 'refund.paid' : 'refund.failed',
          pendingId: refund.id,
          reference: { type: 'order', id: refund.orderId },
        },
      ],
    })
    if (succeeded)
      await emit(tx, refundSucceeded, {
        shopId,
        aggregate: 'payment',
        aggregateId: refund.paymentId,
        payload: {
          refundId: refund.id,
          orderId: refund.orderId,
          paymentId: refund.paymentId,
          amountFen: refund.amountFen,
          settlesOrder: refund.settlesOrder,
        },
        occurredAt: at,
      })
    return true
  })
}

async function advance(deps: PaymentsDeps, wechatPay: WechatPay, refund: RefundRow): Promise<void> {
  try {
    const payment = await deps.db.read('system', (tx) => paymentById(tx, refund.shopId, refund.paymentId))
    const news =
      refund.state === 'processing'
        ? await wechatPay.queryRefund(refund.outRefundNo)
        : await request(deps, wechatPay, refund, payment!)
    await settleRefund(deps, refund.shopId, news)
  } catch (error) {
    // A refund is money owed: whatever WeChat says (not enough balance, busy, down), it is tried again.
    const text = error instanceof WechatPayError ? `${error.code}: ${error.message}` : String(error)
    deps.log.warn({ err: error, outRefundNo: refund.outRefundNo }, 'a refund was not accepted yet')
    const seconds = await deps.settings.get(retryRefundSeconds, {})
    const checkAt = plusMs(deps.clock.instant(), backoffSeconds(seconds, refund.attempts) * 1000)
    await deps.db.tx('system', (tx) => postponeRefund(tx, refund.shopId, refund.id, checkAt, text))
  }
}

/** Asks for the money to go back; a refund that WeChat knows already (we stopped before we heard) is found, not repeated. */
async function request(
  deps: PaymentsDeps,
  wechatPay: WechatPay,
  refund: RefundRow,
  payment: PaymentRow,
): Promise<RefundNews> {
  if (refund.attempts > 1) {
    const known = await wechatPay.queryRefund(refund.outRefundNo).catch((error: unknown) => {
      if (isNotFound(error)) return undefined
      throw error
    })
    if (known) return known
  }
  return wechatPay.refund({
    outRefundNo: refund.outRefundNo,
    transactionId: payment.transactionId ?? undefined,
    refundFen: refund.amountFen,
    totalFen: payment.amountFen,
    reason: forWechat(refund.reason, REASON_CHARS),
    notifyUrl: `${deps.publicUrl}/api/wechat/pay/shops/${refund.shopId}/refund-notify`,
  })
}
