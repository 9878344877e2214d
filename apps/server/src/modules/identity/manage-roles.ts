import type { Permission } from '@zhanggui/contract'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import type { IdentityDeps } from './deps.ts'
import { type By, record, refuseBeyond, stillHeld } from './manage-staff.ts'
import { deleteRole, insertRole, type RoleRow, roleById, updateRole } from './store-members.ts'

export interface RoleInput {
  name: string
  description: string
  permissions: readonly Permission[]
}

/** Adds a role; nobody can make one that holds more than they do. */
export async function addRole(deps: IdentityDeps, shopId: string, input: RoleInput, by: By): Promise<RoleRow> {
  return deps.db.tx('system', async (tx) => {
    await lockInOrder(tx, [`staff:${shopId}`])
    refuseBeyond(await stillHeld(tx, shopId, by.caller), input.permissions)
    const id = newId()
    if (!(await insertRole(tx, shopId, { id, ...input, builtIn: false }))) throw duplicate(input.name)
    const role = (await roleById(tx, shopId, id))!
    await record(deps, tx, shopId, by, 'identity.create-role', id, `添加角色 ${input.name}`, null, role)
    return role
  })
}

/** Changes a role that somebody made; built-in ones stay. @throws AppError CONFLICT, DUPLICATE, FORBIDDEN, NOT_FOUND */
export async function changeRole(
  deps: IdentityDeps,
  shopId: string,
  id: string,
  input: RoleInput & { version: number },
  by: By,
): Promise<RoleRow> {
  return deps.db.tx('system', async (tx) => {
    await lockInOrder(tx, [`staff:${shopId}`])
    const held = await stillHeld(tx, shopId, by.caller)
    refuseBeyond(held, input.permissions)
    const before = await roleById(tx, shopId, id)
    if (!before) throw new AppError('NOT_FOUND', { values: { what: '角色' } })
    refuseBeyond(held, before.permissions)
    if (before.builtIn) throw new AppError('FORBIDDEN', { values: { permission: '内置角色不能修改' } })
    const changed = await updateRole(tx, shopId, { id, ...input }).catch((error: { code?: string }) => {
      throw error.code === '23505' ? duplicate(input.name) : error
    })
    if (!changed) throw new AppError('CONFLICT', { values: { what: `角色「${before.name}」` } })
    const after = (await roleById(tx, shopId, id))!
    await record(deps, tx, shopId, by, 'identity.update-role', id, `修改角色 ${after.name}`, before, after)
    return after
  })
}

/** Removes a role that nobody has. @throws AppError CONFLICT, FORBIDDEN, NOT_FOUND */
export async function removeRole(deps: IdentityDeps, shopId: string, id: string, by: By): Promise<void> {
  await deps.db.tx('system', async (tx) => {
    await lockInOrder(tx, [`staff:${shopId}`])
    const before = await roleById(tx, shopId, id)
    if (!before) throw new AppError('NOT_FOUND', { values: { what: '角色' } })
    refuseBeyond(await stillHeld(tx, shopId, by.caller), before.permissions)
    if (!(await deleteRole(tx, shopId, id)))
      throw new AppError('CONFLICT', { values: { what: `角色「${before.name}」仍有员工使用或为内置角色，` } })
    await record(deps, tx, shopId, by, 'identity.delete-role', id, `删除角色 ${before.name}`, before, null)
  })
}

const duplicate = (name: string) => new AppError('DUPLICATE', { values: { what: '角色', value: name }, field: 'name' })
