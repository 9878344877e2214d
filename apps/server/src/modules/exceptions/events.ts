import { z } from 'zod'
import { defineEvent } from '../../kernel/outbox.ts'

const exception = {
  exceptionId: z.string(),
  orderId: z.string(),
  orderNo: z.string(),
  buyerId: z.string(),
  kind: z.string(),
}

export const exceptionOpened = defineEvent({
  name: 'exceptions.opened',
  version: 1,
  payload: z.object({ ...exception, title: z.string(), dueAt: z.string().nullable() }),
})

export const exceptionResolved = defineEvent({
  name: 'exceptions.resolved',
  version: 1,
  payload: z.object({ ...exception, resolution: z.string() }),
})
