import type { PaymentStart } from '@zhanggui/contract'
import QRCode from 'qrcode'
import { h5PayUrl, isAlreadyPaid, type WechatPay, WechatPayError } from '../../adapters/wechat-pay/index.ts'
import { AppError } from '../../kernel/errors.ts'
import { askWechat, closeAttempt } from './ask-wechat.ts'
import type { PaymentsDeps } from './ports.ts'
import { type Prepaid, paymentRefused } from './prepay.ts'
import { type PaymentRow, setPrepay } from './store.ts'
import { errorText } from './trouble.ts'

/** What is to be opened at WeChat: one attempt, or the parts of a whole. */
interface Opening {
  payments: readonly PaymentRow[]
  /** Whether it was there before, so that WeChat may know its number. */
  isKnown: boolean
  /** Open attempts by other ways, given up for this one. */
  others: readonly PaymentRow[]
  /** Asks WeChat. @throws WechatPayError */
  prepay: () => Promise<Prepaid>
  /** @throws AppError ORDER_STATE when there is nothing left to pay */
  stillPayable: () => Promise<void>
}

/**
 * Opens what `write` wrote down, at WeChat; under a new number when WeChat refuses one that it may have known before.
 * @throws AppError ORDER_STATE, PAYMENT_REFUSED with WeChat's reason
 */
export async function openAtWechat(
  deps: PaymentsDeps,
  wechatPay: WechatPay,
  write: () => Promise<Opening>,
): Promise<{ payments: readonly PaymentRow[]; answer: Prepaid }> {
  for (let isFirst = true; ; isFirst = false) {
    const opening = await write()
    await closeOthers(deps, wechatPay, opening)
    const answer = await open(deps, wechatPay, opening, isFirst && opening.isKnown)
    if (answer !== 'number-used-up') return { payments: opening.payments, answer }
  }
}

/** Closes what was given up. When some of it turns out to be paid there may be nothing left to pay. */
async function closeOthers(deps: PaymentsDeps, wechatPay: WechatPay, { others, stillPayable }: Opening): Promise<void> {
  for (const payment of others) {
    const end = await closeAttempt(deps, wechatPay, payment).catch((error: unknown) => {
      throw paymentRefused(error)
    })
    if (end === 'paid') await stillPayable()
  }
}

/**
 * Asks WeChat to open it. What WeChat refuses for good is closed, so that it stands in nobody's way; when the refusal
 * may be due to what was asked under the same number before (closed since, another address of the phone), the answer is
 * `number-used-up`.
 */
async function open(
  deps: PaymentsDeps,
  wechatPay: WechatPay,
  { payments, prepay, stillPayable }: Opening,
  isKnown: boolean,
): Promise<Prepaid | 'number-used-up'> {
  const first = payments[0]!
  let answer: Prepaid
  try {
    answer = await prepay()
  } catch (error) {
    const isOver = await endRefused(deps, wechatPay, first, error)
    if (isOver) await stillPayable()
    if (isOver && isKnown) return 'number-used-up'
    throw paymentRefused(error)
  }
  if (await keepAnswer(deps, payments, answer)) return answer
  // While WeChat was asked somebody gave it up: another way was chosen, or an order cancelled.
  await closeAttempt(deps, wechatPay, first).catch((error: unknown) =>
    deps.log.warn({ err: error, outTradeNo: first.outTradeNo }, 'a payment that was given up stays open at WeChat'),
  )
  await stillPayable()
  throw new AppError('PAYMENT_REFUSED', { values: { reason: '已改用其他方式支付，请重新选择' } })
}

/** False when a part of it was closed or given up meanwhile. */
const keepAnswer = (deps: PaymentsDeps, payments: readonly PaymentRow[], answer: Prepaid): Promise<boolean> =>
  deps.db.tx('system', async (tx) => {
    for (const { shopId, id } of payments) if (!(await setPrepay(tx, shopId, id, answer))) return false
    return true
  })

/** After WeChat has refused to open it: whether it is over, paid or closed for good. */
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

/** Whether somebody may still pay it. */
export const isOpen = (payment: PaymentRow): boolean => payment.state === 'created' || payment.state === 'pending'

/** What the buyer's device needs to go on. */
export async function present(
  deps: PaymentsDeps,
  input: { returnTo?: string },
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
