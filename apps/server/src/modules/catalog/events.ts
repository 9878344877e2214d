import { z } from 'zod'
import { defineEvent } from '../../kernel/outbox.ts'

const Facts = z.object({
  productId: z.uuid(),
  version: z.int(),
  title: z.string(),
  categoryId: z.uuid().nullable(),
  brand: z.string(),
  skus: z.array(z.object({ skuId: z.uuid(), code: z.string(), priceFen: z.int(), archived: z.boolean() })),
})
export type ProductFacts = z.infer<typeof Facts>

export const productCreated = defineEvent({ name: 'catalog.product-created', version: 1, payload: Facts })
/** `fields` names what changed, in words. */
export const productUpdated = defineEvent({
  name: 'catalog.product-updated',
  version: 1,
  payload: Facts.extend({ fields: z.array(z.string()) }),
})
export const productPublished = defineEvent({ name: 'catalog.product-published', version: 1, payload: Facts })
export const productUnpublished = defineEvent({ name: 'catalog.product-unpublished', version: 1, payload: Facts })
