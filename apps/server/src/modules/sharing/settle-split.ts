import type { Split, SplitReturn } from '../../adapters/wechat-pay/port.ts'
import { plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { nameId } from '../../kernel/ids.ts'
import { emit } from '../../kernel/outbox.ts'
import { closeBook, dueAccount, type OpenBook, openBook, repayDebts } from './book.ts'
import type { SharingDeps } from './deps.ts'
import { splitEnded } from './events.ts'
import { ofParty } from './money.ts'
import { planReturns } from './plan-returns.ts'
import { holdId } from './plan-splits.ts'
import { backoffSeconds } from './rules.ts'
import { retrySplitSeconds } from './settings.ts'
import {
  addReturned,
  endReceiver,
  findSplit,
  type ReceiverRow,
  type ReturnRow,
  receiversOf,
  type SplitRow,
  setReturn,
  setSplit,
} from './store-splits.ts'

/** How one receiver ended. */
interface End {
  state: 'success' | 'failed'
  failReason: string | null
  detailId: string | null
}

/**
 * Takes what WeChat says of a split, once or many times: each receiver ends for itself. Who has it has it; who was
 * refused has it back as due, to be tried under another number. Scope `system`.
 */
export async function settleSplit(
  deps: SharingDeps,
  row: SplitRow,
  said: Split,
  accountOf: (receiver: ReceiverRow) => string,
): Promise<void> {
  const seconds = await deps.settings.get(retrySplitSeconds, {})
  await takeEnd(
    deps,
    row,
    (receiver) => {
      const heard = said.receivers.find(({ account }) => account === accountOf(receiver))
      if (heard === undefined || heard.result === 'PENDING') return undefined
      const state = heard.result === 'SUCCESS' ? 'success' : 'failed'
      return { state, failReason: heard.failReason, detailId: heard.detailId }
    },
    seconds,
  )
}

/** WeChat refused the whole request, and has never heard of its number: nothing moved. */
export async function splitRefused(deps: SharingDeps, row: SplitRow, reason: string): Promise<void> {
  const seconds = await deps.settings.get(retrySplitSeconds, {})
  await takeEnd(deps, row, () => ({ state: 'failed', failReason: reason, detailId: null }), seconds, reason)
}

/** The rest of an order is free, or was. */
export async function unfreezeEnded(deps: SharingDeps, row: SplitRow, note: string | null = null): Promise<void> {
  await deps.db.tx('system', async (tx) => {
    const open = await openBook(tx, deps, row)
    const at = deps.clock.instant()
    if (!open || !(await setSplit(tx, row, { state: 'finished', checkAt: null, lastError: note, finishedAt: at })))
      return
    open.money.checkAt = at
    await closeBook(tx, deps, open)
    tx.afterCommit(() => deps.wake('money'))
  })
}

async function takeEnd(
  deps: SharingDeps,
  row: SplitRow,
  endOf: (receiver: ReceiverRow) => End | undefined,
  seconds: number,
  refusal: string | null = null,
): Promise<void> {
  await deps.db.tx('system', async (tx) => {
    const open = await openBook(tx, deps, row)
    const split = open && (await findSplit(tx, row.shopId, row.id))
    if (!open || !split || split.state === 'finished' || split.state === 'refused') return
    let waiting = 0
    for (const receiver of await receiversOf(tx, row.shopId, [row.id])) {
      if (receiver.state !== 'pending') continue
      const end = endOf(receiver)
      if (end === undefined) waiting++
      else await endOne(tx, deps, open, receiver, end, seconds)
    }
    const at = deps.clock.instant()
    if (waiting > 0) {
      const checkAt = plusMs(at, backoffSeconds(seconds, split.attempts) * 1000)
      await setSplit(tx, row, { state: 'processing', checkAt, lastError: null, finishedAt: null })
    } else {
      const state = refusal === null ? 'finished' : 'refused'
      await setSplit(tx, row, { state, checkAt: null, lastError: refusal, finishedAt: at })
      open.money.checkAt = at
      open.money.lastError = refusal
      tx.afterCommit(() => deps.wake('money'))
    }
    await closeBook(tx, deps, open)
  })
}

async function endOne(
  tx: Tx,
  deps: SharingDeps,
  open: OpenBook,
  receiver: ReceiverRow,
  end: End,
  seconds: number,
): Promise<void> {
  const at = deps.clock.instant()
  if (!(await endReceiver(tx, receiver, { ...end, at }))) return
  const { splitId, partyId, amountFen } = receiver
  const row = open.parties.find((each) => each.partyId === partyId)!
  const succeeded = end.state === 'success'
  row.flyingFen -= amountFen
  open.add({
    ...{
      kind: succeeded ? 'post' : 'void',
      id: nameId('split-end', splitId, partyId),
      pendingId: holdId(splitId, partyId),
    },
    code: succeeded ? 'split.paid' : 'split.failed',
    reference: { type: 'order', id: open.book.orderId },
  })
  if (succeeded) {
    row.splitFen += amountFen
    row.note = ''
    await planReturns(tx, deps, open, row)
  } else {
    // It stands on the payable account again, wherever due money of this party stands now.
    const payable = ofParty(open.book, partyId, 'share.payable')
    const left = await repayDebts(tx, open, row, payable, amountFen)
    row.dueFen += left
    if (open.frozen.has(partyId)) open.move('share.frozen', payable, dueAccount(open, partyId), left)
    row.tries++
    row.retryAt = plusMs(at, backoffSeconds(seconds, row.tries) * 1000)
    row.note = end.failReason ?? ''
  }
  await emit(tx, splitEnded, {
    ...{ shopId: open.book.shopId, aggregate: 'order', aggregateId: open.book.orderId, occurredAt: at },
    payload: { orderId: open.book.orderId, splitId, partyId, amountFen, succeeded },
  })
}

/** Takes what WeChat says of a return, once or many times. */
export async function settleReturn(
  deps: SharingDeps,
  row: ReturnRow,
  said: Pick<SplitReturn, 'result' | 'failReason'>,
): Promise<void> {
  const seconds = await deps.settings.get(retrySplitSeconds, {})
  await deps.db.tx('system', async (tx) => {
    const open = await openBook(tx, deps, row)
    if (!open) return
    const at = deps.clock.instant()
    const { shopId, id, partyId, amountFen } = row
    if (said.result === 'PROCESSING') {
      const checkAt = plusMs(at, backoffSeconds(seconds, row.attempts) * 1000)
      await setReturn(tx, row, { state: 'processing', checkAt, lastError: null, finishedAt: null })
      return
    }
    const succeeded = said.result === 'SUCCESS'
    const state = succeeded ? 'succeeded' : 'failed'
    if (!(await setReturn(tx, row, { state, checkAt: null, lastError: said.failReason, finishedAt: at }))) return
    const share = open.parties.find((each) => each.partyId === partyId)!
    share.returningFen -= amountFen
    if (succeeded) {
      share.owedFen -= amountFen
      share.splitFen -= amountFen
    } else {
      // What could not be had stays owed: later earnings repay it.
      await addReturned(tx, row, -amountFen)
      share.note = `分账回退失败：${said.failReason ?? ''}`
    }
    open.add({
      ...{ kind: succeeded ? 'post' : 'void', id: nameId('split-return-end', shopId, id), pendingId: id },
      code: succeeded ? 'split.returned' : 'split.return-failed',
      reference: { type: 'order', id: row.orderId },
    })
    await closeBook(tx, deps, open)
  })
}
