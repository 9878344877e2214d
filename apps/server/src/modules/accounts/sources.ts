import type { AccountFigures } from '@zhanggui/contract'
import { DAY_MS, MINUTE_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { createRateLimit } from '../../kernel/rate-limit.ts'
import { type AccountsDeps, requireAccount, today } from './manage.ts'
import { attributionDays, visitsKeepDays } from './settings.ts'
import { accountNames } from './store.ts'
import { accountByCode, forgetVisits, lastTouches, recordArrival, visitorsByAccount } from './store-sources.ts'

/** Before an account's code in an address, so that it is no code of a share. */
const PREFIX = 'ca-'
const ARRIVALS_PER_WINDOW = 600

/** The address, the mini program's path and the QR code of an account. @throws AppError NOT_FOUND */
export async function accountLink(deps: AccountsDeps, shopId: string, id: string) {
  const { code, slug } = await deps.db.read({ shopId }, async (tx) => ({
    code: (await requireAccount(deps, tx, shopId, id)).code,
    slug: (await deps.shopOf(tx, shopId)).slug,
  }))
  const url = `${deps.publicUrl.replace(/\/$/, '')}/s/${slug}?from=${PREFIX}${code}`
  return { url, miniPath: `pages/home?from=${PREFIX}${code}`, qrSvg: deps.qrSvg(url) }
}

/** Where visitors come from, and what each account brought (ACC-01). */
export function createSources(deps: AccountsDeps) {
  const count = createRateLimit({ clock: deps.clock, limit: ARRIVALS_PER_WINDOW, windowMs: 10 * MINUTE_MS })
  return {
    /** A visitor came through a link. Answers whether it is an account's. @throws AppError TOO_MANY_REQUESTS */
    async arrive(
      shopId: string,
      visitor: { buyerId?: string | undefined; guestId?: string | undefined; ip: string },
      from: string,
    ): Promise<boolean> {
      const visitorId = visitor.buyerId ?? visitor.guestId
      if (visitorId === undefined || !from.startsWith(PREFIX)) return false
      count(visitor.ip)
      return deps.db.tx({ shopId }, async (tx) => {
        const account = await accountByCode(tx, shopId, from.slice(PREFIX.length))
        if (!account) return false
        await recordArrival(tx, {
          ...{ shopId, accountId: account.id, visitorId, isBuyer: visitor.buyerId !== undefined },
          ...{ at: deps.clock.instant(), day: await today(deps, tx, shopId) },
        })
        return true
      })
    },

    /**
     * The account that each of these buyers came through last, in the time that the shop counts; by `shopId/buyerId`.
     * Frozen on the order, so that what somebody clicks afterwards changes nothing.
     */
    async sourcesOf(tx: Tx, buyers: readonly { shopId: string; buyerId: string }[]): Promise<Map<string, string>> {
      const since = new Map<string, string>()
      for (const { shopId } of buyers)
        if (!since.has(shopId)) {
          const days = await deps.settings.get(attributionDays, { shopId }, tx)
          since.set(shopId, plusMs(deps.clock.instant(), -days * DAY_MS))
        }
      return lastTouches(
        tx,
        buyers.map((buyer) => ({ ...buyer, since: since.get(buyer.shopId)! })),
      )
    },

    /** What each account brought; what no account brought comes last. */
    figures: (shopId: string, period: { from: string; to: string }): Promise<AccountFigures[]> =>
      deps.db.read({ shopId }, async (tx) => {
        const { timeZone } = await deps.shopOf(tx, shopId)
        const visitors = await visitorsByAccount(tx, shopId, period)
        const orders = await deps.ordersByAccount(tx, shopId, { ...period, timeZone })
        const known = await accountNames(tx, shopId)
        const none = { orders: 0, paidOrders: 0, paidFen: 0, buyers: 0 }
        const rows = known.map(({ id, name }) => ({
          ...{ accountId: id, name, visitors: visitors.get(id) ?? 0 },
          ...(orders.get(id) ?? none),
        }))
        const ids = new Set(known.map(({ id }) => id))
        // Accounts that were removed leave their orders: these count as nobody's.
        const rest = [...orders].filter(([id]) => id === null || !ids.has(id)).map(([, figures]) => figures)
        const nobody = rest.reduce(
          (sum, each) => ({
            orders: sum.orders + each.orders,
            paidOrders: sum.paidOrders + each.paidOrders,
            paidFen: sum.paidFen + each.paidFen,
            buyers: sum.buyers + each.buyers,
          }),
          none,
        )
        return nobody.orders === 0 ? rows : [...rows, { accountId: null, name: '', visitors: 0, ...nobody }]
      }),

    /** Forgets visits, and guests who never signed in, that are older than the platform keeps them. */
    async forgetVisits(): Promise<number> {
      const at = plusMs(deps.clock.instant(), -(await deps.settings.get(visitsKeepDays)) * DAY_MS)
      return deps.db.tx('system', (tx) => forgetVisits(tx, { day: at.slice(0, 10), at }))
    },
  }
}
