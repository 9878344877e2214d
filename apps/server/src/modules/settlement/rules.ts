import { dayName, plusDays, startOfDay } from '../../kernel/days.ts'

/** Days on which nothing is settled beside Saturdays and Sundays, and weekend days that are worked instead (调休). */
export interface Calendar {
  holidays: ReadonlySet<string>
  workdays: ReadonlySet<string>
}

export function isBusinessDay(day: string, { holidays, workdays }: Calendar): boolean {
  if (workdays.has(day)) return true
  if (holidays.has(day)) return false
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return weekday !== 0 && weekday !== 6
}

/** More days off in a row than this are a calendar somebody got wrong. */
const MOST_DAYS = 400

/** The `count`-th business day after `day`. */
export function businessDayAfter(day: string, count: number, calendar: Calendar): string {
  let found = 0
  for (let step = 1; step <= MOST_DAYS; step++) {
    const next = plusDays(day, step)
    if (isBusinessDay(next, calendar) && ++found === count) return next
  }
  return plusDays(day, MOST_DAYS)
}

export interface Cycle {
  /** N of T+N, in business days. */
  cycleDays: number
  /** Days that are waited before the cycle begins to count. */
  holdingDays: number
  /** The hour of the day at which money becomes available. */
  hour: number
}

/** When the merchant's part of an order that was settled at an instant may be withdrawn (PAY-02). */
export function dueAt(settledMs: number, timeZone: string, cycle: Cycle, calendar: Calendar): string {
  const began = plusDays(dayName(settledMs, timeZone), cycle.holdingDays)
  const day = businessDayAfter(began, cycle.cycleDays, calendar)
  return new Date(startOfDay(day, timeZone) + cycle.hour * 3_600_000).toISOString()
}

/** What of an amount repays a debt, and what is left of it. */
export function repay(amountFen: number, owedFen: number): { repaidFen: number; leftFen: number } {
  const repaidFen = Math.min(amountFen, Math.max(owedFen, 0))
  return { repaidFen, leftFen: amountFen - repaidFen }
}

/** A number for people to read: the shop's day, and what of the id is drawn at random, so that it is no other's. */
export const readableNumber = (prefix: string, day: string, id: string, randomChars: number): string =>
  `${prefix}${day.replaceAll('-', '')}${id.slice(-randomChars).toUpperCase()}`
