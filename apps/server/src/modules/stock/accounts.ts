import type { MovementReason } from '@zhanggui/contract'
import { nameId } from '../../kernel/ids.ts'
import { type AccountSpec, accountId, type Reference, type TransferCommand } from '../../ledger/index.ts'

/** Some units of a SKU that an order holds in a warehouse, and the pending transfer that holds them. */
export interface Allocation {
  skuId: string
  warehouseId: string
  quantity: number
  transferId: string
}

export const unitOf = (skuId: string): string => `sku:${skuId}`

export const availableAccount = (skuId: string, warehouseId: string): string =>
  accountId('stock.available', skuId, warehouseId)
export const committedAccount = (skuId: string, warehouseId: string): string =>
  accountId('stock.committed', skuId, warehouseId)
const shippedAccount = (skuId: string): string => accountId('stock.shipped', skuId)

/** Where goods come from, or go to, outside the warehouses. */
const OUTSIDE = {
  purchase: 'stock.supplier',
  import: 'stock.supplier',
  return: 'stock.shipped',
  count: 'stock.adjusted',
  damage: 'stock.adjusted',
  gift: 'stock.adjusted',
  correction: 'stock.adjusted',
} as const satisfies Partial<Record<MovementReason, string>>
export type AdjustReason = keyof typeof OUTSIDE

/** Every account a SKU needs in a warehouse, and outside. Their changes are listed in words by the movements. */
export function accountSpecs(shopId: string, skuId: string, warehouseId: string): AccountSpec[] {
  const unit = unitOf(skuId)
  return [
    { shopId, code: 'stock.available', owners: [skuId, warehouseId], unit, minBalance: 0, listed: false },
    { shopId, code: 'stock.committed', owners: [skuId, warehouseId], unit, minBalance: 0, listed: false },
    { shopId, code: 'stock.supplier', owners: [skuId], unit, listed: false },
    { shopId, code: 'stock.shipped', owners: [skuId], unit, listed: false },
    { shopId, code: 'stock.adjusted', owners: [skuId], unit, listed: false },
  ]
}

/** One transfer into available stock (positive) or out of it (negative). */
export function adjustCommand(
  id: string,
  reason: AdjustReason,
  line: { skuId: string; warehouseId: string; quantity: number },
): TransferCommand {
  const inside = availableAccount(line.skuId, line.warehouseId)
  const outside = accountId(OUTSIDE[reason], line.skuId)
  const [debit, credit] = line.quantity > 0 ? [outside, inside] : [inside, outside]
  const amount = Math.abs(line.quantity)
  return { kind: 'posted', id, code: `stock.${reason}`, debit, credit, amount, unit: unitOf(line.skuId) }
}

/** One transfer of available stock between two warehouses. */
export function moveCommand(
  id: string,
  line: { skuId: string; fromWarehouseId: string; toWarehouseId: string; quantity: number },
): TransferCommand {
  return {
    kind: 'posted',
    id,
    code: 'stock.transfer',
    debit: availableAccount(line.skuId, line.fromWarehouseId),
    credit: availableAccount(line.skuId, line.toWarehouseId),
    amount: line.quantity,
    unit: unitOf(line.skuId),
  }
}

/** Holds available stock for an order until `expiresAt`: available → committed, pending. */
export function reserveCommands(
  allocations: readonly Allocation[],
  options: { expiresAt: string; reference: Reference },
): TransferCommand[] {
  return allocations.map(({ skuId, warehouseId, quantity, transferId }) => ({
    kind: 'pending',
    id: transferId,
    code: 'stock.reserve',
    debit: availableAccount(skuId, warehouseId),
    credit: committedAccount(skuId, warehouseId),
    amount: quantity,
    unit: unitOf(skuId),
    ...options,
  }))
}

/** Makes reservations final: the goods are sold and wait to be shipped. */
export const postCommands = (allocations: readonly Allocation[], reference: Reference): TransferCommand[] =>
  allocations.map(({ transferId }) => ({
    kind: 'post',
    id: nameId('stock.sell', transferId),
    code: 'stock.sell',
    pendingId: transferId,
    reference,
  }))

/** Gives reservations back. */
export const voidCommands = (allocations: readonly Allocation[], reference: Reference): TransferCommand[] =>
  allocations.map(({ transferId }) => ({
    kind: 'void',
    id: nameId('stock.release', transferId),
    code: 'stock.release',
    pendingId: transferId,
    reference,
  }))

/** Committed goods leave the warehouse: committed → shipped. `key` names the shipment. */
export const shipCommands = (
  lines: readonly Omit<Allocation, 'transferId'>[],
  options: { key: string; reference: Reference },
): TransferCommand[] => leaveCommitted(lines, 'stock.ship', options, ({ skuId }) => shippedAccount(skuId))

/** Committed goods become available again: the order was refunded before it shipped. `key` names the refund. */
export const uncommitCommands = (
  lines: readonly Omit<Allocation, 'transferId'>[],
  options: { key: string; reference: Reference },
): TransferCommand[] =>
  leaveCommitted(lines, 'stock.uncommit', options, ({ skuId, warehouseId }) => availableAccount(skuId, warehouseId))

/** Available goods become committed at once: sold goods are to leave from another warehouse. `key` names the move. */
export const commitCommands = (
  lines: readonly Omit<Allocation, 'transferId'>[],
  { key, reference }: { key: string; reference: Reference },
): TransferCommand[] =>
  lines.map((line, index) => ({
    kind: 'posted',
    id: nameId('stock.commit', key, String(index)),
    code: 'stock.commit',
    debit: availableAccount(line.skuId, line.warehouseId),
    credit: committedAccount(line.skuId, line.warehouseId),
    amount: line.quantity,
    unit: unitOf(line.skuId),
    reference,
  }))

function leaveCommitted(
  lines: readonly Omit<Allocation, 'transferId'>[],
  code: string,
  { key, reference }: { key: string; reference: Reference },
  creditOf: (line: Omit<Allocation, 'transferId'>) => string,
): TransferCommand[] {
  return lines.map((line, index) => ({
    kind: 'posted',
    id: nameId(code, key, String(index)),
    code,
    debit: committedAccount(line.skuId, line.warehouseId),
    credit: creditOf(line),
    amount: line.quantity,
    unit: unitOf(line.skuId),
    reference,
  }))
}
