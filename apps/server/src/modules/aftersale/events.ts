import { z } from 'zod'
import { defineEvent } from '../../kernel/outbox.ts'

const about = {
  caseId: z.string(),
  caseNo: z.string(),
  orderId: z.string(),
  orderNo: z.string(),
  buyerId: z.string(),
  type: z.enum(['refund', 'return', 'exchange']),
}

/** Every step of a case; `before` is null for the first. */
export const aftersaleMoved = defineEvent({
  name: 'aftersale.moved',
  version: 1,
  payload: z.object({ ...about, state: z.string(), before: z.string().nullable(), dueAt: z.string().nullable() }),
})

/** A case is done: what went back, for which goods, and whose fault it was. Scores and commissions read it. */
export const aftersaleSettled = defineEvent({
  name: 'aftersale.settled',
  version: 1,
  payload: z.object({
    ...about,
    refundedFen: z.int(),
    reasonCode: z.string(),
    fault: z.enum(['merchant', 'buyer', 'carrier']),
    /** A return for quality 品退. */
    quality: z.boolean(),
    lines: z.array(
      z.object({ skuId: z.string(), productId: z.string(), quantity: z.int(), amountFen: z.int(), restocked: z.int() }),
    ),
  }),
})

/** Something the buyer should hear of at once. */
export const aftersaleTold = defineEvent({
  name: 'aftersale.told',
  version: 1,
  payload: z.object({ ...about, title: z.string(), text: z.string(), amountFen: z.int() }),
})
