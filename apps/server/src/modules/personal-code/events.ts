import { z } from 'zod'
import { defineEvent } from '../../kernel/outbox.ts'

/** A payment by a personal code took a step: shown, said to be paid, confirmed, refused or closed. */
export const personalPaymentMoved = defineEvent({
  name: 'personal-code.payment-moved',
  version: 1,
  payload: z.object({
    personalPaymentId: z.uuid(),
    orderId: z.uuid(),
    orderNo: z.string(),
    state: z.string(),
    amountFen: z.int(),
    /** Of one that was confirmed: whether the order took it. */
    taken: z.boolean().nullable(),
  }),
})
