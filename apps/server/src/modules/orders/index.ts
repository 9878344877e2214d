import type { Address } from '@zhanggui/contract'
import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/db.ts'
import { ordersBuyerPart } from './buyer-part.ts'
import { mergeCart } from './cart.ts'
import { changeAddress, nothingShipped } from './change-address.ts'
import { type Replacement, removeUnits, replaceUnits, type UnitsWish } from './change-lines.ts'
import type { OrdersDeps } from './deps.ts'
import { findBuyers } from './find-buyers.ts'
import { createDefaultFreight } from './freight.ts'
import { orderSchedules, orderSubscribers } from './jobs.ts'
import { lateBefore } from './late.ts'
import { moveOrder } from './move-order.ts'
import { markAllPaid, markPaid, orderForPayment, type Paid, type PaidAnswer } from './pay-order.ts'
import { createPlacing } from './place-order.ts'
import { priceGoods } from './quote-order.ts'
import { confirmReceipt, receiveAt, receiveBy } from './receive-order.ts'
import { markRefunded, refundFailed, requestRefund, requireRefundable } from './refund-order.ts'
import { type PartRefund, refundPart } from './refund-part.ts'
import { sellsIn } from './regions.ts'
import { buyerHandlers, buyerOrder } from './routes-buyer.ts'
import { cartHandlers } from './routes-cart.ts'
import { consoleHandlers, merchantOrder } from './routes-console.ts'
import { freightHandlers } from './routes-freight.ts'
import { refundStepUpFen } from './settings.ts'
import { type ShipInput, shipOrder } from './ship-order.ts'
import { requireOrder } from './steps.ts'
import { buyersOf, figuresOf, orderKeysOf } from './store-buyers.ts'
import { addPartRefunded, unshippedSince } from './store-change.ts'
import { listOrders, ordersByIds } from './store-lists.ts'
import { findOrder, linesOf, moveOrders, type OrderKey, type OrderRow } from './store-orders.ts'
import {
  countLate,
  countOpen,
  countOrders,
  orderExists,
  ordersByAccount,
  recentSteps,
  salesMilestones,
} from './store-overview.ts'
import { awaitPlacing } from './store-place.ts'
import { ordersForRouting } from './store-routing.ts'
import { soldBySku } from './store-sold.ts'
import { cancelDueOrders, receiveDueOrders } from './sweep.ts'
import { orderIdsByNumber, ordersToPack, receiversOf } from './to-pack.ts'
import { addressesInClear, summaries } from './views.ts'
import { waitForPayment } from './wait-for-payment.ts'

export type {
  DeliveredOrder,
  DeliveryPort,
  DeliveryTerms,
  DeliveryWanted,
  FulfilmentColumns,
  FulfilmentFilter,
  OrdersDeps,
  PackedRouting,
  PaymentPorts,
  PaymentView,
  RefundView,
  ReportState,
  Routed,
  Router,
  RoutingFacts,
  RoutingPort,
} from './deps.ts'
export {
  orderCancelled,
  orderChanged,
  orderCompleted,
  orderPaid,
  orderPlaced,
  orderRefunded,
  orderShipped,
  partRefundRequested,
  refundRequested,
  refundReturned,
} from './events.ts'
export type { Schedule } from './jobs.ts'
export type { OrderForPayment, Paid, PaidAnswer } from './pay-order.ts'
export { type PlaceLevel, type Plan, type Preference, planWarehouses } from './plan.ts'
export type { PlaceAnswer, PlaceInput } from './prepare-orders.ts'
export { ORDER_RULES, type OrderStep } from './rules.ts'
export type { LineRow as OrderLine, OrderKey, OrderRow } from './store-orders.ts'
export type { RoutedOrderRow } from './store-routing.ts'
export type { LineToPack, OrderToPack, Receiver } from './to-pack.ts'

