import type { DetailDocument, Fen, PictureKind, ProductRole } from '@zhanggui/contract'
import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/db.ts'

export type ProductState = 'draft' | 'on-sale' | 'off-sale'

export interface Attribute {
  name: string
  value: string
}

export interface ProductOption {
  name: string
  values: string[]
}

/** A SKU as it is stored. */
export interface SkuRecord {
  id: string
  code: string
  barcode: string
  optionValues: string[]
  priceFen: number
  listPriceFen: number | null
  costFen: number | null
  weightGrams: number
  /** File id. */
  picture: string | null
  position: number
  archived: boolean
}

/** What a product page is made of beyond text and pictures. */
export interface ProductContentRecord {
  /** By file id; pictures that are not named are plain main pictures. */
  pictureKinds: Record<string, PictureKind>
  videoFileId: string | null
  videoPosterFileId: string | null
  /** What buyers call it; empty leaves it to the category. */
  coreKeyword: string
  /** When there is one, `detail` and `detailPictures` follow from it. */
  detailDocument: DetailDocument | null
}

/** A product as it is stored, with all its SKUs, archived ones too. */
export interface ProductRecord {
  id: string
  code: string | null
  state: ProductState
  version: number
  title: string
  subtitle: string
  categoryId: string | null
  brand: string
  tags: string[]
  attributes: Attribute[]
  options: ProductOption[]
  /** File ids. */
  pictures: string[]
  detail: string
  detailPictures: string[]
  freightTemplateId: string | null
  content: ProductContentRecord
  /** Values of the shop's tag dimensions. */
  tagValueIds: string[]
  role: ProductRole
  channelExclusive: boolean
  exclusiveProvinces: string[]
  /** Units that one buyer may have; null: no limit. */
  purchaseLimit: number | null
  publishedAt: string | null
  createdAt: string
  updatedAt: string
  skus: SkuRecord[]
}

/** What cart, quote and order need of a SKU. */
export interface SkuForSale {
  skuId: string
  productId: string
  code: string
  title: string
  /** Option values in words, e.g. `红色 / XL`; empty for a product without options. */
  options: string
  priceFen: Fen
  listPriceFen: Fen | null
  weightGrams: number
  freightTemplateId: string | null
  /** File id of the SKU's picture, else of the product's first. */
  pictureFileId: string | null
  /** The product is published and the SKU is not archived. */
  onSale: boolean
  categoryId: string | null
  tags: string[]
  role: ProductRole
  /** Provinces the product is made for and goes to; empty: everywhere. */
  exclusiveProvinces: string[]
  /** Units of the product that one buyer may have; null: no limit. */
  purchaseLimit: number | null
}

export interface SkuLabel {
  skuId: string
  productId: string
  code: string
  title: string
  options: string
  archived: boolean
}

/** What the catalogue needs of stock, which stands above it. */
export interface StockPort {
  /** Units for sale over all active warehouses; a SKU without stock may be absent. */
  available(tx: Tx, shopId: string, skuIds: readonly string[]): Promise<Map<string, number>>
  /** Whether there was ever stock of one of these SKUs. Orders need stock, so none of the others was ever ordered. */
  everHeld(tx: Tx, shopId: string, skuIds: readonly string[]): Promise<boolean>
  /** Books opening stock; `warehouseId` null means the default central warehouse. */
  receive(
    tx: Tx,
    receipt: {
      shopId: string
      warehouseId: string | null
      lines: { skuId: string; quantity: number }[]
      reason: 'import'
      actor: Actor
    },
  ): Promise<void>
}

/** One difference between two versions in words. */
export interface Change {
  field: string
  before: string
  after: string
}
