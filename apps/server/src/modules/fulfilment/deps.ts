import type { Picture } from '@zhanggui/contract'
import type { Clock } from '../../kernel/clock.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import type { Settings } from '../../kernel/settings.ts'
import type { Catalog } from '../catalog/index.ts'
import type { Orders } from '../orders/index.ts'
import type { Parties } from '../parties/index.ts'
import type { Stock } from '../stock/index.ts'
import type { Routing } from './routers.ts'

export interface FulfilmentDeps {
  db: Db
  clock: Clock
  settings: Settings
  stock: Stock
  catalog: Pick<Catalog, 'skusForSale' | 'categories'>
  orders: Pick<
    Orders,
    'mayShip' | 'ordersForRouting' | 'ordersToPack' | 'orderIdsByNumber' | 'receiversOf' | 'ship' | 'moveOrder'
  >
  parties: Pick<Parties, 'shopsByIds'>
  files: { pictures(tx: Tx, shopId: string, fileIds: readonly string[]): Promise<Map<string, Picture>> }
  routing: Routing
}
