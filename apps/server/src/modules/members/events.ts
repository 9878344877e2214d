import { z } from 'zod'
import { defineEvent } from '../../kernel/outbox.ts'

/** A buyer's level in a shop is another one, or none. */
export const memberLevelChanged = defineEvent({
  name: 'members.level-changed',
  version: 1,
  payload: z.object({
    buyerId: z.uuid(),
    fromLevelId: z.uuid().nullable(),
    toLevelId: z.uuid().nullable(),
    source: z.enum(['staff', 'rule']),
  }),
})
