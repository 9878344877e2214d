import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { transferOrThrow } from '../../ledger/index.ts'
import { type Allocation, commitCommands, uncommitCommands } from '../stock/index.ts'
import type { OrdersDeps } from './deps.ts'
import { leftToShip, nextState } from './rules.ts'
import { recordMovements, requireOrder } from './steps.ts'
import { linesOf, setAllocations, takeSteps } from './store-orders.ts'
import { shippedParts } from './store-shipments.ts'

/**
 * What a paid order has not shipped yet is to leave from another warehouse: committed there gives way to committed
 * here, in one transaction of the ledger. Answers how many units moved; 0 when all of them were there already.
 * @throws AppError NOT_FOUND, ORDER_STATE, OUT_OF_STOCK when the warehouse does not hold everything
 */
export async function moveOrder(
  tx: Tx,
  { clock, stock }: Pick<OrdersDeps, 'clock' | 'stock'>,
  input: { shopId: string; orderId: string; warehouseId: string; actor: Actor },
): Promise<number> {
  const { shopId, orderId, warehouseId, actor } = input
  const name = (await stock.warehouseNames(tx, shopId)).get(warehouseId)
  if (name === undefined) throw new AppError('NOT_FOUND', { values: { what: '仓库' } })
  const order = await requireOrder(tx, input)
  nextState('ship-part', order)
  const lines = (await linesOf(tx, [order])).get(order.id)!
  const shipped = await shippedParts(tx, shopId, [orderId])
  const moves = lines.flatMap((line) => {
    const mine = shipped.filter((part) => part.line === line.line)
    const away = leftToShip(line.allocations, mine).filter((part) => part.warehouseId !== warehouseId)
    return away.map((part) => ({ line, ...part }))
  })
  if (moves.length === 0) return 0
  const wanted = new Map<string, number>()
  for (const { line, quantity } of moves) wanted.set(line.skuId, (wanted.get(line.skuId) ?? 0) + quantity)
  const levels = await stock.levels(
    tx,
    [...wanted.keys()].map((skuId) => ({ shopId, skuId })),
  )
  for (const { line } of moves) {
    const level = levels.find((each) => each.skuId === line.skuId && each.warehouseId === warehouseId)
    const available = level?.available ?? 0
    if (available < wanted.get(line.skuId)!)
      throw new AppError('OUT_OF_STOCK', {
        values: { title: `${[line.title, line.options].filter(Boolean).join(' ')}（${name}）`, available },
      })
  }
  const options = { key: newId(), reference: { type: 'order', id: orderId } }
  const from = moves.map(({ line, warehouseId: at, quantity }) => ({ skuId: line.skuId, warehouseId: at, quantity }))
  const to = from.map((part) => ({ ...part, warehouseId }))
  await transferOrThrow(tx, clock, {
    shopId,
    transfers: [...uncommitCommands(from, options), ...commitCommands(to, options)],
  })
  const at = clock.instant()
  await setAllocations(
    tx,
    lines.map((line) => {
      const mine = shipped.filter((part) => part.line === line.line)
      return { ...line, allocations: movedTo(line.allocations, mine, warehouseId) }
    }),
  )
  await takeSteps(tx, [{ order, to: order.state, event: 'reassigned', text: `改由${name}发货`, actor }], at)
  await recordMovements(tx, stock, at, actor, [
    ...from.map((part) => ({ order, ...part, reason: 'release' as const, note: `改由${name}发货` })),
    ...to.map((part) => ({ order, ...part, quantity: -part.quantity, reason: 'reserve' as const, note: '改仓发货' })),
  ])
  return from.reduce((sum, part) => sum + part.quantity, 0)
}

/** Allocations after what is left has gone over: what was shipped stays where it left from. */
export function movedTo(
  allocations: readonly Allocation[],
  shipped: readonly { warehouseId: string; quantity: number }[],
  warehouseId: string,
): Allocation[] {
  const { skuId, transferId } = allocations[0]!
  const gone = new Map<string, number>()
  for (const part of shipped) gone.set(part.warehouseId, (gone.get(part.warehouseId) ?? 0) + part.quantity)
  const total = allocations.reduce((sum, each) => sum + each.quantity, 0)
  const left = total - [...gone.values()].reduce((sum, quantity) => sum + quantity, 0)
  gone.set(warehouseId, (gone.get(warehouseId) ?? 0) + left)
  return [...gone].map(([at, quantity]) => {
    const same = allocations.find((each) => each.warehouseId === at)
    return { skuId, warehouseId: at, quantity, transferId: same?.transferId ?? transferId }
  })
}
