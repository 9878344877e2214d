import {
  CARRIERS,
  type CarrierCode,
  DELIVERY_METHODS,
  type MerchantOrder,
  type MerchantOrderRow,
  type Order,
  type OrderSummary,
  type Picture,
  type Shipment,
} from '@zhanggui/contract'
import type { z } from 'zod'
import type { Vault } from '../../kernel/crypto.ts'
import type { Tx } from '../../kernel/db.ts'
import type { OrdersDeps } from './deps.ts'
import { addressContext } from './prepare-orders.ts'
import { fromRuns } from './rules.ts'
import { adjustmentsOf, ordersByIds, timelineOf } from './store-lists.ts'
import { type LineRow, linesOf, type OrderRow } from './store-orders.ts'
import { listShipments, type ShipmentRow } from './store-shipments.ts'

export type SummaryView = z.input<typeof OrderSummary>
export type OrderView = z.input<typeof Order>
export type MerchantView = z.input<typeof MerchantOrder>
export type MerchantRowView = z.input<typeof MerchantOrderRow>
export type ShipmentView = z.input<typeof Shipment>

export interface TimelineRow {
  at: string
  event: string
  text: string
  actorKind: string
  actorName: string
}

export interface StoredAdjustment {
  source: string
  label: string
  payer: 'merchant' | 'platform' | 'creator'
  line: number | null
  fen: number
  unitRuns: [number, number][]
}

const MAX_SHIPMENTS = 500
const HIDDEN = '****'

/** Orders of one shop as lists show them. */
export async function summaries(tx: Tx, deps: OrdersDeps, orders: readonly OrderRow[]): Promise<SummaryView[]> {
  if (orders.length === 0) return []
  const { shopId } = orders[0]!
  const ids = orders.map((order) => order.id)
  const [lines, methods, shops] = await Promise.all([
    linesOf(tx, orders),
    deps.delivery.methodsOf(tx, shopId, ids),
    deps.parties.shopsByIds(tx, [shopId]),
  ])
  const fileIds = [...lines.values()].flatMap((rows) => rows.flatMap((row) => row.pictureFileId ?? []))
  const pictures = await deps.files.pictures(tx, shopId, [...new Set(fileIds)])
  const shopName = shops.get(shopId)?.name ?? ''
  return orders.map((order) => ({
    id: order.id,
    shopId,
    shopName,
    orderNo: order.orderNo,
    state: order.state,
    deliveryMethod: methods.get(order.id) ?? 'courier',
    totalFen: order.totalFen,
    itemCount: order.itemCount,
    lines: lines.get(order.id)!.map((line) => lineView(line, pictures)),
    placedAt: order.placedAt,
    payBefore: order.state === 'awaiting-payment' ? order.payBefore : null,
  }))
}

function lineView(row: LineRow, pictures: ReadonlyMap<string, Picture>): SummaryView['lines'][number] {
  const {
    line,
    skuId,
    productId,
    title,
    options,
    pictureFileId,
    quantity,
    unitPriceFen,
    priceNote,
    payTotalFen,
    shippedQuantity,
  } = row
  const picture = pictureFileId === null ? null : (pictures.get(pictureFileId) ?? null)
  return {
    ...{ line, skuId, productId, title, options, picture, quantity, unitPriceFen, priceNote, payTotalFen },
    shippedQuantity,
  }
}

/** One order as its buyer sees it. */
export const buyerView = (tx: Tx, deps: OrdersDeps, order: OrderRow): Promise<OrderView> =>
  orderView(tx, deps, order, { address: fullAddress(deps.vault, order), staffName: () => '商家' })

/** One order as the merchant sees it; personal data only when `reveal`. */
export async function merchantView(
  tx: Tx,
  deps: OrdersDeps,
  order: OrderRow,
  options: { reveal: boolean; buyerNickname: string },
): Promise<MerchantView> {
  const { reveal, buyerNickname } = options
  const address = reveal ? fullAddress(deps.vault, order) : maskedAddress(order)
  const view = await orderView(tx, deps, order, { address, staffName: (name) => name })
  const source = sourceOf(order, await deps.accountNames(tx, order.shopId))
  return { ...view, source, buyerNickname, merchantNote: order.merchantNote, personalDataShown: reveal }
}

