import type { AftersaleQuote, AftersaleReason, AftersaleType } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract'
import { type Fen, fen } from '@zhanggui/contract/money'
import type { z } from 'zod'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import type { OrderLine, OrderRow } from '../orders/index.ts'
import type { AftersaleDeps } from './deps.ts'
import { policyOf } from './policy.ts'
import { chooseUnits, freeUnits, freightBack, isOver, returnFreightBy, sumOf, type Unit } from './rules.ts'
import { freightRule } from './settings.ts'
import { type CaseRow, casesOfOrder, type LineRow, linesOfOrder } from './store.ts'

export interface UnitsWish {
  line: number
  quantity: number
  exchangeSkuId?: string | undefined
}

/** A line of an order with what can still be asked about. */
export interface LineNow {
  line: OrderLine
  /** Of units with the buyer. */
  free: Unit[]
  /** How many have not left and are in no open case. */
  unshipped: number
}

export interface OrderNow {
  order: OrderRow
  cases: CaseRow[]
  lines: LineNow[]
}

export const sharesOf = (line: Pick<OrderLine, 'unitPayRuns'>): number[] =>
  line.unitPayRuns.flatMap(([amount, units]) => new Array<number>(units).fill(amount))

/** An order and what earlier cases took of it. `except`: as if this case had not been. */
export async function orderNow(
  tx: Tx,
  deps: Pick<AftersaleDeps, 'orders'>,
  order: OrderRow,
  except?: string,
): Promise<OrderNow> {
  const cases = (await casesOfOrder(tx, order.shopId, order.id)).filter(({ id }) => id !== except)
  const counted = new Map(cases.filter(({ state }) => state !== 'closed').map((row) => [row.id, row]))
  const taken = (await linesOfOrder(tx, order.shopId, order.id)).filter((line) => counted.has(line.caseId))
  const lines = (await deps.orders.linesOf(tx, order)).map((line) => lineNow(line, taken, counted))
  return { order, cases, lines }
}

function lineNow(line: OrderLine, taken: readonly LineRow[], cases: ReadonlyMap<string, CaseRow>): LineNow {
  const mine = taken.filter((each) => each.line === line.line && each.skuId === line.skuId)
  const open = (each: LineRow) => !isOver(cases.get(each.caseId)!.state)
  const waiting = mine.filter(
    (each) => cases.get(each.caseId)!.stage === 'unshipped' && isUndecided(cases.get(each.caseId)!),
  )
  const free = freeUnits(
    sharesOf(line),
    line.shippedQuantity,
    mine.map((each) => ({
      isOpen: open(each),
      isReturned: cases.get(each.caseId)!.type === 'return' && !open(each),
      units: each.units,
    })),
  )
  const busy = waiting.reduce((sum, each) => sum + each.quantity, 0)
  return { line, free, unshipped: Math.max(0, line.quantity - line.shippedQuantity - busy) }
}

/** Units that have not left are still in the order until the case is decided. */
const isUndecided = ({ state }: CaseRow): boolean =>
  state === 'requested' || state === 'rejected' || state === 'disputed'

export interface Plan {
  stage: 'unshipped' | 'shipped'
  reason: AftersaleReason
  lines: { now: LineNow; wish: UnitsWish; units: Unit[]; fen: number }[]
  unitsFen: number
  freightFen: number
  ceilingFen: number
  freightBy: 'merchant' | 'buyer' | 'nobody'
}

const wrong = (field: string, reason: string) => new AppError('VALIDATION_FAILED', { values: { field, reason }, field })

/**
 * What a wish comes to: which units, how much of each, and the freight. All of it is with the buyer, or none has left.
 * @throws AppError VALIDATION_FAILED, NOT_FOUND
 */
export async function planFor(
  tx: Tx,
  deps: Pick<AftersaleDeps, 'settings'>,
  now: OrderNow,
  wish: { type: AftersaleType; reasonCode: string; lines: readonly UnitsWish[] },
): Promise<Plan> {
  const { shopId } = now.order
  const reason = (await policyOf(tx, shopId)).reasons.find(({ code }) => code === wish.reasonCode)
  if (!reason?.types.includes(wish.type)) throw wrong('原因', '请重新选择')
  if (new Set(wish.lines.map(({ line }) => line)).size < wish.lines.length) throw wrong('商品', '同一件商品选了两次')
  const found = wish.lines.map((each) => {
    const line = now.lines.find((one) => one.line.line === each.line)
    if (line === undefined) throw new AppError('NOT_FOUND', { values: { what: '订单中的商品' } })
    return { now: line, wish: each }
  })
  const isUnshipped =
    wish.type === 'refund' && found.every(({ now: line, wish: { quantity } }) => quantity <= line.unshipped)
  const lines = found.map((each) => ({ ...each, ...unitsOf(each.now, each.wish, isUnshipped) }))
  return { ...(await withFreight(tx, deps, now, wish.type, reason, { lines, isUnshipped })), reason, lines }
}

