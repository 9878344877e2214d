import type { PaymentStart } from '@zhanggui/contract'
import { isAlreadyPaid, type WechatPay, WechatPayError } from '../../adapters/wechat-pay/index.ts'
import { plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import type { OrderForPayment } from '../orders/index.ts'
import { askWechat, closeAttempt } from './ask-wechat.ts'
import type { PaymentsDeps } from './ports.ts'
import { type Prepaid, paymentRefused, prepayCombined } from './prepay.ts'
import { requireWechatPay } from './require-wechat-pay.ts'
import { combinedNo } from './rules.ts'
import { askAgainSeconds } from './settings.ts'
import { newAttempt, nextAttempt, openidFor, payableOrder, present } from './start-payment.ts'
import { beginPrepay, insertPayment, type PaymentRow, paymentsOfOrder, setPrepay } from './store.ts'
import { errorText } from './trouble.ts'

export interface StartCombinedInput {
  orders: readonly { shopId: string; orderId: string }[]
  buyerId: string
  method: PaymentRow['method']
  clientIp: string
  returnTo?: string
}

export interface CombinedPartIntent {
  order: OrderForPayment
  payment: PaymentRow
}

interface Intent {
  parts: CombinedPartIntent[]
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
  let intent = await writeIntent(deps, asked)
  for (const payment of intent.others) {
    const end = await closeAttempt(deps, wechatPay, payment).catch((error: unknown) => {
      throw paymentRefused(error)
    })
    if (end === 'paid') await stillPayable(deps, asked)
  }
  let answer = await open(deps, wechatPay, asked, intent)
  if (answer === 'number-used-up') {
    intent = await writeIntent(deps, asked)
    answer = await open(deps, wechatPay, asked, { ...intent, isKnown: false })
  }
  if (answer === 'number-used-up') throw new Error('A payment that is new cannot be used up')
  const amountFen = intent.parts.reduce((sum, { payment }) => sum + payment.amountFen, 0)
  return present(deps, input, { ...intent.parts[0]!.payment, amountFen }, answer)
}

/** As for one attempt: what WeChat refuses for good is closed, so that it stands in nobody's way. */
async function open(
  deps: PaymentsDeps,
  wechatPay: WechatPay,
  input: StartCombinedInput,
  { parts, openid, isKnown }: Intent,
): Promise<Prepaid | 'number-used-up'> {
  const first = parts[0]!.payment
  let answer: Prepaid
  try {
    answer = await prepayCombined(deps, wechatPay, { parts, openid, clientIp: input.clientIp })
  } catch (error) {
    const isOver = await endRefused(deps, wechatPay, first, error)
    if (isOver) await stillPayable(deps, input)
    if (isOver && isKnown) return 'number-used-up'
    throw paymentRefused(error)
  }
  const isOpen = await deps.db.tx('system', async (tx) => {
    const opened = []
    for (const { payment } of parts) opened.push(await setPrepay(tx, payment.shopId, payment.id, answer))
    return opened.every(Boolean)
  })
  if (isOpen) return answer
  // While WeChat was asked one of them was closed: another way was chosen, or an order cancelled.
  await closeAttempt(deps, wechatPay, first).catch((error: unknown) =>
    deps.log.warn({ err: error, outTradeNo: first.outTradeNo }, 'a payment that was given up stays open at WeChat'),
  )
  await stillPayable(deps, input)
  throw new AppError('PAYMENT_REFUSED', { values: { reason: '已改用其他方式支付，请重新选择' } })
}

/** After WeChat has refused to open it: whether it is over, paid or closed for good. */
async function endRefused(deps: PaymentsDeps, wechatPay: WechatPay, first: PaymentRow, refusal: unknown) {
  if (!(refusal instanceof WechatPayError) || (refusal.retryable && !isAlreadyPaid(refusal))) return false
  try {
    if (isAlreadyPaid(refusal)) return (await askWechat(deps, wechatPay, first)) === 'paid'
    await closeAttempt(deps, wechatPay, first, errorText(refusal))
    return true
  } catch (error) {
    deps.log.warn({ err: error, outTradeNo: first.outTradeNo }, 'a refused payment waits for the sweeper')
    return false
  }
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
    const isOpen = (each: PaymentRow) => each.state === 'created' || each.state === 'pending'
    const known = knownWhole(found, input.method)
    const others = found.flatMap(({ earlier }) => earlier.filter((each) => isOpen(each) && !known?.includes(each)))
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
  const no = found[0]!.earlier.find((each) => ['created', 'pending'].includes(each.state) && each.combined !== null)
    ?.combined?.no
  const parts = found.flatMap(({ order, earlier }) =>
    earlier.filter(
      (each) =>
        ['created', 'pending'].includes(each.state) &&
        each.combined?.no === no &&
        each.combined?.parts.length === found.length &&
        each.method === method &&
        each.amountFen === order.amountFen,
    ),
  )
  return no !== undefined && parts.length === found.length ? parts : undefined
}

async function stillPayable(deps: PaymentsDeps, { orders, buyerId }: StartCombinedInput): Promise<void> {
  await deps.db.read('system', async (tx) => {
    for (const { shopId, orderId } of orders) await payableOrder(deps, tx, { shopId, orderId, buyerId })
  })
}
