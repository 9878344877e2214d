import { z } from 'zod'
import { defineEvent } from '../../kernel/outbox.ts'

const order = { orderId: z.string(), orderNo: z.string(), buyerId: z.string() }

/** A same-city or pick-up order moved: prepared, ready, on its way, handed over. */
export const deliveryMoved = defineEvent({
  name: 'delivery.order-moved',
  version: 1,
  payload: z.object({
    ...order,
    method: z.enum(['same-city', 'pick-up']),
    state: z.string(),
    dueAt: z.string().nullable(),
  }),
})

/** A parcel moved on, or reached another state: collected, in transit, delivering, signed, problem, returned. */
export const parcelMoved = defineEvent({
  name: 'delivery.parcel-moved',
  version: 1,
  payload: z.object({
    orderId: z.string(),
    buyerId: z.string(),
    shipmentId: z.string(),
    carrierCode: z.string(),
    trackingNo: z.string(),
    state: z.string(),
    /** The state before; the same when the parcel only moved on. */
    before: z.string().optional(),
    /** To the buyer, back from the buyer, or in place of what came back. */
    direction: z.enum(['out', 'return', 'replacement']).optional(),
    at: z.string(),
    text: z.string(),
  }),
})

export type ParcelMoved = z.output<typeof parcelMoved.payload>

/** The shop wrote to a buyer about an order. Whoever sends messages outside (subscribe messages) listens to this. */
export const buyerTold = defineEvent({
  name: 'delivery.buyer-told',
  version: 1,
  payload: z.object({
    orderId: z.string(),
    buyerId: z.string(),
    noticeId: z.string(),
    /** What it is about, e.g. `pick-up-ready`, `parcel-stalled`. */
    topic: z.string(),
    title: z.string(),
    text: z.string(),
  }),
})
