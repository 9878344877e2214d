import { MAX_TAX_RATES } from '@zhanggui/contract'
import { sql, type Tx } from '../../kernel/db.ts'
import type { Settings } from '../../kernel/settings.ts'
import { taxRateBp } from './settings-tax.ts'
import { categoriesAbove, loadTree } from './store-categories.ts'

/** The VAT rate of a category's goods over `[fromDay, toDay)`, business days; null: open. */
export interface TaxPeriod {
  /** Null: goods of no category. */
  categoryId: string | null
  fromDay: string | null
  toDay: string | null
  rateBp: number
}

export interface DatedRate {
  categoryId: string | null
  fromDay: string
  rateBp: number
}

/**
 * The rate on a day: of the nearest category that has one by then, else of all goods, else of the setting.
 * `path` are the categories of the goods, nearest first.
 */
export function taxRateOn(
  rates: readonly DatedRate[],
  defaultBp: number,
  path: readonly string[],
  day: string,
): number {
  for (const categoryId of [...path, null]) {
    const until = rates.filter((rate) => rate.categoryId === categoryId && rate.fromDay <= day)
    const last = until.reduce<DatedRate | null>((a, b) => (a === null || b.fromDay > a.fromDay ? b : a), null)
    if (last !== null) return last.rateBp
  }
  return defaultBp
}

export interface TaxRateRow extends DatedRate {
  id: string
  createdAt: string
  createdBy: string
}

export const datedRates = (tx: Tx, shopId: string): Promise<TaxRateRow[]> =>
  tx.rows<TaxRateRow>(sql`
    select id, category_id, to_char(from_day, 'YYYY-MM-DD') as from_day, rate_bp, created_at, created_by from tax_rates
    where shop_id = ${shopId} order by from_day desc, id limit ${MAX_TAX_RATES}`)

/** The rate of that category and day is replaced. */
export async function writeRate(tx: Tx, shopId: string, rate: TaxRateRow): Promise<void> {
  await tx.exec(sql`
    insert into tax_rates (shop_id, id, category_id, from_day, rate_bp, created_at, created_by)
    values (${shopId}, ${rate.id}, ${rate.categoryId}, ${rate.fromDay}, ${rate.rateBp}, ${rate.createdAt},
      ${rate.createdBy})
    on conflict on constraint tax_rates_day do update set rate_bp = excluded.rate_bp,
      created_at = excluded.created_at, created_by = excluded.created_by`)
}

export const deleteRate = (tx: Tx, shopId: string, id: string): Promise<DatedRate | undefined> =>
  tx.maybe<DatedRate>(sql`
    delete from tax_rates where shop_id = ${shopId} and id = ${id}
    returning category_id, to_char(from_day, 'YYYY-MM-DD') as from_day, rate_bp`)

type TaxDeps = { settings: Settings }

/** The VAT rate of each product, in basis points, for what is sold on a business day of the shop. */
export async function taxRatesOf(
  tx: Tx,
  { settings }: TaxDeps,
  shopId: string,
  day: string,
  productIds: readonly string[],
): Promise<Map<string, number>> {
  const defaultBp = await settings.get(taxRateBp, { shopId }, tx)
  const rates = await datedRates(tx, shopId)
  const paths = await categoriesAbove(tx, shopId, productIds)
  return new Map(productIds.map((id) => [id, taxRateOn(rates, defaultBp, paths.get(id) ?? [], day)]))
}

/** The rates of every category and of goods without one, as periods that leave no day out: to be joined by reports. */
export async function taxPeriods(tx: Tx, { settings }: TaxDeps, shopId: string): Promise<TaxPeriod[]> {
  const defaultBp = await settings.get(taxRateBp, { shopId }, tx)
  const rates = await datedRates(tx, shopId)
  const tree = await loadTree(tx, shopId)
  const days = [...new Set(rates.map(({ fromDay }) => fromDay))].sort()
  const pathOf = (id: string | null): string[] => (id === null ? [] : [id, ...pathOf(tree.get(id)?.parentId ?? null)])
  return [null, ...tree.keys()].flatMap((categoryId) => {
    const path = pathOf(categoryId)
    const periods: TaxPeriod[] = []
    for (const fromDay of [null, ...days]) {
      const rateBp = taxRateOn(rates, defaultBp, path, fromDay ?? '')
      const last = periods.at(-1)
      if (last?.rateBp === rateBp) continue
      if (last !== undefined) last.toDay = fromDay
      periods.push({ categoryId, fromDay, toDay: null, rateBp })
    }
    return periods
  })
}
