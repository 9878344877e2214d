import type { Movement } from '@zhanggui/contract'
import { MOVEMENT_REASONS, StockSort } from '@zhanggui/contract'
import { z } from 'zod'
import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Caller } from '../../kernel/http/caller.ts'
import type { Call, Handlers } from '../../kernel/http/mount.ts'
import { once } from '../../kernel/idempotency.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import type { Settings } from '../../kernel/settings.ts'
import { adjust, count, moveStock } from './change.ts'
import { adjustmentStepUpPieces, lowStockBelow } from './settings.ts'
import { listWarehouses, warehousesOf } from './store.ts'
import { listMovements, listStock, sortValue } from './store-lists.ts'
import { changeWarehouse, createWarehouse } from './warehouses.ts'

const COUNT_ATTEMPTS = 5
/** The order, what the last row is sorted by, and its SKU code. */
const StockPlace = z.tuple([StockSort, z.union([z.string().max(200), z.number()]), z.string().max(64)])

export function stockHandlers({ db, clock, settings }: { db: Db; clock: Clock; settings: Settings }): Handlers {
  return {
    'console.warehouses': async ({ params: { shopId } }) => ({
      items: await db.read({ shopId }, (tx) => listWarehouses(tx, shopId)),
    }),

    'console.createWarehouse': ({ params: { shopId }, body, caller, ip, requestId }) =>
      db.tx({ shopId }, (tx) => createWarehouse(tx, clock, shopId, body, { actor: staffActor(caller), ip, requestId })),

    'console.updateWarehouse': ({ params: { shopId, warehouseId }, body, caller, ip, requestId }) =>
      db.tx({ shopId }, (tx) =>
        changeWarehouse(tx, clock, shopId, warehouseId, body, { actor: staffActor(caller), ip, requestId }),
      ),

    'console.stock': async ({ params: { shopId }, query: { cursor, limit, low, sort, ...filter } }) => {
      const lowBelow = low ? await settings.get(lowStockBelow, { shopId }) : undefined
      const after = decodeCursor(cursor, StockPlace)
      if (after !== undefined && after[0] !== sort) throw new AppError('INVALID_CURSOR')
      const rows = await db.read({ shopId }, (tx) =>
        listStock(tx, shopId, { ...filter, lowBelow, sort, after: after && [after[1], after[2]], limit: limit + 1 }),
      )
      return keysetPage(rows, limit, (row) => [sort, sortValue(row, sort), row.skuCode])
    },

    'console.adjustStock': async (call) => {
      const { shopId } = call.params
      const { reason, lines } = call.body
      const pieces = lines.reduce((sum, { quantity }) => sum + Math.abs(quantity), 0)
      if (reason !== 'purchase' && pieces > (await settings.get(adjustmentStepUpPieces, { shopId })))
        await call.stepUp()
      return retried(() => db.tx({ shopId }, (tx) => adjustStock(tx, clock, call)))
    },

    'console.transferStock': (call) => db.tx({ shopId: call.params.shopId }, (tx) => transferStock(tx, clock, call)),

    'console.movements': async ({ params: { shopId }, query: { cursor, limit, ...filter } }) => {
      const beforeId = decodeCursor(cursor, z.uuid())
      const rows = await db.read({ shopId }, (tx) =>
        listMovements(tx, shopId, { ...filter, beforeId, limit: limit + 1 }),
      )
      return keysetPage(rows, limit, (row) => row.id)
    },
  }
}

