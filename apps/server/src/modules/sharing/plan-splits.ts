import { DAY_MS, MINUTE_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { nameId, newId } from '../../kernel/ids.ts'
import { closeBook, dueAccount, type OpenBook, openBook, repayDebts } from './book.ts'
import type { SharingDeps } from './deps.ts'
import { type Book, ofParty, ofShop } from './money.ts'
import { giveUpDays, splitTries, splitWindowDays } from './settings.ts'
import type { PartyShareRow } from './store.ts'
import { insertSplit, splitsOf } from './store-splits.ts'

/** WeChat splits an order a minute after its payment at the earliest; and fifty times at most, one of which unfreezes. */
const EARLIEST_MS = MINUTE_MS
const MOST_SPLITS = 49
const MOST_RECEIVERS = 50
const LATE = '超过微信允许分账的时间，改为提现结算'
const GIVEN_UP = '分账一直没有成功，改为提现结算'

/**
 * Takes an order's money a step on: what has been held long enough becomes due, what is due is planned to be split, and
 * when nothing is left to split the rest is unfrozen. Plans are written and their money held; WeChat is asked after the
 * commit. Scope `system`.
 */
export async function advanceMoney(tx: Tx, deps: SharingDeps, book: Book): Promise<void> {
  const open = await openBook(tx, deps, book)
  if (open === undefined) return
  const { money } = open
  const now = deps.clock.instant()
  money.checkAt = null
  if (money.state === 'settled' && money.holdUntil! <= now) {
    for (const row of open.parties) await release(tx, open, row)
    money.state = 'due'
    money.giveUpAt = plusMs(now, (await deps.settings.get(giveUpDays, { shopId: book.shopId }, tx)) * DAY_MS)
  }
  if (money.state === 'settled') money.checkAt = money.holdUntil
  if (money.state === 'due') await plan(tx, deps, open)
  await closeBook(tx, deps, open)
}

async function release(tx: Tx, open: OpenBook, row: PartyShareRow): Promise<void> {
  const { book } = open
  const waiting = ofParty(book, row.partyId, 'share.pending')
  const amountFen = row.pendingFen
  row.pendingFen = 0
  const left = await repayDebts(tx, open, row, waiting, amountFen)
  row.dueFen += left
  open.move('share.due', waiting, dueAccount(open, row.partyId), left)
}

async function plan(tx: Tx, deps: SharingDeps, open: OpenBook): Promise<void> {
  const { money, book } = open
  const now = deps.clock.instant()
  const splits = await splitsOf(tx, book.shopId, book.orderId)
  // Its end has this order looked at again.
  if (splits.some(({ state }) => state === 'created' || state === 'processing')) return
  const lastAt = plusMs(
    money.paidAt ?? now,
    (await deps.settings.get(splitWindowDays, { shopId: book.shopId }, tx)) * DAY_MS,
  )
  const tries = await deps.settings.get(splitTries, { shopId: book.shopId }, tx)
  const isUnfrozen = splits.some(({ kind, state }) => kind === 'unfreeze' && state === 'finished')
  const ready: PartyShareRow[] = []
  const waits: string[] = []
  for (const row of open.parties) {
    if (row.payBy !== 'split' || row.dueFen === 0) continue
    const isTried = row.tries >= tries
    if (lastAt <= now || isUnfrozen || splits.length >= MOST_SPLITS) onWithdrawal(row, LATE)
    else if (isTried && money.giveUpAt! <= now) onWithdrawal(row, GIVEN_UP)
    else if (open.frozen.has(row.partyId)) waits.push(lastAt)
    else if (isTried) waits.push(money.giveUpAt! < lastAt ? money.giveUpAt! : lastAt)
    else if (row.retryAt !== null && row.retryAt > now) waits.push(row.retryAt)
    else ready.push(row)
  }
  const earliest = plusMs(money.paidAt ?? now, EARLIEST_MS)
  const number = splits.length + 1
  if (ready.length > 0) await split(tx, deps, open, ready, number, earliest > now ? earliest : now)
  else if (waits.length > 0) money.checkAt = waits.sort()[0]!
  else if (money.profitSharing && !isUnfrozen) await unfreeze(tx, deps, open, number, earliest > now ? earliest : now)
  else money.state = 'closed'
}

function onWithdrawal(row: PartyShareRow, note: string): void {
  row.payBy = 'withdrawal'
  row.note = row.note === '' ? note : `${note}（${row.note}）`.slice(0, 300)
}

async function split(
  tx: Tx,
  deps: SharingDeps,
  open: OpenBook,
  ready: readonly PartyShareRow[],
  number: number,
  checkAt: string,
): Promise<void> {
  const { book, money } = open
  const parties = new Map(
    (
      await deps.contracts.partiesByIds(
        tx,
        book.shopId,
        ready.map(({ partyId }) => partyId),
      )
    ).map((party) => [party.id, party]),
  )
  const accounts = new Set<string>()
  const receivers = ready.flatMap((row) => {
    const party = parties.get(row.partyId)
    // Nobody to pay: what it is stays due and is paid on withdrawal.
    if (!party?.accountKind) {
      onWithdrawal(row, '合作方没有收款账户，改为提现结算')
      return []
    }
    // WeChat takes an account once in a request; the other party's turn comes with the next.
    if (accounts.has(party.accountHash!) || accounts.size >= MOST_RECEIVERS) return []
    accounts.add(party.accountHash!)
    return [{ row, party }]
  })
  if (receivers.length === 0) return plan(tx, deps, open)
  const id = newId()
  for (const { row } of receivers) {
    open.add({
      ...{ kind: 'pending', id: holdId(id, row.partyId), code: 'split.hold', amount: row.dueFen, unit: 'CNY' },
      debit: ofParty(book, row.partyId, 'share.payable'),
      credit: ofShop(book, 'channel.wechat'),
      reference: { type: 'order', id: book.orderId },
    })
    row.flyingFen += row.dueFen
    row.dueFen = 0
  }
  await insertSplit(
    tx,
    {
      ...{ shopId: book.shopId, id, orderId: book.orderId, orderNo: money.orderNo, number, kind: 'split' },
      outOrderNo: outNo(money.orderNo, number),
      ...{ transactionId: money.transactionId!, appid: deps.appid, createdAt: deps.clock.instant() },
      amountFen: receivers.reduce((sum, { row }) => sum + row.flyingFen, 0),
    },
    receivers.map(({ row, party }) => ({
      ...{ partyId: row.partyId, accountKind: party.accountKind!, accountSealed: party.accountSealed! },
      ...{ accountMasked: party.accountMasked!, amountFen: row.flyingFen },
    })),
    checkAt,
  )
  tx.afterCommit(() => deps.wake('splits'))
}

/** WeChat's number for a request about an order. */
const outNo = (orderNo: string, number: number): string => `${orderNo}S${String(number).padStart(2, '0')}`

/** The transfer that holds a receiver's amount. */
export const holdId = (splitId: string, partyId: string): string => nameId('split', splitId, partyId)

async function unfreeze(tx: Tx, deps: SharingDeps, open: OpenBook, number: number, checkAt: string): Promise<void> {
  const { book, money } = open
  await insertSplit(
    tx,
    {
      ...{ shopId: book.shopId, id: newId(), orderId: book.orderId, orderNo: money.orderNo, number, kind: 'unfreeze' },
      outOrderNo: outNo(money.orderNo, number),
      ...{ transactionId: money.transactionId!, appid: deps.appid, amountFen: 0, createdAt: deps.clock.instant() },
    },
    [],
    checkAt,
  )
  tx.afterCommit(() => deps.wake('splits'))
}
