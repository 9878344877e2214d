import type { OrderState } from '@zhanggui/contract'
import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { type Emission, type EventDefinition, emitMany } from '../../kernel/outbox.ts'
import type { MovementInput, Stock } from '../stock/index.ts'
import { type LineRow, lockOrder, type OrderKey, type OrderRow } from './store-orders.ts'

/** The order, locked. @throws AppError NOT_FOUND */
export async function requireOrder(tx: Tx, key: OrderKey): Promise<OrderRow> {
  const order = await lockOrder(tx, key)
  if (order === undefined) throw orderNotFound()
  return order
}

export const orderNotFound = (): AppError => new AppError('NOT_FOUND', { values: { what: '订单' } })

/** The order as it is after a step to `state`. */
export const stepped = (order: OrderRow, state: OrderState): OrderRow => ({
  ...order,
  state,
  version: order.version + 1,
})

/** What every event of an order begins with; `order` as it is after the step. */
export const eventHead = (order: OrderRow) => ({
  orderId: order.id,
  orderNo: order.orderNo,
  buyerId: order.buyerId,
  version: order.version,
})

export const eventLines = (lines: readonly LineRow[]) =>
  lines.map(({ skuId, productId, title, quantity, payTotalFen }) => ({
    skuId,
    productId,
    title,
    quantity,
    payTotalFen,
  }))

/** Emits one event for each order. */
export async function tell<P>(
  tx: Tx,
  event: EventDefinition<P>,
  orders: readonly OrderRow[],
  told: { occurredAt: string; actor: Actor; payload: (order: OrderRow) => P },
): Promise<void> {
  const { occurredAt, actor, payload } = told
  const emissions: Emission<P>[] = orders.map((order) => {
    const about = { shopId: order.shopId, aggregate: 'order', aggregateId: order.id }
    return { ...about, payload: payload(order), occurredAt, actor }
  })
  await emitMany(tx, event, emissions)
}

/** Writes what happened to stock because of orders. */
export async function recordMovements(
  tx: Tx,
  stock: Stock,
  at: string,
  actor: Actor,
  moves: readonly {
    order: OrderRow
    skuId: string
    warehouseId: string
    quantity: number
    reason: 'release' | 'sale' | 'reserve'
    note: string
  }[],
): Promise<void> {
  const movements = moves.map(({ order, ...move }): MovementInput => {
    return { id: newId(), shopId: order.shopId, at, actor, orderId: order.id, orderNo: order.orderNo, ...move }
  })
  await stock.recordMovements(tx, movements)
}
