import type { Fen, RolesReport } from '@zhanggui/contract'
import type { Db, Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Settings } from '../../kernel/settings.ts'
import type { AssortedSku, Catalog } from '../catalog/index.ts'
import type { Orders } from '../orders/index.ts'
import type { Parties } from '../parties/index.ts'
import type { Stock } from '../stock/index.ts'
import { ratioBp, sumByRole } from './rules.ts'
import { exclusiveMargin, exclusiveShare, roleTargets } from './settings.ts'

export interface AssortmentDeps {
  db: Db
  settings: Settings
  parties: Pick<Parties, 'requireShop'>
  catalog: Pick<Catalog, 'assortedSkus'>
  orders: Pick<Orders, 'soldBySku'>
  stock: Pick<Stock, 'availableAt'>
}

const DAY_MS = 86_400_000
const MAX_DAYS = 366
const MAX_BELOW = 20

/**
 * How each product role did between two business days (both included), and how the goods stand that are sold in WeChat,
 * or in some provinces, only. A product counts with the role that it has today.
 * @throws AppError VALIDATION_FAILED (an interval that is empty or longer than a year)
 */
export async function rolesReport(
  deps: AssortmentDeps,
  shopId: string,
  period: { from: string; to: string },
): Promise<RolesReport> {
  const days = Math.round((Date.parse(period.to) - Date.parse(period.from)) / DAY_MS) + 1
  if (days < 1 || days > MAX_DAYS)
    throw new AppError('VALIDATION_FAILED', {
      values: { field: 'to', reason: days < 1 ? '结束日期早于开始日期' : `最多统计 ${MAX_DAYS} 天` },
      field: 'to',
    })
  return deps.db.read({ shopId }, async (tx) => {
    const { timeZone } = await deps.parties.requireShop(tx, shopId)
    const interval = { ...period, timeZone }
    const skus = await deps.catalog.assortedSkus(tx, shopId)
    const sold = await deps.orders.soldBySku(tx, shopId, interval)
    const stock = await deps.stock.availableAt(tx, shopId, interval)
    const figures = skus.map((sku) => {
      const { units = 0, paidFen = 0, refundedFen = 0 } = sold.get(sku.skuId) ?? {}
      const { start = 0, end = 0 } = stock.get(sku.skuId) ?? {}
      return { ...sku, soldUnits: units, revenueFen: paidFen, refundedFen, stockAtStart: start, stockAtEnd: end }
    })
    const targets = await roleTargets(deps.settings, shopId, tx)
    const roles = sumByRole(figures, days).map((sums) => ({
      ...sums,
      products: new Set(
        skus.filter(({ role, state }) => role === sums.role && state === 'on-sale').map(({ productId }) => productId),
      ).size,
      revenueFen: sums.revenueFen as Fen,
      refundedFen: sums.refundedFen as Fen,
      targets: targets[sums.role],
    }))
    return {
      ...period,
      roles,
      channelExclusive: await exclusiveGoods(tx, deps, shopId, skus),
      regionExclusive: regionsOf(skus),
    }
  })
}

/** Goods of the WeChat channels only: their share of what is on sale, and what they earn by their prices. */
async function exclusiveGoods(tx: Tx, deps: AssortmentDeps, shopId: string, skus: readonly AssortedSku[]) {
  const onSale = Map.groupBy(
    skus.filter(({ state, archived }) => state === 'on-sale' && !archived),
    ({ productId }) => productId,
  )
  const exclusive = [...onSale.values()].filter((own) => own[0]!.channelExclusive)
  const targetMarginBp = await deps.settings.get(exclusiveMargin, { shopId }, tx)
  const below = exclusive
    .map((own) => ({ productId: own[0]!.productId, title: own[0]!.title, marginBp: marginBp(own) }))
    .filter((each) => each.marginBp === null || each.marginBp < targetMarginBp)
    .sort((a, b) => (a.marginBp ?? -1) - (b.marginBp ?? -1) || (a.productId < b.productId ? -1 : 1))
  return {
    onSale: onSale.size,
    exclusive: exclusive.length,
    shareBp: ratioBp(exclusive.length, onSale.size) ?? 0,
    targetShareBp: await deps.settings.get(exclusiveShare, { shopId }, tx),
    marginBp: marginBp(exclusive.flat()),
    targetMarginBp,
    below: below.slice(0, MAX_BELOW),
  }
}

/** Of prices against costs, over the SKUs whose cost is known. */
function marginBp(skus: readonly AssortedSku[]): number | null {
  const known = skus.filter(({ costFen, priceFen }) => costFen !== null && priceFen > 0)
  const price = known.reduce((sum, { priceFen }) => sum + priceFen, 0)
  return ratioBp(price - known.reduce((sum, { costFen }) => sum + costFen!, 0), price)
}

function regionsOf(skus: readonly AssortedSku[]) {
  const products = new Map<string, Set<string>>()
  for (const { productId, state, exclusiveProvinces } of skus) {
    if (state !== 'on-sale') continue
    for (const province of exclusiveProvinces)
      products.set(province, (products.get(province) ?? new Set()).add(productId))
  }
  return [...products]
    .map(([province, ids]) => ({ province, products: ids.size }))
    .sort((a, b) => b.products - a.products || (a.province < b.province ? -1 : 1))
}
