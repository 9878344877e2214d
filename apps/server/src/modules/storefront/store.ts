import { type Sql, sql, type Tx } from '../../kernel/db.ts'
import { lockInOrder } from '../../kernel/locks.ts'

export type SharedPage = 'home' | 'detail' | 'page'

interface ShareKey {
  shopId: string
  page: SharedPage
  subject: string
  sharerId: string
}

export async function shareOf(tx: Tx, { shopId, page, subject, sharerId }: ShareKey): Promise<string | undefined> {
  const row = await tx.maybe<{ code: string }>(sql`
    select code from share_links
    where shop_id = ${shopId} and page = ${page} and subject = ${subject} and sharer_id = ${sharerId}`)
  return row?.code
}

/** Answers whether it was written: somebody may have been faster with the same page. */
export async function insertShare(tx: Tx, share: ShareKey & { code: string; at: string }): Promise<boolean> {
  const { shopId, page, subject, sharerId, code, at } = share
  const inserted = await tx.exec(sql`
    insert into share_links (shop_id, code, page, subject, sharer_id, created_at)
    values (${shopId}, ${code}, ${page}, ${subject}, ${sharerId}, ${at})
    on conflict do nothing`)
  return inserted === 1
}

/** Who shared under a code; undefined for a code that was never given out. */
export async function sharerOf(tx: Tx, shopId: string, code: string): Promise<string | undefined> {
  const row = await tx.maybe<{ sharerId: string }>(sql`
    select sharer_id from share_links where shop_id = ${shopId} and ${codeIs(code)} order by code limit 1`)
  return row?.sharerId
}

const WHOLE_CODE = 10

/** A mini program code has room for the beginning of a code only: 57^8 of them, so that none stands for two in practice. */
const codeIs = (code: string): Sql =>
  code.length < WHOLE_CODE ? sql`code >= ${code} and starts_with(code, ${code})` : sql`code = ${code}`

/** What was shared under a code; undefined for a code that was never given out. */
export const shareByCode = (
  tx: Tx,
  shopId: string,
  code: string,
): Promise<{ page: SharedPage; subject: string } | undefined> =>
  tx.maybe(sql`select page, subject from share_links where shop_id = ${shopId} and code = ${code}`)

/** A buyer's shares go to the buyer that it was merged into, unless that one shares the page already. */
export async function moveShares(tx: Tx, fromBuyerId: string, buyerId: string): Promise<void> {
  await tx.exec(sql`
    update share_links s set sharer_id = ${buyerId} where s.sharer_id = ${fromBuyerId} and not exists (
      select 1 from share_links o where o.shop_id = s.shop_id and o.page = s.page and o.subject = s.subject
        and o.sharer_id = ${buyerId})`)
}

export interface ReminderRow {
  skuId: string
  createdAt: string
}

/** Makes the buyer wait for the SKU; who waits already keeps the place in the queue. */
export async function upsertReminder(
  tx: Tx,
  reminder: { shopId: string; id: string; skuId: string; productId: string; buyerId: string; at: string },
): Promise<ReminderRow> {
  const { shopId, id, skuId, productId, buyerId, at } = reminder
  return tx.one<ReminderRow>(sql`
    insert into restock_reminders (shop_id, id, sku_id, product_id, buyer_id, created_at)
    values (${shopId}, ${id}, ${skuId}, ${productId}, ${buyerId}, ${at})
    on conflict (shop_id, sku_id, buyer_id) do update set
      created_at = case when restock_reminders.told_at is null then restock_reminders.created_at else excluded.created_at end,
      told_at = null
    returning sku_id, created_at`)
}

export async function removeReminder(tx: Tx, shopId: string, skuId: string, buyerId: string): Promise<void> {
  await tx.exec(sql`
    delete from restock_reminders where shop_id = ${shopId} and sku_id = ${skuId} and buyer_id = ${buyerId}`)
}

export const remindersOf = (tx: Tx, shopId: string, productId: string, buyerId: string): Promise<ReminderRow[]> =>
  tx.rows<ReminderRow>(sql`
    select sku_id, created_at from restock_reminders
    where shop_id = ${shopId} and buyer_id = ${buyerId} and product_id = ${productId} and told_at is null
    order by created_at limit 200`)

/** SKUs of a shop that somebody waits for; of the given ones, when they are given. */
export async function waitedFor(tx: Tx, shopId: string, skuIds: readonly string[] | undefined): Promise<string[]> {
  const among = skuIds === undefined ? sql`` : sql`and sku_id = any(${skuIds as string[]}::uuid[])`
  const rows = await tx.rows<{ skuId: string }>(sql`
    select distinct sku_id from restock_reminders where shop_id = ${shopId} and told_at is null ${among} limit 5000`)
  return rows.map(({ skuId }) => skuId)
}

/** Shops in which somebody waits, in id order. Scope `system`. */
export async function shopsWaiting(tx: Tx): Promise<string[]> {
  const rows = await tx.rows<{ shopId: string }>(sql`
    select distinct shop_id from restock_reminders where told_at is null order by shop_id`)
  return rows.map(({ shopId }) => shopId)
}

export interface ToldRow {
  id: string
  skuId: string
  productId: string
  buyerId: string
  createdAt: string
}

/** Held by whoever tells those who wait in a shop, so that what one pass has told counts for the next. */
export const lockTelling = (tx: Tx, shopId: string): Promise<void> => lockInOrder(tx, [`restock:${shopId}`])

/** How many were told about each SKU since an instant. */
export async function toldSince(
  tx: Tx,
  shopId: string,
  skuIds: readonly string[],
  since: string,
): Promise<Map<string, number>> {
  const rows = await tx.rows<{ skuId: string; count: number }>(sql`
    select sku_id, count(*) as count from restock_reminders
    where shop_id = ${shopId} and sku_id = any(${skuIds as string[]}::uuid[]) and told_at >= ${since} group by sku_id`)
  return new Map(rows.map(({ skuId, count }) => [skuId, count]))
}

/** Marks as told, for each SKU, those who have waited longest, as many as it may have; at most `limit` in all. */
export async function markTold(
  tx: Tx,
  shopId: string,
  quotas: readonly { skuId: string; most: number }[],
  at: string,
  limit: number,
): Promise<ToldRow[]> {
  const told = await tx.rows<ToldRow>(sql`
    with quota as (
      select * from unnest(${quotas.map(({ skuId }) => skuId)}::uuid[], ${quotas.map(({ most }) => most)}::int[])
        as q(sku_id, most)
    ), chosen as (
      select r.id from quota q cross join lateral (
        select id from restock_reminders
        where shop_id = ${shopId} and sku_id = q.sku_id and told_at is null
        order by created_at, id limit q.most) r
      limit ${limit}
    )
    update restock_reminders set told_at = ${at}
    where shop_id = ${shopId} and id in (select id from chosen)
    returning id, sku_id, product_id, buyer_id, created_at`)
  return told.sort((a, b) => (a.createdAt + a.id < b.createdAt + b.id ? -1 : 1))
}

/** A buyer's reminders go to the buyer that it was merged into; where both wait, the other's stays. */
export async function moveReminders(tx: Tx, fromBuyerId: string, buyerId: string): Promise<void> {
  await tx.exec(sql`
    delete from restock_reminders r where r.buyer_id = ${fromBuyerId} and exists (
      select 1 from restock_reminders o where o.shop_id = r.shop_id and o.sku_id = r.sku_id and o.buyer_id = ${buyerId})`)
  await tx.exec(sql`update restock_reminders set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
}
