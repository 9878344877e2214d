import { DataScope, type Permission } from '@zhanggui/contract'
import { empty, sql, type Tx } from '../../kernel/db.ts'
import { containing } from '../../kernel/like.ts'

export interface RoleRow {
  id: string
  name: string
  description: string
  permissions: Permission[]
  scope: DataScope
  builtIn: boolean
  version: number
  memberCount: number
}

export interface MemberRow {
  id: string
  account: string
  name: string
  state: 'active' | 'disabled'
  totpEnabled: boolean
  passkeyCount: number
  roles: { id: string; name: string }[]
  lastSignInAt: string | null
  createdAt: string
}

const ROLE = sql`r.id, r.name, r.description, r.permissions, r.scope, r.built_in, r.version,
  (select count(*) from member_roles mr where mr.shop_id = r.shop_id and mr.role_id = r.id) as member_count`

type StoredRole = Omit<RoleRow, 'scope'> & { scope: unknown }

const toRole = (row: StoredRole): RoleRow => ({ ...row, scope: DataScope.parse(row.scope) })

export const listRoles = async (tx: Tx, shopId: string): Promise<RoleRow[]> =>
  (
    await tx.rows<StoredRole>(
      sql`select ${ROLE} from roles r where r.shop_id = ${shopId} order by r.built_in desc, r.id limit 200`,
    )
  ).map(toRole)

export async function roleById(tx: Tx, shopId: string, id: string): Promise<RoleRow | undefined> {
  const row = await tx.maybe<StoredRole>(sql`select ${ROLE} from roles r where r.shop_id = ${shopId} and r.id = ${id}`)
  return row && toRole(row)
}

interface RoleFields {
  name: string
  description: string
  permissions: readonly string[]
  scope: DataScope
}

export async function insertRole(
  tx: Tx,
  shopId: string,
  role: RoleFields & { id: string; builtIn: boolean },
): Promise<boolean> {
  return (
    (await tx.exec(sql`
      insert into roles (shop_id, id, name, description, permissions, scope, built_in)
      values (${shopId}, ${role.id}, ${role.name}, ${role.description}, ${role.permissions as string[]},
        ${JSON.stringify(storedScope(role.scope))}::jsonb, ${role.builtIn})
      on conflict (shop_id, name) do nothing`)) === 1
  )
}

/** As it is stored: without the dimensions that are open. */
const storedScope = (scope: DataScope) => Object.fromEntries(Object.entries(scope).filter(([, ids]) => ids !== null))

/** Compare-and-set on the version; built-in roles never change. */
export async function updateRole(
  tx: Tx,
  shopId: string,
  role: RoleFields & { id: string; version: number },
): Promise<boolean> {
  return (
    (await tx.exec(sql`
      update roles set name = ${role.name}, description = ${role.description}, permissions = ${role.permissions as string[]},
        scope = ${JSON.stringify(storedScope(role.scope))}::jsonb, version = version + 1
      where shop_id = ${shopId} and id = ${role.id} and version = ${role.version} and not built_in`)) === 1
  )
}

/** Removes a role that nobody has. */
export async function deleteRole(tx: Tx, shopId: string, id: string): Promise<boolean> {
  return (
    (await tx.exec(sql`
      delete from roles r where shop_id = ${shopId} and id = ${id} and not built_in
        and not exists (select from member_roles mr where mr.shop_id = r.shop_id and mr.role_id = r.id)`)) === 1
  )
}

export async function insertMember(tx: Tx, shopId: string, staffId: string, at: string): Promise<boolean> {
  return (
    (await tx.exec(sql`
      insert into shop_members (shop_id, staff_id, state, created_at) values (${shopId}, ${staffId}, 'active', ${at})
      on conflict do nothing`)) === 1
  )
}

export async function setMemberState(tx: Tx, shopId: string, staffId: string, state: string): Promise<void> {
  await tx.exec(sql`update shop_members set state = ${state} where shop_id = ${shopId} and staff_id = ${staffId}`)
}

export async function setMemberRoles(
  tx: Tx,
  shopId: string,
  staffId: string,
  roleIds: readonly string[],
): Promise<void> {
  await tx.exec(sql`delete from member_roles where shop_id = ${shopId} and staff_id = ${staffId}`)
  await tx.exec(sql`
    insert into member_roles (shop_id, staff_id, role_id)
    select ${shopId}, ${staffId}, id from unnest(${roleIds as string[]}::uuid[]) as id`)
}

/** Active members who hold the built-in owner role. */
export async function countOwners(tx: Tx, shopId: string, ownerRoleName: string): Promise<number> {
  const row = await tx.one<{ count: number }>(sql`
    select count(*) as count from member_roles mr join roles r on r.shop_id = mr.shop_id and r.id = mr.role_id
      join shop_members m on m.shop_id = mr.shop_id and m.staff_id = mr.staff_id
    where mr.shop_id = ${shopId} and r.built_in and r.name = ${ownerRoleName} and m.state = 'active'`)
  return row.count
}

/** Whether the account belongs to this shop alone, so that this shop may reset its password. */
export async function belongsOnlyTo(tx: Tx, shopId: string, staffId: string): Promise<boolean> {
  const row = await tx.one<{ others: number }>(sql`
    select count(*) as others from shop_members where staff_id = ${staffId} and shop_id <> ${shopId}`)
  return row.others === 0
}

/** Names of active members. Scope `system`. */
export const activeMembers = (tx: Tx, shopId: string) =>
  tx.rows<{ id: string; name: string }>(sql`
    select s.id, s.name from shop_members m join staff s on s.id = m.staff_id
    where m.shop_id = ${shopId} and m.state = 'active' order by s.name, s.id limit 500`)

export const countMembers = async (tx: Tx, shopId: string): Promise<number> =>
  (await tx.one<{ count: number }>(sql`select count(*) as count from shop_members where shop_id = ${shopId}`)).count

export async function listMembers(
  tx: Tx,
  shopId: string,
  filter: { id?: string; q?: string; afterId?: string; limit: number },
): Promise<MemberRow[]> {
  const one = filter.id ? sql`and s.id = ${filter.id}` : empty
  const search = filter.q
    ? sql`and (s.name ilike ${containing(filter.q)} or s.account ilike ${containing(filter.q)})`
    : empty
  const after = filter.afterId ? sql`and s.id > ${filter.afterId}` : empty
  return tx.rows<MemberRow>(sql`
    select s.id, s.account, s.name, m.state, s.totp_confirmed as totp_enabled,
      (select count(*) from staff_passkeys k where k.staff_id = s.id) as passkey_count, s.last_sign_in_at, m.created_at,
      coalesce((select jsonb_agg(jsonb_build_object('id', r.id, 'name', r.name) order by r.id)
        from member_roles mr join roles r on r.shop_id = mr.shop_id and r.id = mr.role_id
        where mr.shop_id = m.shop_id and mr.staff_id = m.staff_id), '[]') as roles
    from shop_members m join staff s on s.id = m.staff_id
    where m.shop_id = ${shopId} ${one} ${search} ${after} order by s.id limit ${filter.limit}`)
}
