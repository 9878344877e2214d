import type { MovementReason } from '@zhanggui/contract'
import type { Actor } from '../../kernel/actor.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import { emit } from '../../kernel/outbox.ts'
import {
  applyTransfers,
  getBalances,
  refusalError,
  type TransferCommand,
  type TransferGroup,
} from '../../ledger/index.ts'
import {
  type AdjustReason,
  accountSpecs,
  adjustCommand,
  availableAccount,
  committedAccount,
  moveCommand,
} from './accounts.ts'
import { stockChanged } from './events.ts'
import { insertMovements, insertPlaces, type MovementInput, warehousesOf } from './store.ts'
import { skuNames } from './store-lists.ts'

export interface ChangeInput {
  shopId: string
  note: string
  actor: Actor
}

/** Transfers in one group of the ledger; longer lists are several groups of one transaction. */
const MAX_STEPS = 500

interface PlacedQuantity {
  skuId: string
  warehouseId: string
  quantity: number
}

/** Receives stock (positive) or issues it (negative): all lines or none. Answers the movements' ids. */
export async function adjust(
  tx: Tx,
  clock: Clock,
  input: ChangeInput & { reason: AdjustReason; lines: readonly PlacedQuantity[] },
): Promise<string[]> {
  await prepare(tx, input.shopId, input.lines)
  const moved = input.lines.filter((line) => line.quantity !== 0)
  await transfer(
    tx,
    clock,
    input,
    moved.map((line) => ({ command: adjustCommand(newId(), input.reason, line), places: [line] })),
  )
  return record(tx, clock, input, input.reason, input.lines)
}

/**
 * Sets what is free to sell to the numbers found on the shelf. Whoever sells at the same moment makes PostgreSQL's
 * "try again" error, so that the number stands as it was counted.
 */
export async function count(tx: Tx, clock: Clock, input: ChangeInput & { lines: readonly PlacedQuantity[] }) {
  const accounts = input.lines.map((line) => availableAccount(line.skuId, line.warehouseId))
  const before = await getBalances(tx, input.shopId, accounts)
  const lines = input.lines.map((line, index) => ({
    ...line,
    quantity: line.quantity - (before.get(accounts[index]!)?.available ?? 0),
  }))
  const ids = await adjust(tx, clock, { ...input, reason: 'count', lines })
  const after = await getBalances(tx, input.shopId, accounts)
  const moved = input.lines.filter((line, index) => (after.get(accounts[index]!)?.available ?? 0) !== line.quantity)
  if (moved.length > 0) throw Object.assign(new Error('Stock moved while it was counted'), { code: '40001' })
  return ids
}

/** Moves stock between two warehouses: all lines or none. Answers the movements' ids. */
export async function moveStock(
  tx: Tx,
  clock: Clock,
  input: ChangeInput & {
    fromWarehouseId: string
    toWarehouseId: string
    lines: readonly { skuId: string; quantity: number }[]
  },
): Promise<string[]> {
  const { fromWarehouseId, toWarehouseId } = input
  const out = input.lines.map((line) => ({ ...line, warehouseId: fromWarehouseId, quantity: -line.quantity }))
  const into = input.lines.map((line) => ({ ...line, warehouseId: toWarehouseId }))
  await prepare(tx, input.shopId, [...out, ...into])
  await transfer(
    tx,
    clock,
    input,
    input.lines.map((line, index) => ({
      command: moveCommand(newId(), { ...line, fromWarehouseId, toWarehouseId }),
      places: [out[index]!, into[index]!],
    })),
  )
  return record(tx, clock, input, 'transfer', [...out, ...into])
}

/** The warehouses are there and stay as they are until the transaction ends; the SKUs are the shop's. */
async function prepare(tx: Tx, shopId: string, lines: readonly PlacedQuantity[]): Promise<void> {
  const warehouseIds = [...new Set(lines.map((line) => line.warehouseId))]
  await lockInOrder(
    tx,
    warehouseIds.map((id) => `warehouse:${id}`),
  )
  const warehouses = new Map((await warehousesOf(tx, shopId)).map((warehouse) => [warehouse.id, warehouse]))
  for (const id of warehouseIds)
    if (!warehouses.get(id)?.active) throw new AppError('NOT_FOUND', { values: { what: '启用中的仓库' } })
  const skuIds = [...new Set(lines.map((line) => line.skuId))]
  const names = await skuNames(tx, shopId, skuIds)
  const unknown = skuIds.find((id) => !names.has(id))
  if (unknown !== undefined) throw new AppError('NOT_FOUND', { values: { what: `商品规格 ${unknown}` } })
}

async function transfer(
  tx: Tx,
  clock: Clock,
  { shopId }: ChangeInput,
  steps: readonly { command: TransferCommand; places: readonly PlacedQuantity[] }[],
): Promise<void> {
  if (steps.length === 0) return
  const groups: TransferGroup[] = []
  for (let from = 0; from < steps.length; from += MAX_STEPS) {
    const part = steps.slice(from, from + MAX_STEPS)
    const places = part.flatMap((step) => step.places)
    groups.push({
      shopId,
      transfers: part.map((step) => step.command),
      accounts: places.flatMap((place) => accountSpecs(shopId, place.skuId, place.warehouseId)),
    })
  }
  const places = steps.flatMap((step) => step.places)
  await insertPlaces(
    tx,
    shopId,
    places.map(({ skuId, warehouseId }) => ({
      skuId,
      warehouseId,
      availableAccount: availableAccount(skuId, warehouseId),
      committedAccount: committedAccount(skuId, warehouseId),
    })),
  )
  for (const result of await applyTransfers(tx, clock, groups)) {
    if (result.ok) continue
    const { refusal } = result
    const short = steps.find((step) => step.command.id === refusal.transferId)?.places[0]
    if (refusal.reason !== 'limit' || short === undefined) throw refusalError(refusal)
    const title = (await skuNames(tx, shopId, [short.skuId])).get(short.skuId) ?? short.skuId
    const available = refusal.available ?? 0
    throw new AppError('OUT_OF_STOCK', { values: { title, available }, data: { skuId: short.skuId, available } })
  }
}

async function record(
  tx: Tx,
  clock: Clock,
  { shopId, note, actor }: ChangeInput,
  reason: MovementReason,
  lines: readonly PlacedQuantity[],
): Promise<string[]> {
  const at = clock.instant()
  const movements: MovementInput[] = lines.map(({ skuId, warehouseId, quantity }) => {
    const about = { skuId, warehouseId, quantity, reason, note, actor }
    return { id: newId(), shopId, at, ...about, orderId: null, orderNo: null }
  })
  await insertMovements(tx, movements)
  await emit(tx, stockChanged, {
    shopId,
    aggregate: 'stock',
    aggregateId: shopId,
    payload: { reason, lines: lines.map(({ skuId, warehouseId, quantity }) => ({ skuId, warehouseId, quantity })) },
    occurredAt: at,
    actor,
  })
  return movements.map((movement) => movement.id)
}
