import { formatMoney, ORDER_STATES } from '@zhanggui/contract'
import { fen } from '@zhanggui/contract/money'
import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { open, requireFiles } from './apply.ts'
import { approve } from './decide.ts'
import type { AftersaleDeps } from './deps.ts'
import { type OrderNow, orderNow, type Plan, planFor } from './quote.ts'
import type { CaseRow } from './store.ts'

export interface UnitsRefund {
  reasonCode: string
  lines: readonly { line: number; quantity: number }[]
  /** Left out: all that these units have left, and the freight that goes with them. */
  amountFen?: number | undefined
  note: string
  evidenceFileIds: readonly string[]
}

const REFUNDABLE: ReadonlySet<string> = new Set(['awaiting-shipment', 'shipped', 'completed'])

/** What a refund of units by the shop comes to. @throws AppError NOT_FOUND, ORDER_STATE, VALIDATION_FAILED */
export async function planUnits(
  tx: Tx,
  deps: AftersaleDeps,
  key: { shopId: string; orderId: string },
  wish: Pick<UnitsRefund, 'reasonCode' | 'lines'>,
): Promise<{ now: OrderNow; plan: Plan }> {
  const order = await deps.orders.findOrder(tx, key)
  if (order === undefined) throw new AppError('NOT_FOUND', { values: { what: '订单' } })
  const now = await orderNow(tx, deps, order)
  if (!REFUNDABLE.has(order.state))
    throw new AppError('ORDER_STATE', {
      values: { orderNo: order.orderNo, state: ORDER_STATES[order.state].zh, action: '按件退款' },
    })
  return { now, plan: await planFor(tx, deps, now, { ...wish, type: 'refund' }) }
}

/**
 * The shop gives back the money of units, or a part of it, without being asked: one case like any other, decided at
 * once. It is not bound by the days that buyers have. `provenFen` is what the member of staff was known to send away.
 * @throws AppError NOT_FOUND, ORDER_STATE, VALIDATION_FAILED, REFUND_TOO_LARGE, CONFLICT
 */
export async function refundUnits(
  tx: Tx,
  deps: AftersaleDeps,
  key: { shopId: string; orderId: string },
  wish: UnitsRefund & { provenFen: number; actor: Actor },
): Promise<CaseRow> {
  await deps.orders.lockOrder(tx, key)
  const { now, plan } = await planUnits(tx, deps, key, wish)
  const { order } = now
  await requireFiles(tx, deps, key.shopId, wish.evidenceFileIds)
  const amountFen = wish.amountFen ?? plan.ceilingFen
  if (amountFen > plan.ceilingFen)
    throw new AppError('REFUND_TOO_LARGE', { values: { limit: formatMoney(fen(plan.ceilingFen)) } })
  if (amountFen > wish.provenFen) throw new AppError('CONFLICT', { values: { what: '可退金额' } })
  if (amountFen <= 0) throw wrongAmount('没有可退的金额')
  if (plan.stage === 'unshipped' && amountFen < plan.ceilingFen)
    throw wrongAmount(`还没发货的商品按件全额退 ${formatMoney(fen(plan.ceilingFen))}；只退差价请在发货后操作`)
  const { actor } = wish
  const opening = { ...wish, type: 'refund', amountFen, openedBy: 'merchant' } as const
  const row = await open(tx, deps, now, plan, opening, actor)
  return approve(tx, deps, { order, row }, { actor, note: wish.note })
}

const wrongAmount = (reason: string): AppError =>
  new AppError('VALIDATION_FAILED', { values: { field: '金额', reason }, field: 'amountFen' })
