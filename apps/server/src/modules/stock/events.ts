import { z } from 'zod'
import { defineEvent } from '../../kernel/outbox.ts'

/** Stock was received, issued, counted or transferred. Orders tell of their own reservations and shipments. */
export const stockChanged = defineEvent({
  name: 'stock.stock-changed',
  version: 1,
  payload: z.object({
    reason: z.string(),
    lines: z.array(
      z.object({
        skuId: z.string(),
        warehouseId: z.string(),
        /** Into the warehouse's available stock, or out of it. */
        quantity: z.int(),
      }),
    ),
  }),
})

export const warehouseChanged = defineEvent({
  name: 'stock.warehouse-changed',
  version: 1,
  payload: z.object({ warehouseId: z.string(), code: z.string(), name: z.string(), active: z.boolean() }),
})
