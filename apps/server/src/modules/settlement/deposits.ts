import type { DepositEntry } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import { applyTransfers, ensureAccounts, getBalances, refusalError } from '../../ledger/index.ts'
import { move, shopAccount, shopAccounts } from './accounts.ts'
import type { SettlementDeps } from './deps.ts'
import { insertDepositEntry } from './store-freezes.ts'
import { termsOf } from './terms.ts'

const WAYS = {
  'paid-in': { from: 'merchant.available', to: 'deposit.held' },
  'taken-out': { from: 'deposit.held', to: 'merchant.available' },
  deducted: { from: 'deposit.held', to: 'deposit.deducted' },
} as const

const yuan = (fen: number): string => `¥${(fen / 100).toFixed(2)}`

/**
 * Moves a deposit 保证金 (PAY-05): paid in out of what is available, taken out as far as it is more than required, or
 * deducted by the platform with a reason. Scope `system`. @throws AppError DEPOSIT_REFUSED
 */
export async function moveDeposit(
  tx: Tx,
  deps: SettlementDeps,
  shopId: string,
  input: Pick<DepositEntry, 'kind' | 'reason' | 'byName'> & { amountFen: number },
): Promise<string> {
  const { kind, amountFen } = input
  await lockInOrder(tx, [`deposit:${shopId}`])
  const { depositRequiredFen } = await termsOf(tx, deps, shopId)
  const way = WAYS[kind]
  await ensureAccounts(tx, deps.clock, shopAccounts(shopId, way.from, way.to))
  const ids = { from: shopAccount(shopId, way.from), debt: shopAccount(shopId, 'merchant.negative') }
  const balances = await getBalances(tx, shopId, Object.values(ids))
  const there = balances.get(ids.from)?.available ?? 0
  const owed = 0 - (balances.get(ids.debt)?.balance ?? 0)
  const most = kind === 'taken-out' ? Math.max(there - depositRequiredFen, 0) : there
  if (kind === 'taken-out' && owed > 0) throw refused(`还有 ${yuan(owed)} 欠款，结清后才能退回保证金`)
  if (amountFen > most)
    throw refused(
      kind === 'paid-in'
        ? `可提现余额只有 ${yuan(most)}`
        : kind === 'taken-out'
          ? `应缴 ${yuan(depositRequiredFen)}，最多可退 ${yuan(most)}`
          : `保证金只有 ${yuan(most)}`,
    )
  const id = newId()
  const transfer = move(shopId, { id, code: `deposit.${kind}`, ...way, amountFen, about: { type: 'deposit', id } })
  const [result] = await applyTransfers(tx, deps.clock, [{ shopId, transfers: [transfer] }])
  if (!result!.ok) throw refusalError(result!.refusal)
  await insertDepositEntry(tx, shopId, { ...input, id, at: deps.clock.instant() } as DepositEntry)
  return id
}

const refused = (reason: string) => new AppError('DEPOSIT_REFUSED', { values: { reason } })
