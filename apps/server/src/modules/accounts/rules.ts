import type { AccountAction, AccountKind, AccountUsage } from '@zhanggui/contract'

/** What an account of a personal number may do before WeChat restricts it; from the settings. */
export interface Limits {
  friendAdds: { warnAt: number; limit: number }
  moments: { warnAt: number; limit: number }
  friends: { warnAt: number; limit: number }
  receiptFen: { warnAt: number; limit: number }
}

export type DayTotals = Partial<Record<AccountAction, number>>

/** Whether a kind of account has limits at all: only a personal number is watched by these. */
export const isLimited = (kind: AccountKind): boolean => kind === 'personal'

/**
 * `fine`, `near` from the warning on, `over` beyond the limit. The limit itself is allowed.
 * @param total friends, posts or fen
 */
export const levelOf = (total: number, at: { warnAt: number; limit: number }): AccountUsage['level'] =>
  total > at.limit ? 'over' : total >= at.warnAt ? 'near' : 'fine'

/** How close an account is to each of its limits (ACC-02). */
export function usageOf(kind: AccountKind, friends: number, today: DayTotals, limits: Limits): AccountUsage[] {
  if (!isLimited(kind)) return []
  const usage = (what: AccountUsage['what'], total: number, at: { warnAt: number; limit: number }): AccountUsage => ({
    what,
    total,
    ...at,
    level: levelOf(total, at),
  })
  return [
    usage('friend-add', today['friend-add'] ?? 0, limits.friendAdds),
    usage('friends', friends, limits.friends),
    usage('receipt', today.receipt ?? 0, limits.receiptFen),
    usage('moment', today.moment ?? 0, limits.moments),
  ]
}

const BP = 10_000

/**
 * How much two audiences overlap: the shared of all (Jaccard), and the shared of the smaller one, both in basis points.
 * Says nothing is high while either has fewer than `leastBuyers`.
 */
export function overlapOf(
  a: number,
  b: number,
  shared: number,
  { highBp, leastBuyers }: { highBp: number; leastBuyers: number },
): { shared: number; jaccardBp: number; shareBp: number; isHigh: boolean } {
  const [all, smaller] = [a + b - shared, Math.min(a, b)]
  const part = (whole: number) => (whole === 0 ? 0 : Math.round((shared * BP) / whole))
  const shareBp = part(smaller)
  return { shared, jaccardBp: part(all), shareBp, isHigh: smaller >= leastBuyers && shareBp >= highBp }
}

interface Positioning {
  track: string
  audience: string
  pillars: readonly string[]
}

/** What two accounts say of themselves in the same words: where they compete instead of completing each other. */
export function sameWords(a: Positioning, b: Positioning): string[] {
  const words = ({ track, audience, pillars }: Positioning) =>
    [track, audience, ...pillars].map((word) => word.trim()).filter((word) => word !== '')
  const theirs = new Set(words(b))
  return [...new Set(words(a))].filter((word) => theirs.has(word))
}
