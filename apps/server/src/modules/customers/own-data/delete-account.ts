import type { AccountDeletion } from '@zhanggui/contract'
import { SYSTEM_ACTOR } from '../../../kernel/actor.ts'
import { audit } from '../../../kernel/audit.ts'
import { DAY_MS, plusMs } from '../../../kernel/clock.ts'
import type { Tx } from '../../../kernel/db.ts'
import { AppError } from '../../../kernel/errors.ts'
import { newId, PLATFORM_SHOP_ID } from '../../../kernel/ids.ts'
import { lockInOrder } from '../../../kernel/locks.ts'
import { shopsOfBuyer } from '../buyers/store-shop-buyers.ts'
import type { CustomersDeps } from '../deps.ts'
import { coolingDays } from '../settings.ts'
import {
  cancelDeletion,
  type DeletionRow,
  dueDeletions,
  insertDeletion,
  lockDeletion,
  markForgotten,
  newestDeletion,
  unforgotten,
  writeDeletion,
} from './store-deletions.ts'

/**
 * Between closing an account and erasing it: sessions that a process still remembers have ended by then, and requests
 * that they began are over.
 */
const CLOSING_MS = 15_000
/** When something stood in the way, it is tried again after this long. */
const AGAIN_MS = DAY_MS
const BATCH = 20
const LONGEST_BLOCKED = 500

/** Whether the account is to be deleted, and what stands in the way now. */
export async function deletionState(deps: CustomersDeps, buyerId: string): Promise<AccountDeletion> {
  const days = await deps.settings.get(coolingDays)
  return deps.db.read('system', async (tx) =>
    viewOf(await newestDeletion(tx, buyerId), days, await blockersOf(tx, deps, buyerId)),
  )
}

/**
 * Asks for the account to be deleted after the cooling-off days. All sessions end; whoever signs in again stays. A
 * second request is the first. @throws AppError DELETION_BLOCKED with what stands in the way
 */
export async function requestDeletion(deps: CustomersDeps, buyerId: string, reason: string): Promise<AccountDeletion> {
  const days = await deps.settings.get(coolingDays)
  return deps.db.tx('system', async (tx) => {
    await lockBuyer(tx, buyerId)
    const blockers = await blockersOf(tx, deps, buyerId)
    if (blockers.length > 0)
      throw new AppError('DELETION_BLOCKED', { values: { reasons: blockers.join('；') }, data: { blockers } })
    const at = deps.clock.instant()
    const row = { buyerId, id: newId(), reason, at, dueAt: plusMs(at, days * DAY_MS) }
    if (await insertDeletion(tx, row))
      await note(tx, deps, buyerId, 'request-deletion', `买家申请注销账号，${days} 天后生效`)
    await endSessions(tx, deps, buyerId)
    return viewOf(await newestDeletion(tx, buyerId), days, [])
  })
}

/** Who signs in stays. In the transaction of the sign-in, which holds the buyer. Scope `system`. */
export async function stay(tx: Tx, deps: CustomersDeps, buyerId: string): Promise<void> {
  if (await cancelDeletion(tx, buyerId, deps.clock.instant()))
    await note(tx, deps, buyerId, 'cancel-deletion', '买家重新登录，已取消注销')
}

/**
 * Does the next step of every request that is due: closes the account, and a little later erases what is personal.
 * Answers how many steps were taken.
 */
export async function leaveDue(deps: CustomersDeps): Promise<number> {
  const at = deps.clock.instant()
  const due = await deps.db.read('system', (tx) => dueDeletions(tx, at, BATCH))
  let steps = 0
  for (const row of due) {
    // Orders that were being written when the account was closed are in the books when it is looked at again.
    if (row.state === 'closing') await deps.orders.settledPlacing()
    if (await deps.db.tx('system', (tx) => step(tx, deps, row))) steps++
  }
  return steps + (await forgetEvents(deps))
}

/** Answers whether anything changed: another process may have been faster, or the buyer came back. */
async function step(tx: Tx, deps: CustomersDeps, due: DeletionRow): Promise<boolean> {
  await lockBuyer(tx, due.buyerId)
  const row = await lockDeletion(tx, due)
  const at = deps.clock.instant()
  if (row?.state !== due.state || row.dueAt > at) return false
  const blockers = await blockersOf(tx, deps, row.buyerId)
  if (blockers.length > 0) {
    await deps.identity.reopenBuyer(tx, row.buyerId)
    const blockedBy = blockers.join('；').slice(0, LONGEST_BLOCKED)
    await writeDeletion(tx, row, { state: 'waiting', dueAt: plusMs(at, AGAIN_MS), blockedBy })
    return true
  }
  if (row.state === 'waiting') {
    await deps.identity.closeBuyer(tx, row.buyerId, at)
    tx.afterCommit(() => deps.identity.authenticator.forgetBuyer(row.buyerId))
    await writeDeletion(tx, row, { state: 'closing', dueAt: plusMs(at, CLOSING_MS) })
    return true
  }
  const shopIds = await shopsOfBuyer(tx, row.buyerId)
  for (const { erase } of deps.parts()) await erase?.(tx, row.buyerId, at)
  await writeDeletion(tx, row, { state: 'erased', dueAt: at, endedAt: at })
  for (const shopId of [PLATFORM_SHOP_ID, ...shopIds].sort())
    await note(tx, deps, row.buyerId, 'erase-buyer', '账号已注销，个人信息已清除', shopId)
  return true
}

/** The event store is another system: it forgets afterwards, and is asked until it has. */
async function forgetEvents(deps: CustomersDeps): Promise<number> {
  const left = await deps.db.read('system', (tx) => unforgotten(tx, BATCH))
  for (const key of left) {
    await deps.forgetEvents(key.buyerId)
    await deps.db.tx('system', (tx) => markForgotten(tx, key, deps.clock.instant()))
  }
  return left.length
}

/** The same lock as signing in and merging take. */
const lockBuyer = (tx: Tx, buyerId: string): Promise<void> => lockInOrder(tx, [`buyer:${buyerId}`])

async function blockersOf(tx: Tx, deps: CustomersDeps, buyerId: string): Promise<string[]> {
  const found: string[] = []
  for (const { blockers } of deps.parts()) found.push(...((await blockers?.(tx, buyerId)) ?? []))
  return found.slice(0, 50)
}

async function endSessions(tx: Tx, deps: CustomersDeps, buyerId: string): Promise<void> {
  await deps.identity.endSessions(tx, buyerId)
  tx.afterCommit(() => deps.identity.authenticator.forgetBuyer(buyerId))
}

async function note(
  tx: Tx,
  deps: CustomersDeps,
  buyerId: string,
  verb: string,
  summary: string,
  shopId = PLATFORM_SHOP_ID,
): Promise<void> {
  await audit(tx, deps.clock, {
    ...{ shopId, actor: SYSTEM_ACTOR, action: `customers.${verb}`, entity: 'buyer', entityId: buyerId, summary },
  })
}

function viewOf(row: DeletionRow | undefined, days: number, blockers: string[]): AccountDeletion {
  const isOpen = row?.state === 'waiting' || row?.state === 'closing'
  return {
    state: isOpen ? 'waiting' : row?.state === 'cancelled' ? 'cancelled' : 'none',
    requestedAt: row?.requestedAt ?? null,
    dueAt: isOpen ? row.dueAt : null,
    cancelledAt: row?.state === 'cancelled' ? row.endedAt : null,
    coolingDays: days,
    blockers,
  }
}
