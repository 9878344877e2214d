import { z } from 'zod'
import { defineEvent } from '../../kernel/outbox.ts'

/** A SKU that a buyer waits for can be bought again; whoever sends messages tells this buyer. Aggregate: the reminder. */
export const backInStock = defineEvent({
  name: 'storefront.back-in-stock',
  version: 1,
  payload: z.object({
    reminderId: z.string(),
    buyerId: z.string(),
    skuId: z.string(),
    productId: z.string(),
    title: z.string(),
    /** Option values in words; empty for a product without options. */
    options: z.string(),
    priceFen: z.int(),
    available: z.int(),
  }),
})

/** A page was shared for the first time by this sharer; `buyerId` null when nobody was signed in. */
export const pageShared = defineEvent({
  name: 'storefront.page-shared',
  version: 1,
  payload: z.object({ code: z.string(), page: z.string(), subject: z.string(), buyerId: z.string().nullable() }),
})
