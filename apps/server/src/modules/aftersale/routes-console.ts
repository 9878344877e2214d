import { z } from 'zod'
import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { type Caller, staffOf } from '../../kernel/http/caller.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { once } from '../../kernel/idempotency.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import { requireFiles } from './apply.ts'
import { approve, type Locked, reject } from './decide.ts'
import type { AftersaleDeps } from './deps.ts'
import { rule } from './dispute.ts'
import { countReturned, inspect, resend } from './goods.ts'
import { caseNotFound, lockBoth } from './life.ts'
import { writeMessage } from './messages.ts'
import { policyOf, saveAddresses, saveReasons } from './policy.ts'
import { isOver } from './rules.ts'
import { type CaseRow, findCase } from './store.ts'
import { countCases, countToCount, listCases, listDisputes, NEVER } from './store-lists.ts'
import { listViews, type StaffView, staffView } from './views.ts'
import { refundWhole } from './whole.ts'

const QueueCursor = z.object({ done: z.boolean(), due: z.iso.datetime(), id: z.uuid() })
const DisputeCursor = z.object({ at: z.iso.datetime(), id: z.uuid() })

export interface StaffCall {
  params: { shopId: string }
  caller: Caller
  ip: string
  requestId: string
}
type CaseCall = StaffCall & { params: { caseId: string } }

export const actorOf = (caller: Caller, kind: 'staff' | 'platform' = 'staff'): Actor => {
  const { staffId: id, name } = staffOf(caller)
  return { kind, id, name }
}

const nicknamesOf = ({ db, nicknames }: AftersaleDeps, rows: readonly CaseRow[]) =>
  db.read('system', (tx) => nicknames(tx, [...new Set(rows.map(({ buyerId }) => buyerId))]))

export async function viewOf(deps: AftersaleDeps, key: CaseCall['params'], isPlatform: boolean): Promise<StaffView> {
  const row = await deps.db.read({ shopId: key.shopId }, (tx) => findCase(tx, key))
  // The platform sees what was brought before it, and nothing else of a shop.
  if (row === undefined || (isPlatform && row.state !== 'disputed' && row.ruledAt === null)) throw caseNotFound()
  const nickname = (await nicknamesOf(deps, [row])).get(row.buyerId) ?? ''
  return deps.db.read({ shopId: key.shopId }, (tx) => staffView(tx, deps, row, { nickname, isPlatform }))
}

function recordFor({ clock }: AftersaleDeps) {
  return (tx: Tx, call: StaffCall, action: string, entityId: string, summary: string, actor?: Actor) =>
    audit(tx, clock, {
      ...{ shopId: call.params.shopId, actor: actor ?? actorOf(call.caller), action: `aftersale.${action}` },
      ...{ entity: 'aftersale', entityId, summary, ip: call.ip, requestId: call.requestId },
    })
}

/** A member of staff who sends much money away proves first who they are. */
export async function proveRefund(
  { orders }: Pick<AftersaleDeps, 'orders'>,
  call: StaffCall & { stepUp(): Promise<void> },
  amountFen: number,
): Promise<void> {
  if (await orders.isLargeRefund(call.params.shopId, amountFen)) await call.stepUp()
}

