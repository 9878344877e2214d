import { z } from 'zod'
import { defineEvent } from '../../kernel/outbox.ts'

/** A withdrawal was paid, or its money is back on its account. */
export const withdrawalEnded = defineEvent({
  name: 'settlement.withdrawal-ended',
  version: 1,
  payload: z.object({
    withdrawalId: z.uuid(),
    ownerKind: z.enum(['shop', 'party']),
    ownerId: z.uuid(),
    amountFen: z.int(),
    succeeded: z.boolean(),
  }),
})
