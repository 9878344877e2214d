import { z } from 'zod'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { once } from '../../kernel/idempotency.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import { assignOrder } from './assign-orders.ts'
import type { FulfilmentDeps } from './deps.ts'
import { mergeParcels, splitParcel, unmergeParcel } from './edit-parcels.ts'
import { routingOf } from './packed-routing.ts'
import { parcelsForCode } from './ship-file.ts'
import { handOver, packParcel, parcelNotFound, undoPack } from './ship-parcel.ts'
import { actorOf, record, type StaffCall, staffOf } from './staff.ts'
import { listParcels, OPEN_STATES, parcelIdsOfOrders, parcelsByIds } from './store-parcels.ts'
import { listWaves } from './store-waves.ts'
import { mergeableWith } from './suggest.ts'
import { parcelView, parcelViews } from './views.ts'
import { createWaves, leaveWave, startWave, waveView, waveViews } from './waves.ts'

const MAX_ORDER_PARCELS = 100

export function parcelHandlers(deps: FulfilmentDeps): Handlers {
  const { db } = deps
  /** Does something to a parcel, writes it into the audit trail, answers the parcel. */
  const change = (
    call: StaffCall & { params: { parcelId: string } },
    words: { action: string; summary: (code: string) => string },
    work: (tx: Tx) => Promise<unknown>,
  ) =>
    db.tx({ shopId: call.params.shopId }, async (tx) => {
      const { shopId, parcelId } = call.params
      await work(tx)
      const view = await parcelView(tx, deps, shopId, parcelId)
      await record(tx, deps.clock, call, {
        action: words.action,
        entity: 'parcel',
        entityId: parcelId,
        summary: words.summary(view.code),
      })
      return view
    })

  return {
    'console.parcels': async ({ params: { shopId }, query: { cursor, limit, ...filter } }) => {
      const beforeId = decodeCursor(cursor, z.uuid())
      return db.read({ shopId }, async (tx) => {
        const rows = await listParcels(tx, shopId, { ...filter, beforeId, limit: limit + 1 })
        const { items, nextCursor } = keysetPage(rows, limit, (row) => row.id)
        return { items: await parcelViews(tx, deps, shopId, items), nextCursor }
      })
    },
    'console.orderFulfilment': ({ params: { shopId, orderId } }) =>
      db.read({ shopId }, async (tx) => {
        const [order] = await deps.orders.ordersToPack(tx, shopId, [orderId], 'read')
        if (order === undefined) throw new AppError('NOT_FOUND', { values: { what: '订单' } })
        const ids = (await parcelIdsOfOrders(tx, shopId, [orderId])).slice(0, MAX_ORDER_PARCELS)
        const parcels = await parcelsByIds(tx, shopId, ids)
        const mergeable = await mergeableWith(tx, deps, shopId, order, parcels)
        return {
          routing: await routingOf(tx, shopId, order.routing),
          parcels: await parcelViews(tx, deps, shopId, parcels),
          mergeable: await parcelViews(tx, deps, shopId, mergeable),
        }
      }),
    'console.splitParcel': (call) =>
      db.tx({ shopId: call.params.shopId }, async (tx) => {
        const { shopId, parcelId } = call.params
        const both = await splitParcel(tx, deps, { shopId, parcelId, ...call.body })
        await record(tx, deps.clock, call, {
          action: 'fulfilment.split',
          entity: 'parcel',
          entityId: parcelId,
          summary: `拆分包裹 ${both[0]!.code}，新包裹 ${both[1]!.code}`,
        })
        return { items: await parcelViews(tx, deps, shopId, both) }
      }),
    'console.mergeParcels': (call) =>
      db.tx({ shopId: call.params.shopId }, async (tx) => {
        const { shopId } = call.params
        const merged = await mergeParcels(tx, deps, shopId, call.body.parcelIds)
        await record(tx, deps.clock, call, {
          action: 'fulfilment.merge',
          entity: 'parcel',
          entityId: merged.id,
          summary: `合并 ${call.body.parcelIds.length} 个包裹为 ${merged.code}`,
        })
        return (await parcelViews(tx, deps, shopId, [merged]))[0]!
      }),
    'console.unmergeParcel': (call) =>
      db.tx({ shopId: call.params.shopId }, async (tx) => {
        const { shopId, parcelId } = call.params
        const rows = await unmergeParcel(tx, deps, shopId, parcelId)
        await record(tx, deps.clock, call, {
          action: 'fulfilment.unmerge',
          entity: 'parcel',
          entityId: parcelId,
          summary: `取消合并 ${rows[0]!.code}，分回 ${rows.length} 个包裹`,
        })
        return { items: await parcelViews(tx, deps, shopId, rows) }
      }),
    'console.scan': ({ params: { shopId }, query: { code } }) =>
      db.tx({ shopId }, async (tx) => {
        const found = await parcelsForCode(tx, deps, shopId, code)
        const open = found.filter((row) => OPEN_STATES.includes(row.state))
        const rows = open.length > 0 ? open : found
        if (rows.length === 0) throw parcelNotFound()
        return { parcels: await parcelViews(tx, deps, shopId, rows.slice(0, 20)) }
      }),
    'console.packParcel': (call) =>
      change(
        call,
        {
          action: 'fulfilment.pack',
          summary: (code) => `包裹 ${code} 扫码打包：${call.body.trackingNo}`,
        },
        (tx) => packParcel(tx, deps, { ...call.params, ...call.body, actor: actorOf(call) }),
      ),
    'console.undoPack': (call) =>
      change(call, { action: 'fulfilment.undo-pack', summary: (code) => `撤销包裹 ${code} 的运单号` }, (tx) =>
        undoPack(tx, deps, call.params.shopId, call.params.parcelId),
      ),
    'console.handOverParcels': async (call) => {
      const { shopId } = call.params
      const parcels = await db.read({ shopId }, (tx) => parcelsByIds(tx, shopId, call.body.parcelIds))
      const names = new Map(parcels.map((parcel) => [parcel.id, parcel.code]))
      return eachOf(call.body.parcelIds, names, (parcelId) =>
        db.tx({ shopId }, (tx) => handOver(tx, deps, shopId, parcelId, actorOf(call))),
      )
    },
    'console.assignOrders': async (call) => {
      const { shopId } = call.params
      const { orderIds, ...what } = call.body
      const orders = await db.read({ shopId }, (tx) => deps.orders.ordersToPack(tx, shopId, orderIds, 'read'))
      const names = new Map(orders.map((order) => [order.id, order.orderNo]))
      return eachOf(orderIds, names, (orderId) =>
        db.tx({ shopId }, (tx) => assignOrder(tx, deps, call, { orderId, ...what })),
      )
    },
  }
}

