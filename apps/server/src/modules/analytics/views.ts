import type { EventStore } from './ports.ts'

/**
 * What was looked at, from the behaviour events: for recommendation. Nothing where there is no event store, and nothing
 * while it does not answer: what was computed before stays good.
 */
export function productViews(store: EventStore) {
  const ask = async <R>(text: string, params: Record<string, unknown>): Promise<R[]> =>
    store.unavailableReason === null ? store.query<R>(text, params).catch(() => []) : []
  return {
    async viewsSince(shopId: string, sinceMs: number, limit: number) {
      const rows = await ask<{ device: string; product: string; at: string }>(
        `SELECT device_id AS device, assumeNotNull(product_id) AS product, toUnixTimestamp64Milli(at) AS at
         FROM raw_behaviour_events FINAL
         WHERE shop_id = {shopId:UUID} AND name = 'page' AND page = 'detail' AND product_id IS NOT NULL
           AND at >= fromUnixTimestamp64Milli({sinceMs:Int64}) ORDER BY at DESC LIMIT {limit:UInt32}`,
        { shopId, sinceMs, limit },
      )
      return rows.map(({ device, product, at }) => ({ deviceId: device, productId: product, atMs: Number(at) }))
    },
    async shopsViewedSince(sinceMs: number): Promise<string[]> {
      const rows = await ask<{ shop: string }>(
        `SELECT DISTINCT shop_id AS shop FROM raw_behaviour_events
         WHERE name = 'page' AND page = 'detail' AND at >= fromUnixTimestamp64Milli({sinceMs:Int64})`,
        { sinceMs },
      )
      return rows.map(({ shop }) => shop)
    },
  }
}
