import type { Warehouse } from '@zhanggui/contract'
import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import { emit } from '../../kernel/outbox.ts'
import { warehouseChanged } from './events.ts'
import {
  codeTaken,
  insertWarehouse,
  listWarehouses,
  updateWarehouse,
  type WarehouseData,
  warehousesOf,
} from './store.ts'

export interface Origin {
  actor: Actor
  ip?: string
  requestId?: string
}

const MAX_WAREHOUSES = 200

/** @throws AppError DUPLICATE when the code is taken */
export async function createWarehouse(
  tx: Tx,
  clock: Clock,
  shopId: string,
  data: WarehouseData,
  origin: Origin,
): Promise<Warehouse> {
  const id = newId()
  const at = clock.instant()
  await lockInOrder(tx, [`warehouses:${shopId}`])
  if ((await warehousesOf(tx, shopId)).length >= MAX_WAREHOUSES)
    throw new AppError('VALIDATION_FAILED', { values: { field: '仓库', reason: `最多 ${MAX_WAREHOUSES} 个` } })
  if (!(await insertWarehouse(tx, shopId, { ...data, id, at })))
    throw new AppError('DUPLICATE', { values: { what: '仓库编码', value: data.code }, field: 'code' })
  await tell(tx, clock, shopId, { ...data, id }, undefined, origin)
  return (await listWarehouses(tx, shopId, id))[0]!
}

/** @throws AppError NOT_FOUND, DUPLICATE, WAREHOUSE_NOT_EMPTY when one that holds stock would be closed */
export async function changeWarehouse(
  tx: Tx,
  clock: Clock,
  shopId: string,
  id: string,
  data: WarehouseData,
  origin: Origin,
): Promise<Warehouse> {
  await lockInOrder(tx, [`warehouse:${id}`, `warehouses:${shopId}`])
  const [before] = await listWarehouses(tx, shopId, id)
  if (before === undefined) throw new AppError('NOT_FOUND', { values: { what: '仓库' } })
  if (!data.active && before.units > 0) throw new AppError('WAREHOUSE_NOT_EMPTY', { values: { name: before.name } })
  if (await codeTaken(tx, shopId, data.code, id))
    throw new AppError('DUPLICATE', { values: { what: '仓库编码', value: data.code }, field: 'code' })
  await updateWarehouse(tx, shopId, { ...data, id, at: clock.instant() })
  await tell(tx, clock, shopId, { ...data, id }, before, origin)
  return { ...before, ...data }
}

async function tell(
  tx: Tx,
  clock: Clock,
  shopId: string,
  after: WarehouseData & { id: string },
  before: Warehouse | undefined,
  { actor, ip, requestId }: Origin,
): Promise<void> {
  const { id, code, name, active } = after
  const payload = { warehouseId: id, code, name, active }
  const occurredAt = clock.instant()
  await emit(tx, warehouseChanged, { shopId, aggregate: 'warehouse', aggregateId: id, payload, occurredAt, actor })
  await audit(tx, clock, {
    shopId,
    actor,
    action: before === undefined ? 'stock.create-warehouse' : 'stock.change-warehouse',
    entity: 'warehouse',
    entityId: id,
    summary: `${before === undefined ? '新增' : '修改'}仓库「${name}」`,
    before,
    after,
    ip,
    requestId,
  })
}
