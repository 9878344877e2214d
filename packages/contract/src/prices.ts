import { z } from 'zod'
import { Id, Instant, PageQuery, PriceFen, page, ShopParams, shopParams, text } from './common.ts'
import { ChannelName, PriceDisplay, PriceKind, PriceRuleKind } from './price-tag.ts'
import { routes } from './route.ts'

/** Most targets (products or single SKUs) of one rule. */
export const MAX_RULE_ITEMS = 500
/** Longest text of a price sheet that is pasted at once. */
export const MAX_SHEET_TEXT = 100_000

export const PriceFormula = z.object({
  method: z.enum(['fixed', 'percent', 'minus']),
  /** fen for `fixed` and `minus`, basis points (8500 = 85 折) for `percent`. */
  value: z.int().min(1).max(10_000_000_00),
  rounding: z.enum(['fen', 'jiao', 'yuan', 'nine']).default('fen'),
})

/** A product, or one SKU of it; with a price of its own, or the rule's formula. */
const RuleItem = z.object({
  productId: Id,
  skuId: Id.nullable().default(null),
  priceFen: PriceFen.nullable().default(null),
})

export const PriceRuleInput = z.object({
  kind: PriceRuleKind,
  label: text(20),
  ...PriceFormula.shape,
  levelIds: z.array(Id).max(20).default([]),
  provinces: z.array(text(20)).max(40).default([]),
  channels: z.array(ChannelName).max(10).default([]),
  startsAt: Instant.nullable().default(null),
  endsAt: Instant.nullable().default(null),
  /** Hours before the start from which it is announced; absent: as the shop's setting says. */
  warmUpHours: z.int().min(0).max(720).optional(),
  items: z.array(RuleItem).min(1).max(MAX_RULE_ITEMS),
})
export type PriceRuleInput = z.infer<typeof PriceRuleInput>

export const PriceRuleState = z.enum(['running', 'upcoming', 'ended', 'stopped'])
export type PriceRuleState = z.infer<typeof PriceRuleState>

export const PriceRuleRow = z
  .object({
    id: Id,
    kind: PriceRuleKind,
    label: z.string(),
    ...PriceFormula.shape,
    rounding: z.enum(['fen', 'jiao', 'yuan', 'nine']),
    levelIds: z.array(Id),
    provinces: z.array(z.string()),
    channels: z.array(ChannelName),
    startsAt: Instant.nullable(),
    endsAt: Instant.nullable(),
    warmFrom: Instant.nullable(),
    state: PriceRuleState,
    /** The whole rule in words. */
    words: z.string(),
    itemCount: z.int(),
    productCount: z.int(),
    version: z.int(),
    createdBy: z.string(),
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'PriceRuleRow' })
export type PriceRuleRow = z.infer<typeof PriceRuleRow>

export const PriceRuleDetail = PriceRuleRow.extend({
  items: z
    .array(
      z.object({
        productId: Id,
        skuId: Id.nullable(),
        priceFen: PriceFen.nullable(),
        title: z.string(),
        options: z.string(),
        /** Of the SKU, or of the product where the rule is over all of it. */
        code: z.string(),
      }),
    )
    .max(MAX_RULE_ITEMS),
}).meta({ id: 'PriceRule' })
export type PriceRuleDetail = z.infer<typeof PriceRuleDetail>

export const PriceSheet = z
  .object({
    items: z
      .array(
        z.object({
          line: z.int(),
          productId: Id,
          /** Null: all SKUs of the product, which was named by its own code. */
          skuId: Id.nullable(),
          title: z.string(),
          /** Null: the line names no price, so the rule's formula holds. */
          priceFen: PriceFen.nullable(),
        }),
      )
      .max(MAX_RULE_ITEMS),
    /** Lines that mean nothing here, as they were pasted, and why. */
    refused: z.array(z.object({ line: z.int(), text: z.string(), reason: z.string() })),
  })
  .meta({ id: 'PriceSheet' })
export type PriceSheet = z.infer<typeof PriceSheet>

export const PricePreviewRow = z.object({
  productId: Id,
  title: z.string(),
  skuId: Id,
  code: z.string(),
  options: z.string(),
  beforeFen: PriceFen,
  afterFen: PriceFen,
  /** What one should know before: below cost, dearer than now, does not count. */
  warning: z.string().nullable(),
})
export type PricePreviewRow = z.infer<typeof PricePreviewRow>

export const PricePreview = z
  .object({
    productCount: z.int(),
    skuCount: z.int(),
    minBeforeFen: PriceFen,
    maxBeforeFen: PriceFen,
    minAfterFen: PriceFen,
    maxAfterFen: PriceFen,
    belowCost: z.int(),
    /** The first rows. */
    rows: z.array(PricePreviewRow).max(200),
    /** Other rules over the same goods at the same time, and which of them counts, in words. */
    conflicts: z.array(z.object({ ruleId: Id, label: z.string(), words: z.string() })).max(50),
  })
  .meta({ id: 'PricePreview' })
export type PricePreview = z.infer<typeof PricePreview>

const Viewpoint = z.object({
  buyerId: Id.nullable().default(null),
  /** Instead of a buyer: somebody of this level. */
  levelId: Id.nullable().default(null),
  province: z.string().trim().max(40).nullable().default(null),
  channel: ChannelName.default('h5'),
  /** Absent: now. */
  at: Instant.optional(),
})

