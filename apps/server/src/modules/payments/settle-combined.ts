import type { CombinedTransaction, PayTransaction, WechatPay } from '../../adapters/wechat-pay/index.ts'
import type { PaymentsDeps } from './ports.ts'
import { settlePayment } from './settle-payment.ts'
import type { CombinedKey, PaymentRow } from './store.ts'

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Takes what WeChat says of several orders that are paid at once, each as the payment of its own order. A part says in
 * `attach`, which we wrote and WeChat signs, whose books it is in. False when any part is in nobody's.
 */
export async function settleCombined(deps: PaymentsDeps, combined: CombinedTransaction): Promise<boolean> {
  const said = await Promise.all(
    combined.parts.map((part) =>
      ID.test(part.attach) ? settlePayment(deps, part.attach, partTransaction(combined, part)) : 'not-ours',
    ),
  )
  return !said.includes('not-ours')
}

/** Asks WeChat about the whole and takes what it says of every part; answers how this one stands. @throws WechatPayError */
export async function askCombined(
  deps: PaymentsDeps,
  wechatPay: WechatPay,
  payment: PaymentRow,
  { no, parts }: CombinedKey,
): Promise<PaymentRow['state']> {
  const combined = await wechatPay.combined.query(no)
  const said = await Promise.all(
    combined.parts.map(async (part) => {
      const ours = parts.find((each) => each.outTradeNo === part.outTradeNo)
      return ours ? settlePayment(deps, ours.shopId, partTransaction(combined, part)) : 'not-ours'
    }),
  )
  const own = said[combined.parts.findIndex((part) => part.outTradeNo === payment.outTradeNo)]
  return own === undefined || own === 'not-ours' ? payment.state : own
}

/** WeChat closes only the whole, and wants it named by all its parts. @throws WechatPayError */
export const closeCombined = (wechatPay: WechatPay, payment: PaymentRow, { no, parts }: CombinedKey): Promise<void> =>
  wechatPay.combined.close({
    appid: payment.appid,
    combineOutTradeNo: no,
    parts: parts.map(({ outTradeNo }) => ({ outTradeNo, description: '', amountFen: 0 })),
  })

function partTransaction(whole: CombinedTransaction, part: CombinedTransaction['parts'][number]): PayTransaction {
  return {
    appid: whole.appid,
    mchid: part.mchid,
    subMchid: part.subMchid,
    outTradeNo: part.outTradeNo,
    transactionId: part.transactionId,
    tradeType: part.tradeType,
    tradeState: part.tradeState,
    tradeStateText: '',
    bankType: part.bankType,
    attach: part.attach,
    amountFen: part.amountFen,
    payerAmountFen: part.payerAmountFen,
    payerOpenid: whole.payerOpenid,
    paidAt: part.paidAt,
  }
}
