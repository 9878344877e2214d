import { z } from 'zod'
import { defineEvent } from '../../kernel/outbox.ts'

/** Another list of routing rules is in force. */
export const routingChanged = defineEvent({
  name: 'fulfilment.routing-changed',
  version: 1,
  payload: z.object({ version: z.int(), rules: z.int() }),
})

/** A parcel was handed over to the carrier; `orders.order-shipped` tells it of each order in it. */
export const parcelShipped = defineEvent({
  name: 'fulfilment.parcel-shipped',
  version: 1,
  payload: z.object({
    parcelId: z.string(),
    code: z.string(),
    warehouseId: z.string(),
    carrierCode: z.string(),
    trackingNo: z.string(),
    orderIds: z.array(z.string()),
  }),
})

/** Parcels are to be picked together. */
export const waveCreated = defineEvent({
  name: 'fulfilment.wave-created',
  version: 1,
  payload: z.object({ waveId: z.string(), code: z.string(), warehouseId: z.string(), parcels: z.int() }),
})

/** What is left of an order is to leave from another warehouse, or with another carrier. */
export const orderAssigned = defineEvent({
  name: 'fulfilment.order-assigned',
  version: 1,
  payload: z.object({ orderId: z.string(), warehouseId: z.string().nullable(), carrierCode: z.string().nullable() }),
})
