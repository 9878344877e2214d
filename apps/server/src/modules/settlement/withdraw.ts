import type { WithdrawalLimits } from '@zhanggui/contract'
import type { z } from 'zod'
import { plusMs } from '../../kernel/clock.ts'
import { businessDay, dayName } from '../../kernel/days.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import { applyTransfers, ensureAccounts, getBalances, refusalError } from '../../ledger/index.ts'
import { shopAccount } from './accounts.ts'
import type { SettlementDeps } from './deps.ts'
import { readableNumber } from './rules.ts'
import { withdrawalDayFen, withdrawalFeeBp, withdrawalMaxFen, withdrawalMinFen } from './settings.ts'
import { insertWithdrawal, withdrawnSince } from './store-withdrawals.ts'
import { termsOf } from './terms.ts'
import {
  FIRST_ASK_MS,
  feeOf,
  holdTransfers,
  type Limits,
  mostNow,
  type Owner,
  refusedBy,
  withdrawalAccounts,
  withdrawalDebt,
  withdrawalSource,
} from './withdrawal-rules.ts'

/** Whom money goes to, sealed as it is kept beside the withdrawal. */
export interface Payee {
  ownerName: string
  buyerId: string
  app: 'mini' | 'mp'
  openid: string
  realName: string | null
  realNameMasked: string
}

export const limitsOf = async (tx: Tx, { settings }: Pick<SettlementDeps, 'settings'>): Promise<Limits> => ({
  minFen: await settings.get(withdrawalMinFen, {}, tx),
  maxFen: await settings.get(withdrawalMaxFen, {}, tx),
  dayFen: await settings.get(withdrawalDayFen, {}, tx),
  feeBp: await settings.get(withdrawalFeeBp, {}, tx),
})

const accountsOf = (shopId: string, owner: Owner) => ({
  shopId,
  ...{ id: '', amountFen: 0, feeFen: 0 },
  ...{ ownerKind: owner.kind, ownerId: owner.id },
})

/** What an owner may withdraw now, and why not more. */
export async function withdrawable(
  tx: Tx,
  deps: SettlementDeps,
  shopId: string,
  owner: Owner,
): Promise<z.input<typeof WithdrawalLimits>> {
  const limits = await limitsOf(tx, deps)
  const { timeZone } = await deps.parties.requireShop(tx, shopId)
  const today = businessDay(deps.clock.millis(), timeZone)
  const usedTodayFen = await withdrawnSince(tx, shopId, owner.id, today.from)
  const named = accountsOf(shopId, owner)
  const ids = {
    source: withdrawalSource(named),
    debt: withdrawalDebt(named),
    deposit: shopAccount(shopId, 'deposit.held'),
  }
  const balances = await getBalances(tx, shopId, Object.values(ids))
  const availableFen = balances.get(ids.source)?.available ?? 0
  const owedFen = 0 - (balances.get(ids.debt)?.balance ?? 0)
  const { depositRequiredFen } = await termsOf(tx, deps, shopId)
  const missing = owner.kind === 'shop' ? depositRequiredFen - (balances.get(ids.deposit)?.balance ?? 0) : 0
  const depositMissingFen = Math.max(missing, 0)
  const mayFen = owedFen > 0 || depositMissingFen > 0 ? 0 : mostNow(availableFen, usedTodayFen, limits)
  return { ...limits, usedTodayFen, availableFen, owedFen, depositMissingFen, mostFen: mayFen }
}

/**
 * Writes a withdrawal down and holds its money (PAY-05). WeChat is asked after the commit. Limits of the day are kept
 * by a lock of the owner, the balance by the ledger.
 * @throws AppError WITHDRAWAL_REFUSED, LEDGER_LIMIT
 */
export async function intendWithdrawal(
  tx: Tx,
  deps: SettlementDeps,
  input: { shopId: string; owner: Owner; payee: Payee; amountFen: number; requestedBy: string },
): Promise<string> {
  const { shopId, owner, payee, amountFen, requestedBy } = input
  await lockInOrder(tx, [`withdrawal:${owner.id}`])
  const now = await withdrawable(tx, deps, shopId, owner)
  refuse(amountFen, now)
  const { timeZone } = await deps.parties.requireShop(tx, shopId)
  const id = newId()
  const at = deps.clock.instant()
  const seal = (field: string, text: string) => deps.vault.encrypt(text, `withdrawal:${id}:${field}`)
  const row = {
    ...{ shopId, id, amountFen, requestedBy, ownerKind: owner.kind, ownerId: owner.id, createdAt: at },
    ...{ ownerName: payee.ownerName, buyerId: payee.buyerId, realNameMasked: payee.realNameMasked },
    number: readableNumber('TX', dayName(Date.parse(at), timeZone), id, 12),
    feeFen: feeOf(amountFen, now.feeBp),
    appid: payee.app === 'mini' ? deps.miniAppid : deps.mpAppid,
    openidSealed: seal('openid', payee.openid),
    realNameSealed: payee.realName === null ? null : seal('name', payee.realName),
  }
  await insertWithdrawal(tx, row, plusMs(at, FIRST_ASK_MS))
  await ensureAccounts(tx, deps.clock, withdrawalAccounts(row))
  const [result] = await applyTransfers(tx, deps.clock, [{ shopId, transfers: holdTransfers(row) }])
  if (!result!.ok) throw refusalError(result!.refusal)
  return id
}

const yuan = (fen: number): string => `¥${(fen / 100).toFixed(2)}`

function refuse(amountFen: number, now: z.input<typeof WithdrawalLimits>): void {
  const because = (reason: string) => new AppError('WITHDRAWAL_REFUSED', { values: { reason }, field: 'amountFen' })
  if (now.depositMissingFen > 0) throw because(`保证金还差 ${yuan(now.depositMissingFen)}，请先补足`)
  if (now.owedFen > 0) throw because(`还有 ${yuan(now.owedFen)} 欠款，之后的收入会先抵扣`)
  const refusal = refusedBy(amountFen, now.usedTodayFen, now)
  if (refusal === 'too-little') throw because(`每笔最少 ${yuan(now.minFen)}`)
  if (refusal === 'too-much') throw because(`每笔最多 ${yuan(now.maxFen)}，请分几次提现`)
  if (refusal === 'day-full')
    throw because(`每天最多 ${yuan(now.dayFen)}，今天还能提 ${yuan(Math.max(now.dayFen - now.usedTodayFen, 0))}`)
  if (amountFen > now.availableFen) throw because(`可提现余额只有 ${yuan(now.availableFen)}`)
}
