import { isAlreadyPaid, isNotFound, type WechatPay, WechatPayError } from '../../adapters/wechat-pay/index.ts'
import { MINUTE_MS, plusMs } from '../../kernel/clock.ts'
import type { PaymentsDeps } from './ports.ts'
import { askAgainSeconds } from './settings.ts'
import { settlePayment } from './settle-payment.ts'
import { claimDuePayments, hurryPayments, type PaymentRow, postponePayment, setClosed } from './store.ts'

const BATCH = 50
const LEASE_MS = 2 * MINUTE_MS

/** Asks WeChat about one open payment and takes what it says. */
export async function askWechat(
  deps: PaymentsDeps,
  wechatPay: WechatPay,
  payment: PaymentRow,
): Promise<PaymentRow['state'] | 'unknown'> {
  try {
    return await settlePayment(deps, payment.shopId, await wechatPay.queryByOutTradeNo(payment.outTradeNo))
  } catch (error) {
    if (!isNotFound(error)) throw error
    return payment.state
  }
}

/**
 * Finishes what a crash, a lost notification or a time-out left open: asks WeChat about every payment whose time has
 * come, and closes those whose order can no longer be paid. Several processes share the work. Answers how many it saw.
 */
export async function sweepPayments(deps: PaymentsDeps): Promise<number> {
  if (!deps.wechatPay) return 0
  const at = deps.clock.instant()
  const due = await deps.db.tx('system', (tx) => claimDuePayments(tx, at, plusMs(at, LEASE_MS), BATCH))
  for (const payment of due) await look(deps, deps.wechatPay, payment)
  return due.length
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
    const order = await deps.db.read('system', (tx) => deps.orders.orderForPayment(tx, payment.shopId, payment.orderId))
    if (order.state === 'awaiting-payment' && order.payBefore > deps.clock.instant())
      return await postpone(deps, payment, seconds, null)
    await wechatPay.close(payment.outTradeNo)
    await deps.db.tx('system', (tx) => setClosed(tx, payment.shopId, payment.id))
  } catch (error) {
    if (isAlreadyPaid(error)) return postpone(deps, payment, 0, null)
    if (isNotFound(error)) return closeUnknown(deps, payment)
    deps.log.warn({ err: error, outTradeNo: payment.outTradeNo }, 'WeChat did not say how a payment stands')
    await postpone(
      deps,
      payment,
      seconds,
      error instanceof WechatPayError ? `${error.code}: ${error.message}` : String(error),
    )
  }
}

/** WeChat never heard of it (we stopped before asking), so nobody can pay it. */
async function closeUnknown(deps: PaymentsDeps, payment: PaymentRow): Promise<void> {
  await deps.db.tx('system', (tx) => setClosed(tx, payment.shopId, payment.id))
}

async function postpone(deps: PaymentsDeps, payment: PaymentRow, seconds: number, error: string | null): Promise<void> {
  const checkAt = plusMs(deps.clock.instant(), seconds * 1000)
  await deps.db.tx('system', (tx) => postponePayment(tx, payment.shopId, payment.id, checkAt, error))
}
