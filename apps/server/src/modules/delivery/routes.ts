import { z } from 'zod'
import { ExpressError } from '../../adapters/express/index.ts'
import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import { MINUTE_MS } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { buyerOf, type Caller, staffOf } from '../../kernel/http/caller.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { once } from '../../kernel/idempotency.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import { createRateLimit } from '../../kernel/rate-limit.ts'
import { viewerOf } from '../prices/index.ts'
import type { DeliveryDeps } from './deps.ts'
import { buyerFollowUp, isLate, merchantFollowUp } from './follow-up.ts'
import { findPickUp, handOver, markReady } from './pick-up.ts'
import { areaOf, changePoint, createPoint, listPoints, removePoint, setArea } from './points.ts'
import { delivered, dispatch } from './same-city.ts'
import { type LocalRow, listLocal } from './store.ts'
import { findTrack } from './store-tracks.ts'
import { deliveryOptions } from './terms.ts'
import { ask, parcelViews, saltOf, takeNews } from './tracking.ts'

/** Where the list of local orders goes on. */
const LocalCursor = z.object({ open: z.boolean(), due: z.iso.datetime(), id: z.uuid() })
const REFRESHES_A_MINUTE = 6

interface Key {
  shopId: string
  orderId: string
}

interface StaffCall {
  params: { shopId: string }
  caller: Caller
  ip: string
  requestId: string
}

const staffActor = (caller: Caller): Actor => {
  const { staffId: id, name } = staffOf(caller)
  return { kind: 'staff', id, name }
}

const parcelMissing = (): AppError => new AppError('NOT_FOUND', { values: { what: '包裹' } })

export function buyerHandlers(deps: DeliveryDeps): Handlers {
  const { db } = deps
  /** The order must be that buyer's. */
  const required = async (tx: Tx, key: Key & { buyerId: string }): Promise<void> => {
    if ((await deps.orders.findOrder(tx, key)) === undefined)
      throw new AppError('NOT_FOUND', { values: { what: '订单' } })
  }
  return {
    'store.deliveryOptions': ({ params: { shopId }, body, caller }) => {
      const viewer = viewerOf(caller, body.province ?? null)
      return db.read({ shopId }, (tx) => deliveryOptions(tx, deps, { shopId, viewer, ...body }))
    },

    'orders.followUp': ({ params, caller }) => {
      const key = { ...params, buyerId: buyerOf(caller) }
      return db.read({ shopId: key.shopId, buyerId: key.buyerId }, async (tx) => {
        await required(tx, key)
        return buyerFollowUp(tx, deps, key.shopId, key.orderId)
      })
    },

    'orders.parcel': ({ params, caller }) => {
      const { shopId, shipmentId } = params
      const buyerId = buyerOf(caller)
      return db.read({ shopId, buyerId }, async (tx) => {
        const track = await findTrack(tx, shopId, shipmentId)
        if (track === undefined || track.buyerId !== buyerId) throw parcelMissing()
        return (await parcelViews(tx, shopId, [track]))[0]!
      })
    },

    'express.trackNotify': async ({ params: { shopId, shipmentId }, request, reply }) => {
      const { express } = deps
      const answer = (status: number, result: boolean, message: string) =>
        reply.status(status).send({ result, returnCode: result ? '200' : String(status), message })
      if (!express) return answer(401, false, '没有开通物流跟踪')
      try {
        const news = express.readCallback(request.rawBody, saltOf(deps, shopId, shipmentId))
        if (await takeNews(deps, shopId, shipmentId, news)) return answer(200, true, '成功')
        return answer(404, false, '没有这个包裹')
      } catch (error) {
        if (!(error instanceof ExpressError)) throw error
        request.log.warn({ err: error, reqId: request.id }, 'a carrier’s news were not taken')
        return answer(error.fault === 'signature' ? 401 : 400, false, '签名或内容不正确')
      }
    },
  }
}

export function parcelHandlers(deps: DeliveryDeps): Handlers {
  const { db } = deps
  const refreshes = createRateLimit({ clock: deps.clock, limit: REFRESHES_A_MINUTE, windowMs: MINUTE_MS })
  return {
    'console.orderFollowUp': ({ params: { shopId, orderId } }) =>
      db.read({ shopId }, async (tx) => {
        if ((await deps.orders.findOrder(tx, { shopId, orderId })) === undefined)
          throw new AppError('NOT_FOUND', { values: { what: '订单' } })
        return merchantFollowUp(tx, deps, shopId, orderId)
      }),

    'console.refreshParcel': async ({ params: { shopId, shipmentId } }) => {
      const find = () => db.read({ shopId }, (tx) => findTrack(tx, shopId, shipmentId))
      const track = await find()
      if (track === undefined) throw parcelMissing()
      if (!deps.express)
        throw new AppError('UNAVAILABLE', {
          values: { what: '物流查询', reason: '尚未配置 EXPRESS_KEY、EXPRESS_CUSTOMER' },
        })
      refreshes(`${shopId}/${shipmentId}`)
      await ask(deps, deps.express, track)
      const now = await find()
      return db.read({ shopId }, async (tx) => (await parcelViews(tx, shopId, [now!]))[0]!)
    },
  }
}

