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

/** What an account of each kind signs in to WeChat with; the first two are what a connection test needs. */
export const ACCOUNT_CREDENTIALS = {
  personal: [],
  subscription: ['appId', 'appSecret', 'token', 'encodingAesKey'],
  service: ['appId', 'appSecret', 'token', 'encodingAesKey'],
  wecom: ['corpId', 'corpSecret', 'token', 'encodingAesKey'],
  'mini-program': ['appId', 'appSecret'],
  channels: ['appId', 'appSecret'],
  live: [],
  showcase: ['appId', 'appSecret'],
} as const satisfies Record<AccountKind, readonly string[]>
export const CREDENTIAL_NAMES = ['appId', 'appSecret', 'corpId', 'corpSecret', 'token', 'encodingAesKey'] as const
export type CredentialName = (typeof CREDENTIAL_NAMES)[number]

/** At most this many matrix groups in a shop. */
export const MAX_CHANNEL_GROUPS = 30
export const MAX_PILLARS = 8

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
    /** Says in links and codes that a visitor comes from here. */
    code: z.string(),
    /** The matrix it belongs to. */
    groupId: Id.nullable(),
    track: z.string(),
    audience: z.string(),
    tone: z.string(),
    pillars: z.array(z.string()),
    /** What it signs in with, as much as may be told of it. */
    credentials: z.array(
      z.object({ name: z.enum(CREDENTIAL_NAMES), last4: z.string(), setAt: Instant, setBy: z.string() }),
    ),
    /** The last connection test; a changed credential makes it untested again. */
    connection: z.object({
      state: z.enum(['untested', 'ok', 'failed']),
      at: Instant.nullable(),
      ms: z.int().nullable(),
      message: z.string(),
    }),
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
  groupId: Id.nullable().default(null),
  track: optionalText(30),
  audience: optionalText(60),
  tone: optionalText(30),
  pillars: z.array(text(12)).max(MAX_PILLARS).default([]),
})

const DAY_MS = 86_400_000
const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / DAY_MS
const Day = z.iso.date()
/** What one account brought in a period. Orders count by when they were placed. */
export const AccountFigures = z
  .object({
    /** Null: orders that no account brought. */
    accountId: Id.nullable(),
    name: z.string(),
    /** People who came through its link or code, each once. */
    visitors: z.int(),
    orders: z.int(),
    paidOrders: z.int(),
    /** What was paid for these, before refunds. */
    paidFen: z.int(),
    buyers: z.int(),
  })
  .meta({ id: 'AccountFigures' })
export type AccountFigures = z.infer<typeof AccountFigures>

export const ChannelGroup = z
  .object({ id: Id, name: z.string(), owner: z.string(), version: z.int(), accountIds: z.array(Id) })
  .meta({ id: 'ChannelGroup' })
export type ChannelGroup = z.infer<typeof ChannelGroup>

/** How much the audiences of two accounts of a matrix overlap: buyers who came through each of them. */
export const AudienceOverlap = z.object({
  a: Id,
  b: Id,
  shared: z.int(),
  /** Shared of all buyers of either, in basis points. */
  jaccardBp: z.int(),
  /** Shared of the buyers of the smaller one, in basis points. */
  shareBp: z.int(),
  isHigh: z.boolean(),
  /** Words of track, audience and content pillars that both use. */
  sameWords: z.array(z.string()),
})
export const MatrixReport = z
  .object({
    group: ChannelGroup,
    accounts: z.array(z.object({ id: Id, name: z.string(), buyers: z.int(), positioned: z.boolean() })),
    overlaps: z.array(AudienceOverlap),
    /** From which share on an overlap is high; and with how few buyers nothing is said. */
    highBp: z.int(),
    leastBuyers: z.int(),
    days: z.int(),
  })
  .meta({ id: 'MatrixReport' })
export type MatrixReport = z.infer<typeof MatrixReport>

