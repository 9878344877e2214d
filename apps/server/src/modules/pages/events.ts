import { z } from 'zod'
import { defineEvent } from '../../kernel/outbox.ts'

/** A version of a page is shown from `startsAt` on, until `endsAt` if there is one. Aggregate: the page. */
export const pagePublished = defineEvent({
  name: 'pages.page-published',
  version: 1,
  payload: z.object({
    pageId: z.uuid(),
    slug: z.string(),
    title: z.string(),
    versionNumber: z.int(),
    startsAt: z.string(),
    endsAt: z.string().nullable(),
  }),
})

/** A page was taken down, or a scheduled version called off or ended early (then with its number). */
export const pageWithdrawn = defineEvent({
  name: 'pages.page-withdrawn',
  version: 1,
  payload: z.object({
    pageId: z.uuid(),
    slug: z.string(),
    title: z.string(),
    versionNumber: z.int().nullable(),
  }),
})
