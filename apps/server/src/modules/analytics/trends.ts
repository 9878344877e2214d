import type { TrendDay } from '@zhanggui/contract'
import type { z } from 'zod'
import { businessDay } from '../../kernel/days.ts'
import type { AnalyticsDeps } from './ports.ts'

type Day = z.input<typeof TrendDay>

/** The last `count` business days, today included, oldest first: money from the books, visitors from the event store. */
export async function trends(deps: AnalyticsDeps, shopId: string, count: number): Promise<{ days: Day[] }> {
  const { days, money, zone } = await deps.db.read({ shopId }, async (tx) => {
    const timeZone = await deps.timeZoneOf(tx, shopId)
    const list = lastDays(deps.clock.millis(), timeZone, count)
    const from = list[0]!.from
    const to = list.at(-1)!.to
    return { days: list, money: await deps.moneyByDay(tx, shopId, { from, to, timeZone }), zone: timeZone }
  })
  const visitors = await visitorsByDay(deps, shopId, days, zone)
  return {
    days: days.map(({ day }) => ({
      day,
      ...(money.get(day) ?? { paidFen: 0, refundedFen: 0, paidOrders: 0, buyers: 0 }),
      visitors: visitors === undefined ? null : (visitors.get(day) ?? 0),
    })),
  }
}

function lastDays(nowMs: number, timeZone: string, count: number) {
  const days = [businessDay(nowMs, timeZone)]
  while (days.length < count) days.unshift(businessDay(Date.parse(days[0]!.from) - 1, timeZone))
  return days
}

/** Undefined where the event store is not there or does not answer. */
async function visitorsByDay(
  { store }: AnalyticsDeps,
  shopId: string,
  days: readonly { from: string; to: string }[],
  zone: string,
): Promise<Map<string, number> | undefined> {
  if (store.unavailableReason !== null) return undefined
  const time = (instant: string) => instant.slice(0, 23).replace('T', ' ')
  try {
    const rows = await store.query<{ day: string; visitors: string }>(
      `SELECT toString(toDate(at, {zone:String})) AS day, uniqExact(device_id) AS visitors FROM raw_behaviour_events FINAL
       WHERE shop_id = {shop:UUID} AND at >= {from:DateTime64(3, 'UTC')} AND at < {to:DateTime64(3, 'UTC')} GROUP BY day`,
      { shop: shopId, from: time(days[0]!.from), to: time(days.at(-1)!.to), zone },
    )
    return new Map(rows.map((row) => [row.day, Number(row.visitors)]))
  } catch {
    return undefined
  }
}
