import { type DataScope, type Permission, scopeFor } from '@zhanggui/contract'
import { covers, isWhole } from '../../kernel/data-scope.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Grant } from '../../kernel/http/caller.ts'
import type { IdentityDeps } from './deps.ts'
import { rolesOf, scopesOfOthers } from './store-staff.ts'

type GrantDeps = Pick<IdentityDeps, 'categoriesBelow'>

/** Whether an active member beside this one holds the permission over the whole shop. Scope `system` or the shop's. */
export const hasAnother = async (
  tx: Tx,
  shopId: string,
  permission: Permission,
  exceptStaffId: string,
): Promise<boolean> =>
  (await scopesOfOthers(tx, shopId, permission, exceptStaffId)).some((scope) => isWhole(scopeFor(scope, permission)))

/** The roles of a member with the data each reaches, categories with all below them. Scope `system`. */
export async function grantsOf(
  deps: GrantDeps,
  tx: Tx,
  staffId: string,
  shopId: string,
): Promise<(Grant & { id: string; name: string })[]> {
  const roles = await rolesOf(tx, staffId, shopId)
  return Promise.all(roles.map(async (role) => ({ ...role, scope: await unfolded(deps, tx, shopId, role.scope) })))
}

/** A scope with the categories below those it names. */
export const unfolded = async (deps: GrantDeps, tx: Tx, shopId: string, scope: DataScope): Promise<DataScope> =>
  scope.categories === null ? scope : { ...scope, categories: await deps.categoriesBelow(tx, shopId, scope.categories) }

export interface RoleReach {
  permissions: readonly Permission[]
  scope: DataScope
}

/**
 * Nobody gives, or takes away, a permission, or data under it, that they do not reach themselves.
 * @throws AppError FORBIDDEN naming the first permission that is beyond
 */
export function refuseBeyond(held: readonly Grant[], roles: Iterable<RoleReach>): void {
  for (const { permissions, scope } of roles)
    for (const permission of permissions) {
      const mine = held.filter((grant) => grant.permissions.includes(permission))
      if (mine.length === 0) throw new AppError('FORBIDDEN', { values: { permission } })
      const reach = mine.map((grant) => scopeFor(grant.scope, permission))
      if (!covers(reach, scopeFor(scope, permission)))
        throw new AppError('FORBIDDEN', { values: { permission: `${permission}（数据范围比你自己的大）` } })
    }
}
