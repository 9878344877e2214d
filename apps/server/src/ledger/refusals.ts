import { AppError } from '../kernel/errors.ts'
import type { Refusal } from './types.ts'

/**
 * A refusal as the error to throw; `details.data.refusal` carries it. Callers that know better words for it
 * (OUT_OF_STOCK with the title of the product) look at the refusal themselves.
 */
export function refusalError(refusal: Refusal): AppError {
  const data = { refusal }
  const { transferId, pendingId, accountId } = refusal
  switch (refusal.reason) {
    case 'limit':
    case 'overflow':
    case 'exceeds-pending':
      return new AppError('LEDGER_LIMIT', { data })
    case 'conflict':
      return new AppError('TRANSFER_CONFLICT', { values: { id: transferId }, data })
    case 'not-found':
      return new AppError('NOT_FOUND', {
        values: { what: pendingId === undefined ? `账户 ${accountId}` : `预留 ${pendingId}` },
        data,
      })
    case 'unit-mismatch':
      return new AppError('VALIDATION_FAILED', {
        values: { field: 'unit', reason: `与账户 ${refusal.accountCode} 的单位不同` },
        data,
      })
    case 'expired':
    case 'already-posted':
    case 'already-voided':
    case 'not-due':
      return new AppError('CONFLICT', { values: { what: `预留 ${pendingId ?? transferId}` }, data })
  }
}
