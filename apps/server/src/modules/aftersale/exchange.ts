import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { applyTransfers, refusalError, transferOrThrow } from '../../ledger/index.ts'
import { type OrderLine, type OrderRow, planWarehouses } from '../orders/index.ts'
import { commitCommands, shipCommands, uncommitCommands } from '../stock/index.ts'
import type { AftersaleDeps } from './deps.ts'
import { type CaseRow, changeLine, type LineRow, linesOfCases, type StockPart } from './store.ts'

type ExchangeDeps = Pick<AftersaleDeps, 'clock' | 'stock'>

/** What an exchange of a line can bring: the same, or of the same product what is on sale at no higher price. */
export async function exchangesOf(
  tx: Tx,
  deps: Pick<AftersaleDeps, 'catalog' | 'stock'>,
  order: OrderRow,
  line: Pick<OrderLine, 'skuId' | 'productId' | 'options' | 'unitPriceFen'>,
): Promise<{ skuId: string; options: string; available: number }[]> {
  const { shopId } = order
  const skuIds = await deps.catalog.skuIdsOf(tx, shopId, [line.productId])
  const goods = await deps.catalog.skusForSale(tx, shopId, [...new Set([...skuIds, line.skuId])])
  const fitting = [...goods.values()].filter(
    (sku) => sku.skuId === line.skuId || (sku.onSale && sku.priceFen <= line.unitPriceFen),
  )
  const levels = await deps.stock.levels(
    tx,
    fitting.map(({ skuId }) => ({ shopId, skuId })),
  )
  return fitting.slice(0, 100).map(({ skuId, options }) => {
    const here = levels.filter((level) => level.skuId === skuId)
    return { skuId, options, available: here.reduce((sum, each) => sum + each.available, 0) }
  })
}

/** @throws AppError VALIDATION_FAILED for what a line cannot be exchanged for */
export async function exchangeFor(
  tx: Tx,
  deps: Pick<AftersaleDeps, 'catalog' | 'stock'>,
  order: OrderRow,
  line: OrderLine,
  skuId: string,
): Promise<{ skuId: string; options: string }> {
  const found = (await exchangesOf(tx, deps, order, line)).find((each) => each.skuId === skuId)
  if (found !== undefined) return found
  throw new AppError('VALIDATION_FAILED', {
    values: { field: '换成', reason: '请选择同款、不更贵的规格' },
    field: 'lines',
  })
}

const optionsOf = (row: CaseRow) => ({
  key: `aftersale:${row.id}:${row.version}`,
  reference: { type: 'aftersale', id: row.id },
})

/** Keeps the replacement for a case: sold goods that wait to be shipped, all or none. @throws AppError OUT_OF_STOCK */
export async function keepReplacement(tx: Tx, deps: ExchangeDeps, row: CaseRow, actor: Actor): Promise<void> {
  const lines = (await linesOfCases(tx, [row])).get(row.id)!
  const wanted = lines.map((line) => ({ skuId: line.exchangeSkuId!, quantity: line.quantity }))
  const levels = await deps.stock.levels(
    tx,
    [...new Set(wanted.map(({ skuId }) => skuId))].map((skuId) => ({ shopId: row.shopId, skuId })),
  )
  const plan = planWarehouses(
    wanted,
    Map.groupBy(levels, (level) => level.skuId),
  )
  const short = (at: number, available: number) => {
    const { title, exchangeOptions } = lines[at]!
    return new AppError('OUT_OF_STOCK', { values: { title: `${title} ${exchangeOptions ?? ''}`.trim(), available } })
  }
  if (!plan.ok) throw short(plan.line, plan.available)
  const parts = plan.parts.map(({ skuId, warehouseId, quantity }) => ({ skuId, warehouseId, quantity }))
  const transfers = commitCommands(parts, optionsOf(row))
  const [kept] = await applyTransfers(tx, deps.clock, [{ shopId: row.shopId, transfers }])
  if (!kept!.ok) {
    const at = plan.parts[transfers.findIndex(({ id }) => id === kept!.refusal.transferId)]?.line
    if (kept!.refusal.reason !== 'limit' || at === undefined) throw refusalError(kept!.refusal)
    throw short(at, kept!.refusal.available ?? 0)
  }
  for (const [at, line] of lines.entries()) {
    const mine = plan.parts.filter((part) => part.line === at)
    const exchangeParts = mine.map(({ skuId, warehouseId, quantity }) => ({ skuId, warehouseId, quantity }))
    await changeLine(tx, row, line.line, { ...line, exchangeParts })
  }
  await moved(
    tx,
    deps,
    row,
    actor,
    parts.map((part) => ({ ...part, quantity: -part.quantity, reason: 'reserve' })),
    '换货预留',
  )
}

/** What was kept is for sale again; nothing kept is nothing done. */
export async function releaseReplacement(tx: Tx, deps: ExchangeDeps, row: CaseRow, actor: Actor): Promise<void> {
  const { lines, parts } = await keptOf(tx, row)
  if (parts.length === 0) return
  const transfers = uncommitCommands(parts, optionsOf(row))
  await transferOrThrow(tx, deps.clock, { shopId: row.shopId, transfers })
  for (const line of lines) await changeLine(tx, row, line.line, { ...line, exchangeParts: null })
  await moved(
    tx,
    deps,
    row,
    actor,
    parts.map((part) => ({ ...part, reason: 'release' })),
    '换货取消',
  )
}

/** What was kept leaves the warehouse. */
export async function shipReplacement(tx: Tx, deps: ExchangeDeps, row: CaseRow, actor: Actor): Promise<void> {
  const { lines, parts } = await keptOf(tx, row)
  const transfers = shipCommands(parts, optionsOf(row))
  await transferOrThrow(tx, deps.clock, { shopId: row.shopId, transfers })
  for (const line of lines) await changeLine(tx, row, line.line, { ...line, exchangeParts: null })
  await moved(
    tx,
    deps,
    row,
    actor,
    parts.flatMap((part) => [
      { ...part, reason: 'release' as const },
      { ...part, quantity: -part.quantity, reason: 'sale' as const },
    ]),
    '换货寄出',
  )
}

async function keptOf(tx: Tx, row: CaseRow): Promise<{ lines: LineRow[]; parts: StockPart[] }> {
  const lines = (await linesOfCases(tx, [row])).get(row.id)!
  return { lines, parts: lines.flatMap(({ exchangeParts }) => exchangeParts ?? []) }
}

async function moved(
  tx: Tx,
  { clock, stock }: ExchangeDeps,
  { shopId, orderId, orderNo }: CaseRow,
  actor: Actor,
  parts: readonly (StockPart & { reason: 'reserve' | 'release' | 'sale' })[],
  text: string,
): Promise<void> {
  const at = clock.instant()
  await stock.recordMovements(
    tx,
    parts.map((part) => ({ id: newId(), shopId, at, actor, orderId, orderNo, note: text, ...part })),
  )
}
