import {
  isNotFound,
  type PlacedTransfer,
  type Transfer,
  type TransferNotice,
  type WechatPay,
  WechatPayError,
} from '../../adapters/wechat-pay/index.ts'
import { HOUR_MS, MINUTE_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { emit } from '../../kernel/outbox.ts'
import { applyTransfers, ensureAccounts, lockBalances, refusalError } from '../../ledger/index.ts'
import type { SettlementDeps } from './deps.ts'
import { withdrawalEnded } from './events.ts'
import { repay } from './rules.ts'
import { retryTransferSeconds, transferScene } from './settings.ts'
import {
  claimDueWithdrawals,
  claimWithdrawal,
  lockWithdrawal,
  postponeWithdrawal,
  setWithdrawal,
  type WithdrawalRow,
  withdrawalByNumber,
} from './store-withdrawals.ts'
import {
  endTransfers,
  FIRST_ASK_MS,
  isFinal,
  lateTransfer,
  reasonText,
  repayTransfer,
  stateOf,
  withdrawalAccounts,
  withdrawalDebt,
} from './withdrawal-rules.ts'

const LEASE_MS = 2 * MINUTE_MS
const BATCH = 10
const MAX_BACKOFF_SECONDS = 3600
/** How long WeChat waits for the receiver's word. */
const CONFIRM_MS = 24 * HOUR_MS
const MAX_ERROR = 300

/** Asks WeChat for what is due of withdrawals, all shops, until nothing is. Answers how many it saw. */
export async function sweepWithdrawals(deps: SettlementDeps): Promise<number> {
  const { wechatPay } = deps
  if (!wechatPay) return 0
  let seen = 0
  for (;;) {
    const at = deps.clock.instant()
    const due = await deps.db.tx('system', (tx) => claimDueWithdrawals(tx, at, plusMs(at, LEASE_MS), BATCH))
    await Promise.all(due.map((row) => advance(deps, wechatPay, row)))
    seen += due.length
    if (due.length < BATCH) return seen
  }
}

/** Goes on with one withdrawal now, because somebody waits; not when another process is at it. */
export async function hurryWithdrawal(deps: SettlementDeps, shopId: string, id: string): Promise<void> {
  const { wechatPay } = deps
  if (!wechatPay) return
  const at = deps.clock.instant()
  const row = await deps.db.tx('system', (tx) =>
    claimWithdrawal(tx, shopId, id, plusMs(at, FIRST_ASK_MS), plusMs(at, LEASE_MS)),
  )
  if (row) await advance(deps, wechatPay, row)
}

type News = Pick<
  PlacedTransfer | Transfer | TransferNotice,
  'outBillNo' | 'transferBillNo' | 'state' | 'failReason'
> & {
  packageInfo?: string | null
}

async function advance(deps: SettlementDeps, wechatPay: WechatPay, row: WithdrawalRow): Promise<void> {
  try {
    if (row.state === 'cancelling') await callOff(wechatPay, row)
    const news =
      row.state === 'created' ? await place(deps, wechatPay, row) : await wechatPay.transfers.query(row.number)
    await settleTransfer(deps, row.shopId, news)
  } catch (error) {
    if (row.state === 'created' && (await wasRefused(wechatPay, row, error)))
      await giveUp(deps, row, (error as WechatPayError).message)
    else await tryLater(deps, row, error)
  }
}

/** Asks for the transfer; one that WeChat knows already (we stopped before we heard) is found, not placed again. */
async function place(deps: SettlementDeps, wechatPay: WechatPay, row: WithdrawalRow): Promise<News> {
  if (row.attempts > 1) {
    const known = await wechatPay.transfers.query(row.number).catch((error: unknown) => {
      if (isNotFound(error)) return undefined
      throw error
    })
    // What its receiver opens is told only by placing, which repeats the same answer for the same number.
    if (known && known.state !== 'WAIT_USER_CONFIRM') return known
  }
  const open = (field: string, sealed: string) => deps.vault.decrypt(sealed, `withdrawal:${row.id}:${field}`)
  return wechatPay.transfers.create({
    appid: row.appid,
    outBillNo: row.number,
    openid: open('openid', row.openidSealed!),
    amountFen: row.amountFen - row.feeFen,
    remark: row.ownerKind === 'shop' ? '店铺货款提现' : '佣金提现',
    userName: row.realNameSealed === null ? undefined : open('name', row.realNameSealed),
    sceneId: await deps.settings.get(transferScene),
    reports: [
      { type: '岗位类型', content: row.ownerKind === 'shop' ? '商家' : '带货达人' },
      { type: '报酬说明', content: row.ownerKind === 'shop' ? '货款结算' : '带货佣金' },
    ],
    notifyUrl: `${deps.publicUrl}/api/wechat/pay/shops/${row.shopId}/transfer-notify`,
  })
}

/** Repeats a call-off that WeChat may not have heard; one that comes too late is refused, and the query says how it stands. */
async function callOff(wechatPay: WechatPay, row: WithdrawalRow): Promise<void> {
  await wechatPay.transfers.cancel(row.number).catch((error: unknown) => {
    if (error instanceof WechatPayError && error.retryable) throw error
  })
}

/** Whether WeChat said no for good, and has never heard of the number. Only that gives the money back. */
async function wasRefused(wechatPay: WechatPay, row: WithdrawalRow, error: unknown): Promise<boolean> {
  if (!(error instanceof WechatPayError) || error.retryable || error.status < 400 || error.status >= 500) return false
  return wechatPay.transfers.query(row.number).then(
    () => false,
    (problem: unknown) => isNotFound(problem),
  )
}

async function tryLater(deps: SettlementDeps, row: WithdrawalRow, error: unknown): Promise<void> {
  deps.log.warn({ err: error, number: row.number }, 'a withdrawal waits for WeChat')
  const seconds = await deps.settings.get(retryTransferSeconds)
  const checkAt = plusMs(deps.clock.instant(), backoffMs(seconds, row.attempts))
  const text = error instanceof WechatPayError ? `${error.code}: ${error.message}` : String(error)
  await deps.db.tx('system', (tx) => postponeWithdrawal(tx, row.shopId, row.id, checkAt, text.slice(0, MAX_ERROR)))
}

const backoffMs = (seconds: number, attempts: number): number =>
  Math.min(seconds * 2 ** Math.min(Math.max(attempts - 1, 0), 12), MAX_BACKOFF_SECONDS) * 1000

async function giveUp(deps: SettlementDeps, row: WithdrawalRow, reason: string): Promise<void> {
  await deps.db.tx('system', async (tx) => {
    const locked = await lockWithdrawal(tx, row.shopId, row.id)
    if (locked?.state === 'created') await end(tx, deps, locked, 'failed', `微信支付没有受理：${reason}`, null)
  })
}

/**
 * Takes what WeChat says of a transfer, by answer or by notification, once or many times, in any order. What has ended
 * stays so, except that money which went counts, whatever we thought. Answers false for one that is not ours.
 */
export async function settleTransfer(deps: SettlementDeps, shopId: string, news: News): Promise<boolean> {
  const seconds = await deps.settings.get(retryTransferSeconds)
  return deps.db.tx('system', async (tx) => {
    const found = await withdrawalByNumber(tx, shopId, news.outBillNo)
    const row = found && (await lockWithdrawal(tx, shopId, found.id))
    if (!row) return false
    const state = stateOf(news.state)
    if (isFinal(row.state)) {
      if (state === 'paid' && row.state !== 'paid') await paidAfterAll(tx, deps, row, news)
      return true
    }
    if (state === 'paid' || state === 'failed' || state === 'cancelled') {
      const error = state === 'paid' ? null : reasonText(news.failReason)
      await end(tx, deps, row, state, error, news.transferBillNo)
      return true
    }
    const at = deps.clock.instant()
    await setWithdrawal(tx, row, {
      // A call-off that was asked for is not forgotten by an answer that was under way.
      state: row.state === 'cancelling' && state === 'waiting' ? 'cancelling' : state,
      transferBillNo: news.transferBillNo,
      packageInfo: state === 'waiting' ? (news.packageInfo ?? row.packageInfo) : null,
      confirmBefore: state === 'waiting' && row.confirmBefore === null ? plusMs(at, CONFIRM_MS) : null,
      finishedAt: null,
      checkAt: plusMs(at, backoffMs(seconds, row.attempts)),
      error: null,
    })
    return true
  })
}

async function end(
  tx: Tx,
  deps: SettlementDeps,
  row: WithdrawalRow,
  state: 'paid' | 'failed' | 'cancelled',
  error: string | null,
  transferBillNo: string | null,
): Promise<void> {
  const at = deps.clock.instant()
  const ended = { packageInfo: null, confirmBefore: null, checkAt: null, finishedAt: at }
  if (!(await setWithdrawal(tx, row, { ...ended, state, transferBillNo, error })))
    throw new Error(`Withdrawal ${row.number} was changed while it was locked`)
  const transfers = endTransfers(row, state === 'paid' ? 'post' : 'void')
  if (state !== 'paid') {
    const accounts = withdrawalAccounts(row)
    const ids = await ensureAccounts(tx, deps.clock, accounts)
    const debt = (await lockBalances(tx, row.shopId, ids)).get(withdrawalDebt(row))!
    const { repaidFen } = repay(row.amountFen, debt.debitsPosted - debt.creditsPosted)
    if (repaidFen > 0) transfers.push(repayTransfer(row, repaidFen))
  }
  const [result] = await applyTransfers(tx, deps.clock, [{ shopId: row.shopId, transfers }])
  if (!result!.ok) throw refusalError(result!.refusal)
  await emitEnded(tx, deps, row, state === 'paid')
}

/** It was given up, and then WeChat paid it: the money is gone, and the owner owes it. */
async function paidAfterAll(tx: Tx, deps: SettlementDeps, row: WithdrawalRow, news: News): Promise<void> {
  const at = deps.clock.instant()
  const ended = { packageInfo: null, confirmBefore: null, checkAt: null, finishedAt: at, error: null }
  await setWithdrawal(tx, row, { ...ended, state: 'paid', transferBillNo: news.transferBillNo })
  const group = { shopId: row.shopId, accounts: withdrawalAccounts(row), transfers: [lateTransfer(row)] }
  const [result] = await applyTransfers(tx, deps.clock, [group])
  if (!result!.ok) throw refusalError(result!.refusal)
  tx.afterCommit(() =>
    deps.log.error(
      { number: row.number, trouble: 'withdrawal-late' },
      'WeChat paid a withdrawal that had been given up',
    ),
  )
  await emitEnded(tx, deps, row, true)
}

const emitEnded = (tx: Tx, deps: SettlementDeps, row: WithdrawalRow, succeeded: boolean) =>
  emit(tx, withdrawalEnded, {
    shopId: row.shopId,
    aggregate: 'withdrawal',
    aggregateId: row.id,
    payload: {
      withdrawalId: row.id,
      ownerKind: row.ownerKind,
      ownerId: row.ownerId,
      amountFen: row.amountFen,
      succeeded,
    },
    occurredAt: deps.clock.instant(),
  })