const GroupFields = z.object({ name: text(30), owner: optionalText(30) })

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
  'console.setAccountCredentials': {
    method: 'PUT',
    path: '/api/console/shops/:shopId/channel-accounts/:accountId/credentials',
    summary: 'Replace, add or (null) remove what the account signs in with; never read back',
    access: { audience: 'staff', permission: 'settings.write' },
    stepUp: 'credentials',
    params: shopParams({ accountId: Id }),
    body: z.object({
      values: z.partialRecord(
        z.enum(CREDENTIAL_NAMES),
        z
          .string()
          .trim()
          .regex(/^[\w-]{4,128}$/, '只能是 4–128 位字母、数字、下划线或连字符')
          .nullable(),
      ),
    }),
    response: ChannelAccount,
    errors: ['VALIDATION_FAILED'],
  },
  'console.testAccount': {
    method: 'POST',
    path: '/api/console/shops/:shopId/channel-accounts/:accountId/test',
    summary: 'Ask WeChat for a token with the kept credentials; says whether it answered, and how fast',
    access: { audience: 'staff', permission: 'settings.write' },
    params: shopParams({ accountId: Id }),
    response: ChannelAccount,
    errors: ['VALIDATION_FAILED', 'TOO_MANY_REQUESTS'],
  },
  'console.accountLink': {
    method: 'GET',
    path: '/api/console/shops/:shopId/channel-accounts/:accountId/link',
    summary: 'Address, mini program path and QR code that trace visitors and orders to the account',
    access: { audience: 'staff', permission: 'settings.read' },
    params: shopParams({ accountId: Id }),
    response: z.object({ url: z.string(), miniPath: z.string(), qrSvg: z.string() }),
  },
  'console.accountFigures': {
    method: 'GET',
    path: '/api/console/shops/:shopId/channel-figures',
    summary: 'What each account brought between two business days, both included: visitors, orders, money',
    access: { audience: 'staff', permission: 'analytics.read' },
    params: ShopParams,
    query: z.object({ from: Day, to: Day }).refine(({ from, to }) => from <= to && daysBetween(from, to) <= 366, {
      message: '起止日期要先后相接，最多一年',
    }),
    response: z.object({ items: z.array(AccountFigures).max(MAX_CHANNEL_ACCOUNTS + 2) }),
  },
  'console.channelGroups': {
    method: 'GET',
    path: '/api/console/shops/:shopId/channel-groups',
    summary: 'Matrices of accounts',
    access: { audience: 'staff', permission: 'settings.read' },
    params: ShopParams,
    response: z.object({ items: z.array(ChannelGroup).max(MAX_CHANNEL_GROUPS) }),
  },
  'console.createChannelGroup': {
    method: 'POST',
    path: '/api/console/shops/:shopId/channel-groups',
    summary: 'Add a matrix',
    access: { audience: 'staff', permission: 'settings.write' },
    params: ShopParams,
    body: GroupFields,
    response: ChannelGroup,
    errors: ['DUPLICATE', 'LIMIT_REACHED'],
  },
  'console.updateChannelGroup': {
    method: 'PUT',
    path: '/api/console/shops/:shopId/channel-groups/:groupId',
    summary: 'Change a matrix',
    access: { audience: 'staff', permission: 'settings.write' },
    params: shopParams({ groupId: Id }),
    body: GroupFields.extend({ version: z.int() }),
    response: ChannelGroup,
    errors: ['CONFLICT', 'DUPLICATE'],
  },
  'console.matrixReport': {
    method: 'GET',
    path: '/api/console/shops/:shopId/channel-groups/:groupId/report',
    summary: 'How much the audiences of the accounts of a matrix overlap, of buyers who came lately',
    access: { audience: 'staff', permission: 'settings.read' },
    params: shopParams({ groupId: Id }),
    response: MatrixReport,
  },
  'store.arrive': {
    method: 'POST',
    path: '/api/store/shops/:shopId/arrivals',
    summary: 'A visitor came through the link or code of an account; an unknown code changes nothing',
    access: { audience: 'guest' },
    params: ShopParams,
    body: z.object({ code: text(20) }),
    response: z.object({ known: z.boolean() }),
    errors: ['TOO_MANY_REQUESTS'],
  },
  'console.deleteChannelAccount': {
    method: 'DELETE',
    path: '/api/console/shops/:shopId/channel-accounts/:accountId',
    summary: 'Remove an account with its counts',
    access: { audience: 'staff', permission: 'settings.write' },
    params: shopParams({ accountId: Id }),
    response: Ok,
  },
  'console.deleteChannelGroup': {
    method: 'DELETE',
    path: '/api/console/shops/:shopId/channel-groups/:groupId',
    summary: 'Remove a matrix; its accounts stay',
    access: { audience: 'staff', permission: 'settings.write' },
    params: shopParams({ groupId: Id }),
    response: Ok,
  },
})
