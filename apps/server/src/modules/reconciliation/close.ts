import { audit } from '../../kernel/audit.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { nameId } from '../../kernel/ids.ts'
import { accountId, transferOrThrow } from '../../ledger/index.ts'
import type { ReconciliationDeps } from './deps.ts'
import { adjustmentOf, explain } from './rules.ts'
import { type DifferenceRow, lockDifference, setClosed, setOwner } from './store.ts'

export interface By {
  staffId: string
  name: string
  ip: string
  requestId: string
}

interface Closing {
  shopId: string
  id: string
  version: number
  reason: string
  by: By
}

export const ADJUST_CODE = 'reconciliation.adjust'

/** @throws AppError NOT_FOUND, CONFLICT, DIFFERENCE_CLOSED */
async function openOne(
  tx: Tx,
  { shopId, id, version }: Pick<Closing, 'shopId' | 'id' | 'version'>,
): Promise<DifferenceRow> {
  const row = await lockDifference(tx, shopId, id)
  if (!row) throw new AppError('NOT_FOUND', { values: { what: '差异' } })
  if (row.state === 'closed') throw new AppError('DIFFERENCE_CLOSED')
  if (row.version !== version) throw new AppError('CONFLICT', { values: { what: '差异' } })
  return row
}

/** Closed as it is: somebody knows why, and nothing has to be booked. */
export async function acceptDifference(tx: Tx, deps: ReconciliationDeps, closing: Closing): Promise<void> {
  const row = await openOne(tx, closing)
  await end(tx, deps, closing, row, { how: 'accepted', transferId: null, what: '接受对账差异' })
}

/**
 * Puts the books right: the channel's account against the adjustments, by exactly what differs. The posting is named by
 * the difference, so that it can happen once. @throws AppError DIFFERENCE_NOT_ADJUSTABLE
 */
export async function adjustDifference(tx: Tx, deps: ReconciliationDeps, closing: Closing): Promise<void> {
  const row = await openOne(tx, closing)
  const fen = adjustmentOf(row)
  if (fen === null)
    throw new AppError('DIFFERENCE_NOT_ADJUSTABLE', {
      values: { reason: '没有要补记的渠道金额，请改用接受，或向微信查询' },
    })
  const { shopId, id } = closing
  const [channel, adjustment] = [accountId('channel.wechat', shopId), accountId('adjustment', shopId)]
  const transferId = nameId(ADJUST_CODE, shopId, id)
  await transferOrThrow(tx, deps.clock, {
    shopId,
    accounts: (['channel.wechat', 'adjustment'] as const).map((code) => ({
      shopId,
      code,
      owners: [shopId],
      unit: 'CNY',
    })),
    transfers: [
      {
        ...{ kind: 'posted', id: transferId, code: ADJUST_CODE, amount: Math.abs(fen), unit: 'CNY' },
        ...(fen > 0 ? { debit: channel, credit: adjustment } : { debit: adjustment, credit: channel }),
        reference: { type: 'difference', id },
      },
    ],
  })
  await end(tx, deps, closing, row, { how: 'adjusted', transferId, what: `对账调账 ¥${(fen / 100).toFixed(2)}` })
}

async function end(
  tx: Tx,
  deps: ReconciliationDeps,
  { shopId, id, reason, by }: Closing,
  row: DifferenceRow,
  { how, transferId, what }: { how: 'accepted' | 'adjusted'; transferId: string | null; what: string },
): Promise<void> {
  await setClosed(tx, { shopId, id, how, at: deps.clock.instant(), by: by.name, reason, transferId })
  await audit(tx, deps.clock, {
    ...{ shopId, actor: { kind: 'staff', id: by.staffId, name: by.name }, ip: by.ip, requestId: by.requestId },
    ...{ action: `reconciliation.${how === 'adjusted' ? 'adjust' : 'accept'}`, entity: 'difference', entityId: id },
    summary: `${what}：${explain(row).zh}；${reason}`,
    after: { how, transferId, thereFen: row.thereFen, hereFen: row.hereFen },
  })
}

/** Who looks after it; null for nobody. @throws AppError NOT_FOUND, CONFLICT */
export async function assignDifference(
  tx: Tx,
  wish: { shopId: string; id: string; version: number; staffId: string | null; name: string | null },
): Promise<void> {
  const { shopId, id, staffId: ownerId, name: ownerName } = wish
  const row = await lockDifference(tx, shopId, id)
  if (!row) throw new AppError('NOT_FOUND', { values: { what: '差异' } })
  if (row.version !== wish.version) throw new AppError('CONFLICT', { values: { what: '差异' } })
  await setOwner(tx, { shopId, id, ownerId, ownerName })
}
