import type { DeliveryMethod, OrderState } from '@zhanggui/contract'
import type { Vault } from '../../kernel/crypto.ts'
import { sql, type Tx } from '../../kernel/db.ts'
import type { OrdersDeps, PackedRouting } from './deps.ts'
import { addressContext } from './prepare-orders.ts'
import { leftToShip } from './rules.ts'
import { type LineRow, linesOf, ORDER_COLUMNS, type OrderRow } from './store-orders.ts'
import { shippedParts } from './store-shipments.ts'

/** A line of an order with what of it is still in which warehouse. */
export interface LineToPack {
  line: number
  skuId: string
  productId: string
  title: string
  options: string
  pictureFileId: string | null
  quantity: number
  left: { warehouseId: string; quantity: number }[]
}

/** An order as packing sees it. */
export interface OrderToPack {
  id: string
  orderNo: string
  buyerId: string
  state: OrderState
  /** Only what goes by courier is put into parcels. */
  method: DeliveryMethod
  receiverMasked: string
  phoneMasked: string
  province: string
  city: string
  district: string
  buyerNote: string
  merchantNote: string
  placedAt: string
  paidAt: string | null
  routing: PackedRouting | null
  lines: LineToPack[]
}

/** Orders with what is left to ship, in id order; locked until the transaction ends where `lock` says so. */
export async function ordersToPack(
  tx: Tx,
  { delivery }: Pick<OrdersDeps, 'delivery'>,
  shopId: string,
  orderIds: readonly string[],
  lock: 'lock' | 'read',
): Promise<OrderToPack[]> {
  const orders = await tx.rows<OrderRow & { routing: PackedRouting | null }>(sql`
    select ${ORDER_COLUMNS}, o.routing from orders o where o.shop_id = ${shopId} and o.id = any(${orderIds as string[]}::uuid[])
    order by o.id ${lock === 'lock' ? sql`for update` : sql``}`)
  const lines = await linesOf(tx, orders)
  const shipped = await shippedParts(tx, shopId, orderIds)
  const methods = await delivery.methodsOf(tx, shopId, orderIds)
  return orders.map((order) => ({
    id: order.id,
    orderNo: order.orderNo,
    buyerId: order.buyerId,
    state: order.state,
    method: methods.get(order.id) ?? 'courier',
    receiverMasked: order.receiverMasked,
    phoneMasked: order.phoneMasked,
    province: order.province,
    city: order.city,
    district: order.district,
    buyerNote: order.buyerNote,
    merchantNote: order.merchantNote,
    placedAt: order.placedAt,
    paidAt: order.paidAt,
    routing: order.routing,
    lines: lines.get(order.id)!.map((line) => lineToPack(line, shipped)),
  }))
}

function lineToPack(
  { orderId, line, skuId, productId, title, options, pictureFileId, quantity, allocations }: LineRow,
  shipped: readonly { orderId: string; line: number; warehouseId: string; quantity: number }[],
): LineToPack {
  const left = leftToShip(
    allocations,
    shipped.filter((part) => part.orderId === orderId && part.line === line),
  )
  return { line, skuId, productId, title, options, pictureFileId, quantity, left }
}

/** Where an order goes, in clear. Whoever asks answers for who sees it. */
export interface Receiver {
  name: string
  phone: string
  province: string
  city: string
  district: string
  street: string
  detail: string
}

/** The receivers of orders, unsealed, by order. */
export async function receiversOf(
  tx: Tx,
  vault: Vault,
  shopId: string,
  orderIds: readonly string[],
): Promise<Map<string, Receiver>> {
  const rows = await tx.rows<{
    id: string
    addressSealed: string
    province: string
    city: string
    district: string
  }>(sql`
    select id, address_sealed, province, city, district from orders
    where shop_id = ${shopId} and id = any(${orderIds as string[]}::uuid[])`)
  return new Map(
    rows.map(({ id, addressSealed, province, city, district }) => {
      const sealed = JSON.parse(vault.decrypt(addressSealed, addressContext(shopId, id))) as Omit<
        Receiver,
        'province' | 'city' | 'district'
      >
      return [id, { ...sealed, province, city, district }]
    }),
  )
}

/** Ids of orders by their numbers; unknown numbers are absent. */
export async function orderIdsByNumber(
  tx: Tx,
  shopId: string,
  orderNos: readonly string[],
): Promise<Map<string, string>> {
  const rows = await tx.rows<{ id: string; orderNo: string }>(sql`
    select id, order_no from orders where shop_id = ${shopId} and order_no = any(${orderNos as string[]}::text[])`)
  return new Map(rows.map((row) => [row.orderNo, row.id]))
}
