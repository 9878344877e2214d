/** The shop's zone: every time is shown as China has it, wherever the phone is. */
const ZONE_OFFSET_MS = 8 * 3_600_000

interface Clock {
  year: number
  month: number
  day: number
  time: string
}

/** Fixed offset instead of Intl: the same text from server, browser and mini program, and no zone data needed. */
function chinaClock(instant: string | number): Clock {
  const at = new Date(new Date(instant).getTime() + ZONE_OFFSET_MS)
  const two = (value: number) => String(value).padStart(2, '0')
  return {
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    time: `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`,
  }
}

/** "2026年11月3日 14:05". */
export function timeText(instant: string): string {
  const { year, month, day, time } = chinaClock(instant)
  return `${year}年${month}月${day}日 ${time}`
}

/** "今天 14:05", "昨天 14:05", "11月3日 14:05", with the year when it is another. */
export function nearTimeText(instant: string, nowMs: number): string {
  const at = chinaClock(instant)
  const same = (other: Clock) => other.year === at.year && other.month === at.month && other.day === at.day
  const now = chinaClock(nowMs)
  if (same(now)) return `今天 ${at.time}`
  if (same(chinaClock(nowMs - 86_400_000))) return `昨天 ${at.time}`
  return `${at.year === now.year ? '' : `${at.year}年`}${at.month}月${at.day}日 ${at.time}`
}

/** What is left of a time-out: "29:05", "1:02:09", and "00:00" when it is over. */
export function leftText(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000))
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  return `${hours > 0 ? `${hours}:` : ''}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

/** Counts as people write them: 9,999 → "9999", 12,300 → "1.2万". Cut off, never rounded up. */
export function countText(count: number): string {
  if (count < 10_000) return String(count)
  const wan = Math.floor(count / 1000) / 10
  return `${wan >= 100 ? Math.floor(wan) : wan}万`
}

/** Where goods that are made for some regions go. */
export const soldInText = (provinces: readonly string[]): string => `仅售${provinces.join('、')}`
