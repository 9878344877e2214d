import type { Clock } from '../../kernel/clock.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import type { Files } from '../../kernel/files.ts'
import type { Jobs } from '../../kernel/jobs.ts'
import type { Settings } from '../../kernel/settings.ts'
import type { Prices } from '../prices/index.ts'
import type { MomentSource } from './product-timeline.ts'
import type { Synonyms } from './search/match.ts'
import type { StockPort } from './types.ts'

export interface CatalogDeps {
  db: Db
  clock: Clock
  settings: Settings
  files: Files
  jobs: Jobs
  stock: StockPort
  prices: Pick<Prices, 'readPrices' | 'displays' | 'touchedProducts'>
  /** Stars of products by id; without it, cards show none. */
  ratings?(
    tx: Tx,
    shopId: string,
    productIds: readonly string[],
  ): Promise<Map<string, { averageTenths: number; count: number }>>
  /** The province of the address that a buyer uses; without it, or without an address, nobody's is known. */
  usualProvince?(buyerId: string): Promise<string | undefined>
  /** Other ways to say a query; module search answers with the shop's own too. Without it, the common synonyms. */
  synonyms?: Synonyms
  /** What buyers searched for lately, most frequent first; the search module answers it. */
  topQueries: TopQueries
  /** What other modules have to tell of a product. */
  moments?: { stock: MomentSource; price: MomentSource }
}

export type TopQueries = (
  tx: Tx,
  shopId: string,
  wish: { days: number; limit: number },
) => Promise<{ query: string; searches: number }[]>
