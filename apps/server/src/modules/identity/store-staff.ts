import { DataScope, type Permission } from '@zhanggui/contract'
import { empty, sql, type Tx } from '../../kernel/db.ts'

export interface StaffRow {
  id: string
  account: string
  name: string
  passwordHash: string
  totpCipher: string | null
  totpConfirmed: boolean
  /** The secret that is to take its place. */
  totpNext: string | null
  totpStep: number
  failedAttempts: number
  lockedUntil: string | null
  lastSignInAt: string | null
}

const STAFF = sql`id, account, name, password_hash, totp_cipher, totp_confirmed, totp_next, totp_step, failed_attempts, locked_until, last_sign_in_at`

export async function insertStaff(
  tx: Tx,
  staff: { id: string; account: string; name: string; passwordHash: string; at: string },
): Promise<boolean> {
  return (
    (await tx.exec(sql`
      insert into staff (id, account, name, password_hash, created_at)
      values (${staff.id}, ${staff.account}, ${staff.name}, ${staff.passwordHash}, ${staff.at}) on conflict (account) do nothing`)) ===
    1
  )
}

export const staffByAccount = (tx: Tx, account: string) =>
  tx.maybe<StaffRow>(sql`select ${STAFF} from staff where account = ${account}`)
export const staffById = (tx: Tx, id: string) => tx.maybe<StaffRow>(sql`select ${STAFF} from staff where id = ${id}`)
export const lockStaff = (tx: Tx, id: string) =>
  tx.one<StaffRow>(sql`select ${STAFF} from staff where id = ${id} for update`)

/**
 * Counts an attempt before it is judged, so that a hundred at once are no more than the limit. The last one allowed
 * locks the account, until it proves right or the lock ends.
 */
export async function beginAttempt(
  tx: Tx,
  id: string,
  max: number,
  at: string,
  lockedUntil: string,
): Promise<'counted' | 'last' | 'locked'> {
  const counted = await tx.maybe<{ isLast: boolean }>(sql`
    update staff set
      failed_attempts = case when locked_until is null then failed_attempts + 1 else 1 end,
      locked_until = case when locked_until is null and failed_attempts + 1 >= ${max} then ${lockedUntil}::timestamptz end
    where id = ${id} and (locked_until is null or locked_until <= ${at}) returning locked_until is not null as is_last`)
  return counted === undefined ? 'locked' : counted.isLast ? 'last' : 'counted'
}

/** The attempt proved right so far and is not counted. */
export async function takeBackAttempt(tx: Tx, id: string): Promise<void> {
  await tx.exec(sql`
    update staff set failed_attempts = greatest(failed_attempts - 1, 0), locked_until = null where id = ${id}`)
}

export async function recordSignIn(tx: Tx, id: string, at: string): Promise<void> {
  await tx.exec(
    sql`update staff set failed_attempts = 0, locked_until = null, last_sign_in_at = ${at} where id = ${id}`,
  )
}

/** Uses up a one-time code: false when this step, or a later one, was used before. */
export async function useTotpStep(tx: Tx, id: string, step: number): Promise<boolean> {
  return (await tx.exec(sql`update staff set totp_step = ${step} where id = ${id} and totp_step < ${step}`)) === 1
}

export async function setPassword(tx: Tx, id: string, passwordHash: string): Promise<void> {
  await tx.exec(
    sql`update staff set password_hash = ${passwordHash}, failed_attempts = 0, locked_until = null where id = ${id}`,
  )
}

export async function setTotp(tx: Tx, id: string, totpCipher: string, confirmed: boolean): Promise<void> {
  await tx.exec(sql`update staff set totp_cipher = ${totpCipher}, totp_confirmed = ${confirmed} where id = ${id}`)
}

export async function setNextTotp(tx: Tx, id: string, totpNext: string): Promise<void> {
  await tx.exec(sql`update staff set totp_next = ${totpNext} where id = ${id}`)
}

/** The next secret takes the place of the one before; the step of its code is used up. */
export async function replaceTotp(tx: Tx, id: string, step: number): Promise<void> {
  await tx.exec(sql`update staff set totp_cipher = totp_next, totp_next = null, totp_step = ${step} where id = ${id}`)
}

