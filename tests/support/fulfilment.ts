import type { RouteId } from '../../packages/contract/src/index.ts'
import type { TestShop } from './app.ts'

/** Bodies that fit the routes of routing and fulfilment, for the access matrix. */
export function fulfilmentBodies(ids: Record<string, string>): Partial<Record<RouteId, unknown>> {
  const trial = { province: '广东省', city: '深圳市', district: '', lines: [{ skuId: ids.skuId, quantity: 1 }] }
  return {
    'console.saveRoutingRules': { version: 9999, rules: [] },
    'console.tryRouting': { trial },
    'console.dryRunRouting': { rules: [], last: 10 },
  }
}

/** Leaves a row in each table of fulfilment. */
export async function leaveFulfilmentTraces({ shopId, owner }: TestShop): Promise<void> {
  const params = { shopId }
  const { version, rules } = await owner.call('console.routingRules', { params })
  await owner.call('console.saveRoutingRules', { params, body: { version, rules, note: '' } })
}
