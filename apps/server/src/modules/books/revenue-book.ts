import type { Channel, RevenueRow, RevenueStep, RevenueTotals } from '@zhanggui/contract'
import { allocate, fen } from '@zhanggui/contract/money'
import { z } from 'zod'
import { currentDataScopes } from '../../kernel/data-scope.ts'
import { plusDays } from '../../kernel/days.ts'
import type { Tx } from '../../kernel/db.ts'
import { decodeCursor, encodeCursor, keysetPage, type Page } from '../../kernel/page.ts'
import type { TaxPeriod } from '../catalog/index.ts'
import type { BooksDeps } from './deps.ts'
import { type Period, periodBetween, periodOf, stepStart } from './period.ts'
import { byRate, lineKey, type RevenueLine, revenueLines } from './rules-revenue.ts'
import { type EntryWish, entriesBehind, ledgerSums, revenueOf } from './store-revenue.ts'

interface Days {
  from?: string | undefined
  to?: string | undefined
}
export interface RevenueWish extends Days {
  step: RevenueStep
  channel?: string | undefined
  accountId?: string | undefined
  rateBp?: number | undefined
}

/** Periods that are read at once for a page: a page of a long book reads no more of the ledger than it needs. */
const STEPS_AT_ONCE: Record<RevenueStep, number> = { day: 31, week: 13, month: 12, quarter: 12, year: 12 }

const Place = z.tuple([z.iso.date(), z.string().max(100)])

/** One page of the revenue book; with `totalRow` the last page ends with the sums. @throws AppError VALIDATION_FAILED */
export async function revenueBook(
  tx: Tx,
  deps: BooksDeps,
  shopId: string,
  wish: RevenueWish & { totalRow: boolean; cursor?: string | undefined; limit: number },
): Promise<Page<RevenueRow>> {
  const period = await periodOf(tx, deps, shopId, wish)
  const after = decodeCursor(wish.cursor, Place)
  const rates = await deps.catalog.taxPeriods(tx, shopId)
  const { limit } = wish
  const found: RevenueLine[] = []
  let from = after === undefined ? period.from : later(after[0], period.from)
  while (from <= period.to && found.length <= limit) {
    const next = stepStart(from, wish.step, STEPS_AT_ONCE[wish.step])
    const lines = await linesOf(tx, shopId, part(period, from, plusDays(next, -1)), rates, wish)
    found.push(...lines.filter((line) => after === undefined || lineKey(line) > after[1]))
    from = next
  }
  const items = found.slice(0, limit)
  const last = items.at(-1)
  const nextCursor = found.length > limit && last ? encodeCursor([last.period, lineKey(last)]) : null
  const rows = await named(tx, deps, shopId, items, period, wish.step)
  if (!wish.totalRow || nextCursor !== null) return { items: rows, nextCursor }
  const sums = await revenueTotals(tx, deps, shopId, wish)
  const nothing = { period: null, rateBp: null, rate: '', channel: null, accountId: null }
  const total = { ...sums, ...nothing, firstDay: sums.from, lastDay: sums.to, accountName: '合计' }
  return { items: [...rows, total], nextCursor }
}

const later = (a: string, b: string): string => (a > b ? a : b)
const sooner = (a: string, b: string): string => (a < b ? a : b)

/** A part of a period, by days. */
const part = (period: Period, fromDay: string, toDay: string): Period =>
  periodBetween(later(fromDay, period.from), sooner(toDay, period.to), period.timeZone)

/** Lines in the order of the book, those asked for: tax is reckoned before anything is left out. */
async function linesOf(
  tx: Tx,
  shopId: string,
  period: Period,
  rates: readonly TaxPeriod[],
  { step, channel, accountId, rateBp }: RevenueWish,
): Promise<RevenueLine[]> {
  const lines = revenueLines(byRate(await revenueOf(tx, shopId, period, rates, step)))
  return lines
    .filter(
      (line) =>
        (channel === undefined || line.channel === channel) &&
        (accountId === undefined || line.accountId === accountId) &&
        (rateBp === undefined || line.rateBp === rateBp),
    )
    .sort((a, b) => (lineKey(a) < lineKey(b) ? -1 : 1))
}

