import { SYSTEM_ACTOR } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/db.ts'
import { newId } from '../../kernel/ids.ts'
import { applyTransfers, refusalError } from '../../ledger/index.ts'
import { reserveCommands, voidCommands } from '../stock/index.ts'
import type { OrdersDeps } from './deps.ts'
import { countedOf, nextRound, prolongCounted } from './purchase-limit.ts'
import { nextState, notAllowed } from './rules.ts'
import { requireOrder } from './steps.ts'
import { setPayBefore } from './store-change.ts'
import { linesOf, type OrderKey, setAllocations, takeSteps } from './store-orders.ts'

/**
 * An unpaid order is given until `until`, because its money is on another way than WeChat's and somebody has to look:
 * goods and purchase limits are reserved anew in the same transaction, so that nobody else has them in between.
 * @throws AppError NOT_FOUND, ORDER_STATE when it is not unpaid, or its time is over
 */
export async function waitForPayment(
  tx: Tx,
  { clock }: Pick<OrdersDeps, 'clock'>,
  key: OrderKey,
  { until, text }: { until: string; text: string },
): Promise<void> {
  const order = await requireOrder(tx, key)
  nextState('pay', order)
  const at = clock.instant()
  if (order.payBefore <= at) throw notAllowed('pay', order)
  const reference = { type: 'order', id: order.id }
  const lines = (await linesOf(tx, [order])).get(order.id)!
  const counted = (await countedOf(tx, [order])).get(order.id) ?? []
  const renewed = lines.map((line) => ({
    ...line,
    allocations: line.allocations.map((part) => ({ ...part, transferId: newId() })),
  }))
  const transfers = [
    ...voidCommands(
      lines.flatMap(({ allocations }) => allocations),
      reference,
    ),
    ...reserveCommands(
      renewed.flatMap(({ allocations }) => allocations),
      { expiresAt: until, reference },
    ),
    ...prolongCounted(counted, until),
  ]
  const [result] = await applyTransfers(tx, clock, [{ shopId: order.shopId, transfers }])
  if (!result!.ok) {
    if (result!.refusal.reason === 'expired') throw notAllowed('pay', order)
    throw refusalError(result!.refusal)
  }
  await setAllocations(tx, renewed)
  if (counted.length > 0) await nextRound(tx, order)
  await setPayBefore(tx, order, until)
  await takeSteps(tx, [{ order, to: order.state, event: 'waits', text, actor: SYSTEM_ACTOR }], at)
}
