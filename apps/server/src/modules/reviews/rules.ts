import type { ReviewLevel } from '@zhanggui/contract'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

export const daysAfter = (instant: string, days: number): string =>
  new Date(Date.parse(instant) + days * DAY_MS).toISOString()
export const hoursAfter = (instant: string, hours: number): string =>
  new Date(Date.parse(instant) + hours * HOUR_MS).toISOString()

export const levelOf = (stars: number): ReviewLevel => (stars >= 4 ? 'good' : stars === 3 ? 'medium' : 'bad')

/** Inclusive bounds of the stars of a level. */
export const STARS_OF: Record<ReviewLevel, readonly [number, number]> = { good: [4, 5], medium: [3, 3], bad: [1, 2] }

/** Stars times ten, rounded; null for none. */
export const tenths = (sum: number, count: number): number | null =>
  count === 0 ? null : Math.round((sum * 10) / count)

export const ratioBp = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part * 10_000) / whole)

/** A nickname as strangers see it: 林晓雨 → 林**雨. */
export function maskName(nickname: string): string {
  const characters = [...nickname.trim()]
  if (characters.length === 0) return '买家'
  const [first] = characters
  return characters.length === 1 ? `${first}**` : `${first}**${characters.at(-1)}`
}

export interface Check {
  findings: readonly string[]
  hasMedia: boolean
}

/** Whether a person has to look, by the shop's rules. */
export function firstState(
  { findings, hasMedia }: Check,
  rules: { autoApprove: boolean; picturesByPerson: boolean },
): 'pending' | 'approved' {
  const isFine = rules.autoApprove && findings.length === 0 && !(hasMedia && rules.picturesByPerson)
  return isFine ? 'approved' : 'pending'
}