const TestedPrice = z.object({
  skuId: Id,
  code: z.string(),
  options: z.string(),
  baseFen: PriceFen,
  regularFen: PriceFen,
  priceFen: PriceFen,
  kind: PriceKind,
  /** Why it is this price, one step a line. */
  reasons: z.array(z.string()),
  considered: z.array(
    z.object({
      ruleId: Id,
      label: z.string(),
      kind: PriceRuleKind,
      priceFen: PriceFen.nullable(),
      words: z.string(),
      taken: z.boolean(),
    }),
  ),
  nextChangeAt: Instant.nullable(),
})

export const ProductPrices = z
  .object({
    display: z.enum(['shop', 'strike', 'drop']),
    shopDisplay: PriceDisplay,
    rules: z.array(PriceRuleRow).max(200),
    /** Rules that meet at the same time, and which of them counts. */
    conflicts: z.array(z.string()).max(50),
    skus: z.array(TestedPrice).max(200),
  })
  .meta({ id: 'ProductPrices' })
export type ProductPrices = z.infer<typeof ProductPrices>

const RuleParams = shopParams({ ruleId: Id })
const read = { audience: 'staff', permission: 'catalog.read' } as const
const write = { audience: 'staff', permission: 'catalog.write' } as const

export const priceRoutes = routes({
  'console.priceRules': {
    method: 'GET',
    path: '/api/console/shops/:shopId/price-rules',
    summary: 'Price rules, newest first',
    access: read,
    params: ShopParams,
    query: PageQuery.extend({
      q: z.string().trim().max(20).optional(),
      kind: PriceRuleKind.optional(),
      state: PriceRuleState.optional(),
    }),
    response: page(PriceRuleRow),
  },
  'console.priceRule': {
    method: 'GET',
    path: '/api/console/shops/:shopId/price-rules/:ruleId',
    summary: 'One price rule with its goods',
    access: read,
    params: RuleParams,
    response: PriceRuleDetail,
    errors: ['NOT_FOUND'],
  },
  'console.previewPriceRule': {
    method: 'POST',
    path: '/api/console/shops/:shopId/price-rules/preview',
    summary: 'What a price rule would do: from what to what, below cost, conflicts. Changes nothing',
    access: read,
    params: ShopParams,
    body: PriceRuleInput.extend({ ruleId: Id.optional() }),
    response: PricePreview,
    errors: ['NOT_FOUND', 'VALIDATION_FAILED'],
  },
  'console.readPriceSheet': {
    method: 'POST',
    path: '/api/console/shops/:shopId/price-rules/read-sheet',
    summary: 'What lines copied out of a spreadsheet (code and price) mean for a price rule. Changes nothing',
    access: read,
    params: ShopParams,
    body: z.object({ text: z.string().min(1).max(MAX_SHEET_TEXT) }),
    response: PriceSheet,
  },
  'console.createPriceRule': {
    method: 'POST',
    path: '/api/console/shops/:shopId/price-rules',
    summary: 'Add a price rule over products or SKUs',
    access: write,
    params: ShopParams,
    body: PriceRuleInput,
    response: PriceRuleDetail,
    errors: ['NOT_FOUND', 'VALIDATION_FAILED'],
  },
  'console.updatePriceRule': {
    method: 'PUT',
    path: '/api/console/shops/:shopId/price-rules/:ruleId',
    summary: 'Change a price rule; refused when somebody else changed it meanwhile',
    access: write,
    params: RuleParams,
    body: PriceRuleInput.extend({ version: z.int() }),
    response: PriceRuleDetail,
    errors: ['CONFLICT', 'NOT_FOUND', 'VALIDATION_FAILED'],
  },
  'console.switchPriceRule': {
    method: 'POST',
    path: '/api/console/shops/:shopId/price-rules/:ruleId/switch',
    summary: 'Stop a price rule at once, or let it go on',
    access: write,
    params: RuleParams,
    body: z.object({ active: z.boolean(), version: z.int() }),
    response: PriceRuleDetail,
    errors: ['CONFLICT', 'NOT_FOUND'],
  },
  'console.productPrices': {
    method: 'GET',
    path: '/api/console/shops/:shopId/products/:productId/prices',
    summary: 'All prices of a product: rules, conflicts, what each SKU costs now',
    access: read,
    params: shopParams({ productId: Id }),
    response: ProductPrices,
    errors: ['NOT_FOUND'],
  },
  'console.setPriceDisplay': {
    method: 'PUT',
    path: '/api/console/shops/:shopId/products/:productId/price-display',
    summary: 'How a lowered price of the product is shown: as the shop says, struck through, or by the drop',
    access: write,
    params: shopParams({ productId: Id }),
    body: z.object({ display: z.enum(['shop', 'strike', 'drop']) }),
    response: z.object({ display: z.enum(['shop', 'strike', 'drop']) }),
    errors: ['NOT_FOUND'],
  },
  'console.testPrice': {
    method: 'POST',
    path: '/api/console/shops/:shopId/products/:productId/test-price',
    summary: 'What this buyer pays in this province and channel at this time, and why',
    access: read,
    params: shopParams({ productId: Id }),
    body: Viewpoint,
    response: z.object({ at: Instant, levelName: z.string().nullable(), skus: z.array(TestedPrice).max(200) }),
    errors: ['NOT_FOUND'],
  },
})
