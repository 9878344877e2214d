/** Business days of a shop in Asia/Shanghai, which has had no daylight saving since 1991. */
const ZONE_OFFSET_MS = 8 * 3600_000
const DAY_MS = 24 * 3600_000

/** First and last business day, both inside, as YYYY-MM-DD. */
export interface DayRange {
  from: string
  to: string
}

/** The business day of an instant. */
export const businessDay = (instantMs: number): string =>
  new Date(instantMs + ZONE_OFFSET_MS).toISOString().slice(0, 10)

/** The day `days` later. */
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)

/** The instants [from, to) that a range of business days covers. */
export function rangeInstants(range: DayRange): { from: string; to: string } {
  const start = (day: string) => new Date(Date.parse(`${day}T00:00:00Z`) - ZONE_OFFSET_MS).toISOString()
  return { from: start(range.from), to: start(addDays(range.to, 1)) }
}

export const DAY_PRESETS = ['today', 'yesterday', 'week', 'month', 'lastMonth', 'quarter', 'year'] as const

/** Today, yesterday, the last seven days; this month, the last one, this quarter and year; seen from `nowMs`. */
export function dayPresets(nowMs: number): Record<(typeof DAY_PRESETS)[number], DayRange> {
  const today = businessDay(nowMs)
  const yesterday = addDays(today, -1)
  const first = `${today.slice(0, 7)}-01`
  const lastOfBefore = addDays(first, -1)
  const month = Number(today.slice(5, 7))
  const quarter = `${today.slice(0, 5)}${String(month - ((month - 1) % 3)).padStart(2, '0')}-01`
  return {
    today: { from: today, to: today },
    yesterday: { from: yesterday, to: yesterday },
    week: { from: addDays(today, -6), to: today },
    month: { from: first, to: today },
    lastMonth: { from: `${lastOfBefore.slice(0, 7)}-01`, to: lastOfBefore },
    quarter: { from: quarter, to: today },
    year: { from: `${today.slice(0, 4)}-01-01`, to: today },
  }
}

/** The last `days` business days, today included. */
export function lastDays(nowMs: number, days: number): DayRange {
  const today = businessDay(nowMs)
  return { from: addDays(today, 1 - days), to: today }
}

/** A range as an address carries it: `2026-11-01~2026-11-07`. */
export const rangeText = (range: DayRange): string => `${range.from}~${range.to}`

/** Reads `rangeText`; undefined for anything that is not two days in order. */
export function rangeFromText(text: string | null | undefined): DayRange | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})~(\d{4}-\d{2}-\d{2})$/.exec(text ?? '')
  if (!match || Number.isNaN(Date.parse(match[1]!)) || Number.isNaN(Date.parse(match[2]!))) return undefined
  return match[1]! <= match[2]! ? { from: match[1]!, to: match[2]! } : undefined
}

/** The last hour of a business day that has begun: 23 for a day that is over, -1 for one that is still to come. */
export function lastHour(day: string, nowMs: number): number {
  const today = businessDay(nowMs)
  if (day !== today) return day < today ? 23 : -1
  return new Date(nowMs + ZONE_OFFSET_MS).getUTCHours()
}
