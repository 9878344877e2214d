import { type WechatPay, WechatPayError } from '../../adapters/wechat-pay/index.ts'
import { plusMs } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import { buyerOf } from '../../kernel/http/caller.ts'
import type { Call, Handlers } from '../../kernel/http/mount.ts'
import { askWechat } from './ask-wechat.ts'
import type { PaymentsDeps } from './ports.ts'
import { toPayment } from './present.ts'
import { requireWechatPay } from './require-wechat-pay.ts'
import { moneyListHandlers } from './routes-lists.ts'
import { statusAskSeconds } from './settings.ts'
import { settleCombined } from './settle-combined.ts'
import { settlePayment } from './settle-payment.ts'
import { settleRefund } from './settle-refund.ts'
import { startCombined } from './start-combined.ts'
import { startPayment } from './start-payment.ts'
import { claimAsking, type PaymentRow, paymentsOfOrder } from './store.ts'
import { type Trouble, trouble } from './trouble.ts'

export function paymentHandlers(deps: PaymentsDeps): Handlers {
  return {
    ...moneyListHandlers(deps),

    'payments.start': ({ params, body, caller, ip }) =>
      startPayment(deps, {
        shopId: params.shopId,
        orderId: params.orderId,
        buyerId: buyerOf(caller),
        method: body.method,
        clientIp: ip,
        ...(body.returnTo === undefined ? {} : { returnTo: body.returnTo }),
      }),

    'payments.startTogether': ({ body, caller, ip }) =>
      startCombined(deps, {
        orders: body.orders,
        buyerId: buyerOf(caller),
        method: body.method,
        clientIp: ip,
        ...(body.returnTo === undefined ? {} : { returnTo: body.returnTo }),
      }),

    'payments.status': async ({ params, caller }) => {
      const scope = { shopId: params.shopId, buyerId: buyerOf(caller) }
      const read = () =>
        deps.db.read(scope, async (tx) => ({
          order: await deps.orders.orderForPayment(tx, params.shopId, params.orderId, scope.buyerId),
          payments: await paymentsOfOrder(tx, params.shopId, params.orderId),
        }))
      const now = await read()
      const open = now.payments.find((payment) => payment.state === 'pending')
      const moved = open && deps.wechatPay && (await askForBuyer(deps, deps.wechatPay, open))
      const { order, payments } = moved ? await read() : now
      const own = payments.find((each) => each.id === order.paymentId)
      const payment = own ?? payments.find((each) => each.state === 'paid') ?? payments[0]
      // Paid by another way than WeChat's, whatever attempts with it are still open.
      const isByHand = order.paymentId !== null && own === undefined
      const state = isByHand ? 'paid' : payment?.state === 'created' ? 'pending' : (payment?.state ?? 'none')
      return { state, orderState: order.state, payment: payment === undefined ? null : toPayment(payment) }
    },

    'wechat.payNotify': (call) => answerNotice(deps, call),
    'wechat.refundNotify': (call) => answerNotice(deps, call),
    'wechat.transferNotify': (call) => answerNotice(deps, call),
  }
}

/**
 * A buyer waits: do not leave it to the notification alone. WeChat is asked every few seconds at most, however often
 * the page asks us. Answers whether anything has changed.
 */
async function askForBuyer(deps: PaymentsDeps, wechatPay: WechatPay, payment: PaymentRow): Promise<boolean> {
  const seconds = await deps.settings.get(statusAskSeconds, {})
  const at = deps.clock.instant()
  const isOurTurn = await deps.db.tx({ shopId: payment.shopId }, (tx) =>
    claimAsking(tx, payment.shopId, payment.id, at, plusMs(at, -seconds * 1000)),
  )
  if (!isOurTurn) return false
  try {
    return (await askWechat(deps, wechatPay, payment)) !== 'pending'
  } catch (error) {
    deps.log.warn({ err: error, outTradeNo: payment.outTradeNo }, 'WeChat did not tell a waiting buyer')
    return false
  }
}

type Notice = Awaited<ReturnType<NonNullable<PaymentsDeps['wechatPay']>['readNotice']>>

/** Takes what a notification says. @throws AppError NOT_FOUND when it is about nothing in the shop's books */
async function takeNotice(deps: PaymentsDeps, shopId: string, notice: Notice): Promise<void> {
  const unknown = (kind: Trouble, what: string, fields: object) => {
    trouble(deps, kind, { shopId, noticeId: notice.id, ...fields }, 'WeChat speaks of what is not in our books')
    return new AppError('NOT_FOUND', { values: { what } })
  }
  if (notice.kind === 'payment') {
    const { outTradeNo, transactionId } = notice.transaction
    if ((await settlePayment(deps, shopId, notice.transaction)) === 'not-ours')
      throw unknown('unknown-payment', `支付单 ${outTradeNo}`, { outTradeNo, transactionId })
  } else if (notice.kind === 'combined') {
    const { combineOutTradeNo } = notice.combined
    if (!(await settleCombined(deps, notice.combined)))
      throw unknown('unknown-payment', `合单 ${combineOutTradeNo}`, { combineOutTradeNo })
  } else if (notice.kind === 'refund') {
    const { outRefundNo, refundId } = notice.refund
    if (!(await settleRefund(deps, shopId, notice.refund)))
      throw unknown('unknown-refund', `退款单 ${outRefundNo}`, { outRefundNo, refundId })
  } else if (!(await deps.otherNotices(shopId, notice)))
    throw unknown('unknown-notice', `通知 ${notice.eventType}`, { eventType: notice.eventType })
}

/**
 * Verifies a notification and answers as WeChat expects: 2xx once what it says is in our books, otherwise a failure,
 * after which WeChat sends it again.
 */
async function answerNotice(
  deps: PaymentsDeps,
  { request, reply, params }: Pick<Call<'wechat.payNotify'>, 'request' | 'reply' | 'params'>,
): Promise<unknown> {
  try {
    const { headers, rawBody } = request
    const notice = await requireWechatPay(deps.wechatPay).readNotice({ headers, rawBody })
    await takeNotice(deps, params.shopId, notice)
    return reply.status(200).send({ code: 'SUCCESS', message: '成功' })
  } catch (error) {
    const status =
      error instanceof WechatPayError && error.status >= 400
        ? error.status
        : error instanceof AppError
          ? error.status
          : 500
    request.log.warn({ err: error, reqId: request.id }, 'a WeChat notification was not taken')
    return reply.status(status).send({ code: 'FAIL', message: FAILURES[status] ?? '处理失败，请重试' })
  }
}

const FAILURES: Readonly<Record<number, string>> = { 401: '验签失败', 404: '没有这笔记录' }
