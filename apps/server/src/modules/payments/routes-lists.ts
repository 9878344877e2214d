import { z } from 'zod'
import { WechatPayError } from '../../adapters/wechat-pay/index.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import { askRefund } from './ask-again.ts'
import type { PaymentsDeps } from './ports.ts'
import { listPayments, listRefunds, refundForStaff } from './store-lists.ts'

const TimeCursor = z.object({ at: z.iso.datetime(), id: z.uuid() })
const cursorOf = (row: { createdAt: string; id: string }) => ({ at: row.createdAt, id: row.id })

/** Payments and refunds as staff look at them. */
export function moneyListHandlers(deps: PaymentsDeps): Handlers {
  return {
    'console.payments': ({ params: { shopId }, query: { cursor, limit, ...filter } }) =>
      deps.db.read({ shopId }, async (tx) => {
        const after = decodeCursor(cursor, TimeCursor)
        return keysetPage(await listPayments(tx, shopId, { ...filter, after, limit: limit + 1 }), limit, cursorOf)
      }),

    'console.refunds': ({ params: { shopId }, query: { cursor, limit, ...filter } }) =>
      deps.db.read({ shopId }, async (tx) => {
        const after = decodeCursor(cursor, TimeCursor)
        return keysetPage(await listRefunds(tx, shopId, { ...filter, after, limit: limit + 1 }), limit, cursorOf)
      }),

    'console.askRefund': async ({ params: { shopId, refundId } }) => {
      const read = async () => {
        const refund = await deps.db.read({ shopId }, (tx) => refundForStaff(tx, shopId, refundId))
        if (!refund) throw new AppError('NOT_FOUND', { values: { what: '退款' } })
        return refund
      }
      const { outRefundNo } = await read()
      try {
        await askRefund(deps, shopId, outRefundNo)
      } catch (error) {
        if (!(error instanceof WechatPayError)) throw error
        // One that WeChat has not heard of yet, or cannot tell now: the sweeper goes on by itself.
        deps.log.warn({ err: error, outRefundNo }, 'WeChat did not tell staff about a refund')
        throw new AppError('UNAVAILABLE', { values: { what: '微信支付查询', reason: '请稍后再试，系统也会自动查询' } })
      }
      return read()
    },
  }
}
