import { HOUR_MS, plusMs } from '../../kernel/clock.ts'
import { dayName, plusDays } from '../../kernel/days.ts'
import type { Tx } from '../../kernel/db.ts'
import { nameId } from '../../kernel/ids.ts'
import { getBalances, type Movement, movementsAbout, movementsOf, nextMovementAt } from '../../ledger/index.ts'
import { MERCHANT_CODES, type MerchantCode, shopAccount } from './accounts.ts'
import type { SettlementDeps } from './deps.ts'
import { statementDelayHours, statementPeriod } from './settings.ts'
import {
  type ByAccount,
  type DraftLine,
  linesFrom,
  nothing,
  periodEndAt,
  periodStartAt,
  plus,
  sumLines,
} from './statement-rules.ts'
import { closedPeriods, insertStatement, lastStatement, moveClosedTo, numbersOf } from './store-statements.ts'

const SHOPS = 500
const FAR = '9999-12-31T00:00:00.000Z'

/** Closes the periods that are over, all shops; answers how many were looked at. */
export async function closeStatements(deps: SettlementDeps): Promise<number> {
  const hours = await deps.settings.get(statementDelayHours)
  const before = plusMs(deps.clock.instant(), -hours * HOUR_MS)
  const open = await deps.db.read('system', (tx) => closedPeriods(tx, before, SHOPS))
  let closed = 0
  for (const { shopId, closedTo } of open) closed += await closeShop(deps, shopId, closedTo, before)
  return closed
}

async function closeShop(deps: SettlementDeps, shopId: string, closedTo: string, before: string): Promise<number> {
  let closed = 0
  for (let from = closedTo; ; ) {
    const draft = await deps.db.read('system', (tx) => draftOf(tx, deps, shopId, from, before))
    if (draft === undefined) return closed
    if (draft.differs) {
      deps.log.error(
        { shopId, from, to: draft.to, trouble: 'statement-differs' },
        'a statement does not equal the ledger',
      )
      return closed
    }
    await deps.db.tx('system', async (tx) => {
      // Whoever moves the mark writes the statement; another process that was as far finds it moved.
      if (!(await moveClosedTo(tx, shopId, from, draft.to))) return
      if (draft.lines.length > 0) await writeStatement(tx, deps, shopId, draft)
    })
    closed++
    from = draft.to
  }
}

export interface StatementDraft {
  from: string
  to: string
  opening: ByAccount
  closing: ByAccount
  lines: DraftLine[]
  firstDay: string
  lastDay: string
  /** Whether it does not go on where the one before ended. */
  differs: boolean
}

const NOTHING_MOVED = {
  ...{ opening: nothing(), closing: nothing(), lines: [], firstDay: '', lastDay: '', differs: false },
}

/** The next period of a shop when it is over before an instant. */
async function draftOf(
  tx: Tx,
  deps: SettlementDeps,
  shopId: string,
  from: string,
  before: string,
): Promise<StatementDraft | undefined> {
  const { timeZone } = await deps.parties.requireShop(tx, shopId)
  const period = await deps.settings.get(statementPeriod, { shopId }, tx)
  if (periodEndAt(from, period, timeZone) > before) return undefined
  const accounts = MERCHANT_CODES.map((code) => shopAccount(shopId, code))
  // Periods in which nothing happened are passed over in one step.
  const moved = await nextMovementAt(tx, shopId, accounts, from)
  const next = periodStartAt(moved === undefined || moved > before ? before : moved, period, timeZone)
  if (next > from) return { ...NOTHING_MOVED, from, to: next }
  return periodOf(tx, shopId, { from, to: periodEndAt(from, period, timeZone) }, timeZone)
}

/**
 * What happened to the merchant's money in an interval, as the ledger has it. The closing balances are today's less
 * what has moved since, so that they do not depend on any statement before.
 */
export async function periodOf(
  tx: Tx,
  shopId: string,
  { from, to }: { from: string; to: string },
  timeZone: string,
): Promise<StatementDraft> {
  const accounts = MERCHANT_CODES.map((code) => shopAccount(shopId, code))
  const moves = await movementsOf(tx, shopId, [...accounts, shopAccount(shopId, 'fee.channel')], { from, to })
  const orderIds = [...new Set(moves.filter((move) => move.referenceType === 'order').map((move) => move.referenceId!))]
  const about = await movementsAbout(tx, shopId, 'order', orderIds, { from, to })
  const known = new Set(moves.map(({ id }) => id))
  const lines = linesFrom([...moves, ...about.filter((move) => !known.has(move.id) && isPartOfOrder(move))])
  const balances = await getBalances(tx, shopId, accounts)
  const since = linesFrom(await movementsOf(tx, shopId, accounts, { from: to, to: FAR }))
  const minus = (a: ByAccount, b: ByAccount) => {
    const left = nothing()
    for (const code of MERCHANT_CODES) left[code] = a[code] - b[code]
    return left
  }
  const sum = (list: readonly DraftLine[]) => list.map(({ changes }) => changes).reduce(plus, nothing())
  const now = nothing()
  for (const code of MERCHANT_CODES) now[code] = balances.get(shopAccount(shopId, code as MerchantCode))?.balance ?? 0
  const closing = minus(now, sum(since))
  const opening = minus(closing, sum(lines))
  const last = await lastStatement(tx, shopId, from)
  return {
    ...{ from, to, opening, closing, lines },
    firstDay: dayName(Date.parse(from), timeZone),
    lastDay: plusDays(dayName(Date.parse(to), timeZone), -1),
    differs: last !== undefined && MERCHANT_CODES.some((code) => last.closing[code] !== opening[code]),
  }
}

/** The parties' parts of an order's money; payment and refund themselves are the buyer's and the channel's. */
const isPartOfOrder = ({ debitCode, creditCode }: Movement): boolean =>
  (debitCode === 'order.paid' && creditCode.startsWith('share.')) ||
  (creditCode === 'order.paid' && debitCode.startsWith('share.'))

async function writeStatement(tx: Tx, deps: SettlementDeps, shopId: string, draft: StatementDraft): Promise<void> {
  const orderIds = draft.lines.filter(({ kind }) => kind === 'order').map(({ referenceId }) => referenceId)
  const others = draft.lines.filter(({ kind }) => kind !== 'order').map(({ referenceId }) => referenceId)
  const names = new Map([...(await deps.orderNos(tx, shopId, orderIds)), ...(await numbersOf(tx, shopId, others))])
  await insertStatement(
    tx,
    {
      ...{ shopId, id: nameId('statement', shopId, draft.from), createdAt: deps.clock.instant() },
      number: `JS${draft.firstDay.replaceAll('-', '')}${draft.firstDay === draft.lastDay ? '' : `-${draft.lastDay.slice(5).replace('-', '')}`}`,
      ...{ periodFrom: draft.from, periodTo: draft.to, firstDay: draft.firstDay, lastDay: draft.lastDay },
      ...{ opening: draft.opening, closing: draft.closing, ...sumLines(draft.lines) },
      orders: orderIds.length,
      lines: draft.lines.length,
    },
    draft.lines.map((line, index) => ({
      ...line,
      line: index + 1,
      orderId: line.kind === 'order' ? line.referenceId : null,
      label: names.get(line.referenceId) ?? line.referenceId,
    })),
  )
}
