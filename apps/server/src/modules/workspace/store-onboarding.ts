import { sql, type Tx } from '../../kernel/db.ts'

export interface OnboardingRow {
  dismissedAt: string | null
  skipped: string[]
}

export async function onboardingOf(tx: Tx, shopId: string): Promise<OnboardingRow> {
  const row = await tx.maybe<OnboardingRow>(sql`
    select dismissed_at, skipped from onboarding where shop_id = ${shopId}`)
  return row ?? { dismissedAt: null, skipped: [] }
}

export const setDismissed = (tx: Tx, shopId: string, at: string | null) =>
  tx.exec(sql`
    insert into onboarding (shop_id, dismissed_at) values (${shopId}, ${at})
    on conflict (shop_id) do update set dismissed_at = excluded.dismissed_at`)

/** Adds to what is skipped, or takes away from it, whatever else is changed at the same time. */
export const setSkipped = (tx: Tx, shopId: string, key: string, skipped: boolean) =>
  tx.exec(sql`
    insert into onboarding (shop_id, skipped) values (${shopId}, ${skipped ? [key] : []})
    on conflict (shop_id) do update set skipped = array_remove(onboarding.skipped, ${key}) || excluded.skipped`)
