import { z } from 'zod'
import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { variantUrl } from '../../kernel/files.ts'
import { buyerOf, type Caller } from '../../kernel/http/caller.ts'
import { takePictureOrVideo } from '../../kernel/http/media.ts'
import type { Call, Handlers } from '../../kernel/http/mount.ts'
import { once } from '../../kernel/idempotency.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import { createRateLimit } from '../../kernel/rate-limit.ts'
import { apply, closedReason, openUntil, requireFiles } from './apply.ts'
import type { AftersaleDeps } from './deps.ts'
import { dispute } from './dispute.ts'
import { exchangesOf, releaseReplacement } from './exchange.ts'
import { confirm, sendBack } from './goods.ts'
import { type CaseKey, caseNotFound, lockBoth, takeStep } from './life.ts'
import { writeMessage } from './messages.ts'
import { policyOf } from './policy.ts'
import { explained, orderNow, planFor } from './quote.ts'
import { nextState } from './rules.ts'
import { type CaseRow, findCase } from './store.ts'
import { casesOfBuyer } from './store-lists.ts'
import { buyerView, type CaseView, rowViews } from './views.ts'
import { refundWhole } from './whole.ts'

/** Uploads of one buyer in ten minutes. */
const MAX_UPLOADS = 60
const UPLOAD_WINDOW_MS = 600_000
const Cursor = z.object({ at: z.iso.datetime(), id: z.uuid() })

type BuyerCase = Required<CaseKey>
interface CaseCall {
  params: { shopId: string; caseId: string }
  caller: Caller
}

const actorOf = ({ buyerId }: { buyerId: string }): Actor => ({ kind: 'buyer', id: buyerId })
const keyOf = ({ params, caller }: CaseCall): BuyerCase => ({ ...params, buyerId: buyerOf(caller) })
const orderKeyOf = ({ params, caller }: { params: { shopId: string; orderId: string }; caller: Caller }) => ({
  ...params,
  buyerId: buyerOf(caller),
})

export function aftersaleBuyerHandlers(deps: AftersaleDeps): Handlers {
  const { db, clock } = deps
  const countUpload = createRateLimit({ clock, limit: MAX_UPLOADS, windowMs: UPLOAD_WINDOW_MS })
  const view = (key: BuyerCase): Promise<CaseView> =>
    db.read({ shopId: key.shopId }, async (tx) => {
      const row = await findCase(tx, key)
      if (row === undefined) throw caseNotFound()
      return buyerView(tx, deps, row)
    })
  /** A step of the buyer. Goods and reservations are the shop's: the case is found only if it is this buyer's. */
  const step = async (call: CaseCall, work: (tx: Tx, row: CaseRow, actor: Actor) => Promise<unknown>) => {
    const key = keyOf(call)
    await db.tx({ shopId: key.shopId }, async (tx) => work(tx, (await lockBoth(tx, deps, key)).row, actorOf(key)))
    return view(key)
  }

  return {
    ...readHandlers(deps, view),

    'aftersale.apply': async (call) => {
      const key = orderKeyOf(call)
      const { shopId, buyerId } = key
      const about = {
        shopId,
        callerId: buyerId,
        route: 'aftersale.apply',
        key: call.idempotencyKey,
        at: clock.instant(),
      }
      const { caseId } = await db.tx({ shopId }, (tx) =>
        once(tx, { ...about, request: { orderId: key.orderId, body: call.body } }, async () => {
          return { caseId: (await apply(tx, deps, key, call.body)).id }
        }),
      )
      return view({ shopId, buyerId, caseId })
    },

    'aftersale.cancel': (call) =>
      step(call, async (tx, row, actor) => {
        nextState('cancel', row.state)
        await releaseReplacement(tx, deps, row, actor)
        await takeStep(tx, deps, row, 'cancel', { text: '买家撤销申请', actor })
      }),

    'aftersale.sendBack': (call) => step(call, (tx, row, actor) => sendBack(tx, deps, row, call.body, actor)),
    'aftersale.confirm': (call) => step(call, (tx, row, actor) => confirm(tx, deps, row, actor)),

    'aftersale.dispute': (call) =>
      step(call, async (tx, row, actor) => {
        await requireFiles(tx, deps, row.shopId, call.body.fileIds)
        await dispute(tx, deps, row, { ...call.body, actor })
      }),

    'aftersale.message': async (call) => {
      const key = keyOf(call)
      const once = { callerId: key.buyerId, route: 'aftersale.message', key: call.idempotencyKey }
      await writeMessage(deps, key, { ...call.body, kind: 'message', actor: actorOf(key) }, once)
      return view(key)
    },

    'aftersale.upload': (call) => {
      countUpload(buyerOf(call.caller))
      return upload(deps, call)
    },

    /** The short way to the same case: everything, before anything ships. */
    'orders.requestRefund': async (call) => {
      const key = orderKeyOf(call)
      const { shopId, buyerId, orderId } = key
      const { reason } = call.body
      const about = { shopId, callerId: buyerId, route: 'orders.requestRefund', key: call.idempotencyKey }
      await db.tx({ shopId }, (tx) =>
        once(tx, { ...about, request: { orderId, reason }, at: clock.instant() }, async () => {
          await refundWhole(tx, deps, key, { by: 'buyer', reason, actor: actorOf(key) })
          return { orderId }
        }),
      )
      return deps.orders.buyerOrder(key)
    },
  }
}

