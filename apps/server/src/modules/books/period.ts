import type { RevenueStep } from '@zhanggui/contract'
import { DAY_MS } from '../../kernel/clock.ts'
import { dayName, plusDays, startOfDay } from '../../kernel/days.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import type { BooksDeps } from './deps.ts'

/** A period of business days of a shop, both inside, and the instants `[start, end)` that it covers. */
export interface Period {
  from: string
  to: string
  start: string
  end: string
  timeZone: string
}

/** Ten years and a little: the longest that books are kept for. */
const MAX_DAYS = 3700

/** The period of these days. */
export function periodBetween(from: string, to: string, timeZone: string): Period {
  const at = (day: string) => new Date(startOfDay(day, timeZone)).toISOString()
  return { from, to, start: at(from), end: at(plusDays(to, 1)), timeZone }
}

/** The days asked for; the month up to today without them. @throws AppError VALIDATION_FAILED */
export async function periodOf(
  tx: Tx,
  { clock, parties }: Pick<BooksDeps, 'clock' | 'parties'>,
  shopId: string,
  wish: { from?: string | undefined; to?: string | undefined },
): Promise<Period> {
  const { timeZone } = await parties.requireShop(tx, shopId)
  const today = dayName(clock.millis(), timeZone)
  const to = wish.to ?? (wish.from !== undefined && wish.from > today ? wish.from : today)
  const from = wish.from ?? `${to.slice(0, 7)}-01`
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1
  if (days < 1 || days > MAX_DAYS)
    throw new AppError('VALIDATION_FAILED', {
      values: { field: '结束日期', reason: days < 1 ? `早于开始日期 ${from}` : '期间最长十年' },
      field: 'to',
    })
  return periodBetween(from, to, timeZone)
}

const STEP_MONTHS = { month: 1, quarter: 3, year: 12 } as const

/** The day on which the period of a step that holds `day` begins, `steps` periods later. Weeks begin on Monday. */
export function stepStart(day: string, step: RevenueStep, steps = 0): string {
  if (step === 'day') return plusDays(day, steps)
  if (step === 'week') {
    const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7
    return plusDays(day, 7 * steps - weekday)
  }
  const months = STEP_MONTHS[step]
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1]
  const first = month - (month % months) + steps * months
  return new Date(Date.UTC(year, first, 1)).toISOString().slice(0, 10)
}
