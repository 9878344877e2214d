import { z } from 'zod'
import { defineEvent } from '../../kernel/outbox.ts'

/** A request for an invoice took a step, or has to be reversed. */
export const invoiceMoved = defineEvent({
  name: 'invoices.moved',
  version: 1,
  payload: z.object({
    invoiceId: z.uuid(),
    orderId: z.uuid(),
    orderNo: z.string(),
    state: z.string(),
    mustReverse: z.boolean(),
    amountFen: z.int().nullable(),
  }),
})
