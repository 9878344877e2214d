import { DAY_MS } from './clock.ts'

/** The business day that contains `instantMs` in a time zone: its name and its interval `[from, to)` in UTC. */
export function businessDay(instantMs: number, timeZone: string): { day: string; from: string; to: string } {
  const day = dayName(instantMs, timeZone)
  const from = startOfDay(day, timeZone)
  // A day may have 23 or 25 hours elsewhere: the next one begins where 26 hours later has its name.
  const to = startOfDay(dayName(from + 26 * 3600 * 1000, timeZone), timeZone)
  return { day, from: new Date(from).toISOString(), to: new Date(to).toISOString() }
}

/** The name of the day, `YYYY-MM-DD`, that contains an instant in a time zone. */
export function dayName(instantMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    instantMs,
  )
}

/** Where those are whom nobody has asked for another time zone. */
export const LOCAL_ZONE = 'Asia/Shanghai'

/** The day of an instant (`2026-11-11T…Z`) there: for names of files, numbers and dates in sentences. */
export const localDay = (instant: string): string => dayName(Date.parse(instant), LOCAL_ZONE)

/** The day `count` days later; a day is `YYYY-MM-DD` and has no time zone. */
export const plusDays = (day: string, count: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10)

/** When a day begins in a time zone, in milliseconds. */
export function startOfDay(day: string, timeZone: string): number {
  const utc = Date.parse(`${day}T00:00:00Z`)
  const offset = zoneOffsetMs(utc, timeZone)
  const guess = utc - offset
  return utc - zoneOffsetMs(guess, timeZone)
}

function zoneOffsetMs(instantMs: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(instantMs)
  const part = (type: string) => Number(parts.find((each) => each.type === type)!.value)
  return (
    Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) -
    Math.floor(instantMs / 1000) * 1000
  )
}
