import { sql, type Tx } from '../../kernel/db.ts'

export interface PasskeyRow {
  id: string
  staffId: string
  credentialId: string
  publicKey: string
  counter: number
  transports: string[]
  name: string
  synced: boolean
  cloneSuspectedAt: string | null
  createdAt: string
  lastUsedAt: string | null
}

const PASSKEY = sql`id, staff_id, credential_id, public_key, counter, transports, name, synced, clone_suspected_at, created_at, last_used_at`

/** A member's passkeys, oldest first; bounded by what may be registered. */
export const passkeysOf = (tx: Tx, staffId: string) =>
  tx.rows<PasskeyRow>(
    sql`select ${PASSKEY} from staff_passkeys where staff_id = ${staffId} order by created_at, id limit 100`,
  )

export const passkeyByCredential = (tx: Tx, credentialId: string) =>
  tx.maybe<PasskeyRow>(sql`select ${PASSKEY} from staff_passkeys where credential_id = ${credentialId}`)

export async function insertPasskey(
  tx: Tx,
  key: Omit<PasskeyRow, 'cloneSuspectedAt' | 'lastUsedAt'>,
): Promise<boolean> {
  return (
    (await tx.exec(sql`
      insert into staff_passkeys (id, staff_id, credential_id, public_key, counter, transports, name, synced, created_at)
      values (${key.id}, ${key.staffId}, ${key.credentialId}, ${key.publicKey}, ${key.counter}, ${key.transports},
        ${key.name}, ${key.synced}, ${key.createdAt}) on conflict (credential_id) do nothing`)) === 1
  )
}

/** Moves the counter on: false when it did not grow, as with a key that exists twice. Those without one stay at 0. */
export async function advancePasskey(tx: Tx, id: string, counter: number, at: string): Promise<boolean> {
  return (
    (await tx.exec(sql`
      update staff_passkeys set counter = ${counter}, last_used_at = ${at}
      where id = ${id} and (counter < ${counter} or (counter = 0 and ${counter}::bigint = 0))`)) === 1
  )
}

export async function suspectClone(tx: Tx, id: string, at: string): Promise<void> {
  await tx.exec(sql`update staff_passkeys set clone_suspected_at = ${at} where id = ${id}`)
}

export const deletePasskey = (tx: Tx, staffId: string, id: string) =>
  tx.maybe<{ name: string }>(sql`delete from staff_passkeys where staff_id = ${staffId} and id = ${id} returning name`)

export async function deletePasskeysOf(tx: Tx, staffId: string): Promise<void> {
  await tx.exec(sql`delete from staff_passkeys where staff_id = ${staffId}`)
}

/** Uses a challenge up: false when it was used before. */
export async function useChallenge(tx: Tx, nonce: string, expiresAt: string): Promise<boolean> {
  return (
    (await tx.exec(sql`
      insert into used_challenges (nonce, expires_at) values (${nonce}, ${expiresAt}) on conflict do nothing`)) === 1
  )
}

export const removeExpiredChallenges = (tx: Tx, at: string): Promise<number> =>
  tx.exec(sql`delete from used_challenges where expires_at <= ${at}`)

/** New codes in the place of all earlier ones. */
export async function replaceRecoveryCodes(tx: Tx, staffId: string, hashes: readonly string[]): Promise<void> {
  await deleteRecoveryCodes(tx, staffId)
  await tx.exec(sql`
    insert into staff_recovery_codes (staff_id, code_hash)
    select ${staffId}, hash from unnest(${hashes as string[]}::text[]) as hash`)
}

export async function deleteRecoveryCodes(tx: Tx, staffId: string): Promise<void> {
  await tx.exec(sql`delete from staff_recovery_codes where staff_id = ${staffId}`)
}

/** Uses a code up: false when it is none of the member's, or was used before. */
export async function useRecoveryCode(tx: Tx, staffId: string, hash: string, at: string): Promise<boolean> {
  return (
    (await tx.exec(sql`
      update staff_recovery_codes set used_at = ${at}
      where staff_id = ${staffId} and code_hash = ${hash} and used_at is null`)) === 1
  )
}

export const recoveryCodesLeft = async (tx: Tx, staffId: string): Promise<number> =>
  (
    await tx.one<{ count: number }>(
      sql`select count(*) as count from staff_recovery_codes where staff_id = ${staffId} and used_at is null`,
    )
  ).count