async function orderView(
  tx: Tx,
  deps: OrdersDeps,
  order: OrderRow,
  as: { address: OrderView['address']; staffName: (name: string) => string },
): Promise<OrderView> {
  const { shopId, id } = order
  const [[summary], adjustments, timeline, shipments, payments, refunds] = await Promise.all([
    summaries(tx, deps, [order]),
    adjustmentsOf(tx, shopId, id),
    timelineOf(tx, shopId, id),
    listShipments(tx, shopId, { orderIds: [id], limit: MAX_SHIPMENTS }).then((rows) =>
      shipmentViews(tx, deps, shopId, rows),
    ),
    deps.paymentsOf(tx, shopId, id),
    deps.refundsOf(tx, shopId, id),
  ])
  const { buyerId, goodsFen, discountFen, freightFen, paidFen, refundedFen, buyerNote, cancelReason } = order
  return {
    ...summary!,
    ...{ buyerId, goodsFen, discountFen, freightFen, paidFen, refundedFen, buyerNote, cancelReason },
    adjustments: adjustments.map(({ unitRuns, ...each }) => ({ ...each, unitFen: fromRuns(unitRuns) })),
    address: as.address,
    paidAt: order.paidAt,
    shippedAt: order.shippedAt,
    autoReceiveAt: order.state === 'shipped' ? order.autoReceiveAt : null,
    completedAt: order.completedAt,
    payments,
    refunds,
    shipments,
    timeline: timeline.map(({ at, event, text, actorKind, actorName }) => {
      const actor = actorKind === 'buyer' ? '买家' : actorKind === 'system' ? '系统' : as.staffName(actorName)
      return { at, event, text, actor }
    }),
  }
}

export async function shipmentViews(
  tx: Tx,
  deps: Pick<OrdersDeps, 'stock' | 'shipmentReportState'>,
  shopId: string,
  rows: readonly ShipmentRow[],
): Promise<ShipmentView[]> {
  if (rows.length === 0) return []
  const ids = rows.map((row) => row.id)
  const [names, reported] = await Promise.all([
    deps.stock.warehouseNames(tx, shopId),
    deps.shipmentReportState(tx, shopId, ids),
  ])
  return rows.map(({ lines, ...row }) => ({
    ...row,
    carrierName: row.method === 'courier' ? CARRIERS[row.carrierCode as CarrierCode] : DELIVERY_METHODS[row.method].zh,
    warehouseName: [...new Set(lines.map((line) => names.get(line.warehouseId) ?? ''))].join('、'),
    lines: lines.map(({ skuId, title, options, quantity }) => ({ skuId, title, options, quantity })),
    reportedToWechat: reported.get(row.id) ?? 'not-needed',
  }))
}

/** One row of the merchant's list: personal data stays masked. */
export const merchantRow = (
  order: OrderRow,
  summary: SummaryView,
  buyerNickname: string,
): Omit<MerchantRowView, 'fulfilment' | 'source'> => ({
  ...summary,
  buyerNickname,
  receiver: order.receiverMasked,
  receiverPhone: order.phoneMasked,
  region: [order.province, order.city, order.district].filter((part) => part !== '').join(' '),
  paidAt: order.paidAt,
})

/** The channel account that brought an order; one that is there no more has no name. */
export function sourceOf(
  { channelAccountId }: OrderRow,
  accounts: readonly { id: string; name: string }[],
): MerchantRowView['source'] {
  if (channelAccountId === null) return null
  return { accountId: channelAccountId, name: accounts.find(({ id }) => id === channelAccountId)?.name ?? '' }
}

function fullAddress(vault: Vault, order: OrderRow): OrderView['address'] {
  const { province, city, district } = order
  const sealed = JSON.parse(vault.decrypt(order.addressSealed, addressContext(order.shopId, order.id)))
  const { name, phone, street, detail } = sealed as { name: string; phone: string; street: string; detail: string }
  return { name, phone, province, city, district, street, detail }
}

/** Full addresses by order id. */
export async function addressesInClear(
  tx: Tx,
  vault: Vault,
  shopId: string,
  orderIds: readonly string[],
): Promise<Map<string, OrderView['address']>> {
  const rows = await ordersByIds(tx, shopId, orderIds)
  return new Map(rows.map((row) => [row.id, fullAddress(vault, row)]))
}

function maskedAddress({ receiverMasked, phoneMasked, province, city, district }: OrderRow): OrderView['address'] {
  return { name: receiverMasked, phone: phoneMasked, province, city, district, street: '', detail: HIDDEN }
}
