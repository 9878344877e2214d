import type { Tx } from '../kernel/db.ts'
import { AppError } from '../kernel/errors.ts'
import { isUuid } from '../kernel/ids.ts'
import { checkReference } from './checks.ts'
import { TRANSFER_COLUMNS } from './store.ts'
import type { Reference, Transfer } from './types.ts'

export interface TransferPage {
  transfers: Transfer[]
  /** Pass it as `before` for the next page; undefined on the last one. */
  next: string | undefined
}

const MAX_PAGE = 200
/** More transfers than this about one thing are not shown. */
export const MAX_HISTORY = 2000

/**
 * The transfers of one listed account, newest first: how its balance came to be. Keyset-paginated; `limit` at most 200.
 * Throws INVALID_CURSOR for a cursor that is none of ours.
 */
export async function listTransfers(
  tx: Tx,
  query: { shopId: string; accountId: string; before?: string; limit?: number },
): Promise<TransferPage> {
  const limit = Math.min(Math.max(query.limit ?? 50, 1), MAX_PAGE)
  const [at, id] = parseCursor(query.before)
  const rows = await tx.prepared<Transfer>('ledger-list-transfers', LIST_TRANSFERS, [
    query.shopId,
    query.accountId,
    at,
    id,
    limit + 1,
  ])
  const transfers = rows.slice(0, limit)
  const last = transfers.at(-1)
  return { transfers, next: rows.length > limit ? `${last!.createdAt}_${last!.id}` : undefined }
}

const BEFORE = `and ($3::timestamptz is null or (t.created_at, t.id) < ($3::timestamptz, $4::uuid))
  order by t.created_at desc, t.id desc limit $5::int`

const LIST_TRANSFERS = `
  select * from (
    (select ${TRANSFER_COLUMNS} from ledger_transfers t where t.shop_id = $1 and t.debit_account = $2 and t.listed ${BEFORE})
    union all
    (select ${TRANSFER_COLUMNS} from ledger_transfers t where t.shop_id = $1 and t.credit_account = $2 and t.listed ${BEFORE})
  ) t order by t.created_at desc, t.id desc limit $5::int`

function parseCursor(cursor: string | undefined): [string | null, string | null] {
  if (cursor === undefined) return [null, null]
  const [at = '', id = ''] = cursor.split('_')
  if (!isUuid(id) || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(at) || Number.isNaN(Date.parse(at)))
    throw new AppError('INVALID_CURSOR')
  return [at, id]
}

/**
 * What was transferred about one thing (an order, say) from or to listed accounts, oldest first, at most 2000 transfers.
 */
export async function historyOf(tx: Tx, shopId: string, reference: Reference): Promise<Transfer[]> {
  checkReference(reference)
  return tx.prepared<Transfer>('ledger-history', HISTORY, [shopId, reference.type, reference.id])
}

const HISTORY = `
  select ${TRANSFER_COLUMNS} from ledger_transfers t
  where t.shop_id = $1 and t.reference_type = $2 and t.reference_id = $3 and t.listed
  order by t.created_at, t.id limit ${MAX_HISTORY}`