export async function clearTotp(tx: Tx, id: string): Promise<void> {
  await tx.exec(sql`update staff set totp_cipher = null, totp_next = null, totp_confirmed = false where id = ${id}`)
}

export async function renameStaff(tx: Tx, id: string, name: string): Promise<void> {
  await tx.exec(sql`update staff set name = ${name} where id = ${id}`)
}

export async function insertStaffSession(
  tx: Tx,
  session: { id: string; tokenHash: string; staffId: string; at: string; expiresAt: string },
): Promise<void> {
  await tx.exec(sql`
    insert into staff_sessions (id, token_hash, staff_id, created_at, expires_at)
    values (${session.id}, ${session.tokenHash}, ${session.staffId}, ${session.at}, ${session.expiresAt})`)
}

export const staffSession = (tx: Tx, tokenHash: string, at: string) =>
  tx.maybe<{ sessionId: string; staffId: string; name: string }>(sql`
    select s.id as session_id, s.staff_id, staff.name from staff_sessions s join staff on staff.id = s.staff_id
    where s.token_hash = ${tokenHash} and s.expires_at > ${at}
      and exists (select from shop_members m where m.staff_id = s.staff_id and m.state = 'active')`)

/** Ends sessions of a member of staff, all or all but one. */
export async function endStaffSessions(tx: Tx, staffId: string, exceptSessionId?: string): Promise<void> {
  const except = exceptSessionId === undefined ? empty : sql`and id <> ${exceptSessionId}`
  await tx.exec(sql`delete from staff_sessions where staff_id = ${staffId} ${except}`)
}

export async function endStaffSession(tx: Tx, tokenHash: string): Promise<void> {
  await tx.exec(sql`delete from staff_sessions where token_hash = ${tokenHash}`)
}

export const permissionsOf = async (tx: Tx, staffId: string, shopId: string): Promise<Permission[]> => [
  ...new Set((await rolesOf(tx, staffId, shopId)).flatMap((role) => role.permissions)),
]

/** Scopes of the roles by which active members beside one hold a permission. */
export async function scopesOfOthers(
  tx: Tx,
  shopId: string,
  permission: Permission,
  exceptStaffId: string,
): Promise<DataScope[]> {
  const rows = await tx.rows<{ scope: unknown }>(sql`
    select distinct r.scope
    from shop_members m join member_roles mr using (shop_id, staff_id) join roles r on r.shop_id = mr.shop_id and r.id = mr.role_id
    where m.shop_id = ${shopId} and m.staff_id <> ${exceptStaffId} and m.state = 'active' and ${permission} = any(r.permissions)`)
  return rows.map(({ scope }) => DataScope.parse(scope))
}

/** An active member's roles, as they stand: categories in their scopes are without those below. */
export async function rolesOf(
  tx: Tx,
  staffId: string,
  shopId: string,
): Promise<{ id: string; name: string; permissions: Permission[]; scope: DataScope }[]> {
  const rows = await tx.rows<{ id: string; name: string; permissions: Permission[]; scope: unknown }>(sql`
    select r.id, r.name, r.permissions, r.scope
    from shop_members m join member_roles mr using (shop_id, staff_id) join roles r on r.shop_id = mr.shop_id and r.id = mr.role_id
    where m.shop_id = ${shopId} and m.staff_id = ${staffId} and m.state = 'active' order by r.built_in desc, r.id`)
  return rows.map((row) => ({ ...row, scope: DataScope.parse(row.scope) }))
}

/** The shops a member of staff works in, with role names, permissions and the scopes of the roles. */
export async function membershipsOf(tx: Tx, staffId: string) {
  const rows = await tx.rows<{ shopId: string; roleNames: string[]; permissions: Permission[]; scopes: unknown[] }>(sql`
    select m.shop_id, array_agg(distinct r.name) as role_names, array_agg(distinct p) as permissions,
      jsonb_agg(distinct r.scope) as scopes
    from shop_members m join member_roles mr using (shop_id, staff_id) join roles r on r.shop_id = mr.shop_id and r.id = mr.role_id
      cross join unnest(r.permissions) as p
    where m.staff_id = ${staffId} and m.state = 'active' group by m.shop_id order by m.shop_id`)
  return rows.map(({ scopes, ...row }) => ({ ...row, scopes: scopes.map((scope) => DataScope.parse(scope)) }))
}
