import { z } from 'zod'
import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { buyerOf, type Caller, staffOf } from '../../kernel/http/caller.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import { addressChangeOf, askAddressChange, decideAddress } from './address.ts'
import type { ExceptionDeps } from './deps.ts'
import { holdOrder } from './hold.ts'
import { change, requireOpen, resolve } from './life.ts'
import { reportShortage, settleShortage } from './shortage.ts'
import { countOpen, exceptionsOf, findException, listExceptions, NEVER } from './store.ts'
import { boardViews, buyerViews } from './views.ts'

/** Where the board goes on. */
const BoardCursor = z.object({ done: z.boolean(), due: z.iso.datetime(), id: z.uuid() })

interface BuyerKey {
  shopId: string
  orderId: string
  buyerId: string
}

const staffActor = (caller: Caller): Actor => {
  const { staffId: id, name } = staffOf(caller)
  return { kind: 'staff', id, name }
}

export function buyerHandlers(deps: ExceptionDeps): Handlers {
  const { db } = deps
  const keyOf = (call: { params: { shopId: string; orderId: string }; caller: Caller }): BuyerKey => ({
    ...call.params,
    buyerId: buyerOf(call.caller),
  })
  const actorOf = ({ buyerId }: BuyerKey): Actor => ({ kind: 'buyer', id: buyerId })
  const view = (key: BuyerKey) =>
    db.read({ shopId: key.shopId, buyerId: key.buyerId }, async (tx) => {
      const order = await deps.orders.findOrder(tx, key)
      if (order === undefined) throw new AppError('NOT_FOUND', { values: { what: '订单' } })
      const rows = await exceptionsOf(tx, key.shopId, key.orderId)
      return {
        items: await buyerViews(tx, deps, key.shopId, rows),
        addressChange: await addressChangeOf(tx, deps, order, rows),
      }
    })
  return {
    'orders.exceptions': (call) => view(keyOf(call)),

    'orders.answerException': async (call) => {
      const key = keyOf(call)
      // Goods and reservations are the shop's: the order is found only if it is this buyer's.
      await db.tx({ shopId: key.shopId }, (tx) => settleShortage(tx, deps, key, { ...call.body, actor: actorOf(key) }))
      return view(key)
    },

    'orders.changeAddress': async (call) => {
      const key = keyOf(call)
      await db.tx({ shopId: key.shopId }, (tx) => askAddressChange(tx, deps, key, call.body.address, actorOf(key)))
      return view(key)
    },
  }
}

interface StaffCall {
  params: { shopId: string }
  caller: Caller
  ip: string
  requestId: string
}

export function boardHandlers(deps: ExceptionDeps): Handlers {
  const { db, clock } = deps
  const one = (shopId: string, id: string) =>
    db.read(
      { shopId },
      async (tx) => (await boardViews(tx, deps, shopId, [(await findException(tx, shopId, id))!]))[0]!,
    )
  const record = (tx: Tx, call: StaffCall, action: string, entityId: string, summary: string) =>
    audit(tx, clock, {
      ...{ shopId: call.params.shopId, actor: staffActor(call.caller), action, entity: 'exception', entityId, summary },
      ...{ ip: call.ip, requestId: call.requestId },
    })
  return {
    'console.exceptions': async ({ params: { shopId }, query: { cursor, limit, mine, ...filter }, caller }) => {
      const after = decodeCursor(cursor, BoardCursor)
      const ownerId = mine ? staffOf(caller).staffId : undefined
      return db.read({ shopId }, async (tx) => {
        const rows = await listExceptions(tx, shopId, { ...filter, ownerId, after, limit: limit + 1 })
        const { items, nextCursor } = keysetPage(rows, limit, (row) => {
          return { done: row.state === 'resolved', due: row.dueAt ?? NEVER, id: row.id }
        })
        return { items: await boardViews(tx, deps, shopId, items), nextCursor }
      })
    },

    'console.exceptionCounts': ({ params: { shopId } }) =>
      db.read({ shopId }, async (tx) => {
        const kinds = await countOpen(tx, shopId, clock.instant())
        const sum = (of: 'count' | 'overdue') => kinds.reduce((total, row) => total + row[of], 0)
        return { open: sum('count'), overdue: sum('overdue'), kinds }
      }),

    'console.reportShortage': async (call) => {
      const { shopId } = call.params
      const actor = staffActor(call.caller)
      const { id } = await db.tx({ shopId }, async (tx) => {
        const row = await reportShortage(tx, deps, { ...call.params, ...call.body, actor })
        await record(tx, call, 'exceptions.shortage', row.id, `订单 ${row.orderNo} 登记${row.title}`)
        return row
      })
      return one(shopId, id)
    },

    'console.holdOrder': async (call) => {
      const { shopId } = call.params
      const { id } = await db.tx({ shopId }, async (tx) => {
        const row = await holdOrder(tx, deps, call.params, { ...call.body, actor: staffActor(call.caller) })
        await record(tx, call, 'exceptions.hold', row.id, `订单 ${row.orderNo} 暂缓发货：${row.detail}`)
        return row
      })
      return one(shopId, id)
    },

    'console.takeExceptions': (call) =>
      db.tx({ shopId: call.params.shopId }, async (tx) => {
        const { staffId: ownerId, name: ownerName } = staffOf(call.caller)
        let taken = 0
        for (const id of [...new Set(call.body.exceptionIds)].sort()) {
          const row = await requireOpen(tx, call.params.shopId, id)
          if (row.ownerId === ownerId) continue
          await change(tx, deps, row, {
            ownerId,
            ownerName,
            text: `${ownerName}开始处理`,
            actor: staffActor(call.caller),
          })
          taken++
        }
        return { taken }
      }),

    'console.resolveExceptions': async (call) => {
      const { shopId } = call.params
      const refused: { id: string; reason: string }[] = []
      let resolved = 0
      for (const id of [...new Set(call.body.exceptionIds)])
        try {
          await db.tx({ shopId }, async (tx) => {
            const found = await findException(tx, shopId, id)
            if (found === undefined) throw new AppError('NOT_FOUND', { values: { what: '异常' } })
            await deps.orders.lockOrder(tx, found)
            const row = await requireOpen(tx, shopId, id)
            const actor = staffActor(call.caller)
            if (row.kind === 'shortage' && row.state === 'waiting-buyer')
              throw new AppError('ORDER_STATE', {
                values: { orderNo: row.orderNo, state: '等买家选择', action: '直接关闭，可等买家选择或到期' },
              })
            await resolve(tx, deps, row, call.body.resolution, actor)
            await record(
              tx,
              call,
              'exceptions.resolve',
              id,
              `订单 ${row.orderNo}「${row.title}」：${call.body.resolution}`,
            )
          })
          resolved++
        } catch (error) {
          if (!(error instanceof AppError)) throw error
          refused.push({ id, reason: error.message })
        }
      return { resolved, refused }
    },

    'console.decideAddressChange': async (call) => {
      const { shopId, exceptionId } = call.params
      await db.tx({ shopId }, async (tx) => {
        const found = await findException(tx, shopId, exceptionId)
        if (found === undefined) throw new AppError('NOT_FOUND', { values: { what: '改地址申请' } })
        const key = { shopId, exceptionId, orderId: found.orderId }
        await decideAddress(tx, deps, key, { ...call.body, actor: staffActor(call.caller) })
        const text = call.body.accept ? '同意' : '不同意'
        await record(tx, call, 'exceptions.address', exceptionId, `订单 ${found.orderNo} 改地址：${text}`)
      })
      return one(shopId, exceptionId)
    },
  }
}
