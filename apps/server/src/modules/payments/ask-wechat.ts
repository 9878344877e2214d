import { isAlreadyPaid, isNotFound, type WechatPay } from '../../adapters/wechat-pay/index.ts'
import type { PaymentsDeps } from './ports.ts'
import { askCombined, closeCombined } from './settle-combined.ts'
import { settlePayment } from './settle-payment.ts'
import { type PaymentRow, setClosed, setPartClosed } from './store.ts'

/** Asks WeChat about one payment and takes what it says; `not-known` when WeChat was never asked to open it. */
export async function askWechat(
  deps: PaymentsDeps,
  wechatPay: WechatPay,
  payment: PaymentRow,
): Promise<PaymentRow['state'] | 'not-known'> {
  try {
    if (payment.combined !== null) return await askCombined(deps, wechatPay, payment, payment.combined)
    const said = await settlePayment(deps, payment.shopId, await wechatPay.queryByOutTradeNo(payment.outTradeNo))
    return said === 'not-ours' ? payment.state : said
  } catch (error) {
    if (!isNotFound(error)) throw error
    return 'not-known'
  }
}

/**
 * Makes sure that nobody can pay this attempt any more, nor, when it is a part of several, any of them; one that WeChat
 * never heard of is closed as it is. One that turns out to be paid is taken as the payment it is. @throws WechatPayError when WeChat does not say either
 */
export async function closeAttempt(
  deps: PaymentsDeps,
  wechatPay: WechatPay,
  payment: PaymentRow,
  reason: string | null = null,
): Promise<'closed' | 'paid'> {
  try {
    if (payment.combined !== null) await closeCombined(wechatPay, payment, payment.combined)
    else await wechatPay.close(payment.outTradeNo)
  } catch (error) {
    if (isAlreadyPaid(error)) {
      if ((await askWechat(deps, wechatPay, payment)) === 'paid') return 'paid'
      throw error
    }
    if (!isNotFound(error)) throw error
  }
  await deps.db.tx('system', async (tx) => {
    if (payment.combined === null) return setClosed(tx, payment.shopId, payment.id, { reason })
    // In the order of the whole, whoever closes it, so that no two wait for each other.
    for (const part of payment.combined.parts) await setPartClosed(tx, part, reason)
  })
  return 'closed'
}
