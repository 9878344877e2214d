import type { WithdrawalState } from '@zhanggui/contract'
import { allocate, fen } from '@zhanggui/contract/money'
import type { TransferState } from '../../adapters/wechat-pay/index.ts'
import { nameId } from '../../kernel/ids.ts'
import { type AccountSpec, accountId, type TransferCommand } from '../../ledger/index.ts'
import { shopAccount, shopAccounts } from './accounts.ts'

export interface Owner {
  kind: 'shop' | 'party'
  /** The shop's own id, or the party's. */
  id: string
}

export interface Limits {
  minFen: number
  maxFen: number
  dayFen: number
  feeBp: number
}

const WHOLE_BP = 10_000

/** A withdrawal that nobody went on with after it was written down is found after this. */
export const FIRST_ASK_MS = 15_000

export const feeOf = (amountFen: number, feeBp: number): number =>
  allocate(fen(amountFen), [feeBp, WHOLE_BP - feeBp])[0]!

export type LimitRefusal = 'too-little' | 'too-much' | 'day-full'

/** Why an amount may not be withdrawn by the limits; undefined when it may. */
export function refusedBy(amountFen: number, usedTodayFen: number, limits: Limits): LimitRefusal | undefined {
  if (amountFen < limits.minFen) return 'too-little'
  if (amountFen > limits.maxFen) return 'too-much'
  if (usedTodayFen + amountFen > limits.dayFen) return 'day-full'
  return undefined
}

/** The most that may be withdrawn now. */
export const mostNow = (availableFen: number, usedTodayFen: number, limits: Limits): number => {
  const most = Math.max(Math.min(availableFen, limits.maxFen, limits.dayFen - usedTodayFen), 0)
  return most < limits.minFen ? 0 : most
}

/** What WeChat says of a transfer, as a withdrawal stands. */
export const stateOf = (state: TransferState): WithdrawalState =>
  (
    ({
      ACCEPTED: 'processing',
      PROCESSING: 'processing',
      WAIT_USER_CONFIRM: 'waiting',
      TRANSFERING: 'processing',
      CANCELING: 'cancelling',
      SUCCESS: 'paid',
      FAIL: 'failed',
      CANCELLED: 'cancelled',
    }) as const
  )[state]

export const isFinal = (state: WithdrawalState): boolean => ['paid', 'failed', 'cancelled'].includes(state)

/** Why WeChat did not pay, for people. */
const REASONS: Record<string, string> = {
  OVERDUE_CLOSE: '超过 24 小时没有确认收款，已退回',
  MCH_CANCEL: '已撤销',
  NAME_NOT_CORRECT: '收款人姓名与微信实名不一致',
  PAYEE_ACCOUNT_ABNORMAL: '收款微信账户异常，请换一个账户',
  PAYER_ACCOUNT_ABNORMAL: '商户账户异常，请联系微信支付',
  REALNAME_CHECK_FAIL: '收款人没有完成微信实名认证',
  RECEIVE_QUOTA_EXCEED: '收款人今日收款已达上限',
}
export const reasonText = (reason: string | null): string =>
  reason === null ? '微信支付没有说明原因' : (REASONS[reason] ?? reason)

interface Held {
  shopId: string
  id: string
  ownerKind: Owner['kind']
  ownerId: string
  amountFen: number
  feeFen: number
}

const source = ({ shopId, ownerKind, ownerId }: Held): string =>
  ownerKind === 'shop' ? shopAccount(shopId, 'merchant.available') : accountId('share.payable', ownerId, shopId)

const debt = ({ shopId, ownerKind, ownerId }: Held): string =>
  ownerKind === 'shop' ? shopAccount(shopId, 'merchant.negative') : accountId('share.negative', ownerId, shopId)

export const withdrawalSource = source
export const withdrawalDebt = debt

/** Every account that a withdrawal may move. */
export function withdrawalAccounts(row: Held): AccountSpec[] {
  const { shopId, ownerKind, ownerId } = row
  const shared = (code: string, limits: Pick<AccountSpec, 'minBalance' | 'maxBalance'>): AccountSpec => ({
    ...{ shopId, code, owners: [ownerId, shopId], unit: 'CNY' },
    ...limits,
  })
  return [
    ...shopAccounts(shopId, 'channel.wechat', 'fee.withdrawal'),
    ...(ownerKind === 'shop'
      ? shopAccounts(shopId, 'merchant.available', 'merchant.negative')
      : [shared('share.payable', { minBalance: 0 }), shared('share.negative', { maxBalance: 0 })]),
  ]
}

const feeHoldId = (id: string) => nameId('withdrawal-fee', id)
const about = (id: string) => ({ type: 'withdrawal', id })

/** The amount is held on its account, so that it cannot be withdrawn twice. */
export function holdTransfers(row: Held): TransferCommand[] {
  const { shopId, id, amountFen, feeFen } = row
  const common = { kind: 'pending', debit: source(row), unit: 'CNY', reference: about(id) } as const
  return [
    {
      ...common,
      id,
      code: 'withdrawal.hold',
      credit: shopAccount(shopId, 'channel.wechat'),
      amount: amountFen - feeFen,
    },
    ...(feeFen > 0
      ? [
          {
            ...{ ...common, id: feeHoldId(id), code: 'withdrawal.fee-hold', amount: feeFen },
            credit: shopAccount(shopId, 'fee.withdrawal'),
          },
        ]
      : []),
  ]
}

/** Ends the hold: the money is gone, or back. */
export function endTransfers(row: Held, end: 'post' | 'void'): TransferCommand[] {
  const what = end === 'post' ? 'withdrawal.paid' : 'withdrawal.returned'
  const ends = [row.id, ...(row.feeFen > 0 ? [feeHoldId(row.id)] : [])]
  return ends.map((pendingId) => ({
    ...{ kind: end, id: nameId('withdrawal-end', pendingId), code: what, pendingId, reference: about(row.id) },
  }))
}

/** Money that comes back repays what is owed first. */
export const repayTransfer = (row: Held, amountFen: number): TransferCommand => ({
  ...{ kind: 'posted', id: nameId('withdrawal-repay', row.id), code: 'withdrawal.repay', unit: 'CNY' },
  ...{ debit: source(row), credit: debt(row), amount: amountFen, reference: about(row.id) },
})

/** WeChat paid what had been given up: the owner owes it. */
export const lateTransfer = (row: Held): TransferCommand => ({
  ...{ kind: 'posted', id: nameId('withdrawal-late', row.id), code: 'withdrawal.paid', unit: 'CNY' },
  ...{ debit: debt(row), credit: shopAccount(row.shopId, 'channel.wechat'), amount: row.amountFen - row.feeFen },
  reference: about(row.id),
})
