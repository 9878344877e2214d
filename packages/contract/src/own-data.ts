import { z } from 'zod'
import { Id, Instant, Ok, optionalText, ShopParams } from './common.ts'
import { LegalKind } from './customers.ts'
import { routes } from './route.ts'

/** A copy of everything that is kept of a buyer, made for the buyer. */
export const OwnDataCopy = z
  .object({
    id: Id,
    state: z.enum(['waiting', 'ready', 'failed', 'expired']),
    requestedAt: Instant,
    /** Until when it can be fetched. */
    expiresAt: Instant.nullable(),
    sizeBytes: z.int().nullable(),
    /** Opens without signing in, for whoever holds it; null unless ready. */
    url: z.string().nullable(),
  })
  .meta({ id: 'OwnDataCopy' })
export type OwnDataCopy = z.infer<typeof OwnDataCopy>

/**
 * Deleting an account. `none`: not asked for; `waiting`: within the days in which signing in takes it back;
 * `cancelled`: the buyer came back.
 */
export const AccountDeletion = z
  .object({
    state: z.enum(['none', 'waiting', 'cancelled']),
    requestedAt: Instant.nullable(),
    /** When personal data is erased. */
    dueAt: Instant.nullable(),
    cancelledAt: Instant.nullable(),
    /** Days between asking and erasing. */
    coolingDays: z.int(),
    /** What stands in the way now, in the buyer's words; empty: it can be asked for. */
    blockers: z.array(z.string()).max(50),
  })
  .meta({ id: 'AccountDeletion' })
export type AccountDeletion = z.infer<typeof AccountDeletion>

/** A text that the buyer has not agreed to in its present version. */
export const ConsentAsked = z
  .object({
    kind: LegalKind,
    version: z.int(),
    title: z.string(),
    /** An earlier version was agreed to: the text has changed since. */
    changed: z.boolean(),
  })
  .meta({ id: 'ConsentAsked' })
export type ConsentAsked = z.infer<typeof ConsentAsked>

export const ownDataRoutes = routes({
  'buyer.ownDataCopies': {
    method: 'GET',
    path: '/api/buyer/own-data',
    summary: 'Copies of the own data that were asked for, newest first',
    access: { audience: 'buyer' },
    response: z.object({ items: z.array(OwnDataCopy).max(5) }),
  },
  'buyer.copyOwnData': {
    method: 'POST',
    path: '/api/buyer/own-data',
    summary: 'Ask for a copy of everything that is kept; made in the background',
    access: { audience: 'buyer' },
    response: OwnDataCopy,
    errors: ['TOO_MANY_REQUESTS'],
  },
  'store.ownData': {
    method: 'GET',
    path: '/api/store/own-data/:copyId',
    summary: 'The copy behind its link, as long as the link lives',
    access: { audience: 'public' },
    params: z.object({ copyId: Id }),
    query: z.object({ key: z.string().max(100) }),
    produces: 'binary',
    errors: ['NOT_FOUND'],
  },
  'buyer.deletion': {
    method: 'GET',
    path: '/api/buyer/deletion',
    summary: 'Whether the account is to be deleted, and what stands in the way',
    access: { audience: 'buyer' },
    response: AccountDeletion,
  },
  'buyer.requestDeletion': {
    method: 'POST',
    path: '/api/buyer/deletion',
    summary: 'Ask for the account to be deleted; ends all sessions, signing in again takes it back',
    access: { audience: 'buyer' },
    body: z.object({ reason: optionalText(200) }),
    response: AccountDeletion,
    errors: ['DELETION_BLOCKED'],
  },
  'store.consents': {
    method: 'GET',
    path: '/api/store/shops/:shopId/consents',
    summary: 'The texts that signing in agrees to, in their present version',
    access: { audience: 'public' },
    params: ShopParams,
    response: z.object({ items: z.array(ConsentAsked).max(5) }),
    errors: ['NOT_FOUND'],
  },
  'buyer.consentsAsked': {
    method: 'GET',
    path: '/api/buyer/shops/:shopId/consents/asked',
    summary: 'The texts that the signed-in buyer has still to agree to',
    access: { audience: 'buyer' },
    params: ShopParams,
    response: z.object({ items: z.array(ConsentAsked).max(5) }),
    errors: ['NOT_FOUND'],
  },
  'buyer.agreeToAll': {
    method: 'POST',
    path: '/api/buyer/shops/:shopId/consents/all',
    summary: 'Agree to several texts at once, each in the version that was shown',
    access: { audience: 'buyer' },
    params: ShopParams,
    body: z.object({
      items: z
        .array(z.object({ kind: LegalKind, version: z.int().min(0).max(100_000) }))
        .min(1)
        .max(5),
    }),
    response: Ok,
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
})
