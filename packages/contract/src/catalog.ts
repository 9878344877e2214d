import { z } from 'zod'
import { Id, Instant, optionalText, Picture, PriceFen, text } from './common.ts'
import { ProductContent, ProductContentInput, ProductRole, ProductVideo, PurchaseLimit } from './content.ts'
import { StoreDetailBlock } from './detail-document.ts'
import { PriceTag } from './price-tag.ts'

export const Category = z
  .object({ id: Id, parentId: Id.nullable(), name: z.string(), position: z.int(), productCount: z.int() })
  .meta({ id: 'Category' })
export type Category = z.infer<typeof Category>

const Attribute = z.object({ name: text(30), value: text(200) })

/** What the storefront shows of a SKU. */
export const StoreSku = z
  .object({
    id: Id,
    code: z.string(),
    /** Values of the product's options, in the options' order. */
    optionValues: z.array(z.string()),
    priceFen: PriceFen,
    /** Strike-through price, or null. */
    listPriceFen: PriceFen.nullable(),
    priceTag: PriceTag.optional(),
    picture: Picture.nullable(),
    available: z.int(),
  })
  .meta({ id: 'StoreSku' })
export type StoreSku = z.infer<typeof StoreSku>

export const StoreProductCard = z
  .object({
    id: Id,
    title: z.string(),
    subtitle: z.string(),
    picture: Picture.nullable(),
    minPriceFen: PriceFen,
    maxPriceFen: PriceFen,
    listPriceFen: PriceFen.nullable(),
    /** Of the cheapest SKU, where its price is not simply the base price for ever. */
    priceTag: PriceTag.optional(),
    soldCount: z.int(),
    soldOut: z.boolean(),
    tags: z.array(z.string()),
    /** Stars of approved reviews times ten, and how many those are; absent without any. */
    rating: z.object({ averageTenths: z.int(), count: z.int() }).optional(),
  })
  .meta({ id: 'StoreProductCard' })
export type StoreProductCard = z.infer<typeof StoreProductCard>

export const StoreProduct = z
  .object({
    ...StoreProductCard.shape,
    shopId: Id,
    categoryId: Id.nullable(),
    categoryPath: z.array(z.string()),
    brand: z.string(),
    pictures: z.array(Picture),
    options: z.array(z.object({ name: z.string(), values: z.array(z.string()) })),
    attributes: z.array(Attribute),
    detail: z.string(),
    detailPictures: z.array(Picture),
    /** The detail as it is laid out; of a plain detail its paragraphs and pictures. */
    detailBlocks: z.array(StoreDetailBlock),
    video: ProductVideo.nullable(),
    /** Units that one buyer may have, all SKUs together; absent without a limit. */
    purchaseLimit: PurchaseLimit.optional(),
    /** Provinces these goods are made for and go to; absent: everywhere. */
    soldIn: z.array(z.string()).optional(),
    /** Where the signed-in buyer has things sent to; absent for others and for who has no address. */
    usualProvince: z.string().optional(),
    /** Values of the tag dimensions that buyers may filter by. */
    tagValues: z.array(z.object({ id: Id, dimension: z.string(), name: z.string() })),
    skus: z.array(StoreSku),
  })
  .meta({ id: 'StoreProduct' })
export type StoreProduct = z.infer<typeof StoreProduct>

/** A SKU as the back office edits it. */
export const SkuInput = z.object({
  /** Absent for a new SKU. */
  id: Id.optional(),
  code: text(64),
  barcode: optionalText(32),
  optionValues: z.array(text(60)).max(3).default([]),
  priceFen: PriceFen,
  listPriceFen: PriceFen.nullable().default(null),
  costFen: PriceFen.nullable().default(null),
  weightGrams: z.int().min(0).max(1_000_000).default(0),
  pictureFileId: Id.nullable().default(null),
})

export const ProductInput = z.object({
  title: text(120),
  subtitle: optionalText(120),
  categoryId: Id.nullable().default(null),
  brand: optionalText(60),
  tags: z.array(text(20)).max(20).default([]),
  attributes: z.array(Attribute).max(60).default([]),
  options: z
    .array(z.object({ name: text(30), values: z.array(text(60)).min(1).max(50) }))
    .max(3)
    .default([]),
  pictureFileIds: z.array(Id).max(30).default([]),
  detail: optionalText(20_000),
  detailPictureFileIds: z.array(Id).max(60).default([]),
  freightTemplateId: Id.nullable().default(null),
  ...ProductContentInput.shape,
  skus: z.array(SkuInput).min(1).max(200),
})
export type ProductInput = z.infer<typeof ProductInput>

export const ProductState = z.enum(['draft', 'on-sale', 'off-sale'])

export const Product = z
  .object({
    id: Id,
    shopId: Id,
    state: ProductState,
    version: z.int(),
    title: z.string(),
    subtitle: z.string(),
    categoryId: Id.nullable(),
    brand: z.string(),
    tags: z.array(z.string()),
    attributes: z.array(Attribute),
    options: z.array(z.object({ name: z.string(), values: z.array(z.string()) })),
    detail: z.string(),
    detailPictures: z.array(Picture),
    freightTemplateId: Id.nullable(),
    ...ProductContent.shape,
    skus: z.array(
      z.object({
        id: Id,
        code: z.string(),
        barcode: z.string(),
        optionValues: z.array(z.string()),
        priceFen: PriceFen,
        listPriceFen: PriceFen.nullable(),
        costFen: PriceFen.nullable(),
        weightGrams: z.int(),
        picture: Picture.nullable(),
        available: z.int(),
      }),
    ),
    /** What still keeps the product from being published, in words. */
    missing: z.array(z.string()),
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'Product' })
export type Product = z.infer<typeof Product>

