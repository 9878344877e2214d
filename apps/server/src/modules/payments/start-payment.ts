import type { PaymentStart } from '@zhanggui/contract'
import QRCode from 'qrcode'
import { h5PayUrl, isAlreadyPaid, type WechatPay, WechatPayError } from '../../adapters/wechat-pay/index.ts'
import { plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import type { OrderForPayment } from '../orders/index.ts'
import type { PaymentsDeps } from './ports.ts'
import { requireWechatPay } from './require-wechat-pay.ts'
import { forWechat, outTradeNo } from './rules.ts'
import { askAgainSeconds } from './settings.ts'
import { insertPayment, type PaymentRow, paymentsOfOrder, setClosed, setPrepay } from './store.ts'
import { askWechat } from './sweep-payments.ts'

const MAX_ATTEMPTS = 99
const DESCRIPTION_CHARS = 127

export interface StartPaymentInput {
  shopId: string
  orderId: string
  buyerId: string
  method: PaymentRow['method']
  clientIp: string
  /** Where WeChat's H5 page sends the buyer back to, on our own site. */
  returnTo?: string
}

/**
 * Lets a buyer pay (PAY-01): an attempt is written down, then WeChat is asked. An open attempt by the same method goes
 * on under its number; attempts by other methods are closed first, so that the buyer cannot pay twice by accident.
 * @throws AppError ORDER_STATE when the order cannot be paid, PAYMENT_REFUSED with WeChat's reason, UNAVAILABLE
 */
export async function startPayment(deps: PaymentsDeps, input: StartPaymentInput): Promise<PaymentStart> {
  const wechatPay = requireWechatPay(deps.wechatPay)
  await closeOthers(deps, wechatPay, input)
  const { payment, openid, order } = await writeIntent(deps, input)
  const answer = await prepay(deps, wechatPay, payment, order, openid, input).catch((error: unknown) =>
    refuse(deps, error, payment),
  )
  await deps.db.tx({ shopId: input.shopId, buyerId: input.buyerId }, (tx) =>
    setPrepay(tx, payment.shopId, payment.id, {
      ...(answer.prepayId ? { prepayId: answer.prepayId } : {}),
      ...(answer.h5Url ? { h5Url: answer.h5Url } : {}),
      ...(answer.codeUrl ? { codeUrl: answer.codeUrl } : {}),
    }),
  )
  return {
    paymentId: payment.id,
    method: payment.method,
    amountFen: payment.amountFen,
    expiresAt: payment.expiresAt,
    jsapi: answer.jsapi ?? null,
    h5Url: answer.h5Url === undefined ? null : h5PayUrl(answer.h5Url, `${deps.publicUrl}${input.returnTo ?? '/'}`),
    codeUrl: answer.codeUrl ?? null,
    qrSvg: answer.codeUrl === undefined ? null : await QRCode.toString(answer.codeUrl, { type: 'svg', margin: 1 }),
  } as PaymentStart
}

/** Closes open attempts by other methods. One that turns out to be paid is taken as the payment it is. */
async function closeOthers(deps: PaymentsDeps, wechatPay: WechatPay, input: StartPaymentInput): Promise<void> {
  const open = await deps.db.read({ shopId: input.shopId, buyerId: input.buyerId }, (tx) =>
    paymentsOfOrder(tx, input.shopId, input.orderId),
  )
  for (const payment of open) {
    if (payment.method === input.method || (payment.state !== 'created' && payment.state !== 'pending')) continue
    try {
      await wechatPay.close(payment.outTradeNo)
      await deps.db.tx({ shopId: input.shopId }, (tx) => setClosed(tx, payment.shopId, payment.id))
    } catch (error) {
      if (!isAlreadyPaid(error)) throw paymentRefused(error)
      await askWechat(deps, wechatPay, payment)
    }
  }
}

async function writeIntent(
  deps: PaymentsDeps,
  input: StartPaymentInput,
): Promise<{ payment: PaymentRow; openid: string | null; order: OrderForPayment }> {
  const seconds = await deps.settings.get(askAgainSeconds, {})
  const openids = await deps.db.read('system', (tx) => deps.openidsOf(tx, input.buyerId))
  return deps.db.tx({ shopId: input.shopId, buyerId: input.buyerId }, async (tx) => {
    await lockInOrder(tx, [`payment:${input.orderId}`])
    const order = await payableOrder(deps, tx, input)
    const earlier = await paymentsOfOrder(tx, input.shopId, input.orderId)
    const open = earlier.find(
      (each) =>
        each.method === input.method &&
        (each.state === 'created' || each.state === 'pending') &&
        each.amountFen === order.amountFen,
    )
    const openid = input.method === 'mini' ? openids.mini : input.method === 'jsapi' ? openids.mp : null
    if (open) return { payment: open, openid, order }
    const attempt = (earlier[0]?.attempt ?? 0) + 1
    if (attempt > MAX_ATTEMPTS)
      throw new AppError('PAYMENT_REFUSED', { values: { reason: '该订单支付尝试次数过多，请重新下单' } })
    const at = deps.clock.instant()
    const payment: PaymentRow = {
      shopId: input.shopId,
      id: newId(),
      orderId: order.orderId,
      orderNo: order.orderNo,
      buyerId: order.buyerId,
      attempt,
      method: input.method,
      state: 'created',
      amountFen: order.amountFen,
      outTradeNo: outTradeNo(order.orderNo, attempt),
      appid: input.method === 'mini' ? deps.miniAppid : deps.mpAppid,
      expiresAt: order.payBefore,
      prepayId: null,
      h5Url: null,
      codeUrl: null,
      transactionId: null,
      payerOpenid: null,
      paidAt: null,
    }
    await insertPayment(tx, payment, plusMs(at, seconds * 1000), at)
    return { payment, openid, order }
  })
}

async function payableOrder(deps: PaymentsDeps, tx: Tx, input: StartPaymentInput): Promise<OrderForPayment> {
  const order = await deps.orders.orderForPayment(tx, input.shopId, input.orderId, input.buyerId)
  if (order.state !== 'awaiting-payment' || order.payBefore <= deps.clock.instant())
    throw new AppError('ORDER_STATE', {
      values: {
        orderNo: order.orderNo,
        state: order.state === 'awaiting-payment' ? '已超过付款时限' : '不是待付款',
        action: '付款',
      },
    })
  return order
}

interface Prepaid {
  prepayId?: string
  h5Url?: string
  codeUrl?: string
  jsapi?: PaymentStart['jsapi']
}

async function prepay(
  deps: PaymentsDeps,
  wechatPay: WechatPay,
  payment: PaymentRow,
  order: OrderForPayment,
  openid: string | null,
  input: StartPaymentInput,
): Promise<Prepaid> {
  const request = {
    appid: payment.appid,
    outTradeNo: payment.outTradeNo,
    description: forWechat(order.description, DESCRIPTION_CHARS),
    amountFen: payment.amountFen,
    // The address says which shop's books to open; WeChat allows no query in it.
    notifyUrl: `${deps.publicUrl}/api/wechat/pay/shops/${payment.shopId}/notify`,
    expiresAt: new Date(payment.expiresAt),
  }
  if (payment.method === 'h5') return wechatPay.prepayH5({ ...request, clientIp: input.clientIp, scene: 'Wap' })
  if (payment.method === 'native') return wechatPay.prepayNative(request)
  if (openid === null) throw new AppError('PAYMENT_REFUSED', { values: { reason: '请先用微信登录，再支付' } })
  const { prepayId, client } = await wechatPay.prepayJsapi({ ...request, openid })
  return { prepayId, jsapi: client }
}

async function refuse(deps: PaymentsDeps, error: unknown, payment: PaymentRow): Promise<never> {
  if (isAlreadyPaid(error)) await askWechat(deps, requireWechatPay(deps.wechatPay), payment)
  throw paymentRefused(error)
}

/** WeChat's refusal in the buyer's words; anything that is no refusal stays what it is. */
function paymentRefused(error: unknown): unknown {
  if (error instanceof AppError) return error
  if (!(error instanceof WechatPayError)) return error
  const reason = error.retryable ? '微信支付暂时繁忙，请稍后重试' : error.message
  return new AppError('PAYMENT_REFUSED', { values: { reason }, data: { wechatCode: error.code }, cause: error })
}
