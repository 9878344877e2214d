import { z } from 'zod'
import { audit } from '../../kernel/audit.ts'
import { AppError } from '../../kernel/errors.ts'
import { staffOf } from '../../kernel/http/caller.ts'
import type { Call, Handlers } from '../../kernel/http/mount.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import type { PricesDeps } from './deps.ts'
import { previewRule } from './preview-rule.ts'
import { levelNames, productPrices, ruleDetail, ruleView, testPrice } from './read-rules.ts'
import { readPriceSheet } from './read-sheet.ts'
import { changeRule, createRule, type RuleBy, switchRule } from './save-rule.ts'
import { writeDisplay } from './store-read.ts'
import { listRules } from './store-rules.ts'

const Cursor = z.object({ createdAt: z.iso.datetime(), id: z.uuid() })
const DISPLAY_NAMES = { shop: '跟随店铺', strike: '划线价', drop: '直降' } as const

export function priceHandlers(deps: PricesDeps): Handlers {
  const { db, clock } = deps
  return {
    'console.priceRules': ({ params: { shopId }, query: { cursor, limit, ...filter } }) =>
      db.read({ shopId }, async (tx) => {
        const at = clock.instant()
        const before = decodeCursor(cursor, Cursor)
        const rows = await listRules(tx, { shopId, ...filter, at, before, limit: limit + 1 })
        const page = keysetPage(rows, limit, ({ createdAt, id }) => ({ createdAt, id }))
        const names = await levelNames(tx, deps, shopId)
        return { ...page, items: page.items.map((row) => ruleView(row, names, at)) }
      }),

    'console.priceRule': ({ params: { shopId, ruleId } }) =>
      db.read({ shopId }, (tx) => ruleDetail(tx, deps, shopId, ruleId)),

    'console.previewPriceRule': ({ params: { shopId }, body }) =>
      db.read({ shopId }, (tx) => previewRule(tx, deps, shopId, body)),

    'console.readPriceSheet': ({ params: { shopId }, body: { text } }) =>
      db.read({ shopId }, (tx) => readPriceSheet(tx, deps, shopId, text)),

    'console.createPriceRule': (call) =>
      db.tx({ shopId: call.params.shopId }, async (tx) => {
        const ruleId = await createRule(tx, deps, ruleBy(call), call.body)
        return ruleDetail(tx, deps, call.params.shopId, ruleId)
      }),

    'console.updatePriceRule': (call) =>
      db.tx({ shopId: call.params.shopId }, async (tx) => {
        const { shopId, ruleId } = call.params
        await changeRule(tx, deps, ruleBy(call), ruleId, call.body)
        return ruleDetail(tx, deps, shopId, ruleId)
      }),

    'console.switchPriceRule': (call) =>
      db.tx({ shopId: call.params.shopId }, async (tx) => {
        const { shopId, ruleId } = call.params
        await switchRule(tx, deps, ruleBy(call), ruleId, call.body)
        return ruleDetail(tx, deps, shopId, ruleId)
      }),

    'console.productPrices': ({ params: { shopId, productId } }) =>
      db.read({ shopId }, (tx) => productPrices(tx, deps, shopId, productId)),

    'console.setPriceDisplay': (call) =>
      db.tx({ shopId: call.params.shopId }, async (tx) => {
        const { shopId, productId } = call.params
        const { display } = call.body
        const skus = (await deps.goodsOf(tx, shopId, [productId])).get(productId)
        if (skus === undefined) throw new AppError('NOT_FOUND', { values: { what: '商品' } })
        await writeDisplay(tx, shopId, productId, display)
        await audit(tx, clock, {
          ...ruleBy(call),
          action: 'prices.set-display',
          entity: 'product',
          entityId: productId,
          summary: `「${skus[0]?.title ?? ''}」的降价展示方式改为「${DISPLAY_NAMES[display]}」`,
          after: { display },
        })
        return { display }
      }),

    'console.testPrice': ({ params: { shopId, productId }, body }) =>
      db.read({ shopId }, (tx) => testPrice(tx, deps, shopId, productId, body)),
  }
}

function ruleBy(call: Pick<Call, 'caller' | 'ip' | 'requestId'> & { params: { shopId: string } }): RuleBy {
  const { staffId, name } = staffOf(call.caller)
  const { ip, requestId } = call
  return { shopId: call.params.shopId, actor: { kind: 'staff', id: staffId, name }, ip, requestId }
}
