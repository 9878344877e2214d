import { z } from 'zod'
import { Id, Instant, Ok, optionalText, ShopParams, shopParams, text } from './common.ts'
import { routes } from './route.ts'

export const ACCOUNT_KINDS = [
  'personal',
  'subscription',
  'service',
  'wecom',
  'mini-program',
  'channels',
  'live',
  'showcase',
] as const
export type AccountKind = (typeof ACCOUNT_KINDS)[number]
/** At most this many accounts in a shop. */
export const MAX_CHANNEL_ACCOUNTS = 100

export const ACCOUNT_ACTIONS = ['friend-add', 'moment', 'receipt'] as const
export type AccountAction = (typeof ACCOUNT_ACTIONS)[number]

/** How close an account is to one of its limits: `near` is a warning before it is crossed. */
export const AccountUsage = z.object({
  /** `friends` is how many there are; the others count one business day. A receipt is in fen. */
  what: z.enum([...ACCOUNT_ACTIONS, 'friends']),
  total: z.int(),
  warnAt: z.int(),
  limit: z.int(),
  level: z.enum(['fine', 'near', 'over']),
})
export type AccountUsage = z.infer<typeof AccountUsage>

export const ChannelAccount = z
  .object({
    id: Id,
    kind: z.enum(ACCOUNT_KINDS),
    name: z.string(),
    wechatId: z.string(),
    positioning: z.string(),
    keeper: z.string(),
    friends: z.int(),
    state: z.enum(['active', 'paused']),
    version: z.int(),
    createdAt: Instant,
    /** Only of what has a limit for this kind of account. */
    usage: z.array(AccountUsage).max(10),
  })
  .meta({ id: 'ChannelAccount' })
export type ChannelAccount = z.infer<typeof ChannelAccount>

const Fields = z.object({
  kind: z.enum(ACCOUNT_KINDS),
  name: text(40),
  wechatId: optionalText(64),
  positioning: optionalText(200),
  keeper: optionalText(30),
  friends: z.int().min(0).max(1_000_000).default(0),
  state: z.enum(['active', 'paused']).default('active'),
})

export const accountRoutes = routes({
  'console.channelAccounts': {
    method: 'GET',
    path: '/api/console/shops/:shopId/channel-accounts',
    summary: 'The accounts a shop trades with, and how close each is to its limits (at most 100)',
    access: { audience: 'staff', permission: 'settings.read' },
    params: ShopParams,
    response: z.object({ items: z.array(ChannelAccount).max(MAX_CHANNEL_ACCOUNTS) }),
  },
  'console.createChannelAccount': {
    method: 'POST',
    path: '/api/console/shops/:shopId/channel-accounts',
    summary: 'Add an account',
    access: { audience: 'staff', permission: 'settings.write' },
    params: ShopParams,
    body: Fields,
    response: ChannelAccount,
    errors: ['DUPLICATE', 'LIMIT_REACHED'],
  },
  'console.updateChannelAccount': {
    method: 'PUT',
    path: '/api/console/shops/:shopId/channel-accounts/:accountId',
    summary: 'Change an account; its kind stays',
    access: { audience: 'staff', permission: 'settings.write' },
    params: shopParams({ accountId: Id }),
    body: Fields.omit({ kind: true }).extend({ version: z.int() }),
    response: ChannelAccount,
    errors: ['CONFLICT', 'DUPLICATE'],
  },
  'console.deleteChannelAccount': {
    method: 'DELETE',
    path: '/api/console/shops/:shopId/channel-accounts/:accountId',
    summary: 'Remove an account with its counts',
    access: { audience: 'staff', permission: 'settings.write' },
    params: shopParams({ accountId: Id }),
    response: Ok,
  },
  'console.recordAccountAction': {
    method: 'POST',
    path: '/api/console/shops/:shopId/channel-accounts/:accountId/actions',
    summary: 'Count something the account does today; crossing a limit asks to be acknowledged first',
    access: { audience: 'staff', permission: 'settings.write' },
    params: shopParams({ accountId: Id }),
    idempotent: true,
    body: z.object({
      action: z.enum(ACCOUNT_ACTIONS),
      /** Friends, posts, or fen. */
      amount: z.int().min(1).max(1_000_000_00),
      acknowledged: z.boolean().default(false),
    }),
    response: ChannelAccount,
    errors: ['ACCOUNT_LIMIT', 'VALIDATION_FAILED'],
  },
})
