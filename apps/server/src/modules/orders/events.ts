import { z } from 'zod'
import { defineEvent } from '../../kernel/outbox.ts'

const order = { orderId: z.string(), orderNo: z.string(), buyerId: z.string(), version: z.int() }
const lines = z.array(
  z.object({ skuId: z.string(), productId: z.string(), title: z.string(), quantity: z.int(), payTotalFen: z.int() }),
)

export const orderPlaced = defineEvent({
  name: 'orders.order-placed',
  version: 1,
  payload: z.object({ ...order, totalFen: z.int(), itemCount: z.int(), payBefore: z.string(), lines }),
})

export const orderPaid = defineEvent({
  name: 'orders.order-paid',
  version: 1,
  payload: z.object({ ...order, totalFen: z.int(), paymentId: z.string().nullable(), paidAt: z.string(), lines }),
})

export const orderCancelled = defineEvent({
  name: 'orders.order-cancelled',
  version: 1,
  payload: z.object({ ...order, by: z.enum(['buyer', 'merchant', 'timeout']), reason: z.string() }),
})

/** One parcel left; `complete` when nothing of the order is left to ship. */
export const orderShipped = defineEvent({
  name: 'orders.order-shipped',
  version: 1,
  payload: z.object({
    ...order,
    paymentId: z.string().nullable(),
    shipmentId: z.string(),
    method: z.enum(['courier', 'same-city', 'pick-up']).default('courier'),
    carrierCode: z.string(),
    trackingNo: z.string(),
    shippedAt: z.string(),
    complete: z.boolean(),
    receiverPhoneMasked: z.string(),
    lines: z.array(z.object({ skuId: z.string(), title: z.string(), quantity: z.int() })),
  }),
})

export const orderCompleted = defineEvent({
  name: 'orders.order-completed',
  version: 1,
  payload: z.object({
    ...order,
    totalFen: z.int(),
    by: z.enum(['buyer', 'timeout', 'hand-over']),
    completedAt: z.string(),
  }),
})

/** The payments module pays the money back and answers with `markRefunded` or `refundFailed`. */
export const refundRequested = defineEvent({
  name: 'orders.refund-requested',
  version: 1,
  payload: z.object({
    ...order,
    paymentId: z.string().nullable(),
    amountFen: z.int(),
    reason: z.string(),
    by: z.enum(['buyer', 'merchant']),
    fromState: z.string(),
  }),
})

/** Goods of a paid order were taken out or replaced while it goes on. */
export const orderChanged = defineEvent({
  name: 'orders.order-changed',
  version: 1,
  payload: z.object({ ...order, skuId: z.string(), quantity: z.int(), reason: z.string() }),
})

/** A part of the order goes back while the order goes on; the payments module pays it. */
export const partRefundRequested = defineEvent({
  name: 'orders.part-refund-requested',
  version: 1,
  payload: z.object({
    ...order,
    paymentId: z.string(),
    amountFen: z.int(),
    reason: z.string(),
    /** What it is for: the same key is one refund. */
    key: z.string(),
  }),
})

export const orderRefunded = defineEvent({
  name: 'orders.order-refunded',
  version: 1,
  payload: z.object({ ...order, refundedFen: z.int(), lines }),
})

export const refundReturned = defineEvent({
  name: 'orders.refund-failed',
  version: 1,
  payload: z.object({ ...order, reason: z.string(), toState: z.string() }),
})
