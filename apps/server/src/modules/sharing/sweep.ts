import { isNotFound, type WechatPay, WechatPayError } from '../../adapters/wechat-pay/index.ts'
import { MINUTE_MS, plusMs } from '../../kernel/clock.ts'
import { eachOf, errorText, SWEEP_BATCH } from '../payments/index.ts'
import type { SharingDeps } from './deps.ts'
import { advanceMoney } from './plan-splits.ts'
import { backoffSeconds } from './rules.ts'
import { retrySplitSeconds } from './settings.ts'
import { settleReturn, settleSplit, splitRefused, unfreezeEnded } from './settle-split.ts'
import { claimDueMoney } from './store.ts'
import {
  claimDueReturns,
  claimDueSplits,
  type ReceiverRow,
  type ReturnRow,
  receiversOf,
  type SplitRow,
  setReturn,
  setSplit,
} from './store-splits.ts'

const LEASE_MS = 2 * MINUTE_MS
const DESCRIPTION_CHARS = 80

/** One round of orders whose money has a step to take. Answers how many. */
export async function sweepMoney(deps: SharingDeps): Promise<number> {
  const at = deps.clock.instant()
  const due = await deps.db.tx('system', (tx) => claimDueMoney(tx, at, plusMs(at, LEASE_MS), SWEEP_BATCH))
  return eachOf(due, (book) => deps.db.tx('system', (tx) => advanceMoney(tx, deps, book)))
}

/** One round of asking WeChat for splits that are due, or how they stand, until each has ended. Answers how many. */
export async function sweepSplits(deps: SharingDeps): Promise<number> {
  const { wechatPay } = deps
  if (!wechatPay) return 0
  const at = deps.clock.instant()
  const due = await deps.db.tx('system', (tx) => claimDueSplits(tx, at, plusMs(at, LEASE_MS), SWEEP_BATCH))
  return eachOf(due, (split) =>
    (split.kind === 'split' ? advanceSplit : advanceUnfreeze)(deps, wechatPay, split).catch((error: unknown) =>
      splitLater(deps, split, error),
    ),
  )
}

/** One round of asking merchants who received to give back. Answers how many. */
export async function sweepReturns(deps: SharingDeps): Promise<number> {
  const { wechatPay } = deps
  if (!wechatPay) return 0
  const at = deps.clock.instant()
  const due = await deps.db.tx('system', (tx) => claimDueReturns(tx, at, plusMs(at, LEASE_MS), SWEEP_BATCH))
  return eachOf(due, (back) => advanceReturn(deps, wechatPay, back))
}

/**
 * Asks for a split, or how it stands. A number that WeChat knows (we stopped before we heard) is found, not repeated;
 * only what WeChat refuses and has never heard of is given back to its parties.
 */
async function advanceSplit(deps: SharingDeps, wechatPay: WechatPay, split: SplitRow): Promise<void> {
  const receivers = await deps.db.read('system', (tx) => receiversOf(tx, split.shopId, [split.id]))
  const payees = new Map(receivers.map((receiver) => [receiver.partyId, deps.contracts.openAccount(receiver)]))
  const accountOf = ({ partyId }: ReceiverRow) => payees.get(partyId)!
  const known = split.attempts > 1 ? await queryKnown(wechatPay, split) : undefined
  if (known) return settleSplit(deps, split, known, accountOf)
  try {
    for (const receiver of receivers) await introduce(deps, wechatPay, split, receiver, accountOf(receiver))
    const said = await wechatPay.sharing.request({
      ...{ appid: split.appid, transactionId: split.transactionId, outOrderNo: split.outOrderNo },
      receivers: await Promise.all(
        receivers.map(async (receiver) => ({
          ...(await asReceiver(deps, receiver, accountOf(receiver))),
          amountFen: receiver.amountFen,
          description: `订单 ${split.orderNo} 分账`.slice(0, DESCRIPTION_CHARS),
        })),
      ),
      unfreezeUnsplit: false,
    })
    await settleSplit(deps, split, said, accountOf)
  } catch (error) {
    if (!(error instanceof WechatPayError) || error.retryable) throw error
    const heard = await queryKnown(wechatPay, split)
    if (heard) await settleSplit(deps, split, heard, accountOf)
    else await splitRefused(deps, split, errorText(error))
  }
}

async function queryKnown(wechatPay: WechatPay, { transactionId, outOrderNo }: SplitRow) {
  return wechatPay.sharing.query({ transactionId, outOrderNo }).catch((error: unknown) => {
    if (isNotFound(error)) return undefined
    throw error
  })
}

