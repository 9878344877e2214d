import { empty, sql, type Tx } from '../../kernel/db.ts'

export interface BuyerRow {
  buyerId: string
  nickname: string
  avatarUrl: string | null
  phoneMasked: string | null
  birthdayCipher: string | null
  createdAt: string
  /** The account is being deleted, or is deleted. */
  closedAt: string | null
}

const BUYER = sql`buyer_id, nickname, avatar_url, phone_masked, birthday_cipher, created_at, closed_at`

export const buyerById = (tx: Tx, buyerId: string) =>
  tx.maybe<BuyerRow>(
    sql`select ${BUYER} from buyers where buyer_id = ${buyerId} and merged_into is null and closed_at is null`,
  )

/** Who a buyer is now: the buyer itself, or the one it was merged into, however often. */
export async function liveBuyer(tx: Tx, buyerId: string): Promise<string> {
  const row = await tx.one<{ buyerId: string }>(sql`
    with recursive trail as (
      select buyer_id, merged_into from buyers where buyer_id = ${buyerId}
      union all select b.buyer_id, b.merged_into from buyers b join trail t on b.buyer_id = t.merged_into)
    select buyer_id from trail where merged_into is null`)
  return row.buyerId
}

/** Whether one of the accounts is being deleted. */
export const anyClosed = async (tx: Tx, buyerIds: readonly string[]): Promise<boolean> =>
  (await closedAmong(tx, buyerIds)).size > 0

/** Those of the accounts that are being deleted, or are deleted. */
export async function closedAmong(tx: Tx, buyerIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.rows<{ buyerId: string }>(sql`
    select buyer_id from buyers where buyer_id = any(${buyerIds as string[]}::uuid[]) and closed_at is not null`)
  return new Set(rows.map(({ buyerId }) => buyerId))
}

export const buyersByIds = (tx: Tx, ids: readonly string[]) =>
  tx.rows<BuyerRow>(sql`select ${BUYER} from buyers where buyer_id = any(${ids as string[]}::uuid[])`)

export async function insertBuyer(
  tx: Tx,
  buyer: { buyerId: string; nickname: string; avatarUrl: string | null; at: string },
): Promise<void> {
  await tx.exec(sql`
    insert into buyers (buyer_id, nickname, avatar_url, created_at)
    values (${buyer.buyerId}, ${buyer.nickname}, ${buyer.avatarUrl}, ${buyer.at})`)
}

/** What of a profile is to change; what is left out stays. */
export interface ProfileChange {
  nickname?: string | undefined
  avatarUrl?: string | undefined
  /** Sealed; null takes it away. */
  birthdayCipher?: string | null | undefined
}

/** Answers whether there is such an account. */
export async function updateProfile(tx: Tx, buyerId: string, change: ProfileChange): Promise<boolean> {
  const { nickname, avatarUrl, birthdayCipher } = change
  const changed = await tx.exec(sql`
    update buyers set nickname = coalesce(${nickname ?? null}, nickname),
      avatar_url = coalesce(${avatarUrl ?? null}, avatar_url)
      ${birthdayCipher === undefined ? empty : sql`, birthday_cipher = ${birthdayCipher}`}
    where buyer_id = ${buyerId} and merged_into is null and closed_at is null`)
  return changed === 1
}

export async function setPhone(tx: Tx, buyerId: string, phoneCipher: string, phoneMasked: string): Promise<void> {
  await tx.exec(
    sql`update buyers set phone_cipher = ${phoneCipher}, phone_masked = ${phoneMasked} where buyer_id = ${buyerId}`,
  )
}

export interface IdentityName {
  /** `mini:<appid>`, `mp:<appid>`, `unionid` or `phone`. */
  kind: string
  /** OpenID, UnionID, or the keyed hash of the phone. */
  subject: string
}

export const identitiesNamed = (tx: Tx, names: readonly IdentityName[]) =>
  tx.rows<IdentityName & { buyerId: string }>(sql`
    select i.kind, i.subject, i.buyer_id from buyer_identities i
    join unnest(${names.map((name) => name.kind)}::text[], ${names.map((name) => name.subject)}::text[]) as n(kind, subject)
      using (kind, subject) order by i.created_at, i.buyer_id`)

export const identitiesOf = (tx: Tx, buyerId: string) =>
  tx.rows<IdentityName>(sql`select kind, subject from buyer_identities where buyer_id = ${buyerId}`)

