import { z } from 'zod'
import type { Actor } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Caller } from '../../kernel/http/caller.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import { viewerOf } from '../prices/index.ts'
import { cancelOrder } from './cancel-order.ts'
import type { OrdersDeps } from './deps.ts'
import { markPaid } from './pay-order.ts'
import { PLACING_MS } from './place-order.ts'
import type { PlaceAnswer, PlaceInput } from './prepare-orders.ts'
import { confirmReceipt } from './receive-order.ts'
import { orderNotFound } from './steps.ts'
import { waitingOf } from './store-buyers.ts'
import { listOrders } from './store-lists.ts'
import { findOrder, type OrderKey } from './store-orders.ts'
import { unpaidOrders } from './unpaid.ts'
import { buyerView, type OrderView, summaries } from './views.ts'

/** Where a list of orders or shipments goes on: behind this instant and id. */
export const OrderCursor = z.object({ at: z.iso.datetime(), id: z.uuid() })

/** An order as its buyer sees it. @throws AppError NOT_FOUND */
export const buyerOrder = (deps: OrdersDeps, key: Required<OrderKey>): Promise<OrderView> =>
  deps.db.read(scopeOf(key), async (tx) => {
    const order = await findOrder(tx, key)
    if (order === undefined) throw orderNotFound()
    return buyerView(tx, deps, order)
  })

export function buyerHandlers(deps: OrdersDeps, place: (input: PlaceInput) => Promise<PlaceAnswer>): Handlers {
  const { db } = deps
  const view = (key: Required<OrderKey>): Promise<OrderView> => buyerOrder(deps, key)

  return {
    'orders.place': async ({ params: { shopId }, caller, body, idempotencyKey: key, reply }) => {
      const { buyerId } = requireBuyer(caller)
      const withinMs = PLACING_MS - reply.elapsedTime
      const answer = await place({ shopId, buyerId, key, ...body, channel: viewerOf(caller).channel, withinMs })
      if (answer.totalFen === 0) await payNothing(deps, { shopId, buyerId, orderId: answer.orderId })
      return answer
    },

    'orders.list': async ({ params: { shopId }, caller, query: { cursor, limit, state } }) => {
      const { buyerId } = requireBuyer(caller)
      const before = decodeCursor(cursor, OrderCursor)
      return db.read({ shopId, buyerId }, async (tx) => {
        const rows = await listOrders(tx, { shopId, buyerId, state, before, limit: limit + 1 })
        const { items, nextCursor } = keysetPage(rows, limit, (row) => ({ at: row.placedAt, id: row.id }))
        return { items: await summaries(tx, deps, items), nextCursor }
      })
    },

    'orders.unpaid': async ({ caller, query }) => ({
      items: await unpaidOrders(deps, requireBuyer(caller).buyerId, query.shops),
    }),

    'orders.counts': ({ params: { shopId }, caller }) => {
      const { buyerId } = requireBuyer(caller)
      return db.read({ shopId, buyerId }, async (tx) => {
        const [waiting, aftersales] = await Promise.all([
          waitingOf(tx, shopId, buyerId),
          deps.openCasesOf(tx, shopId, buyerId),
        ])
        return { ...waiting, aftersales }
      })
    },

    'orders.get': ({ params, caller }) => view({ ...params, ...requireBuyer(caller) }),

    'orders.cancel': async ({ params, caller, body: { reason } }) => {
      const key = { ...params, ...requireBuyer(caller) }
      const actor = buyerActor(key.buyerId)
      await db.tx(scopeOf(key), (tx) => cancelOrder(tx, deps, key, { by: 'buyer', reason, actor }))
      return view(key)
    },

    'orders.confirmReceipt': async ({ params, caller }) => {
      const key = { ...params, ...requireBuyer(caller) }
      await db.tx(scopeOf(key), (tx) => confirmReceipt(tx, deps, key, buyerActor(key.buyerId)))
      return view(key)
    },
  }
}

/** Nothing to pay: the order is paid as it is placed. Repeated by the same key when it did not come to that. */
async function payNothing(deps: OrdersDeps, key: Required<OrderKey>): Promise<void> {
  const paidAt = deps.clock.instant()
  await deps.db.tx(scopeOf(key), (tx) => markPaid(tx, deps, { ...key, paidFen: 0, paidAt, paymentId: null }))
}

const scopeOf = ({ shopId, buyerId }: Required<OrderKey>) => ({ shopId, buyerId })

const buyerActor = (buyerId: string): Actor => ({ kind: 'buyer', id: buyerId })

function requireBuyer(caller: Caller): { buyerId: string } {
  if (caller.kind !== 'buyer') throw new AppError('SIGN_IN_REQUIRED')
  return { buyerId: caller.buyerId }
}
