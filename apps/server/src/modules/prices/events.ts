import { z } from 'zod'
import { defineEvent } from '../../kernel/outbox.ts'

/** A price rule was made, changed, stopped or let go on: prices of these products may be others from now on. */
export const priceRuleChanged = defineEvent({
  name: 'prices.rule-changed',
  version: 1,
  payload: z.object({
    ruleId: z.uuid(),
    label: z.string(),
    active: z.boolean(),
    startsAt: z.string().nullable(),
    endsAt: z.string().nullable(),
    productIds: z.array(z.uuid()),
  }),
})
