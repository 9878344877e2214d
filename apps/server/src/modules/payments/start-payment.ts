import type { PaymentStart } from '@zhanggui/contract'
import { plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import type { OrderForPayment } from '../orders/index.ts'
import { isOpen, openAtWechat, present } from './open-attempt.ts'
import type { PaymentsDeps } from './ports.ts'
import { prepay } from './prepay.ts'
import { requireWechatPay } from './require-wechat-pay.ts'
import { outTradeNo } from './rules.ts'
import { askAgainSeconds } from './settings.ts'
import { beginPrepay, giveUp, insertPayment, type PaymentRow, paymentsOfOrder } from './store.ts'

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
  /** Open attempts by other ways, given up for this one. */
  others: PaymentRow[]
}

/**
 * Lets a buyer pay (PAY-01): an attempt is written down, then WeChat is asked. An open attempt by the same method goes
 * on under its number; all others are given up with the order's lock and closed first, so that the buyer cannot pay
 * twice by accident, and of ways that are begun at once the last one stays.
 * @throws AppError ORDER_STATE when the order cannot be paid, PAYMENT_REFUSED with WeChat's reason, UNAVAILABLE
 */
export async function startPayment(deps: PaymentsDeps, input: StartPaymentInput): Promise<PaymentStart> {
  const wechatPay = requireWechatPay(deps.wechatPay)
  const { payments, answer } = await openAtWechat(deps, wechatPay, async () => {
    const { payment, order, openid, ...intent } = await writeIntent(deps, input)
    return {
      ...intent,
      payments: [payment],
      prepay: () => prepay(deps, wechatPay, { payment, order, openid, clientIp: input.clientIp }),
      stillPayable: () => stillPayable(deps, input),
    }
  })
  return present(deps, input, payments[0]!, answer)
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
    const open = earlier.filter(isOpen)
    // What is open together with other orders is closed with them: this one is to be paid by itself.
    const known = open.find(
      (each) =>
        each.method === input.method && each.combined === null && each.amountFen === order.amountFen && !each.givenUp,
    )
    const others = open.filter((each) => each !== known)
    await giveUp(tx, others)
    const at = deps.clock.instant()
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
    givenUp: false,
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