/** Carts, freight templates, orders and shipments: from the cart to receipt or refund. */
export function createOrders(deps: OrdersDeps) {
  const placing = createPlacing(deps)
  return {
    handlers: {
      ...cartHandlers(deps),
      ...buyerHandlers(deps, placing.place),
      ...consoleHandlers(deps),
      ...freightHandlers(deps),
    },
    schedules: orderSchedules(deps),
    subscribers: orderSubscribers(deps),

    placeOrder: placing.place,
    laneStats: placing.stats,
    /** Finishes the orders that were accepted. Call it before the database is closed. */
    close: placing.close,

    orderForPayment,
    markPaid: (tx: Tx, paid: Paid): Promise<PaidAnswer> => markPaid(tx, deps, paid),
    markAllPaid: (tx: Tx, paid: readonly Paid[]): Promise<PaidAnswer[]> => markAllPaid(tx, deps, paid),
    waitForPayment: (tx: Tx, key: OrderKey, how: { until: string; text: string }) => waitForPayment(tx, deps, key, how),
    markRefunded: (tx: Tx, refunded: { shopId: string; orderId: string; refundedFen: number }) =>
      markRefunded(tx, deps, refunded),
    refundFailed: (tx: Tx, failed: { shopId: string; orderId: string; reason: string }) =>
      refundFailed(tx, deps, failed),

    cancelDueOrders: () => cancelDueOrders(deps),
    receiveDueOrders: () => receiveDueOrders(deps),

    /** A guest's cart goes over to a buyer. Scope `system`; a second call adds nothing. */
    mergeCart: (tx: Tx, move: { guestId: string; buyerId: string }) => mergeCart(tx, deps, move),
    /** Two buyers turned out to be one person: orders and cart move over. Scope `system`. */
    async mergeBuyers(tx: Tx, move: { fromBuyerId: string; buyerId: string }): Promise<void> {
      await mergeCart(tx, deps, { guestId: move.fromBuyerId, buyerId: move.buyerId })
      await moveOrders(tx, move.fromBuyerId, move.buyerId)
    },
    buyerPart: ordersBuyerPart(deps.vault),
    /** Resolves when every order that was being written has been: for whoever has just closed an account. */
    settledPlacing: () => deps.db.tx('system', awaitPlacing),
    figuresOf,
    buyersOf,
    orderKeysOf,
    soldBySku,
    countOpen,
    countOrders,
    ordersByAccount,
    /** Paid orders that are still here longer than the shop promises. */
    countLate: async (tx: Tx, shopId: string) => countLate(tx, shopId, await lateBefore(deps, shopId, tx)),
    salesMilestones,
    recentSteps,
    orderExists,
    /** Full addresses of orders by id. Whoever asks writes it to the audit trail. */
    addressesInClear: (tx: Tx, shopId: string, orderIds: readonly string[]) =>
      addressesInClear(tx, deps.vault, shopId, orderIds),
    ordersForRouting,
    isBuyerOf: async (tx: Tx, shopId: string, buyerId: string): Promise<boolean> =>
      (await listOrders(tx, { shopId, buyerId, limit: 1 })).length > 0,
    findBuyers: (tx: Tx, shopId: string, q: string) => findBuyers(tx, deps, shopId, q),

    /** What goods cost and where they are: everything that the ways of delivery are offered by. */
    priceGoods: (tx: Tx, wish: Parameters<typeof priceGoods>[2]) => priceGoods(tx, deps, wish),
    /** Completes a shipped order whose goods were handed over. @throws AppError NOT_FOUND, ORDER_STATE */
    handedOver: (tx: Tx, key: OrderKey, actor: Actor) => confirmReceipt(tx, deps, key, actor, 'hand-over'),
    /** Whether goods may go to a province (CAT-07). */
    sellsIn,
    /** Receipt is confirmed by itself at `at`, if that is sooner than it would be. */
    receiveBy: (tx: Tx, key: OrderKey, at: string) => receiveBy(tx, key, at),
    requestRefund: (tx: Tx, key: OrderKey, request: Parameters<typeof requestRefund>[3]) =>
      requestRefund(tx, deps, key, request),
    /** A part of a paid order goes back while the order goes on. @throws AppError NOT_FOUND, ORDER_STATE, REFUND_TOO_LARGE */
    refundPart: (tx: Tx, key: OrderKey, part: PartRefund) => refundPart(tx, deps, key, part),
    requireRefundable,
    /** Whether staff who refund this much prove first who they are. */
    isLargeRefund: async (shopId: string, amountFen: number): Promise<boolean> =>
      amountFen > (await deps.settings.get(refundStepUpFen, { shopId })),
    /** Receipt of a shipped order is confirmed by itself at `at`, sooner or later than it would be. */
    receiveAt,
    /** An order as its buyer, or the shop, sees it. */
    buyerOrder: (key: Required<OrderKey>) => buyerOrder(deps, key),
    merchantOrder: (key: { shopId: string; orderId: string }) => merchantOrder(deps, key),
    /** The order, locked until the transaction ends: whoever decides over it begins with this. @throws AppError NOT_FOUND */
    lockOrder: requireOrder,
    findOrder,
    removeUnits: (tx: Tx, key: OrderKey, wish: UnitsWish) => removeUnits(tx, deps, key, wish),
    replaceUnits: (tx: Tx, key: OrderKey, wish: Replacement) => replaceUnits(tx, deps, key, wish),
    changeAddress: (tx: Tx, key: OrderKey, address: Address, actor: Actor) =>
      changeAddress(tx, deps, key, address, actor),
    nothingShipped,
    unshippedSince,
    linesOf: async (tx: Tx, order: OrderRow) => (await linesOf(tx, [order])).get(order.id)!,
    /** Money of a part of an order is back with its buyer. */
    partRefunded: addPartRefunded,
    ordersByIds,
    /** Orders of a shop with their goods, as lists show them. */
    summariesOf: async (tx: Tx, orders: readonly OrderRow[]) => summaries(tx, deps, orders),
    ordersToPack: (tx: Tx, shopId: string, orderIds: readonly string[], lock: 'lock' | 'read') =>
      ordersToPack(tx, deps, shopId, orderIds, lock),
    orderIdsByNumber,
    /** Whether a locked order may leave. @throws AppError ORDER_HELD */
    mayShip: (tx: Tx, order: { shopId: string; orderId: string; orderNo: string }) => deps.mayShip(tx, order),
    /** Where orders go, in clear. Whoever asks answers for who sees it. */
    receiversOf: (tx: Tx, shopId: string, orderIds: readonly string[]) => receiversOf(tx, deps.vault, shopId, orderIds),
    /** Ships a parcel of an order. Answers the shipment's id. @throws AppError NOT_FOUND, ORDER_STATE, VALIDATION_FAILED */
    ship: (tx: Tx, input: ShipInput) => shipOrder(tx, deps, input),
    /** What is left of a paid order leaves from another warehouse. @throws AppError NOT_FOUND, ORDER_STATE, OUT_OF_STOCK */
    moveOrder: (tx: Tx, input: Parameters<typeof moveOrder>[2]) => moveOrder(tx, deps, input),
    /** The newest orders of a shop. */
    recentOrders: async (tx: Tx, shopId: string, limit: number) =>
      summaries(tx, deps, await listOrders(tx, { shopId, limit })),
    /** The freight template a new shop begins with. Answers its id. */
    createDefaultFreight: (tx: Tx, shopId: string) => createDefaultFreight(tx, deps, shopId),
  }
}

export type Orders = ReturnType<typeof createOrders>
