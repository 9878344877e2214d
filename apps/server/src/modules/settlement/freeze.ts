import type { FreezeInput } from '@zhanggui/contract'
import { DAY_MS, plusMs } from '../../kernel/clock.ts'
import { dayName, localDay } from '../../kernel/days.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { nameId, newId } from '../../kernel/ids.ts'
import {
  applyTransfers,
  ensureAccounts,
  heldFor,
  lockBalances,
  refusalError,
  type TransferCommand,
} from '../../ledger/index.ts'
import { MERCHANT_CODES, move, shopAccount, shopAccounts } from './accounts.ts'
import type { SettlementDeps } from './deps.ts'
import { readableNumber, repay } from './rules.ts'
import { FREEZE_DAYS, freezeProlongations, freezeRemindDays } from './settings.ts'
import {
  addFreezeEvent,
  dueFreezes,
  type FreezePart,
  type FreezeRow,
  insertFreeze,
  lockItems,
  partsOf,
  setFreezeReleased,
  setItemsFrozen,
  setProlonged,
  takeReminders,
} from './store-freezes.ts'
import { waitAgain } from './store-items.ts'

/** Orders that one freeze takes at most: two transfers each, and a thousand in a group. */
const MOST_PARTS = 480
const BATCH = 50

export interface By {
  kind: 'platform' | 'system'
  name: string
}

/** Locks the merchant's accounts and answers what each can give now. */
async function purse(tx: Tx, deps: SettlementDeps, shopId: string) {
  const ids = await ensureAccounts(tx, deps.clock, shopAccounts(shopId, ...MERCHANT_CODES))
  const states = await lockBalances(tx, shopId, ids)
  return (code: (typeof MERCHANT_CODES)[number]): number => {
    const state = states.get(shopAccount(shopId, code))!
    return state.creditsPosted - state.debitsPosted - state.debitsPending
  }
}

async function carryOut(tx: Tx, deps: SettlementDeps, shopId: string, transfers: TransferCommand[]): Promise<void> {
  if (transfers.length === 0) return
  const [result] = await applyTransfers(tx, deps.clock, [{ shopId, transfers }])
  if (!result!.ok) throw refusalError(result!.refusal)
}

/**
 * Freezes money of a shop (GOV-06): an amount, from what is available first and then from orders that wait, the latest
 * first; or everything that was settled in a period and is still there. Scope `system`. Answers the freeze's id.
 * @throws AppError FREEZE_REFUSED when there is not so much
 */
export async function openFreeze(
  tx: Tx,
  deps: SettlementDeps,
  shopId: string,
  { what, caseKind, reason }: FreezeInput,
  by: By,
): Promise<string> {
  const items = await lockItems(tx, shopId, what.kind === 'period' ? what : undefined, MOST_PARTS)
  const balance = await purse(tx, deps, shopId)
  const orderIds = items.map(({ orderId }) => orderId)
  const held = await heldFor(tx, shopId, shopAccount(shopId, 'merchant.pending'), 'order', orderIds)
  let availableFen = Math.max(balance('merchant.available'), 0)
  const parts: FreezePart[] = []
  const take = (orderId: string | null, source: FreezePart['source'], amountFen: number) =>
    amountFen > 0 && parts.push({ part: parts.length + 1, orderId, source, amountFen })
  if (what.kind === 'amount') {
    let wantedFen = what.amountFen
    const now = Math.min(wantedFen, availableFen)
    take(null, 'available', now)
    wantedFen -= now
    for (const { orderId } of items) {
      const part = Math.min(wantedFen, Math.max(held.get(orderId) ?? 0, 0))
      take(orderId, 'pending', part)
      wantedFen -= part
    }
    if (wantedFen > 0) throw notEnough(what.amountFen - wantedFen)
  } else {
    for (const { orderId, state, releasedFen } of items) {
      if (state === 'waiting') take(orderId, 'pending', Math.max(held.get(orderId) ?? 0, 0))
      else {
        const part = Math.min(releasedFen ?? 0, availableFen)
        availableFen -= part
        take(orderId, 'available', part)
      }
    }
    if (parts.length === 0) throw notEnough(0)
  }
  const id = newId()
  await carryOut(tx, deps, shopId, frozenBy(shopId, id, parts))
  const whole = parts.filter(
    ({ orderId, source, amountFen }) => source === 'pending' && amountFen === held.get(orderId!),
  )
  await setItemsFrozen(
    tx,
    shopId,
    whole.map(({ orderId }) => orderId!),
    true,
  )
  const at = deps.clock.instant()
  const { timeZone } = await deps.parties.requireShop(tx, shopId)
  const amountFen = parts.reduce((sum, part) => sum + part.amountFen, 0)
  const clock = await clockFrom(tx, deps, at, caseKind)
  await insertFreeze(
    tx,
    {
      ...{ shopId, id, kind: what.kind, caseKind, reason, amountFen, openedAt: at, openedBy: by.name, ...clock },
      number: readableNumber('DJ', dayName(Date.parse(at), timeZone), id, 6),
      periodFrom: what.kind === 'period' ? what.from : null,
      periodTo: what.kind === 'period' ? what.to : null,
    },
    parts,
  )
  await told(tx, deps, { shopId, id }, 'opened', reason, by)
  return id
}

const yuan = (fen: number): string => `¥${(fen / 100).toFixed(2)}`
const notEnough = (fen: number) =>
  new AppError('FREEZE_REFUSED', { values: { reason: `待结算和可提现里只有 ${yuan(fen)} 可以冻结` } })

const part2move = (shopId: string, freezeId: string, step: string, part: FreezePart) => ({
  id: nameId('freeze', freezeId, step, String(part.part)),
  // What an order's money did must be found under the order; the rest under the freeze.
  about:
    part.orderId === null || part.source === 'available'
      ? { type: 'freeze', id: freezeId }
      : { type: 'order', id: part.orderId },
  amountFen: part.amountFen,
  shopId,
})

