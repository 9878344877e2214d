import type { Overview } from '@zhanggui/contract'
import type { z } from 'zod'
import { currentDataScopes } from '../../kernel/data-scope.ts'
import { businessDay } from '../../kernel/days.ts'
import type { Tx } from '../../kernel/db.ts'
import type { AnalyticsDeps } from './ports.ts'

/** Why somebody with data scopes sees no visitors. */
export const PART_OF_SHOP = '访客数据只按全店统计；你的角色只负责一部分，这里只显示你负责的成交和订单'
const RECENT_ORDERS = 10
const FEED_STEPS = 15
const TOP_PRODUCTS = 8

type OverviewInput = z.input<typeof Overview>

/** Today at a glance: money and orders from the books, behaviour from the event store (DAT-01). */
export async function overview(deps: AnalyticsDeps, shopId: string): Promise<OverviewInput> {
  const books = await deps.db.read({ shopId }, async (tx) => {
    const zone = await deps.timeZoneOf(tx, shopId)
    const now = deps.clock.millis()
    const today = businessDay(now, zone)
    const before = (days: number) => earlier(deps, today.from, now, days, zone)
    return {
      today,
      zone,
      money: await deps.moneyBetween(tx, shopId, today.from, today.to),
      yesterday: await deps.moneyBetween(tx, shopId, ...before(1)),
      lastWeek: await deps.moneyBetween(tx, shopId, ...before(7)),
      recentOrders: await deps.recentOrders(tx, shopId, RECENT_ORDERS),
      feed: await feedOf(deps, tx, shopId),
    }
  })
  return {
    day: books.today.day,
    today: books.money,
    yesterday: books.yesterday,
    lastWeek: books.lastWeek,
    feed: books.feed,
    recentOrders: books.recentOrders as OverviewInput['recentOrders'],
    analytics: await behaviour(deps, shopId, books.today, books.zone),
  }
}

/** Steps of orders and reviews of their goods, newest first. */
async function feedOf(deps: AnalyticsDeps, tx: Tx, shopId: string): Promise<OverviewInput['feed']> {
  const steps = await deps.recentSteps(tx, shopId, { orders: 2 * RECENT_ORDERS, steps: FEED_STEPS })
  const reviews = await deps.recentReviews(tx, shopId, FEED_STEPS)
  const all = [
    ...steps.map((step) => ({ ...step, reviewId: null, stars: null })),
    ...reviews.map((review) => ({ ...review, totalFen: null, event: 'reviewed', text: '' })),
  ]
  return all.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0)).slice(0, FEED_STEPS) as OverviewInput['feed']
}

/** The day so many days ago, from its beginning until the time of day that it is now. */
function earlier(
  deps: AnalyticsDeps,
  todayFrom: string,
  now: number,
  days: number,
  zone: string,
): [from: string, to: string] {
  let day = businessDay(deps.clock.millis(), zone)
  for (let step = 0; step < days; step++) day = businessDay(Date.parse(day.from) - 1, zone)
  return [day.from, new Date(Date.parse(day.from) + now - Date.parse(todayFrom)).toISOString()]
}

type Behaviour = OverviewInput['analytics']

const NOTHING: Omit<Behaviour, 'available' | 'reason'> = {
  visitors: 0,
  pageViews: 0,
  addedToCart: 0,
  ordersPlaced: 0,
  ordersPaid: 0,
  hours: [],
  topProducts: [],
  lagSeconds: null,
}

async function behaviour(
  deps: AnalyticsDeps,
  shopId: string,
  day: { from: string; to: string },
  zone: string,
): Promise<Behaviour> {
  // Behaviour is counted for the shop as a whole; who looks after a part of it is not shown the whole.
  if (currentDataScopes() !== null) return { ...NOTHING, available: false, reason: PART_OF_SHOP }
  if (deps.store.unavailableReason !== null)
    return { ...NOTHING, available: false, reason: deps.store.unavailableReason }
  const params = { shop: shopId, from: clickhouseTime(day.from), to: clickhouseTime(day.to), zone }
  try {
    const [totals, hours, top] = await Promise.all([
      readTotals(deps, params),
      readHours(deps, params),
      readTop(deps, params),
    ])
    const titles = await deps.db.read({ shopId }, (tx) =>
      deps.productTitles(
        tx,
        shopId,
        top.map((row) => row.productId),
      ),
    )
    return {
      available: true,
      reason: null,
      ...totals,
      lagSeconds: totals.newest === 0 ? null : Math.max(0, (deps.clock.millis() - totals.newest) / 1000),
      hours,
      topProducts: top.flatMap((row) =>
        titles.has(row.productId) ? [{ ...row, title: titles.get(row.productId)! }] : [],
      ),
    }
  } catch (error) {
    return { ...NOTHING, available: false, reason: `分析引擎暂时没有回应：${(error as Error).message.slice(0, 200)}` }
  }
}

