import type { PaymentStart } from '@zhanggui/contract'
import { plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import type { OrderForPayment } from '../orders/index.ts'
import { isOpen, openAtWechat, present } from './open-attempt.ts'
import type { PaymentsDeps } from './ports.ts'
import { prepayCombined } from './prepay.ts'
import { requireWechatPay } from './require-wechat-pay.ts'
import { combinedNo } from './rules.ts'
import { askAgainSeconds } from './settings.ts'
import { newAttempt, nextAttempt, openidFor, payableOrder } from './start-payment.ts'
import { beginPrepay, giveUp, insertPayment, type PaymentRow, paymentsOfOrder } from './store.ts'

export interface StartCombinedInput {
  orders: readonly { shopId: string; orderId: string }[]
  buyerId: string
  method: PaymentRow['method']
  clientIp: string
  returnTo?: string
}

interface Intent {
  parts: { order: OrderForPayment; payment: PaymentRow }[]
  openid: string | null
  /** Whether the whole was there before, so that WeChat may know its number. */
  isKnown: boolean
  /** Open attempts by other ways, alone or together with other orders. */
  others: PaymentRow[]
}

/**
 * Lets a buyer pay several orders, of one shop or of many, at once (合单, PAY-01). Every order has an attempt of its own,
 * which knows the whole it is a part of; what then happens to it is what happens to any attempt.
 * @throws AppError ORDER_STATE when one of them cannot be paid, PAYMENT_REFUSED with WeChat's reason, UNAVAILABLE
 */
export async function startCombined(deps: PaymentsDeps, input: StartCombinedInput): Promise<PaymentStart> {
  const wechatPay = requireWechatPay(deps.wechatPay)
  const orders = [...new Map(input.orders.map((each) => [each.orderId, each])).values()]
  if (orders.length < 2) throw new AppError('PAYMENT_REFUSED', { values: { reason: '合并支付至少需要两笔订单' } })
  const asked = { ...input, orders: orders.sort((a, b) => (a.orderId < b.orderId ? -1 : 1)) }
  const { payments, answer } = await openAtWechat(deps, wechatPay, async () => {
    const { parts, openid, ...intent } = await writeIntent(deps, asked)
    return {
      ...intent,
      payments: parts.map((each) => each.payment),
      prepay: () => prepayCombined(deps, wechatPay, { parts, openid, clientIp: input.clientIp }),
      stillPayable: () => stillPayable(deps, asked),
    }
  })
  const amountFen = payments.reduce((sum, payment) => sum + payment.amountFen, 0)
  return present(deps, input, { ...payments[0]!, amountFen }, answer)
}

async function writeIntent(deps: PaymentsDeps, input: StartCombinedInput): Promise<Intent> {
  const seconds = await deps.settings.get(askAgainSeconds, {})
  const openids = await deps.db.read('system', (tx) => deps.openidsOf(tx, input.buyerId))
  const openid = openidFor(input.method, openids)
  const splits = new Map<string, boolean>()
  for (const { shopId, orderId } of input.orders) splits.set(orderId, await deps.mustOpenForSplit(shopId, orderId))
  return deps.db.tx('system', async (tx) => {
    await lockInOrder(
      tx,
      input.orders.map(({ orderId }) => `payment:${orderId}`),
    )
    const found = await readAll(deps, tx, input)
    const at = deps.clock.instant()
    const known = knownWhole(found, input.method)
    const others = found.flatMap(({ earlier }) => earlier.filter((each) => isOpen(each) && !known?.includes(each)))
    await giveUp(tx, others)
    if (known) {
      for (const payment of known) await beginPrepay(tx, payment.shopId, payment.id, at)
      return { parts: known.map((payment, n) => ({ payment, order: found[n]!.order })), openid, isKnown: true, others }
    }
    const expiresAt = found.map(({ order }) => order.payBefore).sort()[0]!
    const fresh = found.map(({ order, earlier }) => {
      const how = { method: input.method, profitSharing: splits.get(order.orderId)! }
      return { order, payment: { ...newAttempt(deps, how, order, nextAttempt(earlier), at), expiresAt } }
    })
    const combined = {
      no: combinedNo(fresh[0]!.payment.outTradeNo),
      parts: fresh.map(({ payment: { shopId, outTradeNo } }) => ({ shopId, outTradeNo })),
    }
    const parts = fresh.map(({ order, payment }) => ({ order, payment: { ...payment, combined } }))
    for (const { payment } of parts) await insertPayment(tx, payment, plusMs(at, seconds * 1000), at)
    return { parts, openid, isKnown: false, others }
  })
}

interface Found {
  order: OrderForPayment
  earlier: PaymentRow[]
}

async function readAll(deps: PaymentsDeps, tx: Tx, { orders, buyerId }: StartCombinedInput): Promise<Found[]> {
  const found: Found[] = []
  for (const { shopId, orderId } of orders) {
    const order = await payableOrder(deps, tx, { shopId, orderId, buyerId })
    found.push({ order, earlier: await paymentsOfOrder(tx, shopId, orderId) })
  }
  return found
}

/** The open attempts of exactly these orders together, by this method and for what they cost now. */
function knownWhole(found: readonly Found[], method: PaymentRow['method']): PaymentRow[] | undefined {
  const open = found.map(({ order, earlier }) =>
    earlier.find(
      (each) =>
        isOpen(each) &&
        !each.givenUp &&
        each.combined?.parts.length === found.length &&
        each.method === method &&
        each.amountFen === order.amountFen,
    ),
  )
  const no = open[0]?.combined?.no
  return no !== undefined && open.every((each) => each?.combined?.no === no) ? (open as PaymentRow[]) : undefined
}

async function stillPayable(deps: PaymentsDeps, { orders, buyerId }: StartCombinedInput): Promise<void> {
  await deps.db.read('system', async (tx) => {
    for (const { shopId, orderId } of orders) await payableOrder(deps, tx, { shopId, orderId, buyerId })
  })
}
