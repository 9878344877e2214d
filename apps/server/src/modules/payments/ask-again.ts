import { AppError } from '../../kernel/errors.ts'
import { askWechat } from './ask-wechat.ts'
import type { PaymentsDeps } from './ports.ts'
import { requireWechatPay } from './require-wechat-pay.ts'
import { settleRefund } from './settle-refund.ts'
import { paymentByTradeNo } from './store.ts'

/** Asks WeChat about a payment that our books may be wrong about, closed ones included. @throws AppError NOT_FOUND */
export async function askPayment(deps: PaymentsDeps, shopId: string, outTradeNo: string): Promise<void> {
  const wechatPay = requireWechatPay(deps.wechatPay)
  const payment = await deps.db.tx('system', (tx) => paymentByTradeNo(tx, shopId, outTradeNo))
  if (!payment) throw new AppError('NOT_FOUND', { values: { what: `收款 ${outTradeNo}` } })
  await askWechat(deps, wechatPay, payment)
}

/** Asks WeChat about a refund. @throws AppError NOT_FOUND */
export async function askRefund(deps: PaymentsDeps, shopId: string, outRefundNo: string): Promise<void> {
  const news = await requireWechatPay(deps.wechatPay).queryRefund(outRefundNo)
  if (!(await settleRefund(deps, shopId, news)))
    throw new AppError('NOT_FOUND', { values: { what: `退款 ${outRefundNo}` } })
}
