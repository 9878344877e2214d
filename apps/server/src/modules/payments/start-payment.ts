import type { PaymentStart } from '@zhanggui/contract'
import QRCode from 'qrcode'
import { h5PayUrl, isAlreadyPaid, type WechatPay, WechatPayError } from '../../adapters/wechat-pay/index.ts'
import { plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import type { OrderForPayment } from '../orders/index.ts'
import { askWechat, closeAttempt } from './ask-wechat.ts'
import type { PaymentsDeps } from './ports.ts'
import { type Prepaid, paymentRefused, prepay } from './prepay.ts'
import { requireWechatPay } from './require-wechat-pay.ts'
import { outTradeNo } from './rules.ts'
import { askAgainSeconds } from './settings.ts'
import { beginPrepay, insertPayment, type PaymentRow, paymentsOfOrder, setPrepay } from './store.ts'
import { errorText } from './trouble.ts'

const MAX_ATTEMPTS = 99

export interface StartPaymentInput {
  shopId: string
  orderId: string
  buyerId: string
  method: PaymentRow['method']
  clientIp: string
  /** Where WeChat's H5 page sends the buyer back to, on our own site. */
  returnTo?: string
}

/** What is written down before WeChat is asked. */
interface Intent {
  payment: PaymentRow
  openid: string | null
  order: OrderForPayment
  /** Whether the attempt was there before, so that WeChat may know its number. */
  isKnown: boolean
  /** Open attempts by other methods. */
  others: PaymentRow[]
}

/**
 * Lets a buyer pay (PAY-01): an attempt is written down, then WeChat is asked. An open attempt by the same method goes
 * on under its number; attempts by other methods are closed first, so that the buyer cannot pay twice by accident.
 * @throws AppError ORDER_STATE when the order cannot be paid, PAYMENT_REFUSED with WeChat's reason, UNAVAILABLE
 */
export async function startPayment(deps: PaymentsDeps, input: StartPaymentInput): Promise<PaymentStart> {
  const wechatPay = requireWechatPay(deps.wechatPay)
  let intent = await writeIntent(deps, input)
  await closeOthers(deps, wechatPay, input, intent.others)
  let answer = await open(deps, wechatPay, input, intent)
  if (answer === 'number-used-up') {
    intent = await writeIntent(deps, input)
    answer = await open(deps, wechatPay, input, { ...intent, isKnown: false })
  }
  if (answer === 'number-used-up') throw new Error('A payment that is new cannot be used up')
  return present(deps, input, intent.payment, answer)
}

export async function present(
  deps: PaymentsDeps,
  input: Pick<StartPaymentInput, 'returnTo'>,
  payment: Pick<PaymentRow, 'id' | 'method' | 'amountFen' | 'expiresAt'>,
  answer: Prepaid,
): Promise<PaymentStart> {
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

/** Closes open attempts by other methods. When one of them turns out to be paid there is nothing left to pay. */
async function closeOthers(
  deps: PaymentsDeps,
  wechatPay: WechatPay,
  input: StartPaymentInput,
  others: readonly PaymentRow[],
): Promise<void> {
  for (const payment of others) {
    const end = await closeAttempt(deps, wechatPay, payment).catch((error: unknown) => {
      throw paymentRefused(error)
    })
    if (end === 'paid') await stillPayable(deps, input)
  }
}

/**
 * Asks WeChat to open the attempt. What WeChat refuses for good is closed, so that it stands in nobody's way; when the
 * refusal may be due to what was asked under the same number before (closed since, another address of the phone), the
 * answer is `number-used-up`.
 */
async function open(
  deps: PaymentsDeps,
  wechatPay: WechatPay,
  input: StartPaymentInput,
  { payment, order, openid, isKnown }: Intent,
): Promise<Prepaid | 'number-used-up'> {
  let answer: Prepaid
  try {
    answer = await prepay(deps, wechatPay, { payment, order, openid, clientIp: input.clientIp })
  } catch (error) {
    const isOver = await endRefused(deps, wechatPay, payment, error)
    if (isOver) await stillPayable(deps, input)
    if (isOver && isKnown) return 'number-used-up'
    throw paymentRefused(error)
  }
  const { shopId, buyerId } = input
  const isOpen = await deps.db.tx({ shopId, buyerId }, (tx) => setPrepay(tx, shopId, payment.id, answer))
  if (isOpen) return answer
  // While WeChat was asked somebody closed the attempt: another method was chosen, or the order cancelled.
  await closeAttempt(deps, wechatPay, payment).catch((error: unknown) =>
    deps.log.warn({ err: error, outTradeNo: payment.outTradeNo }, 'a payment that was given up stays open at WeChat'),
  )
  await stillPayable(deps, input)
  throw new AppError('PAYMENT_REFUSED', { values: { reason: '已改用其他方式支付，请重新选择' } })
}

/** After WeChat has refused to open an attempt: whether the attempt is over, paid or closed for good. */
async function endRefused(
  deps: PaymentsDeps,
  wechatPay: WechatPay,
  payment: PaymentRow,
  refusal: unknown,
): Promise<boolean> {
  if (!(refusal instanceof WechatPayError) || (refusal.retryable && !isAlreadyPaid(refusal))) return false
  try {
    if (isAlreadyPaid(refusal)) return (await askWechat(deps, wechatPay, payment)) === 'paid'
    await closeAttempt(deps, wechatPay, payment, errorText(refusal))
    return true
  } catch (error) {
    deps.log.warn({ err: error, outTradeNo: payment.outTradeNo }, 'a refused payment waits for the sweeper')
    return false
  }
}

async function writeIntent(deps: PaymentsDeps, input: StartPaymentInput): Promise<Intent> {
  const seconds = await deps.settings.get(askAgainSeconds, {})
  const openids = await deps.db.read('system', (tx) => deps.openidsOf(tx, input.buyerId))
  const profitSharing = await deps.mustOpenForSplit(input.shopId, input.orderId)
  return deps.db.tx({ shopId: input.shopId, buyerId: input.buyerId }, async (tx) => {
    await lockInOrder(tx, [`payment:${input.orderId}`])
    const order = await payableOrder(deps, tx, input)
    const openid = openidFor(input.method, openids)
    const earlier = await paymentsOfOrder(tx, input.shopId, input.orderId)
    const open = earlier.filter((each) => each.state === 'created' || each.state === 'pending')
    // What is open together with other orders is closed with them: this one is to be paid by itself.
    const others = open.filter((each) => each.method !== input.method || each.combined !== null)
    const at = deps.clock.instant()
    const known = open.find(
      (each) => each.method === input.method && each.combined === null && each.amountFen === order.amountFen,
    )
    if (known) {
      await beginPrepay(tx, known.shopId, known.id, at)
      return { payment: known, openid, order, isKnown: true, others }
    }
    const attempt = nextAttempt(earlier)
    const payment = newAttempt(deps, { method: input.method, profitSharing }, order, attempt, at)
    await insertPayment(tx, payment, plusMs(at, seconds * 1000), at)
    return { payment, openid, order, isKnown: false, others }
  })
}

/** @throws AppError PAYMENT_REFUSED when there were too many */
export function nextAttempt(earlier: readonly PaymentRow[]): number {
  const attempt = (earlier[0]?.attempt ?? 0) + 1
  if (attempt > MAX_ATTEMPTS)
    throw new AppError('PAYMENT_REFUSED', { values: { reason: '该订单支付尝试次数过多，请重新下单' } })
  return attempt
}

/** Who pays, at the app in which the payment opens. @throws AppError PAYMENT_REFUSED when WeChat has not told us */
export function openidFor(
  method: PaymentRow['method'],
  openids: { mini: string | null; mp: string | null },
): string | null {
  if (method === 'h5' || method === 'native') return null
  const openid = method === 'mini' ? openids.mini : openids.mp
  if (openid === null) throw new AppError('PAYMENT_REFUSED', { values: { reason: '请先用微信登录，再支付' } })
  return openid
}

export function newAttempt(
  deps: PaymentsDeps,
  { method, profitSharing }: Pick<PaymentRow, 'method' | 'profitSharing'>,
  order: OrderForPayment,
  attempt: number,
  at: string,
): PaymentRow {
  return {
    shopId: order.shopId,
    id: newId(),
    orderId: order.orderId,
    orderNo: order.orderNo,
    buyerId: order.buyerId,
    attempt,
    method,
    state: 'created',
    amountFen: order.amountFen,
    outTradeNo: outTradeNo(order.orderNo, attempt),
    appid: method === 'mini' ? deps.miniAppid : deps.mpAppid,
    expiresAt: order.payBefore,
    prepayId: null,
    h5Url: null,
    codeUrl: null,
    transactionId: null,
    payerOpenid: null,
    paidAt: null,
    prepayAt: at,
    failures: 0,
    profitSharing,
    combined: null,
  }
}

/** @throws AppError ORDER_STATE when the order was paid or closed meanwhile */
async function stillPayable(deps: PaymentsDeps, input: StartPaymentInput): Promise<void> {
  await deps.db.read({ shopId: input.shopId, buyerId: input.buyerId }, (tx) => payableOrder(deps, tx, input))
}

export async function payableOrder(
  deps: PaymentsDeps,
  tx: Tx,
  input: { shopId: string; orderId: string; buyerId: string },
): Promise<OrderForPayment> {
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
