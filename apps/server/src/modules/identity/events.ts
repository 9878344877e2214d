import { z } from 'zod'
import { defineEvent } from '../../kernel/outbox.ts'

/** A person bought or looked for the first time. */
export const buyerRegistered = defineEvent({
  name: 'identity.buyer-registered',
  version: 1,
  payload: z.object({ buyerId: z.uuid(), channel: z.enum(['mini', 'mp']) }),
})

/** Two records were one person; everything of `fromBuyerId` now belongs to `buyerId`. */
export const buyersMerged = defineEvent({
  name: 'identity.buyers-merged',
  version: 1,
  payload: z.object({ buyerId: z.uuid(), fromBuyerId: z.uuid() }),
})
