import { type Moment, type MomentPage, momentsAfter } from '../../kernel/buyer-part.ts'
import { sql, type Tx } from '../../kernel/db.ts'
import type { AddressRow } from './store-addresses.ts'

interface Whose {
  buyerId: string
}

export const registeredMoments = (tx: Tx, { buyerId }: Whose, page: MomentPage): Promise<Moment[]> =>
  tx.rows<Moment>(sql`
    select 'registered:' || buyer_id as id, created_at as at, '' as text, null as to from buyers
    where buyer_id = ${buyerId} ${momentsAfter(sql`created_at`, sql`'registered:' || buyer_id`, page)}`)

/** Sign-ins that are still in force. */
export const signInMoments = (tx: Tx, { buyerId }: Whose, page: MomentPage): Promise<Moment[]> =>
  tx.rows<Moment>(sql`
    select 'session:' || id as id, created_at as at, '' as text, null as to from buyer_sessions
    where buyer_id = ${buyerId} ${momentsAfter(sql`created_at`, sql`'session:' || id`, page)}`)

export const mergedMoments = (tx: Tx, { buyerId }: Whose, page: MomentPage): Promise<Moment[]> =>
  tx.rows<Moment>(sql`
    select 'merged:' || buyer_id as id, merged_at as at, nickname as text, null as to from buyers
    where merged_into = ${buyerId} and merged_at is not null
      ${momentsAfter(sql`merged_at`, sql`'merged:' || buyer_id`, page)}`)

export interface KnownBuyer {
  buyerId: string
  nickname: string
  avatarUrl: string | null
  phoneCipher: string | null
  birthdayCipher: string | null
  createdAt: string
  /** Kinds and subjects as WeChat names the person. */
  identities: string[]
}

export const knownBuyer = (tx: Tx, buyerId: string): Promise<KnownBuyer | undefined> =>
  tx.maybe<KnownBuyer>(sql`
    select b.buyer_id, b.nickname, b.avatar_url, b.phone_cipher, b.birthday_cipher, b.created_at,
      array(select i.kind || '=' || i.subject from buyer_identities i
        where i.buyer_id = b.buyer_id and i.kind <> 'phone' order by i.kind) as identities
    from buyers b where b.buyer_id = ${buyerId}`)

export const sealedPhones = (
  tx: Tx,
  buyerIds: readonly string[],
): Promise<{ buyerId: string; phoneCipher: string }[]> =>
  tx.rows(sql`
    select buyer_id, phone_cipher from buyers
    where buyer_id = any(${buyerIds as string[]}::uuid[]) and phone_cipher is not null`)

/** Also those that were removed and can still be taken back. */
export const allAddressesOf = (tx: Tx, buyerId: string): Promise<AddressRow[]> =>
  tx.rows<AddressRow>(sql`
    select id, personal_cipher, province, city, district, street, label, is_default from buyer_addresses
    where buyer_id = ${buyerId} order by id`)

export const sessionsOf = (tx: Tx, buyerId: string, limit: number): Promise<Record<string, unknown>[]> =>
  tx.rows(sql`
    select created_at, expires_at from buyer_sessions where buyer_id = ${buyerId} order by created_at desc limit ${limit}`)

/** Nobody signs in or orders from now on. */
export async function closeBuyer(tx: Tx, buyerId: string, at: string): Promise<void> {
  await tx.exec(sql`update buyers set closed_at = coalesce(closed_at, ${at}) where buyer_id = ${buyerId}`)
  await endSessions(tx, buyerId)
}

/** Something stood in the way after all. */
export async function reopenBuyer(tx: Tx, buyerId: string): Promise<void> {
  await tx.exec(sql`update buyers set closed_at = null where buyer_id = ${buyerId} and erased_at is null`)
}

export async function endSessions(tx: Tx, buyerId: string): Promise<void> {
  await tx.exec(sql`delete from buyer_sessions where buyer_id = ${buyerId}`)
}

/** Leaves a row without a person, and none of those that were merged into it has one either. */
export async function eraseBuyer(tx: Tx, buyerId: string, nickname: string, at: string): Promise<void> {
  await tx.exec(sql`delete from buyer_addresses where buyer_id = ${buyerId}`)
  await tx.exec(sql`delete from buyer_identities where buyer_id = ${buyerId}`)
  await endSessions(tx, buyerId)
  await tx.exec(sql`
    with recursive own as (
      select buyer_id from buyers where buyer_id = ${buyerId}
      union all select b.buyer_id from buyers b join own o on b.merged_into = o.buyer_id)
    update buyers set nickname = ${nickname}, avatar_url = null, phone_cipher = null, phone_masked = null,
      birthday_cipher = null, closed_at = coalesce(closed_at, ${at}), erased_at = ${at}
    where buyer_id in (select buyer_id from own)`)
}
