import type { StaffAccess } from '@zhanggui/contract'
import { AppError } from '../../kernel/errors.ts'
import { type StaffCaller, scopesFor } from '../../kernel/http/caller.ts'
import type { IdentityDeps } from './deps.ts'
import { unfolded } from './grants.ts'
import type { By } from './manage-staff.ts'
import { listMembers, listRoles } from './store-members.ts'

/**
 * What a member of staff may do and sees, and by which of their roles (ACC-05). The lists are read by the console's own
 * handlers as that member, so that this cannot differ from what they are shown. @throws AppError NOT_FOUND
 */
export async function staffAccess(deps: IdentityDeps, shopId: string, staffId: string, by: By): Promise<StaffAccess> {
  const found = await deps.db.read('system', async (tx) => {
    const [member] = await listMembers(tx, shopId, { id: staffId, limit: 1 })
    if (!member) throw new AppError('NOT_FOUND', { values: { what: '员工' } })
    const mine = new Set(member.roles.map((role) => role.id))
    const roles = (await listRoles(tx, shopId)).filter((role) => mine.has(role.id))
    const choices = Object.values(await deps.scopeChoices(tx, shopId)).flat()
    const named = new Set(roles.flatMap(({ scope }) => Object.values(scope).flatMap((ids) => ids ?? [])))
    const names = choices.filter(({ id }) => named.has(id)).map(({ id, name }) => ({ id, name }))
    const grants = await Promise.all(
      roles.map(async (role) => ({ ...role, scope: await unfolded(deps, tx, shopId, role.scope) })),
    )
    return { member, roles, names, grants }
  })
  const { member, roles, names, grants } = found
  const permissions = new Set(roles.flatMap((role) => role.permissions))
  const caller: StaffCaller = {
    ...{ kind: 'staff', staffId, sessionId: staffId, name: member.name, shopId },
    ...{ permissions, grants },
  }
  return {
    staffId,
    name: member.name,
    state: member.state,
    roles: roles.map(({ id, name, permissions: held, scope }) => ({ id, name, permissions: held, scope })),
    names,
    lists: await deps.previewLists({ shopId, caller, ip: by.ip, requestId: by.requestId }, by.caller),
  }
}

/** Whether somebody sees everything there is under a permission. */
export const seesWhole = (caller: StaffCaller, permission: Parameters<typeof scopesFor>[1]): boolean =>
  permission !== undefined && caller.permissions.has(permission) && scopesFor(caller, permission) === null
