import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import { DAY_MS, plusMs } from '../../kernel/clock.ts'
import { withDataScopes } from '../../kernel/data-scope.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { type Caller, type StaffCaller, scopesFor } from '../../kernel/http/caller.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { once } from '../../kernel/idempotency.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import { cancelOrder } from './cancel-order.ts'
import type { OrdersDeps } from './deps.ts'
import { lateBefore } from './late.ts'
import { OrderCursor } from './routes-buyer.ts'
import { shipOrder } from './ship-order.ts'
import { orderNotFound } from './steps.ts'
import { listOrders, writeMerchantNote } from './store-lists.ts'
import { findOrder, type OrderRow } from './store-orders.ts'
import { listShipments } from './store-shipments.ts'
import { type MerchantView, merchantRow, merchantView, shipmentViews, sourceOf, summaries } from './views.ts'

interface StaffCall {
  params: { shopId: string; orderId: string }
  caller: Caller
  ip: string
  requestId: string
}

/** An order as the shop sees it, masked. @throws AppError NOT_FOUND */
export const merchantOrder = (deps: OrdersDeps, key: { shopId: string; orderId: string }): Promise<MerchantView> =>
  deps.db.read({ shopId: key.shopId }, async (tx) => {
    const order = await required(tx, key)
    return merchantView(tx, deps, order, { reveal: false, buyerNickname: await nicknameOf(deps, order) })
  })

export function consoleHandlers(deps: OrdersDeps): Handlers {
  const { db } = deps
  /** The order after a change, as the console shows it: masked. */
  const view = ({ params }: StaffCall): Promise<MerchantView> => merchantOrder(deps, params)

  return {
    'console.orders': async ({ params: { shopId }, query: { cursor, limit, q, late, sort, ...filter } }) => {
      const before = decodeCursor(cursor, OrderCursor)
      const search = q ? searchFor(deps, q) : undefined
      const paidBefore = late ? await lateBefore(deps, shopId) : undefined
      const { rows, nextCursor, lists, parcels, accounts } = await db.read({ shopId }, async (tx) => {
        const more = deps.fulfilment.conditions(shopId, filter)
        const { state, buyerId, from, to, channelAccount } = filter
        const found = await listOrders(tx, {
          ...{ shopId, state, buyerId, from, to, more, search, before, paidBefore, channelAccount },
          oldestFirst: sort === 'placed',
          limit: limit + 1,
        })
        const page = keysetPage(found, limit, (row) => ({ at: row.placedAt, id: row.id }))
        const ids = page.items.map((row) => row.id)
        return {
          rows: page.items,
          nextCursor: page.nextCursor,
          lists: await summaries(tx, deps, page.items),
          parcels: await deps.fulfilment.columns(tx, shopId, ids),
          accounts: await deps.accountNames(tx, shopId),
        }
      })
      const buyerIds = [...new Set(rows.map((row) => row.buyerId))]
      const names = await db.read('system', (tx) => deps.identity.nicknames(tx, buyerIds))
      return {
        items: rows.map((row, index) => ({
          ...merchantRow(row, lists[index]!, names.get(row.buyerId) ?? ''),
          source: sourceOf(row, accounts),
          fulfilment: parcels.get(row.id) ?? null,
        })),
        nextCursor,
      }
    },

    'console.order': (call) => (call.query.reveal ? revealed(deps, call) : view(call)),

    'console.noteOrder': async (call) => {
      const { shopId, orderId } = call.params
      const { note } = call.body
      await db.tx({ shopId }, async (tx) => {
        if (!(await writeMerchantNote(tx, shopId, orderId, note))) throw orderNotFound()
        // The note itself may name people, and the audit trail is never changed.
        await record(tx, deps, call, 'orders.note', note === '' ? '清空商家备注' : '修改商家备注')
      })
      return view(call)
    },

    'console.cancelOrder': async (call) => {
      const { reason } = call.body
      const how = { by: 'merchant', reason, actor: staffActor(call.caller) } as const
      await db.tx({ shopId: call.params.shopId }, async (tx) => {
        const order = await cancelOrder(tx, deps, call.params, how)
        await record(tx, deps, call, 'orders.cancel', `取消订单 ${order.orderNo}：${reason}`)
      })
      return view(call)
    },

    'console.shipOrder': async (call) => {
      const { shopId, orderId } = call.params
      const actor = staffActor(call.caller)
      await onceForStaff(deps, call, 'console.shipOrder', call.body, async (tx) => {
        await shipOrder(tx, deps, { shopId, orderId, ...call.body, actor })
        const order = await required(tx, call.params)
        await record(tx, deps, call, 'orders.ship', `订单 ${order.orderNo} 发货：${call.body.trackingNo}`)
      })
      return view(call)
    },

    'console.shipments': async ({ params: { shopId }, query: { cursor, limit, q } }) => {
      const before = decodeCursor(cursor, OrderCursor)
      return db.read({ shopId }, async (tx) => {
        const rows = await listShipments(tx, shopId, { q, before, limit: limit + 1 })
        const { items, nextCursor } = keysetPage(rows, limit, (row) => ({ at: row.shippedAt, id: row.id }))
        return { items: await shipmentViews(tx, deps, shopId, items), nextCursor }
      })
    },
  }
}

