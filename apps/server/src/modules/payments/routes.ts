import { WechatPayError } from '../../adapters/wechat-pay/index.ts'
import { AppError } from '../../kernel/errors.ts'
import { buyerOf } from '../../kernel/http/caller.ts'
import type { Call, Handlers } from '../../kernel/http/mount.ts'
import type { PaymentsDeps } from './ports.ts'
import { toPayment } from './present.ts'
import { requireWechatPay } from './require-wechat-pay.ts'
import { settlePayment } from './settle-payment.ts'
import { startPayment } from './start-payment.ts'
import { paymentsOfOrder } from './store.ts'
import { askWechat } from './sweep-payments.ts'
import { settleRefund } from './sweep-refunds.ts'

export function paymentHandlers(deps: PaymentsDeps): Handlers {
  return {
    'payments.start': ({ params, body, caller, ip }) =>
      startPayment(deps, {
        shopId: params.shopId,
        orderId: params.orderId,
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
      // The buyer is waiting: do not leave it to the notification alone.
      const moved =
        open && deps.wechatPay && (await askWechat(deps, deps.wechatPay, open).catch(() => 'pending')) !== 'pending'
      const { order, payments } = moved ? await read() : now
      const payment = payments.find((each) => each.state === 'paid') ?? payments[0]
      const state = payment === undefined ? 'none' : payment.state === 'created' ? 'pending' : payment.state
      return { state, orderState: order.state, payment: payment === undefined ? null : toPayment(payment) }
    },

    'wechat.payNotify': (call) =>
      answerNotice(deps, call, async (notice) => {
        if (notice.kind !== 'payment') return
        await settlePayment(deps, call.params.shopId, notice.transaction)
      }),

    'wechat.refundNotify': (call) =>
      answerNotice(deps, call, async (notice) => {
        if (notice.kind !== 'refund') return
        await settleRefund(deps, call.params.shopId, notice.refund)
      }),
  }
}

type Notice = Awaited<ReturnType<NonNullable<PaymentsDeps['wechatPay']>['readNotice']>>

/**
 * Verifies a notification and answers as WeChat expects: 2xx once what it says is in our books, otherwise a failure,
 * after which WeChat sends it again.
 */
async function answerNotice(
  deps: PaymentsDeps,
  call: Pick<Call, 'request' | 'reply'>,
  take: (notice: Notice) => Promise<void>,
): Promise<unknown> {
  const { request, reply } = call
  try {
    await take(
      await requireWechatPay(deps.wechatPay).readNotice({ headers: request.headers, rawBody: request.rawBody }),
    )
    return reply.status(200).send({ code: 'SUCCESS', message: '成功' })
  } catch (error) {
    const status =
      error instanceof WechatPayError && error.status >= 400
        ? error.status
        : error instanceof AppError
          ? error.status
          : 500
    request.log.warn({ err: error }, 'a WeChat notification was not taken')
    return reply.status(status).send({ code: 'FAIL', message: status === 401 ? '验签失败' : '处理失败，请重试' })
  }
}