export function placeHandlers(deps: DeliveryDeps): Handlers {
  const { db } = deps
  const change = <T>(call: StaffCall, work: (tx: Tx, shopId: string) => Promise<T>): Promise<T> =>
    db.tx({ shopId: call.params.shopId }, (tx) => work(tx, call.params.shopId))
  const pointOf = async (tx: Tx, shopId: string, id: string) =>
    (await listPoints(tx, deps, shopId)).find((point) => point.id === id)!

  return {
    'console.pickUpPoints': ({ params: { shopId } }) =>
      db.read({ shopId }, async (tx) => ({ items: await listPoints(tx, deps, shopId) })),

    'console.createPickUpPoint': (call) =>
      change(call, async (tx, shopId) => {
        const id = await createPoint(tx, deps, shopId, call.body)
        await record(tx, deps, call, 'delivery.create-point', id, `新增自提点「${call.body.name}」`, call.body)
        return pointOf(tx, shopId, id)
      }),

    'console.updatePickUpPoint': (call) =>
      change(call, async (tx, shopId) => {
        const { pointId } = call.params
        await changePoint(tx, deps, shopId, pointId, call.body)
        await record(tx, deps, call, 'delivery.change-point', pointId, `修改自提点「${call.body.name}」`, call.body)
        return pointOf(tx, shopId, pointId)
      }),

    'console.removePickUpPoint': (call) =>
      change(call, async (tx, shopId) => {
        const { name } = await removePoint(tx, shopId, call.params.pointId)
        await record(tx, deps, call, 'delivery.remove-point', call.params.pointId, `删除自提点「${name}」`)
        return { ok: true as const }
      }),

    'console.sameCity': ({ params: { shopId } }) =>
      db.read({ shopId }, async (tx) => ({ area: (await areaOf(tx, shopId)) as never })),

    'console.saveSameCity': (call) =>
      change(call, async (tx, shopId) => {
        await setArea(tx, deps, shopId, call.body)
        await record(tx, deps, call, 'delivery.set-area', shopId, '修改同城配送区域', call.body)
        return { area: (await areaOf(tx, shopId)) as never }
      }),
  }
}

export function workHandlers(deps: DeliveryDeps): Handlers {
  const { db, clock } = deps
  const followUp = ({ shopId, orderId }: Key) =>
    db.read({ shopId }, (tx) => merchantFollowUp(tx, deps, shopId, orderId))
  const clerkOf = (caller: Caller) => ({ staffId: staffOf(caller).staffId, actor: staffActor(caller) })
  return {
    'console.localOrders': async ({ params: { shopId }, query: { cursor, limit, late, ...filter } }) => {
      const after = decodeCursor(cursor, LocalCursor)
      const now = clock.instant()
      return db.read({ shopId }, async (tx) => {
        const rows = await listLocal(tx, shopId, {
          ...filter,
          ...{ after, limit: limit + 1, lateAt: late ? now : undefined },
        })
        const at = (row: LocalRow) => ({ open: row.isOpen, due: row.sortDue, id: row.orderId })
        const { items, nextCursor } = keysetPage(rows, limit, at)
        return { items: items.map((row) => localView(row, now)), nextCursor }
      })
    },

    'console.readyForPickUp': async (call) => {
      const { shopId } = call.params
      await db.tx({ shopId }, async (tx) => {
        const row = await markReady(tx, deps, call.params, staffActor(call.caller))
        await record(tx, deps, call, 'delivery.ready', row.orderId, `订单 ${row.orderNo} 备货完成`)
      })
      return followUp(call.params)
    },

    'console.dispatchOrder': async (call) => {
      const { shopId, orderId } = call.params
      const actor = staffActor(call.caller)
      const key = {
        ...{ shopId, callerId: staffOf(call.caller).staffId, route: 'console.dispatchOrder' },
        ...{ key: call.idempotencyKey, request: { orderId, body: call.body }, at: clock.instant() },
      }
      await db.tx({ shopId }, (tx) =>
        once(tx, key, async () => {
          await dispatch(tx, deps, call.params, { ...call.body, actor })
          await record(tx, deps, call, 'delivery.dispatch', orderId, `同城订单交给骑手 ${call.body.riderName}`)
          return { orderId }
        }),
      )
      return followUp(call.params)
    },

    'console.deliveredOrder': async (call) => {
      await db.tx({ shopId: call.params.shopId }, (tx) => delivered(tx, deps, call.params, staffActor(call.caller)))
      return followUp(call.params)
    },

    'console.findPickUp': ({ params: { shopId }, body: { code }, caller }) =>
      findPickUp(deps, shopId, code, clerkOf(caller)),

    'console.handOver': async (call) => {
      const { shopId } = call.params
      const done = await handOver(deps, shopId, call.body.code, clerkOf(call.caller))
      await db.tx({ shopId }, (tx) =>
        record(tx, deps, call, 'delivery.hand-over', done.orderId, `订单 ${done.orderNo} 在「${done.pointName}」核销`, {
          note: call.body.note,
        }),
      )
      return done
    },
  }
}

function localView(row: LocalRow, now: string) {
  const { orderId, orderNo, method, state, region, itemCount, paidAt, dueAt, keepUntil, frozen } = row
  return {
    ...{ orderId, orderNo, method, state, region, itemCount, paidAt, keepUntil },
    receiver: row.receiverMasked,
    receiverPhone: row.phoneMasked,
    pointName: frozen.point?.name ?? '',
    promisedAt: dueAt,
    late: isLate(row, now),
    rider: row.riderName !== null && row.riderPhone !== null ? { name: row.riderName, phone: row.riderPhone } : null,
  }
}

async function record(
  tx: Tx,
  { clock }: DeliveryDeps,
  call: StaffCall,
  action: string,
  entityId: string,
  summary: string,
  after?: unknown,
): Promise<void> {
  const { ip, requestId } = call
  const actor = staffActor(call.caller)
  const entity = action.includes('point') ? 'pick-up-point' : action.includes('area') ? 'same-city-area' : 'order'
  await audit(tx, clock, { shopId: call.params.shopId, actor, action, entity, entityId, summary, after, ip, requestId })
}
