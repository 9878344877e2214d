import { empty, sql, type Tx } from '../../kernel/db.ts'

export interface GroupRow {
  id: string
  name: string
  owner: string
  version: number
  accountIds: string[]
}

export const listGroups = (tx: Tx, shopId: string, id?: string): Promise<GroupRow[]> =>
  tx.rows<GroupRow>(sql`
    select g.id, g.name, g.owner, g.version,
      array(select a.id::text from channel_accounts a where a.shop_id = g.shop_id and a.group_id = g.id
        order by a.created_at, a.id) as account_ids
    from channel_groups g where g.shop_id = ${shopId} ${id === undefined ? empty : sql`and g.id = ${id}`}
    order by g.created_at, g.id limit 100`)

/** Answers whether the name was free. */
export async function insertGroup(
  tx: Tx,
  shopId: string,
  group: { id: string; name: string; owner: string; at: string },
): Promise<boolean> {
  return (
    (await tx.exec(sql`
      insert into channel_groups (shop_id, id, name, owner, created_at)
      values (${shopId}, ${group.id}, ${group.name}, ${group.owner}, ${group.at})
      on conflict (shop_id, name) do nothing`)) === 1
  )
}

/** Compare-and-set on the version. @throws the unique violation as PostgreSQL gives it */
export async function updateGroup(
  tx: Tx,
  shopId: string,
  id: string,
  group: { name: string; owner: string; version: number },
): Promise<boolean> {
  return (
    (await tx.exec(sql`
      update channel_groups set name = ${group.name}, owner = ${group.owner}, version = version + 1
      where shop_id = ${shopId} and id = ${id} and version = ${group.version}`)) === 1
  )
}

/** Removes a matrix; its accounts belong to none then. */
export async function deleteGroup(tx: Tx, shopId: string, id: string): Promise<boolean> {
  await tx.exec(sql`
    update channel_accounts set group_id = null, version = version + 1 where shop_id = ${shopId} and group_id = ${id}`)
  return (await tx.exec(sql`delete from channel_groups where shop_id = ${shopId} and id = ${id}`)) === 1
}