/** Personal data in clear, for those who may see it; who looked is in the audit trail. */
async function revealed(deps: OrdersDeps, call: StaffCall): Promise<MerchantView> {
  const permission = 'customers.personal-data'
  const staff = staffOf(call.caller)
  const { shopId } = call.params
  if (!staff.permissions.has(permission)) throw new AppError('FORBIDDEN', { values: { permission } })
  // The role that shows the order need not be the one that shows whose it is.
  await withDataScopes(scopesFor(staff, permission), () => deps.db.read({ shopId }, (tx) => required(tx, call.params)))
  return deps.db.tx({ shopId }, async (tx) => {
    const order = await required(tx, call.params)
    const buyerNickname = await nicknameOf(deps, order)
    const view = await merchantView(tx, deps, order, { reveal: true, buyerNickname })
    await record(tx, deps, call, 'orders.reveal-personal-data', `查看订单 ${order.orderNo} 的收货人信息`)
    return view
  })
}

async function required(tx: Tx, key: { shopId: string; orderId: string }): Promise<OrderRow> {
  const order = await findOrder(tx, key)
  if (order === undefined) throw orderNotFound()
  return order
}

async function nicknameOf({ db, identity }: OrdersDeps, { buyerId }: OrderRow): Promise<string> {
  return (await db.read('system', (tx) => identity.nicknames(tx, [buyerId]))).get(buyerId) ?? ''
}

async function onceForStaff(
  { db, clock }: OrdersDeps,
  call: StaffCall & { idempotencyKey: string },
  route: string,
  body: unknown,
  work: (tx: Tx) => Promise<void>,
): Promise<void> {
  const { shopId, orderId } = call.params
  const { staffId: callerId } = staffOf(call.caller)
  const key = { shopId, callerId, route, key: call.idempotencyKey, request: { orderId, body }, at: clock.instant() }
  await db.tx({ shopId }, (tx) =>
    once(tx, key, async () => {
      await work(tx)
      return { orderId }
    }),
  )
}

async function record(
  tx: Tx,
  { clock }: OrdersDeps,
  call: StaffCall,
  action: string,
  summary: string,
  after?: unknown,
): Promise<void> {
  const { shopId, orderId: entityId } = call.params
  const { ip, requestId } = call
  await audit(tx, clock, {
    shopId,
    actor: staffActor(call.caller),
    action,
    entity: 'order',
    entityId,
    summary,
    after,
    ip,
    requestId,
  })
}

/** How far back the last digits of a phone or an order number are looked for. */
const TAIL_DAYS = 90

/** A whole number or phone is looked up; 4 to 8 digits may be the end of one. */
const searchFor = (deps: OrdersDeps, q: string) => ({
  number: q,
  phoneHash: looksLikePhone(q) ? deps.vault.phoneIndex(q) : null,
  tail: /^\d{4,8}$/.test(q) ? { digits: q, since: plusMs(deps.clock.instant(), -TAIL_DAYS * DAY_MS) } : undefined,
})

const looksLikePhone = (text: string): boolean => /^\+?[\d -]{11,20}$/.test(text)

export function staffActor(caller: Caller): Actor {
  const { staffId: id, name } = staffOf(caller)
  return { kind: 'staff', id, name }
}

function staffOf(caller: Caller): StaffCaller {
  if (caller.kind !== 'staff') throw new AppError('SIGN_IN_REQUIRED')
  return caller
}
