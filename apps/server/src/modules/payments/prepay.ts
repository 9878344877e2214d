import type { PaymentStart } from '@zhanggui/contract'
import { type WechatPay, WechatPayError } from '../../adapters/wechat-pay/index.ts'
import { AppError } from '../../kernel/errors.ts'
import type { OrderForPayment } from '../orders/index.ts'
import type { PaymentsDeps } from './ports.ts'
import { forWechat } from './rules.ts'
import type { PaymentRow } from './store.ts'

const DESCRIPTION_CHARS = 127

/** What the client needs to go on paying. */
export interface Prepaid {
  prepayId?: string
  h5Url?: string
  codeUrl?: string
  jsapi?: PaymentStart['jsapi']
}

/** Asks WeChat to open an attempt. The same attempt may be opened again. @throws WechatPayError */
export async function prepay(
  deps: Pick<PaymentsDeps, 'publicUrl'>,
  wechatPay: WechatPay,
  what: { payment: PaymentRow; order: OrderForPayment; openid: string | null; clientIp: string },
): Promise<Prepaid> {
  const { payment, order, openid, clientIp } = what
  const request = {
    appid: payment.appid,
    outTradeNo: payment.outTradeNo,
    description: forWechat(order.description, DESCRIPTION_CHARS),
    amountFen: payment.amountFen,
    // The address says which shop's books to open; WeChat allows no query in it.
    notifyUrl: `${deps.publicUrl}/api/wechat/pay/shops/${payment.shopId}/notify`,
    expiresAt: new Date(payment.expiresAt),
    profitSharing: payment.profitSharing,
  }
  if (payment.method === 'h5') return wechatPay.prepayH5({ ...request, clientIp, scene: 'Wap' })
  if (payment.method === 'native') return wechatPay.prepayNative(request)
  const { prepayId, client } = await wechatPay.prepayJsapi({ ...request, openid: openid! })
  return { prepayId, jsapi: client }
}

/** Asks WeChat to open several attempts as one. They may be opened again as they are. @throws WechatPayError */
export async function prepayCombined(
  deps: Pick<PaymentsDeps, 'publicUrl'>,
  wechatPay: WechatPay,
  what: { parts: { payment: PaymentRow; order: OrderForPayment }[]; openid: string | null; clientIp: string },
): Promise<Prepaid> {
  const { parts, openid, clientIp } = what
  const { payment } = parts[0]!
  const request = {
    appid: payment.appid,
    combineOutTradeNo: payment.combined!.no,
    parts: parts.map((each) => ({
      outTradeNo: each.payment.outTradeNo,
      description: forWechat(each.order.description, DESCRIPTION_CHARS),
      amountFen: each.payment.amountFen,
      // Says which shop's books the part is in.
      attach: each.payment.shopId,
      profitSharing: each.payment.profitSharing,
    })),
    notifyUrl: `${deps.publicUrl}/api/wechat/pay/shops/${payment.shopId}/notify`,
    expiresAt: new Date(payment.expiresAt),
  }
  if (payment.method === 'h5') return wechatPay.combined.prepayH5({ ...request, clientIp })
  if (payment.method === 'native') return wechatPay.combined.prepayNative(request)
  const { prepayId, client } = await wechatPay.combined.prepayJsapi({ ...request, openid: openid! })
  return { prepayId, jsapi: client }
}

/** WeChat's refusal in the buyer's words; anything that is no refusal stays what it is. */
export function paymentRefused(error: unknown): unknown {
  if (!(error instanceof WechatPayError)) return error
  const reason = error.retryable ? '微信支付暂时繁忙，请稍后重试' : error.message
  return new AppError('PAYMENT_REFUSED', { values: { reason }, data: { wechatCode: error.code }, cause: error })
}
