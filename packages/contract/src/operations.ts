import { z } from 'zod'
import {
  BusinessDay,
  FenAmount,
  Id,
  Instant,
  optionalText,
  PageQuery,
  page,
  ShopParams,
  shopParams,
  text,
} from './common.ts'
import { routes } from './route.ts'
import { OrderSummary } from './trade.ts'

export const SettingView = z
  .object({
    name: z.string(),
    group: z.string(),
    title: z.string(),
    titleEn: z.string(),
    help: z.string(),
    helpEn: z.string(),
    unit: z.string().nullable(),
    /** JSON Schema of the value, enough to draw a field. */
    schema: z.record(z.string(), z.unknown()),
    value: z.unknown(),
    defaultValue: z.unknown(),
    /** Where the value in force comes from. */
    source: z.enum(['default', 'platform', 'shop', 'campaign']),
    version: z.int(),
    updatedAt: Instant.nullable(),
    updatedBy: z.string().nullable(),
  })
  .meta({ id: 'SettingView' })
export type SettingView = z.infer<typeof SettingView>

const SettingChange = z.object({ at: Instant, actorName: z.string(), before: z.unknown(), after: z.unknown() })

export const AuditEntry = z
  .object({
    id: Id,
    at: Instant,
    actorKind: z.enum(['staff', 'buyer', 'system', 'platform']),
    actorName: z.string(),
    action: z.string(),
    entity: z.string(),
    entityId: z.string().nullable(),
    summary: z.string(),
    before: z.unknown(),
    after: z.unknown(),
    ip: z.string().nullable(),
  })
  .meta({ id: 'AuditEntry' })
export type AuditEntry = z.infer<typeof AuditEntry>

export const Overview = z
  .object({
    day: BusinessDay,
    /** Money and orders of the business day so far, from the books. */
    today: z.object({ paidFen: FenAmount, paidOrders: z.int(), buyers: z.int(), refundedFen: FenAmount }),
    /** Yesterday until the same time of day. */
    yesterday: z.object({ paidFen: FenAmount, paidOrders: z.int(), buyers: z.int(), refundedFen: FenAmount }),
    /** The same weekday of last week until the same time of day. */
    lastWeek: z.object({ paidFen: FenAmount, paidOrders: z.int(), buyers: z.int(), refundedFen: FenAmount }),
    recentOrders: z.array(OrderSummary),
    /** The last steps of the newest orders and the last reviews, newest first. */
    feed: z.array(
      z.object({
        orderId: Id,
        orderNo: z.string(),
        /** Null for a review. */
        totalFen: FenAmount.nullable(),
        /** Of a review; null for a step of an order. */
        reviewId: Id.nullable(),
        stars: z.int().nullable(),
        at: Instant,
        /** `placed`, `paid`, `shipped` … `reviewed` */
        event: z.string(),
        text: z.string(),
      }),
    ),
    /** From the event store; `available` false with the reason when it is not there. */
    analytics: z.object({
      available: z.boolean(),
      reason: z.string().nullable(),
      visitors: z.int(),
      pageViews: z.int(),
      addedToCart: z.int(),
      ordersPlaced: z.int(),
      ordersPaid: z.int(),
      /** One point an hour of the business day. */
      hours: z.array(
        z.object({ hour: z.int(), pageViews: z.int(), visitors: z.int(), ordersPaid: z.int(), paidFen: FenAmount }),
      ),
      topProducts: z.array(
        z.object({ productId: Id, title: z.string(), views: z.int(), addedToCart: z.int(), soldUnits: z.int() }),
      ),
      /** How long ago the newest event was stored. */
      lagSeconds: z.number().nullable(),
    }),
  })
  .meta({ id: 'Overview' })
export type Overview = z.infer<typeof Overview>

/** One behaviour event of a client. Unknown names are refused; unknown properties are dropped. */
export const TrackedEvent = z.discriminatedUnion('name', [
  z.object({
    name: z.literal('page'),
    ...eventBase(),
    page: text(60),
    productId: Id.optional(),
    title: z.string().max(120).optional(),
    referrer: z.string().max(300).optional(),
  }),
  z.object({
    name: z.literal('exposure'),
    ...eventBase(),
    page: text(60),
    productId: Id,
    position: z.int().min(0).max(10_000),
    list: text(40),
  }),
  z.object({ name: z.literal('click'), ...eventBase(), page: text(60), target: text(60), productId: Id.optional() }),
  z.object({ name: z.literal('search'), ...eventBase(), q: text(60), results: z.int().min(0).max(1_000_000) }),
  z.object({
    name: z.literal('cart_add'),
    ...eventBase(),
    productId: Id,
    skuId: Id,
    quantity: z.int().min(1).max(9999),
  }),
  z.object({
    name: z.literal('checkout'),
    ...eventBase(),
    totalFen: z.int().min(0).max(10_000_000_000),
    lines: z.int().min(1).max(50),
  }),
  z.object({
    name: z.literal('share'),
    ...eventBase(),
    page: text(60),
    productId: Id.optional(),
    way: z.enum(['link', 'poster', 'friend', 'card']),
  }),
  z.object({ name: z.literal('order'), ...eventBase(), orderId: Id, totalFen: z.int().min(0).max(10_000_000_000) }),
])
export type TrackedEvent = z.infer<typeof TrackedEvent>