export function aftersaleConsoleHandlers(deps: AftersaleDeps): Handlers {
  const { db, clock } = deps
  const record = recordFor(deps)
  const proveLarge = (call: StaffCall & { stepUp(): Promise<void> }, amountFen: number) =>
    proveRefund(deps, call, amountFen)
  const step = async (
    call: CaseCall,
    action: string,
    words: string,
    work: (tx: Tx, both: Locked, actor: Actor) => Promise<unknown>,
  ) => {
    const { shopId, caseId } = call.params
    await db.tx({ shopId }, async (tx) => {
      const both = await lockBoth(tx, deps, call.params)
      await work(tx, both, actorOf(call.caller))
      await record(tx, call, action, caseId, `售后 ${both.row.caseNo} ${words}`)
    })
    return viewOf(deps, call.params, false)
  }
  return {
    ...listHandlers(deps),
    ...policyHandlers(deps),

    'console.aftersale': (call) => viewOf(deps, call.params, false),

    'console.approveAftersales': async (call) => {
      const { shopId } = call.params
      const { caseIds, note, addressId } = call.body
      await proveLarge(call, await leavesWith(deps, shopId, caseIds))
      const refused: { id: string; reason: string }[] = []
      let approved = 0
      for (const caseId of new Set(caseIds))
        try {
          await db.tx({ shopId }, async (tx) => {
            const both = await lockBoth(tx, deps, { shopId, caseId })
            await approve(tx, deps, both, { actor: actorOf(call.caller), note, addressId })
            await record(tx, call, 'approve', caseId, `售后 ${both.row.caseNo} 同意`)
          })
          approved++
        } catch (error) {
          if (!(error instanceof AppError)) throw error
          refused.push({ id: caseId, reason: error.message })
        }
      return { approved, refused }
    },

    'console.rejectAftersale': (call) =>
      step(call, 'reject', '拒绝', async (tx, { row }, actor) => {
        await requireFiles(tx, deps, row.shopId, call.body.fileIds)
        await reject(tx, deps, row, { ...call.body, actor })
      }),

    'console.inspectAftersale': async (call) => {
      const { shopId, caseId } = call.params
      await proveLarge(call, await leavesWith(deps, shopId, [caseId]))
      return step(call, 'inspect', '验货通过', async (tx, both, actor) => {
        await requireFiles(tx, deps, shopId, call.body.fileIds)
        await inspect(tx, deps, both, { ...call.body, actor })
      })
    },

    'console.countReturned': (call) =>
      step(call, 'count', '清点退货', (tx, { row }, actor) => countReturned(tx, deps, row, { ...call.body, actor })),

    'console.resendAftersale': (call) =>
      step(call, 'resend', `寄出换货 ${call.body.trackingNo}`, (tx, both, actor) =>
        resend(tx, deps, both, call.body, actor),
      ),

    'console.messageAftersale': async (call) => {
      const { internal, ...message } = call.body
      const by = { callerId: staffOf(call.caller).staffId, route: 'console.messageAftersale', key: call.idempotencyKey }
      const kind = internal ? 'internal' : 'message'
      await writeMessage(deps, call.params, { ...message, kind, actor: actorOf(call.caller) }, by)
      return viewOf(deps, call.params, false)
    },

    /** The short way to the same case: everything that is left, decided by the shop. */
    'console.refundOrder': async (call) => {
      const { shopId, orderId } = call.params
      const { reason } = call.body
      const found = await db.read({ shopId }, (tx) => deps.orders.findOrder(tx, call.params))
      await proveLarge(call, found?.paidFen ?? 0)
      const { staffId: callerId } = staffOf(call.caller)
      const about = { shopId, callerId, route: 'console.refundOrder', key: call.idempotencyKey, at: clock.instant() }
      await db.tx({ shopId }, (tx) =>
        once(tx, { ...about, request: { orderId, body: call.body } }, async () => {
          const order = await refundWhole(tx, deps, call.params, {
            by: 'merchant',
            reason,
            actor: actorOf(call.caller),
          })
          await audit(tx, clock, {
            ...{ shopId, actor: actorOf(call.caller), action: 'orders.refund', entity: 'order', entityId: orderId },
            ...{ summary: `订单 ${order.orderNo} 退款：${reason}`, ip: call.ip, requestId: call.requestId },
          })
          return { orderId }
        }),
      )
      return deps.orders.merchantOrder(call.params)
    },
  }
}

/** How much money leaves when these cases are agreed to, or their goods accepted. */
async function leavesWith(deps: AftersaleDeps, shopId: string, caseIds: readonly string[]): Promise<number> {
  const rows = await deps.db.read({ shopId }, (tx) =>
    Promise.all([...new Set(caseIds)].map((caseId) => findCase(tx, { shopId, caseId }))),
  )
  const paying = rows.filter((row) => row !== undefined && (row.type === 'refund' || row.state === 'inspecting'))
  return paying.reduce((sum, row) => sum + row!.amountFen, 0)
}

