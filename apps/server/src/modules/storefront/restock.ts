import type { RestockReminder } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { emitMany } from '../../kernel/outbox.ts'
import type { StorefrontDeps } from './deps.ts'
import { backInStock } from './events.ts'
import { restockTellsAgainHours, restockTellsPerUnit } from './settings.ts'
import {
  lockTelling,
  markTold,
  remindersOf,
  removeReminder,
  shopsWaiting,
  toldSince,
  upsertReminder,
  waitedFor,
} from './store.ts'

const HOUR_MS = 3_600_000
/** Told in one transaction at most; the sweep takes the rest. */
const MOST_TOLD = 1000

interface Wish {
  shopId: string
  skuId: string
  buyerId: string
}

/**
 * Lets the buyer wait for a SKU that is sold out. @throws AppError NOT_FOUND for an unknown SKU, CONFLICT when it can
 * be bought right now (UX-04)
 */
export async function remindOfRestock(deps: StorefrontDeps, wish: Wish): Promise<RestockReminder> {
  const { shopId, skuId, buyerId } = wish
  return deps.db.tx({ shopId, buyerId }, async (tx) => {
    const sku = (await deps.catalog.skusForSale(tx, shopId, [skuId])).get(skuId)
    if (!sku) throw new AppError('NOT_FOUND', { values: { what: '商品规格' } })
    const available = (await deps.stock.available(tx, shopId, [skuId])).get(skuId) ?? 0
    if (sku.onSale && available > 0) throw new AppError('CONFLICT', { values: { what: '库存：这个规格现在就有货' } })
    const at = deps.clock.instant()
    return upsertReminder(tx, { shopId, id: newId(), skuId, productId: sku.productId, buyerId, at })
  })
}

export const forgetRestock = (deps: StorefrontDeps, { shopId, skuId, buyerId }: Wish): Promise<void> =>
  deps.db.tx({ shopId, buyerId }, (tx) => removeReminder(tx, shopId, skuId, buyerId))

export const restockReminders = (
  deps: StorefrontDeps,
  shopId: string,
  productId: string,
  buyerId: string,
): Promise<RestockReminder[]> => deps.db.read({ shopId, buyerId }, (tx) => remindersOf(tx, shopId, productId, buyerId))

/**
 * Tells those who wait for SKUs of a shop that can be bought again, longest waiting first, as many as the settings
 * allow for what is there, less those who were told a short while ago and may still come. `skuIds` undefined: all
 * SKUs that are waited for. Answers how many were told.
 */
export async function tellRestocked(
  tx: Tx,
  deps: Pick<StorefrontDeps, 'catalog' | 'stock' | 'settings' | 'clock'>,
  shopId: string,
  skuIds?: readonly string[],
): Promise<number> {
  if ((await waitedFor(tx, shopId, skuIds)).length === 0) return 0
  await lockTelling(tx, shopId)
  const waited = await waitedFor(tx, shopId, skuIds)
  const [skus, available] = [
    await deps.catalog.skusForSale(tx, shopId, waited),
    await deps.stock.available(tx, shopId, waited),
  ]
  const perUnit = await deps.settings.get(restockTellsPerUnit, { shopId }, tx)
  const againHours = await deps.settings.get(restockTellsAgainHours, { shopId }, tx)
  const since = new Date(deps.clock.millis() - againHours * HOUR_MS).toISOString()
  const recently = await toldSince(tx, shopId, waited, since)
  const quotas = waited
    .filter((skuId) => skus.get(skuId)?.onSale)
    .map((skuId) => ({ skuId, most: (available.get(skuId) ?? 0) * perUnit - (recently.get(skuId) ?? 0) }))
    .filter(({ most }) => most > 0)
    .map(({ skuId, most }) => ({ skuId, most: Math.min(most, MOST_TOLD) }))
  if (quotas.length === 0) return 0
  const at = deps.clock.instant()
  const told = await markTold(tx, shopId, quotas, at, MOST_TOLD)
  await emitMany(
    tx,
    backInStock,
    told.map(({ id, skuId, productId, buyerId }) => ({
      shopId,
      aggregate: 'restock-reminder',
      aggregateId: id,
      occurredAt: at,
      payload: {
        reminderId: id,
        buyerId,
        skuId,
        productId,
        title: skus.get(skuId)!.title,
        options: skus.get(skuId)!.options,
        priceFen: skus.get(skuId)!.priceFen,
        available: available.get(skuId)!,
      },
    })),
  )
  return told.length
}

/** Looks through all shops in which somebody waits; one transaction for each. Answers how many were told. */
export async function sweepRestocked(deps: StorefrontDeps): Promise<number> {
  const shopIds = await deps.db.read('system', shopsWaiting)
  let told = 0
  for (const shopId of shopIds) told += await deps.db.tx({ shopId }, (tx) => tellRestocked(tx, deps, shopId))
  return told
}
