import type { Clock } from '../../kernel/clock.ts'
import type { Db } from '../../kernel/db.ts'
import type { Settings } from '../../kernel/settings.ts'
import type { Catalog } from '../catalog/index.ts'
import type { Parties } from '../parties/index.ts'

export interface CustomersDeps {
  db: Db
  clock: Clock
  settings: Settings
  catalog: Pick<Catalog, 'cardsOf' | 'productTitles'>
  parties: Pick<Parties, 'findShop'>
}
