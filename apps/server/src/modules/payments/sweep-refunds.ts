import { isNotFound, type WechatPay, WechatPayError } from '../../adapters/wechat-pay/index.ts'
import { MINUTE_MS, plusMs } from '../../kernel/clock.ts'
import type { PaymentsDeps } from './ports.ts'
import { backoffSeconds, forWechat } from './rules.ts'
import { eachOf, SWEEP_BATCH } from './run-sweeps.ts'
import { retryRefundSeconds } from './settings.ts'
import { type RefundNews, settleRefund } from './settle-refund.ts'
import { type PaymentRow, paymentById } from './store.ts'
import { claimDueRefunds, postponeRefund, type RefundRow } from './store-refunds.ts'
import { errorText, trouble } from './trouble.ts'

const LEASE_MS = 2 * MINUTE_MS
const REASON_CHARS = 80

/** One round of asking WeChat for refunds that are due, or how they stand, until each has ended. Answers how many it saw. */
export async function sweepRefunds(deps: PaymentsDeps): Promise<number> {
  const { wechatPay } = deps
  if (!wechatPay) return 0
  const at = deps.clock.instant()
  const due = await deps.db.tx('system', (tx) => claimDueRefunds(tx, at, plusMs(at, LEASE_MS), SWEEP_BATCH))
  return eachOf(due, (refund) => advance(deps, wechatPay, refund))
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
    await tryLater(deps, refund, error)
  }
}

/** A refund is money owed: whatever WeChat says (not enough balance, busy, down), it is tried again. */
async function tryLater(deps: PaymentsDeps, refund: RefundRow, error: unknown): Promise<void> {
  const fields = { err: error, outRefundNo: refund.outRefundNo }
  if (error instanceof WechatPayError && error.retryable) deps.log.warn(fields, 'a refund was not accepted yet')
  else trouble(deps, 'refund-refused', fields, 'a refund was refused; somebody has to see to the reason')
  const seconds = await deps.settings.get(retryRefundSeconds, {})
  const checkAt = plusMs(deps.clock.instant(), backoffSeconds(seconds, refund.attempts) * 1000)
  await deps.db.tx('system', (tx) => postponeRefund(tx, refund.shopId, refund.id, checkAt, errorText(error)))
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