async function adjustStock(
  tx: Tx,
  clock: Clock,
  call: Call<'console.adjustStock'>,
): Promise<{ movements: Movement[] }> {
  const { shopId } = call.params
  const { warehouseId, reason, note, lines } = call.body
  return once(tx, keyOf(call, 'console.adjustStock', shopId, clock), async () => {
    refuseRepeats(lines)
    if (reason === 'count') refuseNegatives(lines)
    const input = {
      shopId,
      note,
      actor: staffActor(call.caller),
      lines: lines.map((line) => ({ ...line, warehouseId })),
    }
    const ids = reason === 'count' ? await count(tx, clock, input) : await adjust(tx, clock, { ...input, reason })
    return finish(tx, clock, call, shopId, ids, {
      action: 'stock.adjust',
      entityId: warehouseId,
      summary: `库存调整（${MOVEMENT_REASONS[reason].zh}）${lines.length} 个规格`,
    })
  })
}

async function transferStock(
  tx: Tx,
  clock: Clock,
  call: Call<'console.transferStock'>,
): Promise<{ movements: Movement[] }> {
  const { shopId } = call.params
  const { fromWarehouseId, toWarehouseId, note, lines } = call.body
  return once(tx, keyOf(call, 'console.transferStock', shopId, clock), async () => {
    refuseRepeats(lines)
    if (fromWarehouseId === toWarehouseId)
      throw new AppError('VALIDATION_FAILED', {
        values: { field: '调入仓库', reason: '与调出仓库相同' },
        field: 'toWarehouseId',
      })
    const ids = await moveStock(tx, clock, {
      shopId,
      note,
      actor: staffActor(call.caller),
      fromWarehouseId,
      toWarehouseId,
      lines,
    })
    const names = new Map((await warehousesOf(tx, shopId)).map((warehouse) => [warehouse.id, warehouse.name]))
    return finish(tx, clock, call, shopId, ids, {
      action: 'stock.transfer',
      entityId: fromWarehouseId,
      summary: `调拨 ${lines.length} 个规格：${names.get(fromWarehouseId)} → ${names.get(toWarehouseId)}`,
    })
  })
}

async function finish(
  tx: Tx,
  clock: Clock,
  call: { caller: Caller; body: unknown; ip: string; requestId: string },
  shopId: string,
  ids: readonly string[],
  what: { action: string; entityId: string; summary: string },
): Promise<{ movements: Movement[] }> {
  const movements = await listMovements(tx, shopId, { ids, limit: ids.length })
  const { ip, requestId } = call
  await audit(tx, clock, {
    shopId,
    actor: staffActor(call.caller),
    entity: 'warehouse',
    after: call.body,
    ip,
    requestId,
    ...what,
  })
  return { movements }
}

function refuseRepeats(lines: readonly { skuId: string }[]): void {
  const seen = new Set<string>()
  for (const [index, { skuId }] of lines.entries()) {
    if (seen.has(skuId))
      throw new AppError('VALIDATION_FAILED', {
        values: { field: `第 ${index + 1} 行`, reason: '规格重复' },
        field: `lines.${index}.skuId`,
      })
    seen.add(skuId)
  }
}

function refuseNegatives(lines: readonly { quantity: number }[]): void {
  const index = lines.findIndex((line) => line.quantity < 0)
  if (index >= 0)
    throw new AppError('VALIDATION_FAILED', {
      values: { field: `第 ${index + 1} 行`, reason: '盘点数量不能为负' },
      field: `lines.${index}.quantity`,
    })
}

/** A count of goods that sell fast may need to start over more often than `Db.tx` does by itself. */
async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if ((error as { code?: string }).code !== '40001') throw error
      if (attempt === COUNT_ATTEMPTS) throw new AppError('BUSY', { retryAfterSeconds: 2, cause: error })
    }
  }
}

function keyOf(
  call: { caller: Caller; idempotencyKey: string; params: unknown; body: unknown },
  route: string,
  shopId: string,
  clock: Clock,
) {
  const { caller, idempotencyKey: key, body } = call
  return { shopId, callerId: staffActor(caller).id!, route, key, request: body, at: clock.instant() }
}

function staffActor(caller: Caller): Actor {
  if (caller.kind !== 'staff') throw new AppError('SIGN_IN_REQUIRED')
  return { kind: 'staff', id: caller.staffId, name: caller.name }
}