/** The kind of each buyer's first WeChat account. */
export async function channelsOf(tx: Tx, buyerIds: readonly string[]): Promise<Map<string, 'mini' | 'mp'>> {
  const rows = await tx.rows<{ buyerId: string; channel: 'mini' | 'mp' }>(sql`
    select distinct on (buyer_id) buyer_id, split_part(kind, ':', 1) as channel from buyer_identities
    where buyer_id = any(${buyerIds as string[]}::uuid[]) and (kind like 'mini:%' or kind like 'mp:%')
    order by buyer_id, created_at, kind`)
  return new Map(rows.map(({ buyerId, channel }) => [buyerId, channel]))
}

export async function addIdentities(
  tx: Tx,
  buyerId: string,
  names: readonly IdentityName[],
  at: string,
): Promise<void> {
  await tx.exec(sql`
    insert into buyer_identities (kind, subject, buyer_id, created_at)
    select kind, subject, ${buyerId}, ${at} from unnest(${names.map((name) => name.kind)}::text[], ${names.map((name) => name.subject)}::text[]) as n(kind, subject)
    on conflict (kind, subject) do nothing`)
}

/** A buyer has one phone: the old one stops to be a way to be found. */
export async function removeIdentities(tx: Tx, buyerId: string, kind: string): Promise<void> {
  await tx.exec(sql`delete from buyer_identities where buyer_id = ${buyerId} and kind = ${kind}`)
}

/** Moves identities, sessions and addresses of one buyer to another and marks the record as merged. */
export async function moveBuyer(tx: Tx, fromBuyerId: string, buyerId: string, at: string): Promise<void> {
  await tx.exec(sql`update buyer_identities set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
  await tx.exec(sql`update buyer_sessions set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
  await tx.exec(sql`
    insert into buyer_addresses (buyer_id, id, personal_cipher, province, city, district, street, label, is_default, created_at, removed_at)
    select ${buyerId}, id, personal_cipher, province, city, district, street, label,
      is_default and not exists (select from buyer_addresses d where d.buyer_id = ${buyerId} and d.is_default), created_at,
      removed_at
    from buyer_addresses where buyer_id = ${fromBuyerId}`)
  await tx.exec(sql`delete from buyer_addresses where buyer_id = ${fromBuyerId}`)
  await tx.exec(sql`
    update buyers b set phone_cipher = coalesce(b.phone_cipher, f.phone_cipher),
      phone_masked = coalesce(b.phone_masked, f.phone_masked),
      birthday_cipher = coalesce(b.birthday_cipher, f.birthday_cipher)
    from buyers f where b.buyer_id = ${buyerId} and f.buyer_id = ${fromBuyerId}`)
  await tx.exec(sql`
    update buyers set merged_into = ${buyerId}, merged_at = ${at}, phone_cipher = null, phone_masked = null,
      birthday_cipher = null
    where buyer_id = ${fromBuyerId}`)
}

export async function insertBuyerSession(
  tx: Tx,
  session: { id: string; tokenHash: string; buyerId: string; at: string; expiresAt: string },
): Promise<void> {
  await tx.exec(sql`
    insert into buyer_sessions (id, token_hash, buyer_id, created_at, expires_at)
    values (${session.id}, ${session.tokenHash}, ${session.buyerId}, ${session.at}, ${session.expiresAt})`)
}

/** Live sessions by the hash of their token. */
export async function buyerSessions(
  tx: Tx,
  tokenHashes: readonly string[],
  at: string,
): Promise<Map<string, { sessionId: string; buyerId: string }>> {
  const rows = await tx.prepared<{ tokenHash: string; sessionId: string; buyerId: string }>(
    'identity-buyer-sessions',
    'select token_hash, id as session_id, buyer_id from buyer_sessions where token_hash = any($1::text[]) and expires_at > $2',
    [tokenHashes, at],
  )
  return new Map(rows.map(({ tokenHash, ...session }) => [tokenHash, session]))
}

export async function endBuyerSession(tx: Tx, tokenHash: string): Promise<void> {
  await tx.exec(sql`delete from buyer_sessions where token_hash = ${tokenHash}`)
}

/** Removes sessions that are over; answers how many. */
export async function removeExpiredSessions(tx: Tx, at: string): Promise<number> {
  const buyers = await tx.exec(sql`delete from buyer_sessions where expires_at <= ${at}`)
  return buyers + (await tx.exec(sql`delete from staff_sessions where expires_at <= ${at}`))
}
