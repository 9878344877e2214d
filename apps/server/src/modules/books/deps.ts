import type { Clock } from '../../kernel/clock.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import type { Catalog } from '../catalog/index.ts'
import type { Parties } from '../parties/index.ts'

export interface BooksDeps {
  db: Db
  clock: Clock
  parties: Pick<Parties, 'requireShop'>
  catalog: Pick<Catalog, 'taxPeriods' | 'categories'>
  /** Names of the shop's channel accounts. */
  accountNames(tx: Tx, shopId: string): Promise<{ id: string; name: string }[]>
}
