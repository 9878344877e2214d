import type { Picture } from '@zhanggui/contract'
import type { Clock } from '../../kernel/clock.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import type { Settings } from '../../kernel/settings.ts'
import type { FindShop, StockPort } from './types.ts'

export interface CatalogDeps {
  db: Db
  clock: Clock
  settings: Settings
  files: { pictures(tx: Tx, shopId: string, fileIds: readonly string[]): Promise<Map<string, Picture>> }
  stock: StockPort
  findShop: FindShop
}
