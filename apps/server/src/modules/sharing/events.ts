import { z } from 'zod'
import { defineEvent } from '../../kernel/outbox.ts'

/** An order's money was divided among merchant, parties and fee; again after a refund that failed. */
export const orderSettled = defineEvent({
  name: 'sharing.order-settled',
  version: 1,
  payload: z.object({
    orderId: z.uuid(),
    settledFen: z.int(),
    merchantFen: z.int(),
    sharesFen: z.int(),
    feeFen: z.int(),
  }),
})

/** A receiver of a split has the money, or WeChat refused. */
export const splitEnded = defineEvent({
  name: 'sharing.split-ended',
  version: 1,
  payload: z.object({
    orderId: z.uuid(),
    splitId: z.uuid(),
    partyId: z.uuid(),
    amountFen: z.int(),
    succeeded: z.boolean(),
  }),
})
