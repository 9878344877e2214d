import { MAX_TAX_RATES } from '@zhanggui/contract'
import { audit } from '../../kernel/audit.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { newId } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import type { CatalogDeps } from './deps.ts'
import { editBy } from './routes.ts'
import { categoryPath } from './rules.ts'
import { taxRateBp } from './settings-tax.ts'
import { loadTree } from './store-categories.ts'
import { datedRates, deleteRate, writeRate } from './tax-rates.ts'

export function taxHandlers(deps: CatalogDeps): Handlers {
  const { db, clock, settings } = deps
  const listed = async (tx: Tx, shopId: string) => {
    const tree = await loadTree(tx, shopId)
    const items = (await datedRates(tx, shopId)).map((rate) => ({
      ...rate,
      categoryPath: rate.categoryId === null ? [] : categoryPath(tree, rate.categoryId),
    }))
    return { defaultBp: await settings.get(taxRateBp, { shopId }, tx), items }
  }
  return {
    'console.taxRates': ({ params: { shopId } }) => db.read({ shopId }, (tx) => listed(tx, shopId)),

    'console.setTaxRate': (call) =>
      db.tx({ shopId: call.params.shopId }, async (tx) => {
        const by = editBy(call)
        const { shopId } = by
        const { categoryId, fromDay, rateBp } = call.body
        await lockInOrder(tx, [`tax-rates:${shopId}`])
        const tree = await loadTree(tx, shopId)
        if (categoryId !== null && !tree.has(categoryId))
          throw new AppError('NOT_FOUND', { values: { what: '类目' }, field: 'categoryId' })
        const before = (await datedRates(tx, shopId)).find(
          (rate) => rate.categoryId === categoryId && rate.fromDay === fromDay,
        )
        if (before === undefined && (await datedRates(tx, shopId)).length >= MAX_TAX_RATES)
          throw new AppError('LIMIT_REACHED', { values: { what: '税率', limit: MAX_TAX_RATES } })
        const id = before?.id ?? newId()
        await writeRate(tx, shopId, {
          ...{ id, categoryId, fromDay, rateBp, createdAt: clock.instant() },
          createdBy: by.actor.name ?? '',
        })
        const of = categoryId === null ? '全部商品' : `类目「${categoryPath(tree, categoryId).join(' / ')}」`
        await audit(tx, clock, {
          ...{ ...by, action: 'catalog.set-tax-rate', entity: 'tax-rate', entityId: id },
          summary: `${of}自 ${fromDay} 起税率 ${rateBp / 100}%`,
          before: before && { rateBp: before.rateBp },
          after: { rateBp },
        })
        return listed(tx, shopId)
      }),

    'console.removeTaxRate': (call) =>
      db.tx({ shopId: call.params.shopId }, async (tx) => {
        const by = editBy(call)
        const { taxRateId } = call.params
        const gone = await deleteRate(tx, by.shopId, taxRateId)
        if (gone === undefined) throw new AppError('NOT_FOUND', { values: { what: '税率' } })
        await audit(tx, clock, {
          ...{ ...by, action: 'catalog.remove-tax-rate', entity: 'tax-rate', entityId: taxRateId },
          summary: `取消自 ${gone.fromDay} 起的税率 ${gone.rateBp / 100}%`,
          before: gone,
        })
        return { ok: true }
      }),
  }
}
