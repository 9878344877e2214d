import { sql, type Tx } from '../../kernel/db.ts'

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

const ADDRESS = sql`id, personal_cipher, province, city, district, street, label, is_default`

export const listAddresses = (tx: Tx, buyerId: string) =>
  tx.rows<AddressRow>(
    sql`select ${ADDRESS} from buyer_addresses where buyer_id = ${buyerId} and removed_at is null order by is_default desc, id desc limit 20`,
  )

export const countAddresses = async (tx: Tx, buyerId: string) =>
  (
    await tx.one<{ count: number }>(
      sql`select count(*) as count from buyer_addresses where buyer_id = ${buyerId} and removed_at is null`,
    )
  ).count

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
      where buyer_id = ${buyerId} and id = ${row.id} and removed_at is null`)) === 1
  )
}

/** Takes an address out of the book; it can be put back until it is deleted for good. */
export async function removeAddress(tx: Tx, buyerId: string, id: string, at: string): Promise<boolean> {
  return (
    (await tx.exec(sql`
      update buyer_addresses set removed_at = ${at}, is_default = false
      where buyer_id = ${buyerId} and id = ${id} and removed_at is null`)) === 1
  )
}

/** Puts an address back that was removed after `since`. */
export const restoreAddress = (tx: Tx, buyerId: string, id: string, since: string): Promise<AddressRow | undefined> =>
  tx.maybe<AddressRow>(sql`
    update buyer_addresses set removed_at = null
    where buyer_id = ${buyerId} and id = ${id} and removed_at > ${since} returning ${ADDRESS}`)

/** Deletes for good what was removed before an instant; answers how many. Scope `system`. */
export const deleteRemovedAddresses = (tx: Tx, before: string): Promise<number> =>
  tx.exec(sql`delete from buyer_addresses where removed_at <= ${before}`)
