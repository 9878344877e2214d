import { sql, type Tx } from '../../kernel/db.ts'

export interface SignInRow {
  id: string
  staffId: string
  sessionId: string
  at: string
  place: string
  device: string
  newPlace: boolean
  newDevice: boolean
}

const FAMILIAR = 500

/** From where and with what somebody has signed in since; each pair once. */
export const signInsSince = (tx: Tx, staffId: string, since: string) =>
  tx.rows<{ place: string; device: string }>(sql`
    select distinct place, device from staff_sign_ins where staff_id = ${staffId} and at >= ${since} limit ${FAMILIAR}`)

export async function insertSignIn(tx: Tx, row: SignInRow): Promise<void> {
  await tx.exec(sql`
    insert into staff_sign_ins (id, staff_id, session_id, at, place, device, new_place, new_device)
    values (${row.id}, ${row.staffId}, ${row.sessionId}, ${row.at}, ${row.place}, ${row.device}, ${row.newPlace},
      ${row.newDevice})`)
}

export const latestSignIns = (tx: Tx, staffId: string) =>
  tx.rows<SignInRow & { seenAt: string | null }>(sql`
    select id, staff_id, session_id, at, place, device, new_place, new_device, seen_at from staff_sign_ins
    where staff_id = ${staffId} order by at desc, id desc limit 20`)

export async function markSignInsSeen(tx: Tx, staffId: string, at: string): Promise<void> {
  await tx.exec(sql`update staff_sign_ins set seen_at = ${at} where staff_id = ${staffId} and seen_at is null`)
}

export const removeOldSignIns = (tx: Tx, before: string): Promise<number> =>
  tx.exec(sql`delete from staff_sign_ins where at < ${before}`)
