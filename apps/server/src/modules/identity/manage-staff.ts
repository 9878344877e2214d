import { audit } from '../../kernel/audit.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Grant, StaffCaller } from '../../kernel/http/caller.ts'
import { newId } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import type { IdentityDeps } from './deps.ts'
import { grantsOf, type RoleReach, refuseBeyond, unfolded } from './grants.ts'
import { hashPassword } from './password.ts'
import { BUILT_IN_ROLES } from './roles.ts'
import {
  belongsOnlyTo,
  countOwners,
  insertMember,
  listMembers,
  listRoles,
  type MemberRow,
  type RoleRow,
  setMemberRoles,
  setMemberState,
} from './store-members.ts'
import { deletePasskeysOf, deleteRecoveryCodes } from './store-passkeys.ts'
import { clearTotp, endStaffSessions, insertStaff, permissionsOf, renameStaff, setPassword } from './store-staff.ts'

const OWNER_ROLE = BUILT_IN_ROLES[0]!.name

export interface By {
  caller: StaffCaller
  ip: string
  requestId: string
}

/** Adds a member of staff with a first password and roles that the caller holds too (ACC-05). */
export async function createStaff(
  deps: IdentityDeps,
  shopId: string,
  input: { account: string; name: string; password: string; roleIds: readonly string[] },
  by: By,
): Promise<MemberRow> {
  const passwordHash = await hashPassword(input.password)
  return deps.db.tx('system', async (tx) => {
    await lockInOrder(tx, [`staff:${shopId}`])
    const roles = await requireRoles(tx, shopId, input.roleIds)
    refuseBeyond(await stillHeld(deps, tx, shopId, by.caller), await reachOf(deps, tx, shopId, roles))
    const at = deps.clock.instant()
    const id = newId()
    if (!(await insertStaff(tx, { id, account: input.account, name: input.name, passwordHash, at })))
      throw new AppError('DUPLICATE', { values: { what: '账号', value: input.account }, field: 'account' })
    await insertMember(tx, shopId, id, at)
    await setMemberRoles(tx, shopId, id, input.roleIds)
    const member = await requireMember(tx, shopId, id)
    await record(
      deps,
      tx,
      shopId,
      by,
      'identity.create-staff',
      id,
      `添加员工 ${input.name}（${input.account}）`,
      null,
      member,
    )
    return member
  })
}

/** Changes name, roles, state or password of a member; a shop always keeps an owner. */
export async function updateStaff(
  deps: IdentityDeps,
  shopId: string,
  staffId: string,
  input: {
    name?: string | undefined
    roleIds?: readonly string[] | undefined
    state?: 'active' | 'disabled' | undefined
    resetPassword?: string | undefined
    resetTotp?: true | undefined
    resetPasskeys?: true | undefined
  },
  by: By,
): Promise<MemberRow> {
  const passwordHash = input.resetPassword === undefined ? undefined : await hashPassword(input.resetPassword)
  return deps.db.tx('system', async (tx) => {
    await lockInOrder(tx, [`staff:${shopId}`])
    const before = await requireMember(tx, shopId, staffId)
    const held = await stillHeld(deps, tx, shopId, by.caller)
    const beforeIds = new Set(before.roles.map((role) => role.id))
    refuseBeyond(
      held,
      await reachOf(
        deps,
        tx,
        shopId,
        (await listRoles(tx, shopId)).filter((role) => beforeIds.has(role.id)),
      ),
    )
    const tookAway = input.resetTotp || input.resetPasskeys
    if (input.name !== undefined || passwordHash !== undefined || tookAway) await refuseShared(tx, shopId, staffId)
    if (input.name !== undefined) await renameStaff(tx, staffId, input.name)
    if (input.roleIds !== undefined) {
      refuseBeyond(held, await reachOf(deps, tx, shopId, await requireRoles(tx, shopId, input.roleIds)))
      await setMemberRoles(tx, shopId, staffId, input.roleIds)
    }
    if (input.state !== undefined) await setMemberState(tx, shopId, staffId, input.state)
    if (passwordHash !== undefined) await setPassword(tx, staffId, passwordHash)
    if (input.resetTotp) await clearTotp(tx, staffId)
    if (input.resetTotp) await deleteRecoveryCodes(tx, staffId)
    if (input.resetPasskeys) await deletePasskeysOf(tx, staffId)
    if (input.state === 'disabled' || passwordHash !== undefined || tookAway) await endStaffSessions(tx, staffId)
    if ((await countOwners(tx, shopId, OWNER_ROLE)) === 0) throw new AppError('LAST_OWNER')
    await refuseLockOut(tx, shopId, by.caller)
    const after = await requireMember(tx, shopId, staffId)
    const summary = `修改员工 ${after.name}${passwordHash === undefined ? '' : '，重置密码'}${input.resetTotp ? '，解除动态码' : ''}${input.resetPasskeys ? '，删除通行密钥' : ''}`
    await record(deps, tx, shopId, by, 'identity.update-staff', staffId, summary, before, after)
    return after
  })
}

/** What the caller holds now, under the lock on the shop's staff: it may have been taken away a moment ago. */
export const stillHeld = (deps: IdentityDeps, tx: Tx, shopId: string, caller: StaffCaller): Promise<Grant[]> =>
  grantsOf(deps, tx, caller.staffId, shopId)

/** @throws AppError LOCKED_OUT when the caller could not undo what was just done */
export async function refuseLockOut(tx: Tx, shopId: string, caller: StaffCaller): Promise<void> {
  if (!(await permissionsOf(tx, caller.staffId, shopId)).includes('staff.write')) throw new AppError('LOCKED_OUT')
}

const reachOf = (deps: IdentityDeps, tx: Tx, shopId: string, roles: readonly RoleRow[]): Promise<RoleReach[]> =>
  Promise.all(roles.map(async (role) => ({ ...role, scope: await unfolded(deps, tx, shopId, role.scope) })))

export async function record(
  deps: IdentityDeps,
  tx: Tx,
  shopId: string,
  by: By,
  action: string,
  entityId: string,
  summary: string,
  before: unknown,
  after: unknown,
): Promise<void> {
  await audit(tx, deps.clock, {
    shopId,
    actor: { kind: 'staff', id: by.caller.staffId, name: by.caller.name },
    action,
    entity: action.endsWith('role') ? 'role' : 'staff',
    entityId,
    summary,
    before,
    after,
    ip: by.ip,
    requestId: by.requestId,
  })
}

async function requireRoles(tx: Tx, shopId: string, roleIds: readonly string[]): Promise<RoleRow[]> {
  const wanted = new Set(roleIds)
  const roles = (await listRoles(tx, shopId)).filter((role) => wanted.has(role.id))
  if (roles.length !== wanted.size) throw new AppError('NOT_FOUND', { values: { what: '角色' }, field: 'roleIds' })
  return roles
}

async function requireMember(tx: Tx, shopId: string, staffId: string): Promise<MemberRow> {
  const [member] = await listMembers(tx, shopId, { id: staffId, limit: 1 })
  if (!member) throw new AppError('NOT_FOUND', { values: { what: '员工' } })
  return member
}

/** Name and password belong to the account; a shop may touch them only when the account is its alone. */
async function refuseShared(tx: Tx, shopId: string, staffId: string): Promise<void> {
  if (!(await belongsOnlyTo(tx, shopId, staffId)))
    throw new AppError('FORBIDDEN', { values: { permission: '该账号还属于其他店铺' } })
}
