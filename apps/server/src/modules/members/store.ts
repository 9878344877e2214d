import type { Actor } from '../../kernel/actor.ts'
import { plainArray } from '../../kernel/arrays.ts'
import { empty, type Sql, sql, type Tx } from '../../kernel/db.ts'

export interface LevelRow {
  id: string
  name: string
  rank: number
  note: string
  version: number
  memberCount: number
}

export interface MembershipRow {
  buyerId: string
  levelId: string
  source: 'staff' | 'rule'
  note: string
  since: string
}

const LEVELS = sql`
  select l.id, l.name, l.rank, l.note, l.version,
    (select count(*)::int from memberships m where m.shop_id = l.shop_id and m.level_id = l.id) as member_count
  from member_levels l`

/** Lowest first. */
export const listLevels = (tx: Tx, shopId: string): Promise<LevelRow[]> =>
  tx.rows<LevelRow>(sql`${LEVELS} where l.shop_id = ${shopId} order by l.rank`)

export const findLevel = (tx: Tx, shopId: string, levelId: string): Promise<LevelRow | undefined> =>
  tx.maybe<LevelRow>(sql`${LEVELS} where l.shop_id = ${shopId} and l.id = ${levelId}`)

type LevelFields = { name: string; rank: number; note: string }

/** @throws unique violations of name and rank as PostgreSQL gives them */
export async function insertLevel(tx: Tx, shopId: string, id: string, level: LevelFields, at: string): Promise<void> {
  await tx.exec(sql`
    insert into member_levels (shop_id, id, name, rank, note, created_at, updated_at)
    values (${shopId}, ${id}, ${level.name}, ${level.rank}, ${level.note}, ${at}, ${at})`)
}

/** Answers whether the level still had that version. */
export async function updateLevel(
  tx: Tx,
  shopId: string,
  id: string,
  level: LevelFields & { version: number },
  at: string,
): Promise<boolean> {
  const changed = await tx.exec(sql`
    update member_levels set name = ${level.name}, rank = ${level.rank}, note = ${level.note}, version = version + 1,
      updated_at = ${at}
    where shop_id = ${shopId} and id = ${id} and version = ${level.version}`)
  return changed === 1
}

export async function deleteLevel(tx: Tx, shopId: string, id: string): Promise<boolean> {
  return (await tx.exec(sql`delete from member_levels where shop_id = ${shopId} and id = ${id}`)) === 1
}

/** Buyers who have a level, newest first. */
export async function listMembers(
  tx: Tx,
  shopId: string,
  page: { levelId?: string | undefined; before?: { since: string; buyerId: string } | undefined; limit: number },
): Promise<MembershipRow[]> {
  const level = page.levelId === undefined ? empty : sql`and level_id = ${page.levelId}`
  const before =
    page.before === undefined
      ? empty
      : sql`and (since, buyer_id) < (${page.before.since}::timestamptz, ${page.before.buyerId}::uuid)`
  return tx.rows<MembershipRow>(sql`
    select buyer_id, level_id, source, note, since from memberships where shop_id = ${shopId} ${level} ${before}
    order by since desc, buyer_id desc limit ${page.limit}`)
}

export const findMembership = (tx: Tx, shopId: string, buyerId: string): Promise<MembershipRow | undefined> =>
  tx.maybe<MembershipRow>(sql`
    select buyer_id, level_id, source, note, since from memberships
    where shop_id = ${shopId} and buyer_id = ${buyerId}`)

export async function writeMembership(tx: Tx, shopId: string, row: MembershipRow & { setBy: Actor }): Promise<void> {
  await tx.exec(sql`
    insert into memberships (shop_id, buyer_id, level_id, source, note, set_by, since)
    values (${shopId}, ${row.buyerId}, ${row.levelId}, ${row.source}, ${row.note}, ${JSON.stringify(row.setBy)}::jsonb, ${row.since})
    on conflict (shop_id, buyer_id) do update set level_id = excluded.level_id, source = excluded.source,
      note = excluded.note, set_by = excluded.set_by, since = excluded.since`)
}

export async function deleteMembership(tx: Tx, shopId: string, buyerId: string): Promise<void> {
  await tx.exec(sql`delete from memberships where shop_id = ${shopId} and buyer_id = ${buyerId}`)
}

export interface BuyerOfShop {
  shopId: string
  buyerId: string
}

/** The levels of many buyers of many shops, in one statement; who has none is absent. */
export const levelsOf = (
  tx: Tx,
  buyers: readonly BuyerOfShop[],
): Promise<(BuyerOfShop & { levelId: string; levelName: string; since: string })[]> =>
  tx.prepared('members-levels-of', LEVELS_OF, [
    plainArray(buyers.map(({ shopId }) => shopId)),
    plainArray(buyers.map(({ buyerId }) => buyerId)),
  ])

const LEVELS_OF = `
  select distinct m.shop_id, m.buyer_id, m.level_id, l.name as level_name, m.since
  from unnest($1::uuid[], $2::uuid[]) as w(shop_id, buyer_id)
  join memberships m on m.shop_id = w.shop_id and m.buyer_id = w.buyer_id
  join member_levels l on l.shop_id = m.shop_id and l.id = m.level_id`

/** Condition on `shop_buyers`: having a level there. */
export const withLevel = (levelId: string): Sql => sql`exists (
  select from memberships m where m.shop_id = shop_buyers.shop_id and m.buyer_id = shop_buyers.buyer_id
    and m.level_id = ${levelId})`

/** Everything of one buyer goes to another; where both have a level the higher one stays. Scope `system`. */
export async function moveMemberships(tx: Tx, fromBuyerId: string, buyerId: string): Promise<void> {
  await tx.exec(sql`
    insert into memberships as m (shop_id, buyer_id, level_id, source, note, set_by, since)
    select shop_id, ${buyerId}, level_id, source, note, set_by, since from memberships where buyer_id = ${fromBuyerId}
    on conflict (shop_id, buyer_id) do update set level_id = excluded.level_id, source = excluded.source,
      note = excluded.note, set_by = excluded.set_by, since = excluded.since
    where (select rank from member_levels l where l.shop_id = excluded.shop_id and l.id = excluded.level_id)
      > (select rank from member_levels l where l.shop_id = m.shop_id and l.id = m.level_id)`)
  await tx.exec(sql`delete from memberships where buyer_id = ${fromBuyerId}`)
}