/** Each in a transaction of its own; what fails does not stop the others. */
async function eachOf(ids: readonly string[], names: ReadonlyMap<string, string>, work: (id: string) => Promise<void>) {
  const failed: { id: string; label: string; reason: string }[] = []
  let done = 0
  for (const id of new Set(ids)) {
    try {
      await work(id)
      done++
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      failed.push({ id, label: names.get(id) ?? '', reason: error.message })
    }
  }
  return { done, failed }
}

export function waveHandlers(deps: FulfilmentDeps): Handlers {
  const { db } = deps
  return {
    'console.waves': async ({ params: { shopId }, query: { cursor, limit, ...filter } }) => {
      const beforeId = decodeCursor(cursor, z.uuid())
      return db.read({ shopId }, async (tx) => {
        const rows = await listWaves(tx, shopId, { ...filter, beforeId, limit: limit + 1 })
        const { items, nextCursor } = keysetPage(rows, limit, (row) => row.id)
        return { items: waveViews(items, await deps.stock.warehouseNames(tx, shopId)), nextCursor }
      })
    },
    'console.wave': ({ params: { shopId, waveId } }) => db.read({ shopId }, (tx) => waveView(tx, deps, shopId, waveId)),
    'console.createWave': (call) => {
      const { shopId } = call.params
      const { staffId: callerId } = staffOf(call)
      const route = 'console.createWave'
      const key = { shopId, callerId, route, key: call.idempotencyKey, request: call.body, at: deps.clock.instant() }
      return db.tx({ shopId }, async (tx) => {
        const { waveIds, skipped } = await once(tx, key, () => createWaves(tx, deps, call, call.body))
        const rows = await listWaves(tx, shopId, { ids: waveIds, limit: waveIds.length })
        return { waves: waveViews(rows, await deps.stock.warehouseNames(tx, shopId)), skipped }
      })
    },
    'console.startWave': (call) =>
      db.tx({ shopId: call.params.shopId }, async (tx) => {
        const view = await startWave(tx, deps, call.params.shopId, call.params.waveId)
        await record(tx, deps.clock, call, {
          action: 'fulfilment.start-wave',
          entity: 'wave',
          entityId: view.id,
          summary: `波次 ${view.code} 开始拣货`,
        })
        return view
      }),
    'console.leaveWave': (call) =>
      db.tx({ shopId: call.params.shopId }, (tx) =>
        leaveWave(tx, deps, call.params.shopId, { waveId: call.params.waveId, parcelIds: call.body.parcelIds }),
      ),
  }
}