function eventBase() {
  return {
    /** Made by the client; the same id is stored once. */
    id: Id,
    /** The client's clock in ms; corrected by `sentAt` of the batch. */
    at: z.int().min(0).max(4_102_444_800_000),
    /** Code of the share, or name of the channel, that the visitor came by (`?from=`). */
    from: z
      .string()
      .regex(/^[\w-]{1,40}$/)
      .optional(),
  }
}

export const EventBatch = z.object({
  shopId: Id,
  /** Random id of this browser or device, kept by the client. */
  deviceId: z.uuid(),
  sessionId: z.uuid(),
  platform: z.enum(['h5', 'mini']),
  sentAt: z.int().min(0).max(4_102_444_800_000),
  events: z.array(z.unknown()).min(1).max(100),
})
export type EventBatch = z.input<typeof EventBatch>

export const operationRoutes = routes({
  'events.send': {
    method: 'POST',
    path: '/api/events',
    summary: 'Take a batch of behaviour events; bad ones are named, the others are kept',
    access: { audience: 'guest' },
    body: EventBatch,
    response: z.object({ accepted: z.int(), refused: z.array(z.object({ index: z.int(), reason: z.string() })) }),
    errors: ['BUSY'],
  },
  'console.overview': {
    method: 'GET',
    path: '/api/console/shops/:shopId/overview',
    summary: 'Today at a glance',
    access: { audience: 'staff', permission: 'analytics.read' },
    params: ShopParams,
    response: Overview,
  },
  'console.settings': {
    method: 'GET',
    path: '/api/console/shops/:shopId/settings',
    summary: 'All settings in force for the shop',
    access: { audience: 'staff', permission: 'settings.read' },
    params: ShopParams,
    response: z.object({ items: z.array(SettingView).max(1000) }),
  },
  'console.setSetting': {
    method: 'PUT',
    path: '/api/console/shops/:shopId/settings/:name',
    summary: 'Set a value for the shop; null goes back to what the platform says',
    access: { audience: 'staff', permission: 'settings.write' },
    stepUpAbove: 'staff',
    params: shopParams({ name: z.string().max(80) }),
    body: z.object({ value: z.unknown(), version: z.int() }),
    response: SettingView,
    errors: ['SETTING_INVALID', 'CONFLICT', 'NOT_FOUND'],
  },
  'console.settingHistory': {
    method: 'GET',
    path: '/api/console/shops/:shopId/settings/:name/history',
    summary: 'Who changed a setting and when',
    access: { audience: 'staff', permission: 'settings.read' },
    params: shopParams({ name: z.string().max(80) }),
    response: z.object({ items: z.array(SettingChange).max(100) }),
  },
  'platform.settings': {
    method: 'GET',
    path: '/api/platform/settings',
    summary: 'Settings of the platform',
    access: { audience: 'platform', permission: 'platform.settings' },
    response: z.object({ items: z.array(SettingView).max(1000) }),
  },
  'platform.setSetting': {
    method: 'PUT',
    path: '/api/platform/settings/:name',
    summary: 'Set a value for all shops that have none of their own; null goes back to the default',
    access: { audience: 'platform', permission: 'platform.settings' },
    stepUpAbove: 'staff',
    params: z.object({ name: z.string().max(80) }),
    body: z.object({ value: z.unknown(), version: z.int() }),
    response: SettingView,
    errors: ['SETTING_INVALID', 'CONFLICT', 'NOT_FOUND'],
  },
  'platform.audit': {
    method: 'GET',
    path: '/api/platform/audit',
    summary: 'Who did what on the platform itself, newest first',
    access: { audience: 'platform', permission: 'platform.settings' },
    query: PageQuery,
    response: page(AuditEntry),
  },
  'console.audit': {
    method: 'GET',
    path: '/api/console/shops/:shopId/audit',
    summary: 'Who did what, newest first',
    access: { audience: 'staff', permission: 'audit.read' },
    params: ShopParams,
    query: PageQuery.extend({
      entity: z.string().max(40).optional(),
      entityId: z.string().max(64).optional(),
      actor: optionalText(60).optional(),
    }),
    response: page(AuditEntry),
  },
})
