import type { StatementLineKind } from '@zhanggui/contract'
import { dayName, plusDays, startOfDay } from '../../kernel/days.ts'
import type { Movement } from '../../ledger/index.ts'
import { MERCHANT_CODES, type MerchantCode } from './accounts.ts'

export type Period = 'day' | 'week' | 'month'

/** The day after the last of the period that a day lies in. */
export function periodEnd(day: string, period: Period): string {
  if (period === 'day') return plusDays(day, 1)
  if (period === 'week') {
    const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7
    return plusDays(day, 7 - weekday)
  }
  const [year, month] = day.split('-').map(Number) as [number, number]
  return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10)
}

/** The first day of the period that a day lies in. */
export function periodStart(day: string, period: Period): string {
  if (period === 'day') return day
  return period === 'week' ? plusDays(periodEnd(day, 'week'), -7) : `${day.slice(0, 7)}-01`
}

/** When the period began that an instant lies in, in a time zone. */
export const periodStartAt = (at: string, period: Period, timeZone: string): string =>
  new Date(startOfDay(periodStart(dayName(Date.parse(at), timeZone), period), timeZone)).toISOString()

/** When the period ends that begins at an instant, in a time zone. */
export const periodEndAt = (from: string, period: Period, timeZone: string): string =>
  new Date(startOfDay(periodEnd(dayName(Date.parse(from), timeZone), period), timeZone)).toISOString()

/** An amount for each account of the merchant. */
export type ByAccount = Record<MerchantCode, number>

export const nothing = (): ByAccount =>
  Object.fromEntries(MERCHANT_CODES.map((code) => [code, 0])) as Record<MerchantCode, number>

export const totalOf = (amounts: ByAccount): number => Object.values(amounts).reduce((sum, each) => sum + each, 0)

export function plus(a: ByAccount, b: ByAccount): ByAccount {
  const sum = nothing()
  for (const code of MERCHANT_CODES) sum[code] = a[code] + b[code]
  return sum
}

export interface LineSums {
  grossFen: number
  feeFen: number
  sharesFen: number
  refundsFen: number
  otherFen: number
  netFen: number
}

export interface DraftLine extends LineSums {
  kind: StatementLineKind
  referenceType: string
  referenceId: string
  happenedAt: string
  changes: ByAccount
  transferIds: string[]
}

const KINDS: Record<string, StatementLineKind> = {
  order: 'order',
  withdrawal: 'withdrawal',
  freeze: 'freeze',
  deposit: 'deposit',
}

const isMerchants = (code: string): code is MerchantCode => (MERCHANT_CODES as readonly string[]).includes(code)

/** What one movement adds to its line. What the parties and the channel got of an order is part of its gross. */
function add(line: DraftLine, move: Movement): void {
  const { debitCode: from, creditCode: to, amount } = move
  if (isMerchants(from)) line.changes[from] -= amount
  if (isMerchants(to)) line.changes[to] += amount
  if (from === 'order.paid') {
    if (!isMerchants(to) && to !== 'fee.channel' && !to.startsWith('share.')) return
    line.grossFen += amount
    if (to === 'fee.channel') line.feeFen += amount
    else if (!isMerchants(to)) line.sharesFen += amount
  } else if (to === 'order.paid') {
    if (!isMerchants(from) && from !== 'fee.channel' && !from.startsWith('share.')) return
    line.refundsFen += amount
    if (from === 'fee.channel') line.feeFen -= amount
    else if (!isMerchants(from)) line.sharesFen -= amount
  } else if (isMerchants(from) !== isMerchants(to)) line.otherFen += isMerchants(to) ? amount : -amount
}

/**
 * The lines of a statement: what happened about each thing, from the movements of its period. Order of lines is the
 * order in which the things were first moved.
 */
export function linesFrom(moves: readonly Movement[]): DraftLine[] {
  const lines = new Map<string, DraftLine>()
  for (const move of moves) {
    const referenceType = move.referenceType ?? 'transfer'
    const referenceId = move.referenceId ?? move.id
    const key = `${referenceType}:${referenceId}`
    let line = lines.get(key)
    if (line === undefined) {
      line = {
        ...{ kind: KINDS[referenceType] ?? 'adjustment', referenceType, referenceId, happenedAt: move.createdAt },
        ...{ grossFen: 0, feeFen: 0, sharesFen: 0, refundsFen: 0, otherFen: 0, netFen: 0 },
        ...{ changes: nothing(), transferIds: [] },
      }
      lines.set(key, line)
    }
    add(line, move)
    line.transferIds.push(move.id)
  }
  for (const line of lines.values()) line.netFen = totalOf(line.changes)
  return [...lines.values()]
}

export const sumLines = (lines: readonly LineSums[]): LineSums => {
  const sums = { grossFen: 0, feeFen: 0, sharesFen: 0, refundsFen: 0, otherFen: 0, netFen: 0 }
  for (const line of lines) for (const key of Object.keys(sums) as (keyof LineSums)[]) sums[key] += line[key]
  return sums
}
