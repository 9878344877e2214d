import { z } from 'zod'
import { Carrier } from './carriers.ts'
import { Id, Instant, optionalText, PriceFen, text } from './common.ts'

/** What a routing condition looks at. */
export const ROUTING_FIELDS = {
  'same-city': { zh: '收货城市有前置仓', en: 'A front warehouse in the receiving city' },
  province: { zh: '收货省份', en: 'Receiving province' },
  city: { zh: '收货城市', en: 'Receiving city' },
  district: { zh: '收货区县', en: 'Receiving district' },
  'total-fen': { zh: '订单金额', en: 'Order value' },
  'weight-grams': { zh: '总重量', en: 'Total weight' },
  units: { zh: '总件数', en: 'Units' },
  promotion: { zh: '促销订单', en: 'Bought with a promotion' },
  campaign: { zh: '活动', en: 'Campaign' },
  tag: { zh: '商品标签', en: 'Product tag' },
  role: { zh: '商品角色', en: 'Product role' },
  category: { zh: '商品类目', en: 'Category' },
  sku: { zh: '规格编码', en: 'SKU code' },
  channel: { zh: '下单渠道', en: 'Channel' },
  'buyer-level': { zh: '会员等级', en: 'Buyer level' },
} as const
export type RoutingField = keyof typeof ROUTING_FIELDS

/** What a rule calls a buyer without a level. */
export const NO_BUYER_LEVEL = 'none'

const words = z.array(text(60)).min(1).max(50)
const yes = z.boolean()
const set = <const F extends RoutingField>(field: F) =>
  z.object({ field: z.literal(field), operator: z.enum(['in', 'not-in']), values: words })
const flag = <const F extends RoutingField>(field: F) =>
  z.object({ field: z.literal(field), operator: z.literal('is'), value: yes })
const MAX_NUMBER = 1_000_000_000_00
const number = <const F extends RoutingField>(field: F) =>
  z.object({
    field: z.literal(field),
    operator: z.enum(['at-least', 'below']),
    /** Fen, grams or units. */
    value: z.int().min(0).max(MAX_NUMBER),
  })

/**
 * One condition. The list of operators is closed: `in` / `not-in` for words (of several goods any one counts),
 * `at-least` / `below` for numbers, `is` for yes and no.
 */
export const RoutingCondition = z.discriminatedUnion('field', [
  flag('same-city'),
  flag('promotion'),
  set('province'),
  set('city'),
  set('district'),
  set('campaign'),
  set('tag'),
  set('role'),
  set('category'),
  set('sku'),
  set('channel'),
  set('buyer-level'),
  number('total-fen'),
  number('weight-grams'),
  number('units'),
])
export type RoutingCondition = z.infer<typeof RoutingCondition>

/** How fast the carrier is asked to be. */
export const SERVICE_LEVELS = {
  standard: { zh: '标快', en: 'Standard' },
  express: { zh: '特快', en: 'Express' },
  'same-day': { zh: '当日达', en: 'Same day' },
  economy: { zh: '特惠', en: 'Economy' },
} as const
export const ServiceLevel = z.enum(Object.keys(SERVICE_LEVELS) as [keyof typeof SERVICE_LEVELS])
export type ServiceLevel = keyof typeof SERVICE_LEVELS

export const RoutingEffects = z
  .object({
    /** Which warehouses serve first; the others follow in their own order. */
    warehouse: z
      .discriminatedUnion('by', [
        /** Front warehouses of the receiving city. */
        z.object({ by: z.literal('same-city') }),
        z.object({ by: z.literal('kind'), kind: z.enum(['central', 'front']) }),
        z.object({ by: z.literal('id'), warehouseIds: z.array(Id).min(1).max(20) }),
      ])
      .optional(),
    /** `together`: one parcel from one warehouse wherever it can be; `by-warehouse`: each line from its best one. */
    split: z.enum(['together', 'by-warehouse']).optional(),
    carrier: Carrier.optional(),
    service: ServiceLevel.optional(),
    prePack: z.literal(true).optional(),
    packingNote: text(100).optional(),
  })
  .refine((effects) => Object.values(effects).some((effect) => effect !== undefined), '至少选择一项处理方式')
export type RoutingEffects = z.infer<typeof RoutingEffects>

export const RoutingRule = z.object({
  /** Stays when the rule is moved or renamed. */
  id: Id,
  name: text(40),
  enabled: z.boolean(),
  match: z.enum(['all', 'any']),
  conditions: z.array(RoutingCondition).min(1).max(10),
  effects: RoutingEffects,
  /** When this rule matches, those below it are not looked at. */
  stop: z.boolean().default(false),
})
export type RoutingRule = z.infer<typeof RoutingRule>

export const MAX_ROUTING_RULES = 50
export const RoutingRules = z
  .array(RoutingRule)
  .max(MAX_ROUTING_RULES)
  .refine((rules) => new Set(rules.map((rule) => rule.id)).size === rules.length, '规则重复')

/** How one rule came out for one order. */
export const RoutingTrace = z.object({
  ruleId: Id,
  name: z.string(),
  outcome: z.enum(['matched', 'not-matched', 'disabled', 'not-reached']),
  /** For a match what it looked at, otherwise what stood in its way. */
  because: z.string(),
  /** Effects that another rule had decided before. */
  overruled: z.array(z.string()),
})

/** Where an order goes and why; frozen on the order as it was placed. */
export const RoutingDecision = z
  .object({
    /** Version of the rules; 0 before there were any. */
    version: z.int(),
    /** Warehouses that were to serve first, best first. */
    warehouseIds: z.array(Id),
    split: z.enum(['together', 'by-warehouse']),
    carrier: Carrier.nullable(),
    service: ServiceLevel.nullable(),
    prePack: z.boolean(),
    packingNotes: z.array(z.string()),
    /** Through which channel it was placed, and the buyer's level where a rule looks at it; absent on earlier orders. */
    channel: z.string().nullable().optional(),
    buyerLevel: z.string().nullable().optional(),
    rules: z.array(RoutingTrace),
    /** Where the units were in the end. */
    parts: z.array(z.object({ warehouseId: Id, units: z.int() })),
    /** “发前置仓,因为 收货城市=深圳市” and so on, one sentence for each thing decided. */
    sentences: z.array(z.string()),
  })
  .meta({ id: 'RoutingDecision' })
export type RoutingDecision = z.infer<typeof RoutingDecision>

export const RoutingRuleSet = z
  .object({
    version: z.int(),
    rules: RoutingRules,
    note: z.string(),
    changedAt: Instant.nullable(),
    changedBy: z.string(),
  })
  .meta({ id: 'RoutingRuleSet' })
export type RoutingRuleSet = z.infer<typeof RoutingRuleSet>

/** An order that is only thought of, for the test bench. */
export const RoutingTrial = z.object({
  province: text(40),
  city: text(40),
  district: optionalText(40),
  lines: z
    .array(z.object({ skuId: Id, quantity: z.int().min(1).max(9999) }))
    .min(1)
    .max(50),
  /** The order's value; left out: what the goods cost. */
  totalFen: PriceFen.optional(),
  promotion: z.boolean().default(false),
  campaigns: z.array(text(60)).max(10).default([]),
  channel: optionalText(40),
  buyerLevel: optionalText(40),
})
