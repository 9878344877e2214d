import type { Picture } from '@zhanggui/contract'
import type { Clock } from '../../kernel/clock.ts'
import type { Vault } from '../../kernel/crypto.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import type { Settings } from '../../kernel/settings.ts'
import type { Catalog } from '../catalog/index.ts'
import type { Delivery } from '../delivery/index.ts'
import type { Orders } from '../orders/index.ts'
import type { Stock } from '../stock/index.ts'

export interface ExceptionDeps {
  db: Db
  clock: Clock
  settings: Settings
  vault: Vault
  orders: Pick<
    Orders,
    | 'lockOrder'
    | 'findOrder'
    | 'linesOf'
    | 'removeUnits'
    | 'replaceUnits'
    | 'requestRefund'
    | 'changeAddress'
    | 'nothingShipped'
    | 'unshippedSince'
    | 'priceGoods'
    | 'sellsIn'
  >
  catalog: Pick<Catalog, 'handPicked' | 'skuIdsOf' | 'skusForSale'>
  stock: Pick<Stock, 'levels'>
  delivery: Pick<Delivery, 'tellBuyer' | 'stalledSince' | 'atRisk' | 'findDelivery' | 'askSoon'>
  files: { pictures(tx: Tx, shopId: string, fileIds: readonly string[]): Promise<Map<string, Picture>> }
}
