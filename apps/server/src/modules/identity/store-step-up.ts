import { sql, type Tx } from '../../kernel/db.ts'

export const isProven = async (tx: Tx, sessionId: string, purpose: string, at: string): Promise<boolean> =>
  (await tx.maybe(sql`
    select 1 as one from staff_step_ups
    where session_id = ${sessionId} and purpose = ${purpose} and expires_at > ${at}`)) !== undefined

export async function keepProof(
  tx: Tx,
  proof: { sessionId: string; purpose: string; means: string; at: string; expiresAt: string },
): Promise<void> {
  await tx.exec(sql`
    insert into staff_step_ups (session_id, purpose, means, proven_at, expires_at)
    values (${proof.sessionId}, ${proof.purpose}, ${proof.means}, ${proof.at}, ${proof.expiresAt})
    on conflict (session_id, purpose) do update
      set means = excluded.means, proven_at = excluded.proven_at, expires_at = excluded.expires_at`)
}

/** Everybody who is signed in under this account is proven for the purposes. */
export async function keepProofsOf(
  tx: Tx,
  proof: { account: string; purposes: readonly string[]; means: string; at: string; expiresAt: string },
): Promise<void> {
  await tx.exec(sql`
    insert into staff_step_ups (session_id, purpose, means, proven_at, expires_at)
    select e.id, purpose, ${proof.means}, ${proof.at}, ${proof.expiresAt}
    from staff_sessions e join staff s on s.id = e.staff_id
    cross join unnest(${proof.purposes as string[]}::text[]) as purpose
    where s.account = ${proof.account}
    on conflict (session_id, purpose) do nothing`)
}

/** What somebody could prove themselves with. */
export const enrolledMeans = (tx: Tx, staffId: string) =>
  tx.one<{ passkey: boolean; totp: boolean; codes: boolean }>(sql`
    select exists (select from staff_passkeys p where p.staff_id = s.id) as passkey, s.totp_confirmed as totp,
      exists (select from staff_recovery_codes c where c.staff_id = s.id and c.used_at is null) as codes
    from staff s where s.id = ${staffId}`)
