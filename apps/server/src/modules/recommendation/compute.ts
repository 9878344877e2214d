import type { Clock } from '../../kernel/clock.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import type { Settings } from '../../kernel/settings.ts'
import type { Catalog } from '../catalog/index.ts'
import { heatOf, PAIR_DEFAULTS, pairsOf, type Touch } from './rules.ts'
import { heatHalfLifeDays, lookBackDays } from './settings.ts'
import { deletePurchases, purchasesSince, replaceComputed, shopsWithPurchases } from './store.ts'

export interface RecommendationDeps {
  db: Db
  clock: Clock
  settings: Settings
  catalog: Catalog
  /** Whether what a buyer does may be used for the buyer. */
  mayPersonalise(buyerId: string): Promise<boolean>
  /** Those of the buyers who want nothing computed from what they do. Scope `system`. */
  notPersonalised(tx: Tx, buyerIds: readonly string[]): Promise<ReadonlySet<string>>
  /** What was looked at since, newest first; empty where there is no event store. */
  viewsSince(
    shopId: string,
    sinceMs: number,
    limit: number,
  ): Promise<{ deviceId: string; productId: string; atMs: number }[]>
  /** Shops with views since; empty where there is no event store. */
  shopsViewedSince(sinceMs: number): Promise<string[]>
}

const DAY_MS = 86_400_000
const MAX_VIEWS = 300_000
const VIEW_WEIGHT = 1
/** People buy what goes together over weeks, and look at it within the hour. */
const BOUGHT_HALF_LIFE_MS = 14 * DAY_MS

/** Computes pairs and popularity of every shop that has something to compute from. */
export async function computeAll(deps: RecommendationDeps): Promise<number> {
  const days = await deps.settings.get(lookBackDays)
  const bought = await deps.db.read('system', shopsWithPurchases)
  const viewed = await deps.shopsViewedSince(deps.clock.millis() - days * DAY_MS)
  const shops = [...new Set([...bought.map(({ shopId }) => shopId), ...viewed])].sort()
  for (const shopId of shops) await computeShop(deps, shopId)
  return shops.length
}

/** Pairs and popularity of one shop, replaced as a whole. */
export async function computeShop(deps: RecommendationDeps, shopId: string): Promise<void> {
  const nowMs = deps.clock.millis()
  const sinceMs = nowMs - (await deps.settings.get(lookBackDays, { shopId })) * DAY_MS
  const halfLifeMs = (await deps.settings.get(heatHalfLifeDays, { shopId })) * DAY_MS
  const views: Touch[] = (await deps.viewsSince(shopId, sinceMs, MAX_VIEWS)).map(({ deviceId, productId, atMs }) => ({
    who: deviceId,
    productId,
    atMs,
    weight: VIEW_WEIGHT,
  }))
  const since = new Date(sinceMs).toISOString()
  await deps.db.tx({ shopId }, async (tx) => {
    await deletePurchases(tx, shopId, since)
    const purchases = await purchasesSince(tx, shopId, since)
    const bought = pairsOf(purchases, { ...PAIR_DEFAULTS, halfLifeMs: BOUGHT_HALF_LIFE_MS })
    const viewed = pairsOf(views)
    await replaceComputed(
      tx,
      shopId,
      [
        ...bought.map((pair) => ({ ...pair, reason: 'bought-together' as const })),
        ...viewed.map((pair) => ({ ...pair, reason: 'viewed-together' as const })),
      ],
      heatOf([...purchases, ...views], nowMs, halfLifeMs),
    )
  })
}
