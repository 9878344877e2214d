import { isAlreadyPaid, isNotFound, type WechatPay } from '../../adapters/wechat-pay/index.ts'
import type { PaymentsDeps } from './ports.ts'
import { settlePayment } from './settle-payment.ts'
import { type PaymentRow, setClosed } from './store.ts'

/** Asks WeChat about one payment and takes what it says; `not-known` when WeChat was never asked to open it. */
export async function askWechat(
  deps: PaymentsDeps,
  wechatPay: WechatPay,
  payment: PaymentRow,
): Promise<PaymentRow['state'] | 'not-known'> {
  try {
    const said = await settlePayment(deps, payment.shopId, await wechatPay.queryByOutTradeNo(payment.outTradeNo))
    return said === 'not-ours' ? payment.state : said
  } catch (error) {
    if (!isNotFound(error)) throw error
    return 'not-known'
  }
}

/**
 * Makes sure that nobody can pay this attempt any more; one that WeChat never heard of is closed as it is. One that
 * turns out to be paid is taken as the payment it is. @throws WechatPayError when WeChat does not say either
 */
export async function closeAttempt(
  deps: PaymentsDeps,
  wechatPay: WechatPay,
  payment: PaymentRow,
  reason: string | null = null,
): Promise<'closed' | 'paid'> {
  try {
    await wechatPay.close(payment.outTradeNo)
  } catch (error) {
    if (isAlreadyPaid(error)) {
      if ((await askWechat(deps, wechatPay, payment)) === 'paid') return 'paid'
      throw error
    }
    if (!isNotFound(error)) throw error
  }
  await deps.db.tx({ shopId: payment.shopId }, (tx) => setClosed(tx, payment.shopId, payment.id, { reason }))
  return 'closed'
}
