import { z } from 'zod'
import { defineEvent } from '../../kernel/outbox.ts'

/** Another list of routing rules is in force. */
export const routingChanged = defineEvent({
  name: 'fulfilment.routing-changed',
  version: 1,
  payload: z.object({ version: z.int(), rules: z.int() }),
})
