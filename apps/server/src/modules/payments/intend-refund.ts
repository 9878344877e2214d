import type { Tx } from '../../kernel/db.ts'
import { nameId } from '../../kernel/ids.ts'
import { applyTransfers, refusalError } from '../../ledger/index.ts'
import type { PaymentsDeps } from './ports.ts'
import { moneyAccounts, refundHold } from './rules.ts'
import type { PaymentRow } from './store.ts'
import { countRefunds, insertRefund } from './store-refunds.ts'

export interface RefundIntent {
  /** What the refund is for, e.g. the id of the request: the same key makes one refund. */
  key: string
  amountFen: number
  reason: string
  requestedBy: 'buyer' | 'merchant' | 'system'
  settlesOrder: boolean
  /** Of an order that goes on. */
  partOfOrder?: boolean
  /** Who asked for it and about what; the news that the money is back say so. */
  purpose?: string
  /** When WeChat is asked first; at once unless told. */
  notBefore?: string
}

/**
 * Writes down that money goes back and holds it on the order's account, which refuses when less was paid than is to
 * be given back. What was divided among merchant and parties already is brought back first. The refund's id is computed from what it is for, so that asking twice makes one.
 * @throws AppError LEDGER_LIMIT when the money is not there
 */
export async function intendRefund(
  deps: Pick<PaymentsDeps, 'clock' | 'bringBack' | 'wake'>,
  tx: Tx,
  payment: Pick<PaymentRow, 'shopId' | 'id' | 'orderId' | 'buyerId' | 'outTradeNo'>,
  intent: RefundIntent,
): Promise<void> {
  const id = nameId('refund', payment.id, intent.key)
  const number = (await countRefunds(tx, payment.shopId, payment.id)) + 1
  const at = deps.clock.instant()
  const row = {
    shopId: payment.shopId,
    id,
    orderId: payment.orderId,
    paymentId: payment.id,
    buyerId: payment.buyerId,
    state: 'created' as const,
    amountFen: intent.amountFen,
    reason: intent.reason,
    requestedBy: intent.requestedBy,
    settlesOrder: intent.settlesOrder,
    partOfOrder: intent.partOfOrder ?? false,
    purpose: intent.purpose ?? '',
    outRefundNo: `${payment.outTradeNo}R${String(number).padStart(2, '0')}`,
    createdAt: at,
  }
  if (!(await insertRefund(tx, row, intent.notBefore ?? at))) return
  const { shopId, orderId } = payment
  const back = await deps.bringBack(tx, { shopId, orderId, amountFen: intent.amountFen })
  const [result] = await applyTransfers(tx, deps.clock, [
    {
      shopId,
      accounts: [...moneyAccounts(shopId, orderId), ...back.accounts],
      transfers: [...back.transfers, refundHold({ id, shopId, orderId, amountFen: intent.amountFen })],
    },
  ])
  if (!result!.ok) throw refusalError(result!.refusal)
  tx.afterCommit(() => deps.wake('refunds'))
}
