import { sql, type Tx } from '../../kernel/db.ts'

export interface BuyerRow {
  buyerId: string
  nickname: string
  avatarUrl: string | null
  phoneMasked: string | null
  createdAt: string
}

export interface AddressRow {
  id: string
  personalCipher: string
  province: string
  city: string
  district: string
  street: string
  label: string
  isDefault: boolean
}

const BUYER = sql`buyer_id, nickname, avatar_url, phone_masked, created_at`
const ADDRESS = sql`id, personal_cipher, province, city, district, street, label, is_default`

export const buyerById = (tx: Tx, buyerId: string) =>
  tx.maybe<BuyerRow>(sql`select ${BUYER} from buyers where buyer_id = ${buyerId} and merged_into is null`)

/** Who a buyer is now: the buyer itself, or the one it was merged into, however often. */
export async function liveBuyer(tx: Tx, buyerId: string): Promise<string> {
  const row = await tx.one<{ buyerId: string }>(sql`
    with recursive trail as (
      select buyer_id, merged_into from buyers where buyer_id = ${buyerId}
      union all select b.buyer_id, b.merged_into from buyers b join trail t on b.buyer_id = t.merged_into)
    select buyer_id from trail where merged_into is null`)
  return row.buyerId
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

export async function renameBuyer(tx: Tx, buyerId: string, nickname: string): Promise<void> {
  await tx.exec(sql`update buyers set nickname = ${nickname} where buyer_id = ${buyerId}`)
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
export async function moveBuyer(tx: Tx, fromBuyerId: string, buyerId: string): Promise<void> {
  await tx.exec(sql`update buyer_identities set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
  await tx.exec(sql`update buyer_sessions set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
  await tx.exec(sql`
    insert into buyer_addresses (buyer_id, id, personal_cipher, province, city, district, street, label, is_default, created_at)
    select ${buyerId}, id, personal_cipher, province, city, district, street, label,
      is_default and not exists (select from buyer_addresses d where d.buyer_id = ${buyerId} and d.is_default), created_at
    from buyer_addresses where buyer_id = ${fromBuyerId}`)
  await tx.exec(sql`delete from buyer_addresses where buyer_id = ${fromBuyerId}`)
  await tx.exec(sql`
    update buyers b set phone_cipher = coalesce(b.phone_cipher, f.phone_cipher), phone_masked = coalesce(b.phone_masked, f.phone_masked)
    from buyers f where b.buyer_id = ${buyerId} and f.buyer_id = ${fromBuyerId}`)
  await tx.exec(
    sql`update buyers set merged_into = ${buyerId}, phone_cipher = null, phone_masked = null where buyer_id = ${fromBuyerId}`,
  )
}

export async function insertBuyerSession(
  tx: Tx,
  session: { id: string; tokenHash: string; buyerId: string; at: string; expiresAt: string },
): Promise<void> {
  await tx.exec(sql`
    insert into buyer_sessions (id, token_hash, buyer_id, created_at, expires_at)
    values (${session.id}, ${session.tokenHash}, ${session.buyerId}, ${session.at}, ${session.expiresAt})`)
}

export const buyerSession = (tx: Tx, tokenHash: string, at: string) =>
  tx.maybe<{ sessionId: string; buyerId: string }>(sql`
    select id as session_id, buyer_id from buyer_sessions where token_hash = ${tokenHash} and expires_at > ${at}`)

export async function endBuyerSession(tx: Tx, tokenHash: string): Promise<void> {
  await tx.exec(sql`delete from buyer_sessions where token_hash = ${tokenHash}`)
}

/** Removes sessions that are over; answers how many. */
export async function removeExpiredSessions(tx: Tx, at: string): Promise<number> {
  const buyers = await tx.exec(sql`delete from buyer_sessions where expires_at <= ${at}`)
  return buyers + (await tx.exec(sql`delete from staff_sessions where expires_at <= ${at}`))
}

export const listAddresses = (tx: Tx, buyerId: string) =>
  tx.rows<AddressRow>(
    sql`select ${ADDRESS} from buyer_addresses where buyer_id = ${buyerId} order by is_default desc, id desc limit 20`,
  )

export const countAddresses = async (tx: Tx, buyerId: string) =>
  (await tx.one<{ count: number }>(sql`select count(*) as count from buyer_addresses where buyer_id = ${buyerId}`))
    .count

export async function clearDefaultAddress(tx: Tx, buyerId: string): Promise<void> {
  await tx.exec(sql`update buyer_addresses set is_default = false where buyer_id = ${buyerId} and is_default`)
}

export async function insertAddress(tx: Tx, buyerId: string, row: AddressRow, at: string): Promise<void> {
  await tx.exec(sql`
    insert into buyer_addresses (buyer_id, id, personal_cipher, province, city, district, street, label, is_default, created_at)
    values (${buyerId}, ${row.id}, ${row.personalCipher}, ${row.province}, ${row.city}, ${row.district}, ${row.street}, ${row.label}, ${row.isDefault}, ${at})`)
}

export async function updateAddress(tx: Tx, buyerId: string, row: AddressRow): Promise<boolean> {
  return (
    (await tx.exec(sql`
      update buyer_addresses set personal_cipher = ${row.personalCipher}, province = ${row.province}, city = ${row.city},
        district = ${row.district}, street = ${row.street}, label = ${row.label}, is_default = ${row.isDefault}
      where buyer_id = ${buyerId} and id = ${row.id}`)) === 1
  )
}

export async function deleteAddress(tx: Tx, buyerId: string, id: string): Promise<boolean> {
  return (await tx.exec(sql`delete from buyer_addresses where buyer_id = ${buyerId} and id = ${id}`)) === 1
}
