import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { variantUrl } from '../../kernel/files.ts'
import { buyerOf, type Caller } from '../../kernel/http/caller.ts'
import { takePicture } from '../../kernel/http/media.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { createRateLimit } from '../../kernel/rate-limit.ts'
import type { PersonalCodeDeps } from './deps.ts'
import { type BuyerOrder, claim, isOffered, open } from './pay.ts'
import { personalOfOrder } from './store.ts'
import { buyerView } from './views.ts'

/** Uploads of one buyer in ten minutes. */
const MAX_UPLOADS = 30
const UPLOAD_WINDOW_MS = 600_000

const keyOf = ({ params, caller }: { params: { shopId: string; orderId: string }; caller: Caller }): BuyerOrder => ({
  ...params,
  buyerId: buyerOf(caller),
})

export function personalBuyerHandlers(deps: PersonalCodeDeps): Handlers {
  const { db, clock } = deps
  const countUpload = createRateLimit({ clock, limit: MAX_UPLOADS, windowMs: UPLOAD_WINDOW_MS })
  const orderOf = async (tx: Tx, key: BuyerOrder) => {
    const order = await deps.orders.findOrder(tx, key)
    if (order === undefined) throw new AppError('NOT_FOUND', { values: { what: '订单' } })
    return order
  }
  /** Reservations and the day's limit are the shop's: the order is found only if it is this buyer's. */
  const step = (key: BuyerOrder, work: (tx: Tx) => ReturnType<typeof open>) =>
    db.tx({ shopId: key.shopId }, async (tx) => {
      await orderOf(tx, key)
      const row = await work(tx)
      return buyerView(row, await orderOf(tx, key))
    })
  return {
    'personalCode.offer': (call) => {
      const key = keyOf(call)
      return db.read({ shopId: key.shopId }, async (tx) => {
        const order = await orderOf(tx, key)
        const all = await personalOfOrder(tx, key.shopId, key.orderId)
        const last = all[0]
        const isUnderWay = last?.state === 'open' || last?.state === 'waiting'
        const offered = isUnderWay ? order.state === 'awaiting-payment' : await isOffered(tx, deps, order, all.length)
        return { offered, payment: last === undefined ? null : buyerView(last, order) }
      })
    },

    'personalCode.open': (call) => {
      const key = keyOf(call)
      return step(key, (tx) => open(tx, deps, key))
    },

    'personalCode.claim': (call) => {
      const key = keyOf(call)
      return step(key, (tx) => claim(tx, deps, key, call.body))
    },

    'personalCode.upload': async ({ params: { shopId }, request, caller }) => {
      const id = buyerOf(caller)
      countUpload(id)
      // Refuses a shop that is not there.
      await db.read({ shopId }, (tx) => deps.timeZoneOf(tx, shopId))
      const stored = await takePicture(deps, request, shopId, { kind: 'buyer', id })
      return { fileId: stored.id, url: variantUrl(stored.id), width: stored.width, height: stored.height }
    },
  }
}
