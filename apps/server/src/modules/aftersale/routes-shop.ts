import { fen } from '@zhanggui/contract/money'
import { audit } from '../../kernel/audit.ts'
import { AppError } from '../../kernel/errors.ts'
import { variantUrl } from '../../kernel/files.ts'
import { staffOf } from '../../kernel/http/caller.ts'
import { takePictureOrVideo } from '../../kernel/http/media.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { once } from '../../kernel/idempotency.ts'
import type { AftersaleDeps } from './deps.ts'
import { policyOf } from './policy.ts'
import { explained, orderNow } from './quote.ts'
import { planUnits, refundUnits, type UnitsRefund } from './refund-units.ts'
import { actorOf, proveRefund, viewOf } from './routes-console.ts'

/** All that these units have left; nothing where they cannot be refunded (any more), e.g. for a repeated call. */
const ceilingNow = (deps: AftersaleDeps, key: { shopId: string; orderId: string }, wish: UnitsWish): Promise<number> =>
  deps.db
    .read({ shopId: key.shopId }, async (tx) => (await planUnits(tx, deps, key, wish)).plan.ceilingFen)
    .catch((error) => {
      if (error instanceof AppError) return 0
      throw error
    })

type UnitsWish = Pick<UnitsRefund, 'reasonCode' | 'lines'>

/** What the shop does of its own accord: money for units that nobody asked back, and its own evidence. */
export function aftersaleShopHandlers(deps: AftersaleDeps): Handlers {
  const { db, clock } = deps
  return {
    'console.refundUnitsOptions': ({ params }) =>
      db.read({ shopId: params.shopId }, async (tx) => {
        const order = await deps.orders.findOrder(tx, params)
        if (order === undefined) throw new AppError('NOT_FOUND', { values: { what: '订单' } })
        const { lines } = await orderNow(tx, deps, order)
        const { reasons } = await policyOf(tx, params.shopId)
        const fileIds = lines.flatMap(({ line }) => line.pictureFileId ?? [])
        const pictures = await deps.files.pictures(tx, params.shopId, fileIds)
        return {
          orderNo: order.orderNo,
          reasons: reasons.filter(({ types }) => types.includes('refund')),
          leftFen: fen(order.paidFen - order.partRefundFen),
          lines: lines.map(({ line, free, unshipped }) => {
            const { line: number, skuId, productId, title, options, pictureFileId } = line
            const picture = pictureFileId === null ? null : (pictures.get(pictureFileId) ?? null)
            return { ...{ line: number, skuId, productId, title, options, picture }, unshipped, shipped: free.length }
          }),
        }
      }),

    'console.quoteRefundUnits': ({ params, body }) =>
      db.read({ shopId: params.shopId }, async (tx) => {
        const { now, plan } = await planUnits(tx, deps, params, body)
        return explained(plan, now.order)
      }),

    'console.refundUnits': async (call) => {
      const { shopId, orderId } = call.params
      const provenFen = call.body.amountFen ?? (await ceilingNow(deps, call.params, call.body))
      await proveRefund(deps, call, provenFen)
      const actor = actorOf(call.caller)
      const about = { shopId, callerId: staffOf(call.caller).staffId, route: 'console.refundUnits' }
      const request = { orderId, body: call.body }
      const { caseId } = await db.tx({ shopId }, (tx) =>
        once(tx, { ...about, key: call.idempotencyKey, at: clock.instant(), request }, async () => {
          const row = await refundUnits(tx, deps, call.params, { ...call.body, provenFen, actor })
          await audit(tx, clock, {
            ...{ shopId, actor, action: 'aftersale.refund-units', entity: 'aftersale', entityId: row.id },
            ...{ summary: `售后 ${row.caseNo} 商家主动退款：${row.reason}`, ip: call.ip, requestId: call.requestId },
          })
          return { caseId: row.id }
        }),
      )
      return viewOf(deps, { shopId, caseId }, false)
    },

    'console.uploadAftersale': async ({ params: { shopId }, request, caller }) => {
      const stored = await takePictureOrVideo(deps, request, shopId, actorOf(caller))
      const { id, width, height, kind, whiteEdgeBp, durationMs } = stored
      return { fileId: id, url: variantUrl(id), width, height, kind, whiteEdgeBp, durationMs }
    },
  }
}
