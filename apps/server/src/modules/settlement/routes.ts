import { z } from 'zod'
import { audit } from '../../kernel/audit.ts'
import { AppError } from '../../kernel/errors.ts'
import { staffOf } from '../../kernel/http/caller.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import { balancesOf } from './balances.ts'
import type { SettlementDeps } from './deps.ts'
import { findMerchant, listItems, merchantsOf, saveMerchant } from './store-items.ts'
import { FIRST_LEVEL } from './terms.ts'

export const TimeCursor = z.object({ at: z.iso.datetime(), id: z.uuid() })

export function settlementHandlers(deps: SettlementDeps): Handlers {
  const { db, clock } = deps
  return {
    'console.balances': ({ params: { shopId } }) => db.read({ shopId }, (tx) => balancesOf(tx, deps, shopId)),

    'console.settlementItems': ({ params: { shopId }, query: { cursor, limit, ...filter } }) =>
      db.read({ shopId }, async (tx) => {
        const after = decodeCursor(cursor, TimeCursor)
        const rows = await listItems(tx, shopId, { ...filter, after, limit: limit + 1 })
        return keysetPage(rows, limit, (row) => ({ at: row.settledAt, id: row.orderId }))
      }),

    'platform.merchants': ({ query }) =>
      db.read('system', async (tx) => {
        const afterId = decodeCursor(query.cursor, z.uuid())
        const shops = await deps.parties.listShops(tx, {
          limit: query.limit + 1,
          ...(query.q ? { q: query.q } : {}),
          ...(afterId === undefined ? {} : { afterId }),
        })
        const { items, nextCursor } = keysetPage(shops, query.limit, (shop) => shop.id)
        const known = await merchantsOf(
          tx,
          items.map(({ id }) => id),
        )
        return {
          nextCursor,
          items: items.map(({ id, name }) => {
            const {
              level = FIRST_LEVEL,
              note = '',
              version = 0,
              changedAt = null,
              changedBy = '',
            } = known.get(id) ?? {}
            return { shopId: id, name, level, note, version, changedAt, changedBy }
          }),
        }
      }),

    'platform.setMerchantLevel': ({ params: { shopId }, body, caller, ip, requestId }) =>
      db.tx('system', async (tx) => {
        const { name } = await deps.parties.requireShop(tx, shopId)
        const before = await findMerchant(tx, shopId)
        const { staffId, name: changedBy } = staffOf(caller)
        const row = { shopId, ...body, changedAt: clock.instant(), changedBy }
        if (!(await saveMerchant(tx, row))) throw new AppError('CONFLICT', { values: { what: '商家等级' } })
        await audit(tx, clock, {
          ...{ shopId, actor: { kind: 'staff', id: staffId, name: changedBy }, ip, requestId },
          ...{ action: 'settlement.set-level', entity: 'shop', entityId: shopId },
          summary: `商家等级设为 ${body.level}：${body.note}`,
          before: before && { level: before.level, note: before.note },
          after: { level: body.level, note: body.note },
        })
        return { ...row, name, version: body.version + 1 }
      }),
  }
}
