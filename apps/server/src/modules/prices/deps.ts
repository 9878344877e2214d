import type { Clock } from '../../kernel/clock.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import type { Settings } from '../../kernel/settings.ts'
import type { Members } from '../members/index.ts'

/** A SKU as prices see it. */
export interface PriceGoods {
  productId: string
  title: string
  skuId: string
  code: string
  /** Option values in words. */
  options: string
  priceFen: number
  costFen: number | null
}

export interface PricesDeps {
  db: Db
  clock: Clock
  settings: Settings
  members: Pick<Members, 'levelsOf' | 'listLevels'>
  /** SKUs of products that are not archived, by product; the catalogue answers it. */
  goodsOf(tx: Tx, shopId: string, productIds: readonly string[]): Promise<Map<string, PriceGoods[]>>
}
