import type { CredentialName } from '@zhanggui/contract'
import { plainArray } from '../../kernel/arrays.ts'
import { sql, type Tx } from '../../kernel/db.ts'

export interface SealedCredential {
  name: CredentialName
  sealed: string
}

export const sealedCredentials = (tx: Tx, shopId: string, accountId: string): Promise<SealedCredential[]> =>
  tx.rows<SealedCredential>(sql`
    select name, sealed from channel_credentials where shop_id = ${shopId} and account_id = ${accountId}`)

export async function putCredential(
  tx: Tx,
  shopId: string,
  accountId: string,
  credential: SealedCredential & { last4: string; at: string; by: string },
): Promise<void> {
  const { name, sealed, last4, at, by } = credential
  await tx.exec(sql`
    insert into channel_credentials (shop_id, account_id, name, sealed, last4, set_at, set_by)
    values (${shopId}, ${accountId}, ${name}, ${sealed}, ${last4}, ${at}, ${by.slice(0, 200)})
    on conflict (shop_id, account_id, name) do update set sealed = excluded.sealed, last4 = excluded.last4,
      set_at = excluded.set_at, set_by = excluded.set_by`)
}

export async function dropCredential(tx: Tx, shopId: string, accountId: string, name: CredentialName): Promise<void> {
  await tx.exec(sql`
    delete from channel_credentials where shop_id = ${shopId} and account_id = ${accountId} and name = ${name}`)
}

/** What a connection test came to; `at` null: untested. */
export async function setConnection(
  tx: Tx,
  shopId: string,
  accountId: string,
  test: { state: 'untested' | 'ok' | 'failed'; at: string | null; ms: number | null; message: string },
): Promise<void> {
  await tx.exec(sql`
    update channel_accounts set connection_state = ${test.state}, connection_at = ${test.at},
      connection_ms = ${test.ms}, connection_message = ${test.message.slice(0, 300)}
    where shop_id = ${shopId} and id = ${accountId}`)
}

export const accountByCode = (tx: Tx, shopId: string, code: string) =>
  tx.maybe<{ id: string }>(sql`select id from channel_accounts where shop_id = ${shopId} and code = ${code}`)

export interface Arrival {
  shopId: string
  accountId: string
  visitorId: string
  isBuyer: boolean
  at: string
  day: string
}

/** Remembers that a visitor came; many times at once are one touch and one visit of the day. */
export async function recordArrival(
  tx: Tx,
  { shopId, accountId, visitorId, isBuyer, at, day }: Arrival,
): Promise<void> {
  await tx.exec(sql`
    insert into channel_touches (shop_id, visitor_id, account_id, is_buyer, first_at, last_at)
    values (${shopId}, ${visitorId}, ${accountId}, ${isBuyer}, ${at}, ${at})
    on conflict (shop_id, visitor_id, account_id) do update
      set last_at = greatest(channel_touches.last_at, excluded.last_at),
        is_buyer = channel_touches.is_buyer or excluded.is_buyer`)
  await tx.exec(sql`
    insert into channel_visits (shop_id, account_id, day, visitor_id)
    values (${shopId}, ${accountId}, ${day}::date, ${visitorId}) on conflict do nothing`)
}

/** What one visitor left becomes another's: a guest signed in, or two buyers are one. Scope `system`. */
export async function moveVisitor(tx: Tx, fromId: string, buyerId: string): Promise<void> {
  await tx.exec(sql`
    insert into channel_touches (shop_id, visitor_id, account_id, is_buyer, first_at, last_at)
    select shop_id, ${buyerId}, account_id, true, first_at, last_at from channel_touches where visitor_id = ${fromId}
    on conflict (shop_id, visitor_id, account_id) do update set is_buyer = true,
      first_at = least(channel_touches.first_at, excluded.first_at),
      last_at = greatest(channel_touches.last_at, excluded.last_at)`)
  await tx.exec(sql`delete from channel_touches where visitor_id = ${fromId}`)
}

/** The account that each buyer came through last, not before `since`; absent for who came by none. */
export async function lastTouches(
  tx: Tx,
  wanted: readonly { shopId: string; buyerId: string; since: string }[],
): Promise<Map<string, string>> {
  const rows = await tx.rows<{ shopId: string; buyerId: string; accountId: string }>(sql`
    select distinct on (t.shop_id, t.visitor_id) t.shop_id, t.visitor_id as buyer_id, t.account_id
    from unnest(${plainArray(wanted.map((each) => each.shopId))}::uuid[],
      ${plainArray(wanted.map((each) => each.buyerId))}::uuid[],
      ${plainArray(wanted.map((each) => each.since))}::timestamptz[]) as w(shop_id, buyer_id, since)
    join channel_touches t on t.shop_id = w.shop_id and t.visitor_id = w.buyer_id and t.last_at >= w.since
    order by t.shop_id, t.visitor_id, t.last_at desc, t.account_id`)
  return new Map(rows.map((row) => [`${row.shopId}/${row.buyerId}`, row.accountId]))
}

/** Visitors of each account in business days, each person once. */
export const visitorsByAccount = async (
  tx: Tx,
  shopId: string,
  { from, to }: { from: string; to: string },
): Promise<Map<string, number>> =>
  new Map(
    (
      await tx.rows<{ accountId: string; visitors: number }>(sql`
        select account_id, count(distinct visitor_id) as visitors from channel_visits
        where shop_id = ${shopId} and day between ${from}::date and ${to}::date group by account_id`)
    ).map((row) => [row.accountId, row.visitors]),
  )

/** Visits, and guests who never signed in, from before. Scope `system`. Answers how many rows went. */
export async function forgetVisits(tx: Tx, before: { day: string; at: string }): Promise<number> {
  return (
    (await tx.exec(sql`delete from channel_visits where day < ${before.day}::date`)) +
    (await tx.exec(sql`delete from channel_touches where not is_buyer and last_at < ${before.at}`))
  )
}

/** How many buyers came through each of the accounts since, and how many through both of each pair. */
export async function audiences(
  tx: Tx,
  shopId: string,
  accountIds: readonly string[],
  since: string,
): Promise<{ buyers: Map<string, number>; shared: { a: string; b: string; count: number }[] }> {
  const ids = accountIds as string[]
  const buyers = await tx.rows<{ accountId: string; count: number }>(sql`
    select account_id, count(*) as count from channel_touches
    where shop_id = ${shopId} and account_id = any(${ids}::uuid[]) and is_buyer and last_at >= ${since}
    group by account_id`)
  const shared = await tx.rows<{ a: string; b: string; count: number }>(sql`
    select x.account_id as a, y.account_id as b, count(*) as count
    from channel_touches x join channel_touches y
      on y.shop_id = x.shop_id and y.visitor_id = x.visitor_id and y.account_id > x.account_id
    where x.shop_id = ${shopId} and x.account_id = any(${ids}::uuid[]) and y.account_id = any(${ids}::uuid[])
      and x.is_buyer and y.is_buyer and x.last_at >= ${since} and y.last_at >= ${since}
    group by x.account_id, y.account_id`)
  return { buyers: new Map(buyers.map((row) => [row.accountId, row.count])), shared }
}
