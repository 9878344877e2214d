import type { ProductRole } from '@zhanggui/contract'
import { sql, type Tx } from '../../kernel/db.ts'
import type { ProductState } from './types.ts'

/** A SKU with what its product is for. */
export interface AssortedSku {
  skuId: string
  productId: string
  title: string
  state: ProductState
  archived: boolean
  role: ProductRole
  channelExclusive: boolean
  exclusiveProvinces: string[]
  priceFen: number
  costFen: number | null
}

/** Every SKU of the shop, archived ones too, with its product's role and where it is sold. */
export async function assortedSkus(tx: Tx, shopId: string): Promise<AssortedSku[]> {
  return tx.rows<AssortedSku>(sql`
    select s.id as sku_id, s.product_id, p.title, p.state, s.archived, p.role, p.channel_exclusive, p.exclusive_provinces,
      s.price_fen, s.cost_fen
    from skus s join products p on p.shop_id = s.shop_id and p.id = s.product_id
    where s.shop_id = ${shopId} order by s.product_id, s.id`)
}
