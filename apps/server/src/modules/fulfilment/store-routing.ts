import type { RoutingRule } from '@zhanggui/contract'
import type { Actor } from '../../kernel/actor.ts'
import { plainArray } from '../../kernel/arrays.ts'
import { sql, type Tx } from '../../kernel/db.ts'

export interface RulesRow {
  shopId: string
  /** 0 when the shop has none of its own. */
  version: number
  /** Null when the version is the one that is known already. */
  rules: RoutingRule[] | null
}

/** The rules in force of several shops; those whose version is known come without their content. */
export async function currentRules(tx: Tx, wanted: readonly { shopId: string; known: number }[]): Promise<RulesRow[]> {
  return tx.prepared<RulesRow>('routing-rules', CURRENT_RULES, [
    plainArray(wanted.map((each) => each.shopId)),
    plainArray(wanted.map((each) => each.known)),
  ])
}

const CURRENT_RULES = `
  select want.shop_id, coalesce(r.version, 0) as version,
    case when r.version is distinct from want.known then r.rules end as rules
  from unnest($1::uuid[], $2::int[]) as want(shop_id, known)
  left join lateral (
    select r.version, r.rules from routing_rules r where r.shop_id = want.shop_id order by r.version desc limit 1
  ) r on true`

export interface RulesVersion {
  version: number
  rules: RoutingRule[]
  note: string
  changedAt: string
  changedBy: Actor
}

/** Versions of a shop's rules, newest first. */
export async function rulesVersions(
  tx: Tx,
  shopId: string,
  page: { before?: number | undefined; limit: number },
): Promise<RulesVersion[]> {
  return tx.rows<RulesVersion>(sql`
    select version, rules, note, changed_at, changed_by from routing_rules
    where shop_id = ${shopId} and version < ${page.before ?? 2_147_483_647} order by version desc limit ${page.limit}`)
}

/** The rules as they were in this version. */
export async function rulesOfVersion(tx: Tx, shopId: string, version: number): Promise<RoutingRule[]> {
  const row = await tx.maybe<{ rules: RoutingRule[] }>(sql`
    select rules from routing_rules where shop_id = ${shopId} and version = ${version}`)
  return row?.rules ?? []
}

/** Writes the next version; answers whether nobody else had written it. */
export async function insertRules(tx: Tx, shopId: string, next: RulesVersion): Promise<boolean> {
  const written = await tx.exec(sql`
    insert into routing_rules (shop_id, version, rules, note, changed_at, changed_by)
    values (${shopId}, ${next.version}, ${JSON.stringify(next.rules)}, ${next.note}, ${next.changedAt},
      ${JSON.stringify(next.changedBy)})
    on conflict do nothing`)
  return written === 1
}
