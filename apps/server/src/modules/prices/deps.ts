import type { Clock } from '../../kernel/clock.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import type { Settings } from '../../kernel/settings.ts'
import type { Members } from '../members/index.ts'

/** A SKU as prices see it. */
export interface PriceGoods {
  productId: string
  title: string
  /** The product's own code, or its id where it has none. */
  productCode: string
  skuId: string
  code: string
  /** Option values in words. */
  options: string
  priceFen: number
  costFen: number | null
}

/** What a code names: one SKU, or a product with all of its SKUs. */
export interface CodedGoods {
  productId: string
  title: string
  /** Null: all of the product. */
  skuId: string | null
}

export interface PricesDeps {
  db: Db
  clock: Clock
  settings: Settings
  members: Pick<Members, 'levelsOf' | 'listLevels'>
  /** SKUs of products that are not archived, by product; the catalogue answers it. */
  goodsOf(tx: Tx, shopId: string, productIds: readonly string[]): Promise<Map<string, PriceGoods[]>>
  /** What is sold under each of the codes (of a SKU, a product, a barcode); unknown ones are absent. */
  goodsByCodes(tx: Tx, shopId: string, codes: readonly string[]): Promise<Map<string, CodedGoods>>
}