async function named(
  tx: Tx,
  deps: BooksDeps,
  shopId: string,
  lines: readonly RevenueLine[],
  period: Period,
  step: RevenueStep,
): Promise<RevenueRow[]> {
  const names = new Map((await deps.accountNames(tx, shopId)).map(({ id, name }) => [id, name]))
  return lines.map((line) => ({
    ...line,
    firstDay: later(line.period, period.from),
    lastDay: sooner(plusDays(stepStart(line.period, step, 1), -1), period.to),
    rate: `${line.rateBp / 100}%`,
    channel: line.channel as Channel,
    accountName: line.accountId === null ? '' : (names.get(line.accountId) ?? ''),
    ...sumsOf([line]),
  }))
}

const SUMMED = [
  ...(['goodsFen', 'merchantDiscountFen', 'platformDiscountFen', 'creatorDiscountFen', 'freightFen'] as const),
  ...(['paidFen', 'refundedFen', 'netFen', 'taxFen', 'beforeTaxFen', 'feeFen', 'sharesFen'] as const),
] as const
type Sums = Record<(typeof SUMMED)[number], ReturnType<typeof fen>>

const sumsOf = (lines: readonly RevenueLine[]): Sums =>
  Object.fromEntries(
    SUMMED.map((name) => [name, fen(lines.reduce((sum, line) => sum + line[name], 0))]),
  ) as unknown as Sums

/** Sums of the whole book, by rate, and beside the ledger where all of the shop is seen and nothing is left out. */
export async function revenueTotals(
  tx: Tx,
  deps: BooksDeps,
  shopId: string,
  wish: RevenueWish,
): Promise<RevenueTotals> {
  const period = await periodOf(tx, deps, shopId, wish)
  const rates = await deps.catalog.taxPeriods(tx, shopId)
  const lines = await linesOf(tx, shopId, period, rates, wish)
  const sums = sumsOf(lines)
  const byRates = [...Map.groupBy(lines, ({ rateBp }) => rateBp)].sort(([a], [b]) => b - a)
  const isWhole = wish.channel === undefined && wish.accountId === undefined && wish.rateBp === undefined
  return {
    ...{ from: period.from, to: period.to, ...sums },
    orders: lines.reduce((sum, line) => sum + line.orders, 0),
    byRate: byRates.map(([rateBp, rows]) => {
      const { netFen, taxFen } = sumsOf(rows)
      return { rateBp, netFen, taxFen }
    }),
    ledger: isWhole && currentDataScopes() === null ? await besideLedger(tx, shopId, period, sums) : null,
  }
}

async function besideLedger(tx: Tx, shopId: string, period: Period, sums: Sums): Promise<RevenueTotals['ledger']> {
  const ledger = new Map((await ledgerSums(tx, shopId, period)).map((row) => [row.what, row]))
  const book = { received: sums.paidFen, refunded: sums.refundedFen, fee: sums.feeFen, shares: sums.sharesFen }
  return (['received', 'refunded', 'fee', 'shares'] as const).map((what) => {
    const { ledgerFen, otherFen } = ledger.get(what) ?? { ledgerFen: 0, otherFen: 0 }
    const bookFen = book[what]
    const differenceFen = fen(ledgerFen - bookFen - otherFen)
    return { what, ledgerFen: fen(ledgerFen), bookFen, otherFen: fen(otherFen), differenceFen }
  })
}

const EntryPlace = z.object({ at: z.iso.datetime(), id: z.uuid() })

/** What is behind a number: transfers with their orders. Of one for goods of several rates, the part of the rate. */
export async function revenueEntries(
  tx: Tx,
  deps: BooksDeps,
  shopId: string,
  { cursor, limit, ...wish }: Days & Omit<EntryWish, 'before'> & { cursor?: string | undefined },
) {
  const period = await periodOf(tx, deps, shopId, wish)
  const rates = await deps.catalog.taxPeriods(tx, shopId)
  const before = decodeCursor(cursor, EntryPlace)
  const rows = await entriesBehind(tx, shopId, period, rates, { ...wish, before, limit: limit + 1 })
  const page = keysetPage(rows, limit, ({ at, id }) => ({ at, id }))
  return {
    ...page,
    items: page.items.map(({ rates: of, weights, wholeFen, channel, ...entry }) => ({
      ...entry,
      channel: channel as Channel,
      wholeFen: fen(wholeFen),
      amountFen:
        wish.rateBp === undefined
          ? fen(wholeFen)
          : allocate(fen(wholeFen), of.length === 1 ? [1] : weights)[of.indexOf(wish.rateBp)]!,
    })),
  }
}
