import { DATA_SCOPE_DIMENSIONS, type DataScope, type DataScopeDimension, type Permission } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import type { IdentityDeps } from './deps.ts'
import { refuseBeyond, unfolded } from './grants.ts'
import { type By, record, refuseLockOut, stillHeld } from './manage-staff.ts'
import { deleteRole, insertRole, type RoleRow, roleById, updateRole } from './store-members.ts'

export interface RoleInput {
  name: string
  description: string
  permissions: readonly Permission[]
  scope: DataScope
}

/** Adds a role; nobody can make one that holds more than they do. */
export async function addRole(deps: IdentityDeps, shopId: string, input: RoleInput, by: By): Promise<RoleRow> {
  return deps.db.tx('system', async (tx) => {
    await lockInOrder(tx, [`staff:${shopId}`])
    const scope = await requireScope(deps, tx, shopId, input.scope)
    refuseBeyond(await stillHeld(deps, tx, shopId, by.caller), [{ ...input, scope }])
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
    const held = await stillHeld(deps, tx, shopId, by.caller)
    refuseBeyond(held, [{ ...input, scope: await requireScope(deps, tx, shopId, input.scope) }])
    const before = await roleById(tx, shopId, id)
    if (!before) throw new AppError('NOT_FOUND', { values: { what: '角色' } })
    refuseBeyond(held, [{ ...before, scope: await unfolded(deps, tx, shopId, before.scope) }])
    if (before.builtIn) throw new AppError('FORBIDDEN', { values: { permission: '内置角色不能修改' } })
    const changed = await updateRole(tx, shopId, { id, ...input }).catch((error: { code?: string }) => {
      throw error.code === '23505' ? duplicate(input.name) : error
    })
    if (!changed) throw new AppError('CONFLICT', { values: { what: `角色「${before.name}」` } })
    await refuseLockOut(tx, shopId, by.caller)
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
    const reach = { ...before, scope: await unfolded(deps, tx, shopId, before.scope) }
    refuseBeyond(await stillHeld(deps, tx, shopId, by.caller), [reach])
    if (!(await deleteRole(tx, shopId, id)))
      throw new AppError('CONFLICT', { values: { what: `角色「${before.name}」仍有员工使用或为内置角色，` } })
    await record(deps, tx, shopId, by, 'identity.delete-role', id, `删除角色 ${before.name}`, before, null)
  })
}

/** A scope names only what the shop has. Answers it with the categories below. @throws AppError NOT_FOUND */
async function requireScope(deps: IdentityDeps, tx: Tx, shopId: string, scope: DataScope): Promise<DataScope> {
  if (DATA_SCOPE_DIMENSIONS.every((dimension) => scope[dimension] === null)) return scope
  const choices = await deps.scopeChoices(tx, shopId)
  for (const dimension of DATA_SCOPE_DIMENSIONS)
    if (scope[dimension]?.some((id) => !choices[dimension].some((choice) => choice.id === id)))
      throw new AppError('NOT_FOUND', { values: { what: SCOPE_WORDS[dimension] }, field: `scope.${dimension}` })
  return unfolded(deps, tx, shopId, scope)
}

const SCOPE_WORDS: Record<DataScopeDimension, string> = {
  warehouses: '仓库',
  pickUpPoints: '自提点',
  channelAccounts: '渠道账号',
  categories: '分类',
}

const duplicate = (name: string) => new AppError('DUPLICATE', { values: { what: '角色', value: name }, field: 'name' })