function unitsOf(
  { line, free }: LineNow,
  { quantity }: UnitsWish,
  isUnshipped: boolean,
): { units: Unit[]; fen: number } {
  if (isUnshipped) {
    const last = sharesOf(line).slice(-quantity)
    return { units: [], fen: last.reduce((sum, each) => sum + each, 0) }
  }
  const units = chooseUnits(free, quantity)
  if (units.length < quantity)
    throw wrong(
      '数量',
      units.length === 0 ? `「${line.title}」不能再申请售后` : `「${line.title}」最多可选 ${units.length} 件`,
    )
  return { units, fen: sumOf(units) }
}

export async function withFreight(
  tx: Tx,
  { settings }: Pick<AftersaleDeps, 'settings'>,
  { order, cases, lines: all }: OrderNow,
  type: AftersaleType,
  reason: AftersaleReason,
  { lines, isUnshipped }: { lines: Plan['lines']; isUnshipped: boolean },
): Promise<Omit<Plan, 'reason' | 'lines'>> {
  const unitsFen = lines.reduce((sum, each) => sum + each.fen, 0)
  const backFen = cases.filter(({ state }) => state !== 'closed').reduce((sum, each) => sum + each.freightFen, 0)
  const freightFen = freightBack({
    rule: await settings.get(freightRule, { shopId: order.shopId }, tx),
    stage: isUnshipped ? 'unshipped' : 'shipped',
    type,
    fault: reason.fault,
    freightFen: order.freightFen,
    backFen,
    takesRest: isUnshipped ? takesWhole(order, lines) : takesRest(all, lines),
    unitsFen,
    goodsFen: order.goodsFen + order.discountFen,
  })
  // Nothing beyond what was paid and is not on its way back, whatever the shares say.
  const left = order.paidFen - order.partRefundFen
  const ceilingFen = type === 'exchange' ? 0 : Math.min(unitsFen + freightFen, left)
  return {
    stage: isUnshipped ? 'unshipped' : 'shipped',
    unitsFen: Math.min(unitsFen, left),
    freightFen: Math.max(0, Math.min(freightFen, left - unitsFen)),
    ceilingFen,
    freightBy: returnFreightBy(type, reason.fault),
  }
}

/** Nothing has left of the order, and nothing of it stays. */
export const takesWhole = (order: OrderRow, lines: readonly { wish: { quantity: number } }[]): boolean =>
  lines.reduce((sum, { wish }) => sum + wish.quantity, 0) === order.itemCount

/** Everything has left, and what is not taken now has been given back. */
export const takesRest = (
  all: readonly LineNow[],
  lines: readonly { wish: { line: number; quantity: number } }[],
): boolean =>
  all.every(({ line, free }) => {
    const mine = lines.find(({ wish }) => wish.line === line.line)?.wish.quantity ?? 0
    return line.shippedQuantity === line.quantity && mine === free.length
  })

/** The numbers of a plan with their reasons, for people. */
export function explained(
  plan: Omit<Plan, 'reason'>,
  order: Pick<OrderRow, 'freightFen'>,
): z.input<typeof AftersaleQuote> {
  const lines = plan.lines.map(({ now: { line }, wish: { quantity }, fen: amount }) => ({
    label: `${line.title}${line.options === '' ? '' : ` ${line.options}`} ×${quantity}，按下单时分摊的实付金额`.slice(
      0,
      200,
    ),
    fen: fen(amount),
  }))
  const freight =
    order.freightFen === 0
      ? []
      : [
          plan.freightFen > 0
            ? { label: '下单运费一并退还', fen: fen(plan.freightFen) as Fen | null }
            : { label: `下单运费 ${formatMoney(fen(order.freightFen))} 不退`, fen: null },
        ]
  const { ceilingFen, unitsFen, freightFen, freightBy } = plan
  return { ceilingFen, unitsFen, freightFen, freightBy, explanation: [...lines, ...freight] }
}
