import { dayName, startOfDay } from '../../kernel/days.ts'
import type { Tx } from '../../kernel/db.ts'
import { heldFor, historyOf, type Transfer } from '../../ledger/index.ts'
import { shopAccount } from './accounts.ts'
import type { SettlementDeps } from './deps.ts'
import { dueAt } from './rules.ts'
import { insertItem, waitAgain } from './store-items.ts'
import { beginPeriods } from './store-statements.ts'
import { calendarOf, termsOf } from './terms.ts'

/** The code under which an order's money is divided among merchant, parties and fee. */
export const SETTLE_CODE = 'order.settle'

/**
 * An order was settled: its merchant's part begins to wait for its day, by the rule in force now. The amounts are the
 * ledger's. Called again it only looks whether money came to an order that was released (a refund that failed). Scope
 * `system`.
 */
export async function takeSettled(tx: Tx, deps: SettlementDeps, shopId: string, orderId: string): Promise<void> {
  const history = await historyOf(tx, shopId, { type: 'order', id: orderId })
  const settles = history.filter(({ code, kind }) => code === SETTLE_CODE && kind === 'posted')
  if (settles.length === 0) return
  const sumTo = (wanted: (transfer: Transfer) => boolean) =>
    settles.filter(wanted).reduce((sum, { amount }) => sum + amount, 0)
  const pending = shopAccount(shopId, 'merchant.pending')
  const fee = shopAccount(shopId, 'fee.channel')
  const isByHand = history.some(({ debit }) => debit === shopAccount(shopId, 'channel.personal-code'))
  const { level, cycle } = await termsOf(tx, deps, shopId)
  const { timeZone } = await deps.parties.requireShop(tx, shopId)
  const settledAt = settles[0]!.createdAt
  const day = startOfDay(dayName(Date.parse(settledAt), timeZone), timeZone)
  await beginPeriods(tx, shopId, new Date(day).toISOString())
  const isNew = await insertItem(tx, {
    ...{ shopId, orderId, level, settledAt },
    orderNo: (await deps.orderNos(tx, shopId, [orderId])).get(orderId) ?? '',
    channel: isByHand ? 'personal-code' : 'wechat',
    cycleDays: cycle.cycleDays,
    dueAt: dueAt(Date.parse(settledAt), timeZone, cycle, await calendarOf(tx, deps)),
    amountFen: sumTo(({ credit }) => credit === pending),
    sharesFen: sumTo(({ credit }) => credit !== pending && credit !== fee),
  })
  if (isNew) return
  const held = await heldFor(tx, shopId, pending, 'order', [orderId])
  if ((held.get(orderId) ?? 0) > 0) await waitAgain(tx, shopId, [orderId])
}