const frozenBy = (shopId: string, freezeId: string, parts: readonly FreezePart[]): TransferCommand[] =>
  parts.map((part) =>
    move(shopId, {
      ...part2move(shopId, freezeId, 'hold', part),
      code: 'freeze.hold',
      from: part.source === 'pending' ? 'merchant.pending' : 'merchant.available',
      to: 'merchant.frozen',
    }),
  )

async function clockFrom(tx: Tx, deps: SettlementDeps, at: string, caseKind: FreezeRow['caseKind']) {
  const days = await deps.settings.get(FREEZE_DAYS[caseKind], {}, tx)
  const dueAt = plusMs(at, days * DAY_MS)
  const before = await deps.settings.get(freezeRemindDays, {}, tx)
  return { dueAt, remindAt: before > 0 && before < days ? plusMs(dueAt, -before * DAY_MS) : null }
}

const told = (
  tx: Tx,
  deps: SettlementDeps,
  { shopId, id }: Pick<FreezeRow, 'shopId' | 'id'>,
  kind: 'opened' | 'prolonged' | 'reminded' | 'released',
  text: string,
  by: By,
) =>
  addFreezeEvent(tx, shopId, id, {
    ...{ kind, text, actorKind: by.kind, actorName: by.name, fileId: null, fileName: null, at: deps.clock.instant() },
  })

export const prolongationsLeft = async (tx: Tx, deps: SettlementDeps, row: FreezeRow): Promise<number> =>
  row.state === 'released' ? 0 : Math.max((await deps.settings.get(freezeProlongations, {}, tx)) - row.prolonged, 0)

/** Another clock, from the day on which the last one would have ended. @throws AppError FREEZE_REFUSED, CONFLICT */
export async function prolongFreeze(
  tx: Tx,
  deps: SettlementDeps,
  row: FreezeRow,
  input: { reason: string; version: number },
  by: By,
): Promise<void> {
  if (row.state !== 'active') throw new AppError('FREEZE_REFUSED', { values: { reason: '已经解冻' } })
  if ((await prolongationsLeft(tx, deps, row)) === 0)
    throw new AppError('FREEZE_REFUSED', { values: { reason: '延长次数已用完，到期自动解冻' } })
  const next = await clockFrom(tx, deps, row.dueAt, row.caseKind)
  if (!(await setProlonged(tx, { ...row, version: input.version }, next))) throw conflict()
  await told(tx, deps, row, 'prolonged', input.reason, by)
}

const conflict = () => new AppError('CONFLICT', { values: { what: '冻结单' } })

/**
 * Gives the money back where it came from; what is owed is repaid first from what becomes available. An order whose day
 * has passed meanwhile goes on with the next sweep. Scope `system`. @throws AppError CONFLICT when it was changed
 */
export async function releaseFreeze(
  tx: Tx,
  deps: SettlementDeps,
  row: FreezeRow,
  input: { reason: string; version: number },
  by: By,
): Promise<void> {
  const { shopId, id } = row
  const released = { at: deps.clock.instant(), by: by.name, reason: input.reason }
  if (!(await setFreezeReleased(tx, { shopId, id, version: input.version }, released))) throw conflict()
  const parts = await partsOf(tx, shopId, id)
  const balance = await purse(tx, deps, shopId)
  let owedFen = -balance('merchant.negative')
  const transfers = parts.flatMap((part) => {
    const back = { ...part2move(shopId, id, 'release', part), code: 'freeze.release', from: 'merchant.frozen' as const }
    if (part.source === 'pending') return [move(shopId, { ...back, to: 'merchant.pending' })]
    const { repaidFen, leftFen } = repay(part.amountFen, owedFen)
    owedFen -= repaidFen
    return [
      ...(repaidFen > 0
        ? [
            move(shopId, {
              ...{ ...back, id: nameId('freeze', id, 'repay', String(part.part)) },
              ...{ code: 'freeze.repay', to: 'merchant.negative', amountFen: repaidFen },
            }),
          ]
        : []),
      ...(leftFen > 0 ? [move(shopId, { ...back, to: 'merchant.available', amountFen: leftFen })] : []),
    ]
  })
  await carryOut(tx, deps, shopId, transfers)
  const orders = parts.flatMap(({ orderId, source }) => (orderId !== null && source === 'pending' ? [orderId] : []))
  await setItemsFrozen(tx, shopId, orders, false)
  await waitAgain(tx, shopId, orders)
  await told(tx, deps, row, 'released', input.reason, by)
}

/** Reminds of freezes that end soon and releases those whose clock has run out, all shops. Answers how many. */
export async function sweepFreezes(deps: SettlementDeps): Promise<number> {
  const at = deps.clock.instant()
  const system: By = { kind: 'system', name: '系统' }
  const reminded = await deps.db.tx('system', async (tx) => {
    const rows = await takeReminders(tx, at, BATCH)
    for (const row of rows)
      await told(tx, deps, row, 'reminded', `将于 ${localDay(row.dueAt)} 自动解冻，需要延长请在此之前决定`, system)
    return rows.length
  })
  const due = await deps.db.read('system', (tx) => dueFreezes(tx, at, BATCH))
  for (const row of due)
    await deps.db
      .tx('system', (tx) =>
        releaseFreeze(tx, deps, row, { reason: '冻结期满，自动解冻', version: row.version }, system),
      )
      .catch((error: unknown) => {
        // Somebody else released or prolonged it meanwhile.
        if (!(error instanceof AppError) || error.code !== 'CONFLICT') throw error
      })
  return reminded + due.length
}
