import { plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { hurryWithdrawal } from './advance-withdrawal.ts'
import type { SettlementDeps } from './deps.ts'
import { findWithdrawal, lockWithdrawal, setWithdrawal, type WithdrawalRow } from './store-withdrawals.ts'
import { FIRST_ASK_MS } from './withdrawal-rules.ts'

/**
 * Calls a withdrawal off that waits for its receiver. The wish is written down first; the money is back only when
 * WeChat says that it is called off, which the sweeper asks.
 * @throws AppError NOT_FOUND, WITHDRAWAL_REFUSED when it is too late, UNAVAILABLE
 */
export async function cancelWithdrawal(
  deps: SettlementDeps,
  shopId: string,
  id: string,
  record: (tx: Tx, row: WithdrawalRow) => Promise<unknown>,
): Promise<void> {
  const row = await deps.db.read('system', (tx) => findWithdrawal(tx, shopId, id))
  if (!row) throw new AppError('NOT_FOUND', { values: { what: '提现' } })
  if (row.state === 'cancelling') return
  if (row.state !== 'waiting')
    throw new AppError('WITHDRAWAL_REFUSED', { values: { reason: '只有等收款人确认的提现可以撤销' } })
  await deps.db.tx('system', async (tx) => {
    const locked = await lockWithdrawal(tx, shopId, id)
    if (locked?.state !== 'waiting') return
    const checkAt = plusMs(deps.clock.instant(), FIRST_ASK_MS)
    await setWithdrawal(tx, locked, {
      ...{ state: 'cancelling', transferBillNo: null, packageInfo: locked.packageInfo, confirmBefore: null },
      ...{ finishedAt: null, checkAt, error: null },
    })
    await record(tx, locked)
  })
  await hurryWithdrawal(deps, shopId, id)
}