function readHandlers(deps: AftersaleDeps, view: (key: BuyerCase) => Promise<CaseView>): Handlers {
  const { db } = deps
  const orderOf = async (tx: Tx, key: { shopId: string; orderId: string; buyerId: string }) => {
    const order = await deps.orders.findOrder(tx, key)
    if (order === undefined) throw new AppError('NOT_FOUND', { values: { what: '订单' } })
    return order
  }
  return {
    'aftersale.options': (call) =>
      db.read({ shopId: call.params.shopId }, async (tx) => {
        const order = await orderOf(tx, orderKeyOf(call))
        const { lines, cases } = await orderNow(tx, deps, order)
        const shown = await Promise.all(
          lines.map(async ({ line, free, unshipped }) => {
            const { line: number, skuId, productId, title, options, pictureFileId } = line
            const pictures = pictureFileId ? await deps.files.pictures(tx, order.shopId, [pictureFileId]) : undefined
            const exchanges = free.length > 0 ? await exchangesOf(tx, deps, order, line) : []
            const picture = pictures?.get(pictureFileId!) ?? null
            return {
              ...{
                line: number,
                skuId,
                productId,
                title,
                options,
                picture,
                unshipped,
                shipped: free.length,
                exchanges,
              },
            }
          }),
        )
        return {
          orderNo: order.orderNo,
          closedReason: await closedReason(tx, deps, order),
          lines: shown,
          reasons: (await policyOf(tx, order.shopId)).reasons,
          until: await openUntil(tx, deps, order),
          cases: cases.map(({ id, caseNo, type, state }) => ({ id, caseNo, type, state })).slice(-50),
        }
      }),

    'aftersale.quote': (call) =>
      db.read({ shopId: call.params.shopId }, async (tx) => {
        const order = await orderOf(tx, orderKeyOf(call))
        return explained(await planFor(tx, deps, await orderNow(tx, deps, order), call.body), order)
      }),

    'aftersale.list': ({ params: { shopId }, caller, query: { cursor, limit, ...filter } }) => {
      const key = { shopId, buyerId: buyerOf(caller) }
      const before = decodeCursor(cursor, Cursor)
      return db.read({ shopId }, async (tx) => {
        const rows = await casesOfBuyer(tx, key, { ...filter, before, limit: limit + 1 })
        const { items, nextCursor } = keysetPage(rows, limit, (row) => ({ at: row.openedAt, id: row.id }))
        return { items: await rowViews(tx, deps, items), nextCursor }
      })
    },

    'aftersale.get': (call) => view(keyOf(call)),
  }
}

async function upload(
  deps: AftersaleDeps,
  { request, params: { shopId }, caller }: Pick<Call, 'request' | 'caller'> & { params: { shopId: string } },
) {
  const shops = await deps.db.read({ shopId }, (tx) => deps.shopsByIds(tx, [shopId]))
  if (!shops.has(shopId)) throw new AppError('NOT_FOUND', { values: { what: '店铺' } })
  const stored = await takePictureOrVideo(deps, request, shopId, { kind: 'buyer', id: buyerOf(caller) })
  return { fileId: stored.id, url: variantUrl(stored.id), width: stored.width, height: stored.height }
}