export const ProductRow = z
  .object({
    id: Id,
    title: z.string(),
    state: ProductState,
    categoryName: z.string().nullable(),
    brand: z.string(),
    picture: Picture.nullable(),
    skuCount: z.int(),
    minPriceFen: PriceFen,
    maxPriceFen: PriceFen,
    available: z.int(),
    soldCount: z.int(),
    role: ProductRole,
    /** 0–100; null until it was reckoned, a moment after the product was stored. */
    completeness: z.int().nullable(),
    version: z.int(),
    updatedAt: Instant,
  })
  .meta({ id: 'ProductRow' })
export type ProductRow = z.infer<typeof ProductRow>

/** The fields a spreadsheet column can be mapped to. */
export const IMPORT_FIELDS = {
  productCode: { zh: '商品编码', en: 'Product code (rows with the same code are SKUs of one product)' },
  title: { zh: '商品标题', en: 'Title' },
  subtitle: { zh: '副标题', en: 'Subtitle' },
  category: { zh: '一级类目', en: 'Category' },
  subcategory: { zh: '二级类目', en: 'Subcategory' },
  brand: { zh: '品牌', en: 'Brand' },
  attributes: { zh: '属性', en: 'Attributes (名称:值; …)' },
  tags: { zh: '标签', en: 'Tags' },
  skuCode: { zh: 'SKU 编码', en: 'SKU code' },
  barcode: { zh: '条码', en: 'Barcode' },
  option1: { zh: '规格1（名称:值）', en: 'Option 1 (name:value)' },
  option2: { zh: '规格2（名称:值）', en: 'Option 2 (name:value)' },
  price: { zh: '售价（元）', en: 'Price (yuan)' },
  listPrice: { zh: '划线价（元）', en: 'List price (yuan)' },
  cost: { zh: '成本价（元）', en: 'Cost (yuan)' },
  weight: { zh: '重量（克）', en: 'Weight (g)' },
  stock: { zh: '库存', en: 'Stock' },
  images: { zh: '图片（网址或压缩包内文件名）', en: 'Images (addresses, or file names in the zip)' },
  detail: { zh: '详情', en: 'Detail' },
  whiteImages: { zh: '白底图', en: 'Pictures on white' },
  sceneImages: { zh: '场景图', en: 'Pictures of a scene' },
  materialImages: { zh: '材质特写', en: 'Pictures of the material' },
  sizeImages: { zh: '尺寸图', en: 'Pictures of the size' },
  video: { zh: '视频', en: 'Video' },
  coreKeyword: { zh: '核心关键词', en: 'Core keyword' },
  role: { zh: '商品角色', en: 'Role in the assortment' },
  tagValues: { zh: '场景标签', en: 'Tag values (维度:值; …)' },
} as const
export type ImportField = keyof typeof IMPORT_FIELDS
export const ImportFieldName = z.enum(Object.keys(IMPORT_FIELDS) as [ImportField, ...ImportField[]])

export const ImportJob = z
  .object({
    id: Id,
    fileName: z.string(),
    /** mapping: waits for columns to be confirmed. */
    state: z.enum(['reading', 'mapping', 'running', 'done', 'failed', 'cancelled']),
    encoding: z.string().nullable(),
    sheet: z.string().nullable(),
    columns: z.array(z.string()),
    /** Column name → field; absent columns are ignored. Remembered for files with the same columns. */
    mapping: z.record(z.string(), ImportFieldName),
    mappingRemembered: z.boolean(),
    options: z.object({
      publish: z.boolean(),
      defaultPriceFen: PriceFen.nullable(),
      defaultStock: z.int().nullable(),
      warehouseId: Id.nullable(),
    }),
    sample: z.array(z.array(z.string())),
    totalRows: z.int(),
    doneRows: z.int(),
    createdProducts: z.int(),
    updatedProducts: z.int(),
    refusedRows: z.int(),
    failure: z.string().nullable(),
    createdAt: Instant,
    finishedAt: Instant.nullable(),
  })
  .meta({ id: 'ImportJob' })
export type ImportJob = z.infer<typeof ImportJob>

export const ImportRefusal = z
  .object({ line: z.int(), column: z.string().nullable(), value: z.string(), reason: z.string() })
  .meta({ id: 'ImportRefusal' })

export const ProductMomentKind = z.enum(['edit', 'stock', 'price'])
export type ProductMomentKind = z.infer<typeof ProductMomentKind>

/** Something that happened to a product. */
export const ProductMoment = z
  .object({
    key: z.string(),
    at: Instant,
    kind: ProductMomentKind,
    who: z.string(),
    /** In words; empty for an edit, whose changes say it. */
    text: z.string(),
    /** Of an edit: the version it made. */
    version: z.int().nullable(),
    changes: z.array(z.object({ field: z.string(), before: z.string(), after: z.string() })),
    /** Of a movement: into available stock, or out of it. */
    quantity: z.int().nullable(),
  })
  .meta({ id: 'ProductMoment' })
export type ProductMoment = z.infer<typeof ProductMoment>
