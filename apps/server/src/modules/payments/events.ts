import { z } from 'zod'
import { defineEvent } from '../../kernel/outbox.ts'

const fen = z.int().min(1)

/** Money of a buyer arrived; `taken` is false when the order could not take it and it goes back. */
export const paymentReceived = defineEvent({
  name: 'payments.payment-received',
  version: 1,
  payload: z.object({ paymentId: z.uuid(), orderId: z.uuid(), amountFen: fen, method: z.string(), taken: z.boolean() }),
})

/** Money went back to the buyer. */
export const refundSucceeded = defineEvent({
  name: 'payments.refund-succeeded',
  version: 1,
  payload: z.object({
    refundId: z.uuid(),
    orderId: z.uuid(),
    paymentId: z.uuid(),
    amountFen: fen,
    settlesOrder: z.boolean(),
    /** What it was for, as whoever asked for it named it. */
    purpose: z.string().optional(),
  }),
})
