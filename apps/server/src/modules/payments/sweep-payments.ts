import type { WechatPay } from '../../adapters/wechat-pay/index.ts'
import { MINUTE_MS, plusMs } from '../../kernel/clock.ts'
import { askWechat, closeAttempt } from './ask-wechat.ts'
import type { PaymentsDeps } from './ports.ts'
import { backoffSeconds } from './rules.ts'
import { eachOf, SWEEP_BATCH } from './run-sweeps.ts'
import { askAgainSeconds } from './settings.ts'
import { claimDuePayments, hurryPayments, type PaymentRow, postponePayment, setClosed } from './store.ts'
import { errorText } from './trouble.ts'

const LEASE_MS = 2 * MINUTE_MS
/** Longer than asking WeChat to open a payment can take, at both of its hosts. */
const PREPAY_LIMIT_MS = 2 * MINUTE_MS

/**
 * One round of finishing what a crash, a lost notification or a time-out left open: asks WeChat about payments whose
 * time has come, and closes those that can no longer be paid. Several processes share the work. Answers how many it saw.
 */
export async function sweepPayments(deps: PaymentsDeps): Promise<number> {
  const { wechatPay } = deps
  if (!wechatPay) return 0
  const at = deps.clock.instant()
  const due = await deps.db.tx('system', (tx) => claimDuePayments(tx, at, plusMs(at, LEASE_MS), SWEEP_BATCH))
  return eachOf(due, (payment) => look(deps, wechatPay, payment))
}

/** Has an order's open payments looked at soon: it was cancelled. */
export async function hurryOrderPayments(deps: PaymentsDeps, shopId: string, orderId: string): Promise<void> {
  const found = await deps.db.tx({ shopId }, (tx) => hurryPayments(tx, shopId, orderId, deps.clock.instant()))
  if (found > 0) deps.wake('payments')
}

async function look(deps: PaymentsDeps, wechatPay: WechatPay, payment: PaymentRow): Promise<void> {
  const seconds = await deps.settings.get(askAgainSeconds, {})
  try {
    const state = await askWechat(deps, wechatPay, payment)
    if (state === 'paid' || state === 'closed') return
    if (state === 'not-known') return await closeUnknown(deps, payment)
    const order = await deps.db.read('system', (tx) => deps.orders.orderForPayment(tx, payment.shopId, payment.orderId))
    if (!payment.givenUp && order.state === 'awaiting-payment' && order.payBefore > deps.clock.instant())
      await postpone(deps, payment, seconds, null)
    else await closeAttempt(deps, wechatPay, payment)
  } catch (error) {
    deps.log.warn({ err: error, outTradeNo: payment.outTradeNo }, 'WeChat did not say how a payment stands')
    await postpone(deps, payment, backoffSeconds(seconds, payment.failures), errorText(error))
  }
}

/**
 * WeChat never heard of it: asking failed, or we stopped before. When no asking can be under way any more nobody can
 * ever pay it, so it must not stand in the way of other attempts.
 */
async function closeUnknown(deps: PaymentsDeps, payment: PaymentRow): Promise<void> {
  const askedUntil = plusMs(payment.prepayAt, PREPAY_LIMIT_MS)
  const reason = '微信支付没有收到这次下单'
  await deps.db.tx('system', (tx) =>
    askedUntil <= deps.clock.instant()
      ? setClosed(tx, payment.shopId, payment.id, { reason, prepayAt: payment.prepayAt })
      : postponePayment(tx, payment.shopId, payment.id, askedUntil, null),
  )
}

async function postpone(deps: PaymentsDeps, payment: PaymentRow, seconds: number, error: string | null): Promise<void> {
  const checkAt = plusMs(deps.clock.instant(), seconds * 1000)
  await deps.db.tx('system', (tx) => postponePayment(tx, payment.shopId, payment.id, checkAt, error))
}
