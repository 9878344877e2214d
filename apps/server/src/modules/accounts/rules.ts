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
