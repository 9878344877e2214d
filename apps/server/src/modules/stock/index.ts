import type { Actor } from '../../kernel/actor.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import type { Settings } from '../../kernel/settings.ts'
import { adjust, count } from './change.ts'
import { stockMoments } from './product-moments.ts'
import { stockHandlers } from './routes.ts'
import { frontShareBp, lowStockBelow } from './settings.ts'
import { everHeld, insertMovements, insertWarehouse, levelsOf, servingWarehouses, warehousesOf } from './store.ts'
import { availableAt, takersOf } from './store-history.ts'
import { countLow, countPlaces, countSoldOut, hasMoved } from './store-lists.ts'

export {
  type Allocation,
  commitCommands,
  postCommands,
  reserveCommands,
  shipCommands,
  uncommitCommands,
  voidCommands,
} from './accounts.ts'
export { stockChanged, warehouseChanged } from './events.ts'
export type { Level, MovementInput, ServingWarehouse } from './store.ts'
export type { Takers, TakersWanted } from './store-history.ts'

export interface StockDeps {
  db: Db
  clock: Clock
  settings: Settings
}

export interface Receipt {
  shopId: string
  reason: 'import' | 'purchase' | 'return'
  note?: string
  actor: Actor
  /** Null: the central warehouse. `split`: between central and front by the setting. */
  warehouseId: string | 'split' | null
  /** Each SKU at most once; quantities of at least 1. */
  lines: readonly { skuId: string; quantity: number }[]
}

/** Warehouses, and what is in them as ledger accounts with a movement in words beside every change. */
export function createStock(deps: StockDeps) {
  const { clock, settings } = deps
  return {
    handlers: stockHandlers(deps),

    /** What is for sale of each SKU, over all active warehouses; a SKU that was never received has 0. */
    async available(tx: Tx, shopId: string, skuIds: readonly string[]): Promise<Map<string, number>> {
      const totals = new Map(skuIds.map((skuId) => [skuId, 0]))
      for (const level of await levelsOf(
        tx,
        [...totals.keys()].map((skuId) => ({ shopId, skuId })),
      ))
        totals.set(level.skuId, totals.get(level.skuId)! + level.available)
      return totals
    },

    /** Active warehouses of several shops, in the order in which they serve. */
    servingWarehouses,

    /** What is for sale by warehouse, of SKUs of any shops, in the order in which warehouses serve. */
    levels: levelsOf,

    /** Receives goods. @throws AppError NOT_FOUND for an unknown SKU or warehouse */
    async receive(tx: Tx, receipt: Receipt): Promise<void> {
      const { shopId, reason, actor, note = '' } = receipt
      const lines = await placesFor(tx, settings, receipt)
      if (lines.length > 0) await adjust(tx, clock, { shopId, reason, actor, note, lines })
    },

    /** Takes goods that are no use out of stock. @throws AppError NOT_FOUND, OUT_OF_STOCK */
    async writeOff(
      tx: Tx,
      input: { shopId: string; warehouseId: string; note: string; actor: Actor; lines: Receipt['lines'] },
    ): Promise<void> {
      const { warehouseId, ...about } = input
      const lines = input.lines.flatMap(({ skuId, quantity }) =>
        quantity > 0 ? [{ skuId, warehouseId, quantity: -quantity }] : [],
      )
      if (lines.length > 0) await adjust(tx, clock, { ...about, reason: 'damage', lines })
    },

    /** Sets what is free to sell in a warehouse to the given numbers, recorded as a count. */
    async count(
      tx: Tx,
      input: { shopId: string; warehouseId: string; note?: string; actor: Actor; lines: Receipt['lines'] },
    ): Promise<void> {
      const { shopId, warehouseId, note = '', actor } = input
      await count(tx, clock, { shopId, note, actor, lines: input.lines.map((line) => ({ ...line, warehouseId })) })
    },

    /** The active warehouse that serves first. @throws AppError NOT_FOUND when the shop has none */
    async defaultWarehouse(tx: Tx, shopId: string): Promise<string> {
      const first = (await warehousesOf(tx, shopId)).find((warehouse) => warehouse.active)
      if (first === undefined) throw new AppError('NOT_FOUND', { values: { what: '启用中的仓库' } })
      return first.id
    },

    /** The central and the front warehouse a new shop begins with. */
    async createDefaultWarehouses(tx: Tx, shopId: string): Promise<{ centralId: string; frontId: string }> {
      const [centralId, frontId] = [newId(), newId()]
      const both = { region: '', active: true, at: clock.instant() }
      await insertWarehouse(tx, shopId, {
        ...both,
        id: centralId,
        code: 'C01',
        name: '中心仓',
        kind: 'central',
        priority: 100,
      })
      await insertWarehouse(tx, shopId, {
        ...both,
        id: frontId,
        code: 'F01',
        name: '前置仓',
        kind: 'front',
        priority: 200,
      })
      return { centralId, frontId }
    },

    countSoldOut,
    availableAt,
    /** SKUs on sale that are low but not sold out. */
    countLow: async (tx: Tx, shopId: string) => countLow(tx, shopId, await settings.get(lowStockBelow, { shopId }, tx)),
    hasMoved,
    countPlaces,

    everHeld,

    takersOf,

    /** Names of a shop's warehouses by id. */
    async warehouseNames(tx: Tx, shopId: string): Promise<Map<string, string>> {
      return new Map((await warehousesOf(tx, shopId)).map((warehouse) => [warehouse.id, warehouse.name]))
    },

    /** Writes movements of orders, in the transaction of their transfers. */
    recordMovements: insertMovements,
    /** What a product's timeline tells of its stock. */
    moments: stockMoments,
  }
}

export type Stock = ReturnType<typeof createStock>

async function placesFor(tx: Tx, settings: Settings, { shopId, warehouseId, lines }: Receipt) {
  const active = (await warehousesOf(tx, shopId)).filter((warehouse) => warehouse.active)
  const central = active.find((warehouse) => warehouse.kind === 'central')
  const front = active.find((warehouse) => warehouse.kind === 'front')
  if (warehouseId === 'split' && central !== undefined && front !== undefined) {
    const shareBp = await settings.get(frontShareBp, { shopId }, tx)
    return lines.flatMap(({ skuId, quantity }) => {
      const toFront = Math.floor((quantity * shareBp) / 10_000)
      return [
        { skuId, warehouseId: central.id, quantity: quantity - toFront },
        { skuId, warehouseId: front.id, quantity: toFront },
      ].filter((line) => line.quantity > 0)
    })
  }
  const chosen = warehouseId === 'split' || warehouseId === null ? (central ?? active[0])?.id : warehouseId
  if (chosen === undefined) throw new AppError('NOT_FOUND', { values: { what: '启用中的仓库' } })
  return lines.filter((line) => line.quantity > 0).map((line) => ({ ...line, warehouseId: chosen }))
}
