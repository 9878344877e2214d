import { z } from 'zod'
import { audit } from '../../kernel/audit.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { buyerOf, type Caller, staffOf } from '../../kernel/http/caller.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import type { SharingDeps } from './deps.ts'
import { freezeParty, releaseParty } from './freeze-party.ts'
import { previewShares } from './preview.ts'
import { findMoney } from './store.ts'
import { listMoney, listPartyShares, retryShares } from './store-lists.ts'
import { earningsOf, partySharesPage, sharingOf, toMoney } from './views.ts'

const Before = z.object({ at: z.iso.datetime(), orderId: z.uuid() })

const byOf = (call: { caller: Caller; ip: string; requestId: string }) => {
  const { staffId, name } = staffOf(call.caller)
  return { staffId, name, ip: call.ip, requestId: call.requestId }
}

export function sharingHandlers(deps: SharingDeps): Handlers {
  const { db } = deps
  return {
    'console.shares': ({ params: { shopId }, query }) =>
      db.read({ shopId }, async (tx) => {
        const before = decodeCursor(query.cursor, Before)
        const rows = await listMoney(tx, shopId, { ...query, before, limit: query.limit + 1 })
        const page = keysetPage(rows, query.limit, ({ frozenAt, orderId }) => ({ at: frozenAt, orderId }))
        return { ...page, items: page.items.map(toMoney) }
      }),
    'console.orderShares': ({ params: { shopId, orderId } }) =>
      db.read({ shopId }, async (tx) => {
        if ((await deps.orders.findOrder(tx, { shopId, orderId })) === undefined)
          throw new AppError('NOT_FOUND', { values: { what: '订单' } })
        return sharingOf(tx, deps, shopId, orderId)
      }),
    'console.retrySplit': async (call) => {
      const { shopId, orderId } = call.params
      await db.tx({ shopId }, async (tx) => {
        const money = await findMoney(tx, shopId, orderId)
        if (!money || !(await retryShares(tx, shopId, orderId, deps.clock.instant())))
          throw new AppError('NOT_FOUND', { values: { what: '待重试的分账' } })
        const by = byOf(call)
        await audit(tx, deps.clock, {
          ...{
            shopId,
            action: 'sharing.retry',
            entity: 'order',
            entityId: orderId,
            ip: by.ip,
            requestId: by.requestId,
          },
          ...{ actor: { kind: 'staff', id: by.staffId, name: by.name }, summary: `重试订单 ${money.orderNo} 的分账` },
        })
        tx.afterCommit(() => deps.wake('money'))
      })
      return { ok: true as const }
    },
    'console.previewShares': ({ params: { shopId }, body }) =>
      db.read({ shopId }, (tx) => previewShares(tx, deps, shopId, body)),

    'console.partyEarnings': ({ params: { shopId, partyId } }) =>
      db.read({ shopId }, async (tx) => {
        await requireParty(tx, deps, shopId, partyId)
        return earningsOf(tx, shopId, partyId)
      }),
    'console.partyShares': ({ params: { shopId, partyId }, query }) =>
      db.read({ shopId }, async (tx) => {
        await requireParty(tx, deps, shopId, partyId)
        return pageOfParty(tx, deps, shopId, partyId, query)
      }),
    'console.freezeShares': (call) =>
      db.tx({ shopId: call.params.shopId }, async (tx) => {
        const { shopId, partyId } = call.params
        await freezeParty(tx, deps, { shopId, partyId, reason: call.body.reason, by: byOf(call) })
        return earningsOf(tx, shopId, partyId)
      }),
    'console.releaseShares': (call) =>
      db.tx({ shopId: call.params.shopId }, async (tx) => {
        const { shopId, partyId } = call.params
        await releaseParty(tx, deps, { shopId, partyId, reason: call.body.reason, by: byOf(call) })
        return earningsOf(tx, shopId, partyId)
      }),

    'buyer.earnings': ({ caller }) =>
      db.read('system', async (tx) => {
        const parties = await deps.partiesOfBuyer(tx, buyerOf(caller))
        const items = []
        for (const { shopId, id, name } of parties) {
          const { name: shopName } = await deps.parties.requireShop(tx, shopId)
          items.push({ shopId, shopName, partyId: id, partyName: name, earnings: await earningsOf(tx, shopId, id) })
        }
        return { items }
      }),
    'buyer.earningShares': ({ params: { shopId, partyId }, query, caller }) =>
      db.read('system', async (tx) => {
        const parties = await deps.partiesOfBuyer(tx, buyerOf(caller))
        if (!parties.some((each) => each.shopId === shopId && each.id === partyId))
          throw new AppError('NOT_FOUND', { values: { what: '合作方' } })
        return pageOfParty(tx, deps, shopId, partyId, query)
      }),
  }
}

async function pageOfParty(
  tx: Tx,
  deps: SharingDeps,
  shopId: string,
  partyId: string,
  query: { cursor?: string | undefined; limit: number },
) {
  const beforeId = decodeCursor(query.cursor, z.uuid())
  const rows = await listPartyShares(tx, shopId, { partyId, beforeId, limit: query.limit + 1 })
  const page = keysetPage(rows, query.limit, ({ orderId }) => orderId)
  return { ...page, items: await partySharesPage(tx, deps, shopId, page.items) }
}

async function requireParty(tx: Tx, deps: SharingDeps, shopId: string, partyId: string): Promise<void> {
  if ((await deps.contracts.findParty(tx, shopId, partyId)) === undefined)
    throw new AppError('NOT_FOUND', { values: { what: '合作方' } })
}
