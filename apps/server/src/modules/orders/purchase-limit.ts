import { sql, type Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { nameId } from '../../kernel/ids.ts'
import { type AccountSpec, accountId, type Refusal, type TransferCommand } from '../../ledger/index.ts'
import type { NewOrder } from './store-place.ts'

/**
 * What one buyer may have of a product (每人限购), all its SKUs together: units of unpaid orders are reserved towards an
 * account of buyer and product, paid ones are posted, and what comes to nothing is given back with the same mechanism as
 * stock. The limit is the product's as it is now, so it goes with the transfer. Products without a limit have no account.
 */
export interface CountedUnits {
  productId: string
  title: string
  quantity: number
  limit: number
}

const BOUGHT = 'limit.bought'
/** The other side; without limits. */
const OPEN = 'limit.open'

const unitOf = (productId: string): string => `limit:${productId}`
/** Of the first time; an order that was given more time reserved anew, `round` times. */
const reserveId = (orderId: string, productId: string, round = 0): string =>
  nameId('limit.reserve', orderId, productId, ...(round === 0 ? [] : [String(round)]))

interface CountedRow {
  shopId: string
  orderId: string
  productId: string
  countedFor: string
  quantity: number
  round: number
}

/** Units of an order by product, of products that have a limit. */
export function countUnits(
  lines: readonly { quantity: number; productId: string; title: string; purchaseLimit: number | null }[],
): CountedUnits[] {
  const counted = new Map<string, CountedUnits>()
  for (const { productId, title, quantity, purchaseLimit: limit } of lines) {
    if (limit === null) continue
    const earlier = counted.get(productId)
    if (earlier) earlier.quantity += quantity
    else counted.set(productId, { productId, title, quantity, limit })
  }
  return [...counted.values()]
}

export const limitAccounts = ({ shopId, buyerId }: NewOrder, counted: readonly CountedUnits[]): AccountSpec[] =>
  counted.flatMap(({ productId }) => {
    const account = { shopId, unit: unitOf(productId), listed: false }
    return [
      { ...account, code: OPEN, owners: [productId] },
      { ...account, code: BOUGHT, owners: [productId, buyerId], minBalance: 0 },
    ]
  })

/** Reserves what the buyer may still have. Behind the stock in its group: a key that was used before is seen first. */
export const countCommands = (
  { id, buyerId, payBefore }: NewOrder,
  counted: readonly CountedUnits[],
): TransferCommand[] =>
  counted.map(({ productId, quantity, limit }) => ({
    kind: 'pending',
    id: reserveId(id, productId),
    code: 'limit.reserve',
    debit: accountId(OPEN, productId),
    credit: accountId(BOUGHT, productId, buyerId),
    amount: quantity,
    unit: unitOf(productId),
    creditAtMost: limit,
    expiresAt: payBefore,
    reference: { type: 'order', id },
  }))

/** The refusal in words when it is the buyer's limit that an order went beyond. */
export function limitRefusal(
  order: NewOrder,
  counted: readonly CountedUnits[],
  refusal: Refusal,
): AppError | undefined {
  if (refusal.reason !== 'limit' || refusal.accountCode !== BOUGHT) return undefined
  const { title, limit, productId } = counted.find(
    (each) => reserveId(order.id, each.productId) === refusal.transferId,
  )!
  const left = Math.max(0, refusal.available ?? 0)
  return new AppError('PURCHASE_LIMIT', { values: { title, limit, left }, data: { productId, limit, left } })
}

export async function insertCounted(
  tx: Tx,
  counted: readonly { order: NewOrder; units: CountedUnits }[],
): Promise<void> {
  if (counted.length === 0) return
  await tx.exec(sql`
    insert into order_purchase_limits (shop_id, order_id, product_id, counted_for, quantity)
    select * from unnest(${counted.map(({ order }) => order.shopId)}::uuid[],
      ${counted.map(({ order }) => order.id)}::uuid[], ${counted.map(({ units }) => units.productId)}::uuid[],
      ${counted.map(({ order }) => order.buyerId)}::uuid[], ${counted.map(({ units }) => units.quantity)}::int[])`)
}

/** What orders count, by order; most count nothing and are absent. */
export async function countedOf(
  tx: Tx,
  orders: readonly { shopId: string; id: string }[],
): Promise<Map<string, CountedRow[]>> {
  const rows = await tx.rows<CountedRow>(sql`
    select l.* from unnest(${orders.map((order) => order.shopId)}::uuid[], ${orders.map((order) => order.id)}::uuid[])
      as want(shop_id, id)
    join order_purchase_limits l on l.shop_id = want.shop_id and l.order_id = want.id where l.quantity > 0`)
  return Map.groupBy(rows, (row) => row.orderId)
}

/** The order was paid. */
export const keepCounted = (rows: readonly CountedRow[] = []): TransferCommand[] => resolve('post', rows)
/** The order was cancelled before it was paid. */
export const dropCounted = (rows: readonly CountedRow[] = []): TransferCommand[] => resolve('void', rows)

const resolve = (kind: 'post' | 'void', rows: readonly CountedRow[]): TransferCommand[] =>
  rows.map(({ orderId, productId, round }) => {
    const pendingId = reserveId(orderId, productId, round)
    return { kind, id: nameId(`limit.${kind}`, pendingId), code: `limit.${kind}`, pendingId }
  })

/** The order waits longer: what it counts is reserved anew, whatever the limit is by now. `nextRound` goes with it. */
export const prolongCounted = (rows: readonly CountedRow[], expiresAt: string): TransferCommand[] => [
  ...dropCounted(rows),
  ...rows.map(
    ({ orderId, productId, countedFor, quantity, round }): TransferCommand => ({
      ...{ kind: 'pending', id: reserveId(orderId, productId, round + 1), code: 'limit.reserve', amount: quantity },
      ...{ debit: accountId(OPEN, productId), credit: accountId(BOUGHT, productId, countedFor) },
      ...{ unit: unitOf(productId), expiresAt, reference: { type: 'order', id: orderId } },
    }),
  ),
]

export async function nextRound(tx: Tx, order: { shopId: string; id: string }): Promise<void> {
  await tx.exec(sql`
    update order_purchase_limits set round = round + 1 where shop_id = ${order.shopId} and order_id = ${order.id}`)
}

/**
 * Units of a paid order that come to nothing are for the buyer to have again: writes what still counts, and answers the
 * transfers to be carried out with the stock's. `wish` left out: all of it. `key` names the deed.
 */
export async function giveBackCounted(
  tx: Tx,
  order: { shopId: string; id: string },
  key: string,
  wish?: { productId: string; quantity: number },
): Promise<TransferCommand[]> {
  const rows = (await countedOf(tx, [order])).get(order.id) ?? []
  const back = rows.flatMap((row) => {
    if (wish === undefined) return [row]
    return row.productId === wish.productId ? [{ ...row, quantity: Math.min(row.quantity, wish.quantity) }] : []
  })
  for (const { shopId, orderId, productId, quantity } of back)
    await tx.exec(sql`
      update order_purchase_limits set quantity = quantity - ${quantity}
      where shop_id = ${shopId} and order_id = ${orderId} and product_id = ${productId}`)
  return back.map(({ orderId, productId, countedFor, quantity }) => ({
    kind: 'posted',
    id: nameId('limit.return', key, orderId, productId),
    code: 'limit.return',
    debit: accountId(BOUGHT, productId, countedFor),
    credit: accountId(OPEN, productId),
    amount: quantity,
    unit: unitOf(productId),
    reference: { type: 'order', id: orderId },
  }))
}