type Params = Record<string, string>

/** `2026-11-11T03:00:00.000Z` as ClickHouse reads a DateTime64 parameter in UTC. */
const clickhouseTime = (instant: string): string => instant.slice(0, 23).replace('T', ' ')

const BEHAVIOUR = `raw_behaviour_events FINAL WHERE shop_id = {shop:UUID} AND at >= {from:DateTime64(3, 'UTC')} AND at < {to:DateTime64(3, 'UTC')}`
const DOMAIN = `raw_domain_events FINAL WHERE shop_id = {shop:UUID} AND occurred_at >= {from:DateTime64(3, 'UTC')} AND occurred_at < {to:DateTime64(3, 'UTC')}`

async function readTotals(deps: AnalyticsDeps, params: Params) {
  const [behaviourRow] = await deps.store.query<{
    visitors: string
    pageViews: string
    addedToCart: string
    newest: string
  }>(
    `SELECT uniqExact(device_id) AS visitors, countIf(name = 'page') AS pageViews, countIf(name = 'cart_add') AS addedToCart,
       toUnixTimestamp64Milli(max(received_at)) AS newest FROM ${BEHAVIOUR}`,
    params,
  )
  const [domainRow] = await deps.store.query<{ placed: string; paid: string; newest: string }>(
    `SELECT countIf(name = 'orders.order-placed') AS placed, countIf(name = 'orders.order-paid') AS paid,
       toUnixTimestamp64Milli(max(received_at)) AS newest FROM ${DOMAIN}`,
    params,
  )
  return {
    visitors: Number(behaviourRow?.visitors ?? 0),
    pageViews: Number(behaviourRow?.pageViews ?? 0),
    addedToCart: Number(behaviourRow?.addedToCart ?? 0),
    ordersPlaced: Number(domainRow?.placed ?? 0),
    ordersPaid: Number(domainRow?.paid ?? 0),
    newest: Math.max(Number(behaviourRow?.newest ?? 0), Number(domainRow?.newest ?? 0)),
  }
}

async function readHours(deps: AnalyticsDeps, params: Params): Promise<Behaviour['hours']> {
  const views = await deps.store.query<{ hour: number; pageViews: string; visitors: string }>(
    `SELECT toHour(at, {zone:String}) AS hour, countIf(name = 'page') AS pageViews, uniqExact(device_id) AS visitors FROM ${BEHAVIOUR} GROUP BY hour`,
    params,
  )
  const paid = await deps.store.query<{ hour: number; orders: string; fen: string }>(
    `SELECT toHour(occurred_at, {zone:String}) AS hour, count() AS orders, sum(JSONExtractInt(payload, 'totalFen')) AS fen
     FROM ${DOMAIN} AND name = 'orders.order-paid' GROUP BY hour`,
    params,
  )
  return Array.from({ length: 24 }, (_, hour) => {
    const seen = views.find((row) => Number(row.hour) === hour)
    const sold = paid.find((row) => Number(row.hour) === hour)
    return {
      hour,
      pageViews: Number(seen?.pageViews ?? 0),
      visitors: Number(seen?.visitors ?? 0),
      ordersPaid: Number(sold?.orders ?? 0),
      paidFen: Number(sold?.fen ?? 0),
    }
  })
}

async function readTop(deps: AnalyticsDeps, params: Params) {
  const rows = await deps.store.query<{ productId: string; views: string; addedToCart: string; soldUnits: string }>(
    `SELECT product_id AS productId, sum(views) AS views, sum(added) AS addedToCart, sum(sold) AS soldUnits FROM (
       SELECT assumeNotNull(product_id) AS product_id, countIf(name = 'page') AS views, countIf(name = 'cart_add') AS added, 0 AS sold
       FROM ${BEHAVIOUR} AND product_id IS NOT NULL AND name IN ('page', 'cart_add') GROUP BY product_id
       UNION ALL
       SELECT toUUIDOrZero(JSONExtractString(line, 'productId')) AS product_id, 0, 0, sum(JSONExtractInt(line, 'quantity'))
       FROM (SELECT arrayJoin(JSONExtractArrayRaw(payload, 'lines')) AS line FROM ${DOMAIN} AND name = 'orders.order-paid') GROUP BY product_id
     ) GROUP BY product_id ORDER BY soldUnits DESC, addedToCart DESC, views DESC, productId LIMIT ${TOP_PRODUCTS}`,
    params,
  )
  return rows.map((row) => ({
    productId: row.productId,
    views: Number(row.views),
    addedToCart: Number(row.addedToCart),
    soldUnits: Number(row.soldUnits),
  }))
}
