import type { MerchantPickUpPoint } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import type { DeliveryDeps } from './deps.ts'
import { countWaiting } from './store.ts'
import {
  type AreaData,
  type AreaRow,
  areasOf,
  deletePoint,
  findPoint,
  insertPoint,
  type PointData,
  type PointRow,
  pointNameTaken,
  pointsOf,
  saveArea,
  updatePoint,
} from './store-places.ts'
import { toPoint } from './terms.ts'

type Deps = Pick<DeliveryDeps, 'clock' | 'warehouseNames'>

const MAX_POINTS = 100

export async function listPoints(tx: Tx, deps: Deps, shopId: string): Promise<MerchantPickUpPoint[]> {
  const names = await deps.warehouseNames(tx, shopId)
  const waiting = new Map((await countWaiting(tx, shopId)).map((row) => [row.pointId, row.waiting]))
  return (await pointsOf(tx, [shopId], { activeOnly: false })).map((row) => ({
    ...toPoint(row, null),
    ...{ active: row.active, warehouseId: row.warehouseId, staffIds: row.staffIds, version: row.version },
    warehouseName: row.warehouseId === null ? '' : (names.get(row.warehouseId) ?? ''),
    waitingOrders: waiting.get(row.id) ?? 0,
  }))
}

/** @throws AppError DUPLICATE, NOT_FOUND, VALIDATION_FAILED beyond 100 points */
export async function createPoint(tx: Tx, deps: Deps, shopId: string, data: PointData): Promise<string> {
  await checkWarehouse(tx, deps, shopId, data.warehouseId)
  await lockInOrder(tx, [`pick-up-points:${shopId}`])
  if ((await pointsOf(tx, [shopId], { activeOnly: false })).length >= MAX_POINTS)
    throw new AppError('VALIDATION_FAILED', { values: { field: '自提点', reason: `最多 ${MAX_POINTS} 个` } })
  const id = newId()
  if (!(await insertPoint(tx, shopId, id, data, deps.clock.instant()))) throw nameTaken(data.name)
  return id
}

/** Orders keep what they were promised. @throws AppError CONFLICT, DUPLICATE, NOT_FOUND */
export async function changePoint(
  tx: Tx,
  deps: Deps,
  shopId: string,
  id: string,
  { version, ...data }: PointData & { version: number },
): Promise<void> {
  await checkWarehouse(tx, deps, shopId, data.warehouseId)
  await lockInOrder(tx, [`pick-up-points:${shopId}`])
  const before = await required(tx, shopId, id)
  if (await pointNameTaken(tx, shopId, data.name, id)) throw nameTaken(data.name)
  if (!(await updatePoint(tx, shopId, id, version, data, deps.clock.instant()))) throw conflict(before.name)
}

/** @throws AppError CONFLICT while orders wait there, NOT_FOUND */
export async function removePoint(tx: Tx, shopId: string, id: string): Promise<PointRow> {
  await lockInOrder(tx, [`pick-up-points:${shopId}`])
  const point = await required(tx, shopId, id)
  const waiting = (await countWaiting(tx, shopId)).find((row) => row.pointId === id)?.waiting ?? 0
  if (waiting > 0)
    throw new AppError('CONFLICT', { values: { what: `自提点「${point.name}」（还有 ${waiting} 单待取）` } })
  await deletePoint(tx, shopId, id)
  return point
}

export async function areaOf(tx: Tx, shopId: string): Promise<Omit<AreaRow, 'shopId'> | null> {
  const area = (await areasOf(tx, [shopId])).get(shopId)
  if (area === undefined) return null
  const { shopId: _shop, ...rest } = area
  return rest
}

/** @throws AppError CONFLICT when somebody else was faster, NOT_FOUND for the warehouse */
export async function setArea(
  tx: Tx,
  deps: Deps,
  shopId: string,
  { version, ...data }: AreaData & { version: number },
): Promise<void> {
  await checkWarehouse(tx, deps, shopId, data.warehouseId)
  if (!(await saveArea(tx, shopId, version, data, deps.clock.instant()))) throw conflict('同城配送设置')
}

async function checkWarehouse(tx: Tx, deps: Deps, shopId: string, warehouseId: string | null): Promise<void> {
  if (warehouseId !== null && !(await deps.warehouseNames(tx, shopId)).has(warehouseId))
    throw new AppError('NOT_FOUND', { values: { what: '仓库' }, field: 'warehouseId' })
}

async function required(tx: Tx, shopId: string, id: string): Promise<PointRow> {
  const point = await findPoint(tx, shopId, id)
  if (point === undefined) throw new AppError('NOT_FOUND', { values: { what: '自提点' } })
  return point
}

const nameTaken = (name: string): AppError =>
  new AppError('DUPLICATE', { values: { what: '自提点', value: name }, field: 'name' })
const conflict = (what: string): AppError => new AppError('CONFLICT', { values: { what } })
