import type { BuyerChannel, BuyerSort } from '@zhanggui/contract'
import { plainArray, textArray } from '../../../kernel/arrays.ts'
import { join, type Sql, sql, type Tx } from '../../../kernel/db.ts'
import { containing } from '../../../kernel/like.ts'

export interface ShopBuyerKey {
  shopId: string
  buyerId: string
}

export interface ShopBuyerRow extends ShopBuyerKey {
  nickname: string
  channel: BuyerChannel
  since: string
  orderCount: number
  paidFen: number
  lastOrderAt: string | null
}

/** What a buyer has bought in a shop so far. */
export interface BuyerFigures extends ShopBuyerKey {
  orderCount: number
  paidFen: number
  lastOrderAt: string | null
  firstOrderAt: string
}

const COLUMNS = sql`shop_id, buyer_id, nickname, channel, since, order_count, paid_fen, last_order_at`

/** Those of the pairs that are not yet buyers of their shop. */
export const strangersAmong = (tx: Tx, keys: readonly ShopBuyerKey[]): Promise<ShopBuyerKey[]> =>
  tx.rows<ShopBuyerKey>(sql`
    select distinct k.shop_id, k.buyer_id
    from unnest(${shops(keys)}::uuid[], ${buyers(keys)}::uuid[]) as k(shop_id, buyer_id)
    where not exists (select from shop_buyers s where s.shop_id = k.shop_id and s.buyer_id = k.buyer_id)`)

/** Makes people buyers of shops; who is one already stays as known. */
export async function insertShopBuyers(
  tx: Tx,
  rows: readonly (ShopBuyerKey & { nickname: string; channel: BuyerChannel; since: string })[],
): Promise<void> {
  await tx.exec(sql`
    insert into shop_buyers (shop_id, buyer_id, nickname, channel, since)
    select * from unnest(${shops(rows)}::uuid[], ${buyers(rows)}::uuid[], ${textArray(rows.map((row) => row.nickname))}::text[],
      ${plainArray(rows.map((row) => row.channel))}::text[], ${plainArray(rows.map((row) => row.since))}::timestamptz[])
    on conflict do nothing`)
}

/** Locks the rows in order, so that what is reckoned next is written before somebody else reckons. */
export async function lockShopBuyers(tx: Tx, keys: readonly ShopBuyerKey[]): Promise<void> {
  await tx.rows(sql`
    select 1 from shop_buyers s
    join unnest(${shops(keys)}::uuid[], ${buyers(keys)}::uuid[]) as k(shop_id, buyer_id) using (shop_id, buyer_id)
    order by s.shop_id, s.buyer_id for update of s`)
}

export async function writeFigures(tx: Tx, rows: readonly BuyerFigures[]): Promise<void> {
  await tx.exec(sql`
    update shop_buyers s set order_count = f.order_count, paid_fen = f.paid_fen, last_order_at = f.last_order_at,
      since = least(s.since, f.first_order_at)
    from unnest(${shops(rows)}::uuid[], ${buyers(rows)}::uuid[], ${rows.map((row) => row.orderCount)}::int[],
      ${rows.map((row) => row.paidFen)}::bigint[], ${rows.map((row) => row.lastOrderAt)}::timestamptz[],
      ${rows.map((row) => row.firstOrderAt)}::timestamptz[])
      as f(shop_id, buyer_id, order_count, paid_fen, last_order_at, first_order_at)
    where s.shop_id = f.shop_id and s.buyer_id = f.buyer_id`)
}

export const findShopBuyer = (tx: Tx, { shopId, buyerId }: ShopBuyerKey): Promise<ShopBuyerRow | undefined> =>
  tx.maybe<ShopBuyerRow>(sql`select ${COLUMNS} from shop_buyers where shop_id = ${shopId} and buyer_id = ${buyerId}`)

export const shopsOfBuyer = async (tx: Tx, buyerId: string): Promise<string[]> =>
  (
    await tx.rows<{ shopId: string }>(sql`select shop_id from shop_buyers where buyer_id = ${buyerId} order by shop_id`)
  ).map(({ shopId }) => shopId)

