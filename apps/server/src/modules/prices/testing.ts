import { createMembers } from '../members/index.ts'
import { createPrices, type PricesDeps } from './index.ts'

/** Prices and members over a test's database; `catalog` is asked for when it is needed, since it is made afterwards. */
export function createTestPrices(
  engines: Pick<PricesDeps, 'db' | 'clock' | 'settings'>,
  catalog: () => Pick<PricesDeps, 'goodsOf' | 'goodsByCodes'>,
) {
  const members = createMembers({
    ...engines,
    nicknames: async (_, ids) => new Map(ids.map((id) => [id, `买家${id.slice(-4)}`])),
    findBuyers: async () => [],
    isBuyerOf: async () => true,
    rulesOfLevel: async () => 0,
  })
  return createPrices({
    ...engines,
    members,
    goodsOf: (tx, shopId, ids) => catalog().goodsOf(tx, shopId, ids),
    goodsByCodes: (tx, shopId, codes) => catalog().goodsByCodes(tx, shopId, codes),
  })
}