function listHandlers(deps: AftersaleDeps): Handlers {
  const { db, clock } = deps
  return {
    'console.aftersales': async ({ params: { shopId }, query: { cursor, limit, ...filter } }) => {
      const after = decodeCursor(cursor, QueueCursor)
      const rows = await db.read({ shopId }, (tx) =>
        listCases(tx, shopId, { ...filter, now: clock.instant(), after, limit: limit + 1 }),
      )
      const { items, nextCursor } = keysetPage(rows, limit, (row) => {
        return { done: isOver(row.state), due: row.dueAt ?? NEVER, id: row.id }
      })
      const names = await nicknamesOf(deps, items)
      return { items: await db.read({ shopId }, (tx) => listViews(tx, deps, items, names)), nextCursor }
    },

    'console.aftersaleCounts': ({ params: { shopId } }) => db.read({ shopId }, (tx) => countsNow(tx, deps, shopId)),
  }
}

/** Cases that wait for the shop, how many of them are late, those before the platform, and goods to count. */
export async function countsNow(tx: Tx, { clock }: Pick<AftersaleDeps, 'clock'>, shopId: string) {
  const states = await countCases(tx, shopId, clock.instant())
  const own = states.filter(({ state }) => state === 'requested' || state === 'inspecting' || state === 'resending')
  return {
    toCount: await countToCount(tx, shopId),
    merchant: own.reduce((sum, each) => sum + each.count, 0),
    overdue: own.reduce((sum, each) => sum + each.overdue, 0),
    disputed: states.find(({ state }) => state === 'disputed')?.count ?? 0,
    states: states.map(({ state, count }) => ({ state, count })),
  }
}

function policyHandlers(deps: AftersaleDeps): Handlers {
  const { db } = deps
  const record = recordFor(deps)
  return {
    'console.aftersalePolicy': ({ params: { shopId } }) => db.read({ shopId }, (tx) => policyOf(tx, shopId)),

    'console.saveAftersaleReasons': (call) =>
      db.tx({ shopId: call.params.shopId }, async (tx) => {
        const { shopId } = call.params
        await saveReasons(tx, shopId, call.body)
        await record(tx, call, 'reasons', shopId, `修改售后原因（${call.body.reasons.length} 个）`)
        return policyOf(tx, shopId)
      }),

    'console.saveReturnAddresses': (call) =>
      db.tx({ shopId: call.params.shopId }, async (tx) => {
        const { shopId } = call.params
        await saveAddresses(tx, shopId, call.body)
        await record(tx, call, 'addresses', shopId, `修改退货地址（${call.body.addresses.length} 个）`)
        return policyOf(tx, shopId)
      }),
  }
}

/** Disputes, as the platform's staff decide over them. */
export function aftersalePlatformHandlers(deps: AftersaleDeps): Handlers {
  const { db } = deps
  const record = recordFor(deps)
  return {
    'platform.aftersales': async ({ query: { cursor, limit, ruled = false, q } }) => {
      const after = decodeCursor(cursor, DisputeCursor)
      const rows = await db.read('system', (tx) => listDisputes(tx, { ruled, q, after, limit: limit + 1 }))
      const { items, nextCursor } = keysetPage(rows, limit, (row) => {
        return { at: ruled ? row.ruledAt! : row.dueAt!, id: row.id }
      })
      const names = await nicknamesOf(deps, items)
      return { items: await db.read('system', (tx) => listViews(tx, deps, items, names)), nextCursor }
    },

    'platform.aftersale': (call) => viewOf(deps, call.params, true),

    'platform.ruleAftersale': async (call) => {
      const { shopId, caseId } = call.params
      const actor = actorOf(call.caller, 'platform')
      await db.tx({ shopId }, async (tx) => {
        const both = await lockBoth(tx, deps, call.params)
        await rule(tx, deps, both, { ...call.body, actor })
        await record(tx, call, 'rule', caseId, `售后 ${both.row.caseNo} 平台裁定：${call.body.reason}`, actor)
      })
      return viewOf(deps, call.params, true)
    },
  }
}