async function asReceiver(deps: SharingDeps, receiver: ReceiverRow, account: string) {
  const party = await deps.db.read('system', (tx) => deps.contracts.findParty(tx, receiver.shopId, receiver.partyId))
  const name = party && (deps.contracts.realNameOf(party) ?? (receiver.accountKind === 'mchid' ? party.name : null))
  const type = receiver.accountKind === 'mchid' ? ('MERCHANT_ID' as const) : ('PERSONAL_OPENID' as const)
  return { type, account, ...(name ? { name } : {}) }
}

/** WeChat pays nobody it was not told of before; telling twice is fine. */
async function introduce(
  deps: SharingDeps,
  wechatPay: WechatPay,
  split: SplitRow,
  receiver: ReceiverRow,
  account: string,
): Promise<void> {
  const party = await deps.db.read('system', (tx) => deps.contracts.findParty(tx, split.shopId, receiver.partyId))
  const relation = ({ supplier: 'SUPPLIER', platform: 'SERVICE_PROVIDER', merchant: 'PARTNER' } as const)[
    party?.kind as 'supplier'
  ]
  const to = await asReceiver(deps, receiver, account)
  await wechatPay.sharing.addReceiver({ ...to, appid: split.appid, relation: relation ?? 'DISTRIBUTOR' })
}

async function advanceUnfreeze(deps: SharingDeps, wechatPay: WechatPay, split: SplitRow): Promise<void> {
  const { transactionId, outOrderNo } = split
  const known = split.attempts > 1 ? await queryKnown(wechatPay, split) : undefined
  try {
    const said = known ?? (await wechatPay.sharing.unfreeze({ transactionId, outOrderNo, description: '解冻剩余资金' }))
    if (said.state === 'FINISHED') return unfreezeEnded(deps, split)
    await stillOpen(deps, split, null)
  } catch (error) {
    if (!(error instanceof WechatPayError) || error.retryable) throw error
    // Nothing was left to unfreeze: all of it was split or refunded, or WeChat did so by itself.
    if ((await wechatPay.sharing.unsplitFen(transactionId)) > 0) throw error
    await unfreezeEnded(deps, split, errorText(error))
  }
}

async function splitLater(deps: SharingDeps, split: SplitRow, error: unknown): Promise<void> {
  deps.log.warn({ err: error, outOrderNo: split.outOrderNo }, 'a split was not done yet')
  await stillOpen(deps, split, errorText(error))
}

async function stillOpen(deps: SharingDeps, split: SplitRow, lastError: string | null): Promise<void> {
  const seconds = await deps.settings.get(retrySplitSeconds, {})
  const checkAt = plusMs(deps.clock.instant(), backoffSeconds(seconds, split.attempts - 1) * 1000)
  const state = lastError === null ? 'processing' : split.state
  await deps.db.tx('system', (tx) => setSplit(tx, split, { state, checkAt, lastError, finishedAt: null }))
}

async function advanceReturn(deps: SharingDeps, wechatPay: WechatPay, back: ReturnRow): Promise<void> {
  const { outOrderNo, outReturnNo, amountFen } = back
  const query = () =>
    wechatPay.sharing.queryReturn({ outOrderNo, outReturnNo }).catch((error: unknown) => {
      if (isNotFound(error)) return undefined
      throw error
    })
  try {
    const known = back.attempts > 1 ? await query() : undefined
    if (known) return await settleReturn(deps, back, known)
    const receiver = (await deps.db.read('system', (tx) => receiversOf(tx, back.shopId, [back.splitId]))).find(
      ({ partyId }) => partyId === back.partyId,
    )!
    const returnMchid = deps.contracts.openAccount(receiver)
    const asked = { outOrderNo, outReturnNo, returnMchid, amountFen, description: '订单退款，分账回退' }
    await settleReturn(deps, back, await wechatPay.sharing.requestReturn(asked))
  } catch (error) {
    await returnFailed(deps, back, error, query)
  }
}

/** What WeChat refuses for good stays a debt; anything else is tried again. */
async function returnFailed(
  deps: SharingDeps,
  back: ReturnRow,
  error: unknown,
  query: () => Promise<Parameters<typeof settleReturn>[2] | undefined>,
): Promise<void> {
  const isFinal = error instanceof WechatPayError && !error.retryable
  const known = isFinal ? await query().catch(() => undefined) : undefined
  if (known) return settleReturn(deps, back, known)
  if (isFinal) return settleReturn(deps, back, { result: 'FAILED', failReason: errorText(error) })
  deps.log.warn({ err: error, outReturnNo: back.outReturnNo }, 'a return of a split was not done yet')
  const seconds = await deps.settings.get(retrySplitSeconds, {})
  const checkAt = plusMs(deps.clock.instant(), backoffSeconds(seconds, back.attempts - 1) * 1000)
  const to = { state: back.state, checkAt, lastError: errorText(error), finishedAt: null }
  await deps.db.tx('system', (tx) => setReturn(tx, back, to))
}
