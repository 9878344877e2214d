import type { Tx } from '../../kernel/db.ts'
import type { AftersaleDeps } from './deps.ts'
import { type LineNow, type OrderNow, type Plan, withFreight } from './quote.ts'
import { isOver, sumOf } from './rules.ts'
import type { CaseRow, LineRow } from './store.ts'

/** The plan of a case that is there: its own units with what they have left. `now` is the order without the case. */
export async function planOf(
  tx: Tx,
  deps: Pick<AftersaleDeps, 'settings'>,
  now: OrderNow,
  row: CaseRow,
  lines: readonly LineRow[],
): Promise<Plan> {
  const isUnshipped = row.stage === 'unshipped'
  const isDecided = isOver(row.state) || row.state === 'refunding'
  const own = lines.map((line) => {
    const found = now.lines.find((each) => each.line.line === line.line && each.line.skuId === line.skuId)
    const indices = new Set(line.units.map(([index]) => index))
    const left = (found?.free ?? []).filter(({ index }) => indices.has(index))
    const units = isDecided ? line.units.map(([index, leftFen]) => ({ index, leftFen })) : left
    const wish = { line: line.line, quantity: line.quantity }
    return { now: found ?? gone(line), wish, units, fen: isUnshipped ? line.amountFen : sumOf(units) }
  })
  const { reasonCode, reason, fault, quality, type } = row
  const frozen = { code: reasonCode, label: reason, fault, quality, types: [type], evidence: false }
  const plan = await withFreight(tx, deps, now, type, frozen, { lines: own, isUnshipped })
  if (!isDecided) return { ...plan, reason: frozen, lines: own }
  const unitsFen = row.amountFen - row.freightFen
  return { ...plan, unitsFen, freightFen: row.freightFen, ceilingFen: row.amountFen, reason: frozen, lines: own }
}

/** A line whose units have all been taken out of the order. */
const gone = ({ line, skuId, productId, title, options, pictureFileId, quantity }: LineRow): LineNow => ({
  line: {
    ...{ line, skuId, productId, title, options, pictureFileId, quantity, shopId: '', orderId: '' },
    ...{ unitPriceFen: 0, priceNote: '', payTotalFen: 0, unitPayRuns: [], allocations: [], shippedQuantity: 0 },
  },
  free: [],
  unshipped: 0,
})