/** The name of a buyer in every shop. Scope `system`. */
export async function renameShopBuyer(tx: Tx, buyerId: string, nickname: string): Promise<void> {
  await tx.exec(sql`update shop_buyers set nickname = ${nickname} where buyer_id = ${buyerId}`)
}

export async function moveShopBuyers(tx: Tx, fromBuyerId: string, buyerId: string, nickname: string): Promise<void> {
  await tx.exec(sql`
    insert into shop_buyers as s (shop_id, buyer_id, nickname, channel, since)
    select shop_id, ${buyerId}, ${nickname}, channel, since from shop_buyers where buyer_id = ${fromBuyerId}
    on conflict (shop_id, buyer_id) do update set since = least(s.since, excluded.since)`)
  await tx.exec(sql`delete from shop_buyers where buyer_id = ${fromBuyerId}`)
}

export interface BuyerFilter {
  channel?: BuyerChannel | undefined
  orders?: 'none' | 'once' | 'more' | undefined
  from?: string | undefined
  to?: string | undefined
  /** Among these, or with this in the nickname. */
  search?: { buyerIds: readonly string[]; nickname: string } | undefined
  /** One more condition on `shop_buyers`. */
  more?: Sql | undefined
  sort: BuyerSort
  after?: { value: string | number; id: string } | undefined
  limit: number
}

const NEVER = '-infinity'
const ORDERS = { none: sql`order_count = 0`, once: sql`order_count = 1`, more: sql`order_count > 1` }
const SORTS = {
  since: { by: sql`since`, type: sql`timestamptz` },
  'last-order': { by: sql`coalesce(last_order_at, '-infinity'::timestamptz)`, type: sql`timestamptz` },
  paid: { by: sql`paid_fen`, type: sql`bigint` },
  orders: { by: sql`order_count`, type: sql`integer` },
} as const

const columnOf = (sort: BuyerSort): keyof typeof SORTS => sort.replace(/^-/, '') as keyof typeof SORTS

/** What a list goes on after. */
export const placeOf = (sort: BuyerSort, row: ShopBuyerRow): { value: string | number; id: string } => {
  const values = { since: row.since, 'last-order': row.lastOrderAt ?? NEVER, paid: row.paidFen, orders: row.orderCount }
  return { value: values[columnOf(sort)], id: row.buyerId }
}

export async function listShopBuyers(tx: Tx, shopId: string, filter: BuyerFilter): Promise<ShopBuyerRow[]> {
  const { by, type } = SORTS[columnOf(filter.sort)]
  const [direction, beyond] = filter.sort.startsWith('-') ? [sql`desc`, sql`<`] : [sql`asc`, sql`>`]
  const where: Sql[] = [sql`shop_id = ${shopId}`]
  if (filter.channel) where.push(sql`channel = ${filter.channel}`)
  if (filter.orders) where.push(ORDERS[filter.orders])
  if (filter.from) where.push(sql`since >= ${filter.from}`)
  if (filter.to) where.push(sql`since < ${filter.to}`)
  if (filter.more) where.push(filter.more)
  if (filter.search) {
    const { buyerIds, nickname } = filter.search
    where.push(sql`(buyer_id = any(${plainArray(buyerIds)}::uuid[]) or nickname ilike ${containing(nickname)})`)
  }
  if (filter.after)
    where.push(sql`(${by}, buyer_id) ${beyond} (${filter.after.value}::${type}, ${filter.after.id}::uuid)`)
  return tx.rows<ShopBuyerRow>(sql`
    select ${COLUMNS} from shop_buyers where ${join(where, ' and ')}
    order by ${by} ${direction}, buyer_id ${direction} limit ${filter.limit}`)
}

const shops = (keys: readonly ShopBuyerKey[]) => plainArray(keys.map(({ shopId }) => shopId))
const buyers = (keys: readonly ShopBuyerKey[]) => plainArray(keys.map(({ buyerId }) => buyerId))
