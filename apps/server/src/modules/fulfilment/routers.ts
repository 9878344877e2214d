import { NO_BUYER_LEVEL, type RoutingField, type RoutingRule } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import type { Catalog } from '../catalog/index.ts'
import type { Router, RoutingPort } from '../orders/index.ts'
import type { ServingWarehouse, Stock } from '../stock/index.ts'
import { defaultRules } from './default-rules.ts'
import { packRouting } from './packed-routing.ts'
import { type RoutingCategory, type RoutingWorld, route } from './routing.ts'
import { currentRules } from './store-routing.ts'

export interface RoutingDeps {
  stock: Pick<Stock, 'servingWarehouses'>
  catalog: Pick<Catalog, 'categories'>
  /** Levels of buyers; who has none is absent. Asked only where a rule looks at levels. */
  levelsOf(
    tx: Tx,
    buyers: readonly { shopId: string; buyerId: string }[],
  ): Promise<readonly { shopId: string; buyerId: string; levelName: string }[]>
}

interface Known {
  version: number
  rules: readonly RoutingRule[]
}

export interface Routing extends RoutingPort {
  /** Everything a decision depends on, of one shop; other rules than those in force where they are given. */
  world(tx: Tx, shopId: string, rules?: readonly RoutingRule[]): Promise<RoutingWorld>
}

/** Rules of so many shops are kept; their versions are asked for each time. */
const MAX_KNOWN = 1000
const UNKNOWN_VERSION = -1

/**
 * Reads what routing needs of the shops of a batch: two statements for all of them. Rules are kept with their version
 * and only fetched again when it has moved, so that a change is in force with the next order in every process.
 */
export function createRouting({ stock, catalog, levelsOf }: RoutingDeps): Routing {
  const known = new Map<string, Known>()

  const worlds = async (tx: Tx, shopIds: readonly string[]): Promise<Map<string, RoutingWorld>> => {
    // What is known at this moment: another batch may learn of a newer version while this one is being answered.
    const before = new Map(shopIds.map((shopId) => [shopId, known.get(shopId)]))
    const wanted = shopIds.map((shopId) => ({ shopId, known: before.get(shopId)?.version ?? UNKNOWN_VERSION }))
    const [rows, warehouses] = await Promise.all([currentRules(tx, wanted), stock.servingWarehouses(tx, shopIds)])
    const places = Map.groupBy(warehouses, (warehouse) => warehouse.shopId)
    const found = new Map<string, RoutingWorld>()
    for (const { shopId, version, rules } of rows) {
      const same = before.get(shopId)
      const current =
        rules === null && same?.version === version ? same : { version, rules: rules ?? defaultRules(shopId) }
      remember(known, shopId, current)
      found.set(shopId, await worldOf(tx, shopId, current, places.get(shopId) ?? []))
    }
    return found
  }

  const worldOf = async (
    tx: Tx,
    shopId: string,
    { version, rules }: Known,
    warehouses: readonly ServingWarehouse[],
  ): Promise<RoutingWorld> => ({
    version,
    rules,
    warehouses,
    ...(rules.some(looksAt('category')) ? { categories: await categoriesOf(tx, shopId, catalog) } : {}),
  })

  return {
    async routers(tx, shopIds, buyers) {
      const found = await worlds(tx, shopIds)
      const asked = buyers.filter(({ shopId }) => found.get(shopId)?.rules.some(looksAt('buyer-level')))
      const levels = asked.length === 0 ? [] : await levelsOf(tx, asked)
      const names = new Map(levels.map(({ shopId, buyerId, levelName }) => [`${shopId}/${buyerId}`, levelName]))
      const routers = new Map<string, Router>()
      for (const [shopId, world] of found) {
        const knowsLevels = world.rules.some(looksAt('buyer-level'))
        const levelOf = (buyerId = '') =>
          knowsLevels ? (names.get(`${shopId}/${buyerId}`) ?? NO_BUYER_LEVEL) : undefined
        routers.set(shopId, (facts) => {
          const routed = route(world, { ...facts, buyerLevel: levelOf(facts.buyerId) })
          const { warehouseIds, split } = routed
          return { warehouseIds, split, freeze: (parts) => packRouting(routed.decide(parts)) }
        })
      }
      return routers
    },
    async world(tx, shopId, rules) {
      const world = (await worlds(tx, [shopId])).get(shopId)!
      if (rules === undefined) return world
      const warehouses = world.warehouses as readonly ServingWarehouse[]
      return worldOf(tx, shopId, { version: world.version, rules }, warehouses)
    },
  }
}

function remember(known: Map<string, Known>, shopId: string, current: Known): void {
  known.delete(shopId)
  known.set(shopId, current)
  if (known.size > MAX_KNOWN) known.delete(known.keys().next().value!)
}

const looksAt =
  (field: RoutingField) =>
  (rule: RoutingRule): boolean =>
    rule.enabled && rule.conditions.some((condition) => condition.field === field)

async function categoriesOf(
  tx: Tx,
  shopId: string,
  catalog: Pick<Catalog, 'categories'>,
): Promise<Map<string, RoutingCategory>> {
  const tree = await catalog.categories(tx, shopId)
  const categories = new Map<string, RoutingCategory>()
  for (const { id, name } of tree.values()) {
    const path: string[] = []
    for (let at: string | null = id; at !== null && !path.includes(at); at = tree.get(at)?.parentId ?? null)
      path.push(at)
    categories.set(id, { name, path })
  }
  return categories
}
