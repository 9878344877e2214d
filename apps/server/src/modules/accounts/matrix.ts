import { type ChannelGroup, MAX_CHANNEL_GROUPS, type MatrixReport } from '@zhanggui/contract'
import { DAY_MS, plusMs } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import { type AccountsDeps, type By, record, today } from './manage.ts'
import { overlapOf, sameWords } from './rules.ts'
import { overlapDays, overlapHighBp, overlapLeastBuyers } from './settings.ts'
import { listAccounts } from './store.ts'
import { deleteGroup, type GroupRow, insertGroup, listGroups, updateGroup } from './store-groups.ts'
import { audiences } from './store-sources.ts'

const UNIQUE_VIOLATION = '23505'

export const groupsOf = (deps: AccountsDeps, shopId: string): Promise<ChannelGroup[]> =>
  deps.db.read({ shopId }, (tx) => listGroups(tx, shopId))

/** @throws AppError DUPLICATE, LIMIT_REACHED */
export async function addGroup(
  deps: AccountsDeps,
  shopId: string,
  input: { name: string; owner: string },
  by: By,
): Promise<ChannelGroup> {
  return deps.db.tx({ shopId }, async (tx) => {
    await lockInOrder(tx, [`channel-groups:${shopId}`])
    if ((await listGroups(tx, shopId)).length >= MAX_CHANNEL_GROUPS)
      throw new AppError('LIMIT_REACHED', { values: { what: '矩阵', limit: MAX_CHANNEL_GROUPS } })
    const id = newId()
    if (!(await insertGroup(tx, shopId, { id, ...input, at: deps.clock.instant() }))) throw taken(input.name)
    await record(deps, tx, shopId, id, by, 'accounts.create-matrix', `添加矩阵「${input.name}」`, null, input)
    return { id, ...input, version: 1, accountIds: [] }
  })
}

/** @throws AppError CONFLICT, DUPLICATE, NOT_FOUND */
export async function changeGroup(
  deps: AccountsDeps,
  shopId: string,
  id: string,
  input: { name: string; owner: string; version: number },
  by: By,
): Promise<ChannelGroup> {
  return deps.db
    .tx({ shopId }, async (tx) => {
      const before = requireGroup(await listGroups(tx, shopId, id))
      if (!(await updateGroup(tx, shopId, id, input)))
        throw new AppError('CONFLICT', { values: { what: `矩阵「${before.name}」` } })
      const after = requireGroup(await listGroups(tx, shopId, id))
      await record(deps, tx, shopId, id, by, 'accounts.update-matrix', `修改矩阵「${after.name}」`, before, after)
      return after
    })
    .catch((error: { code?: string }) => {
      throw error.code === UNIQUE_VIOLATION ? taken(input.name) : error
    })
}

/** @throws AppError NOT_FOUND */
export async function removeGroup(deps: AccountsDeps, shopId: string, id: string, by: By): Promise<void> {
  await deps.db.tx({ shopId }, async (tx) => {
    const before = requireGroup(await listGroups(tx, shopId, id))
    await deleteGroup(tx, shopId, id)
    await record(deps, tx, shopId, id, by, 'accounts.delete-matrix', `删除矩阵「${before.name}」`, before, null)
  })
}

/** How much the audiences of a matrix overlap, measured on the buyers who came lately (ACC-06). @throws AppError NOT_FOUND */
export async function matrixReport(deps: AccountsDeps, shopId: string, id: string): Promise<MatrixReport> {
  return deps.db.read({ shopId }, async (tx) => {
    const group = requireGroup(await listGroups(tx, shopId, id))
    const [highBp, leastBuyers, days] = [
      await deps.settings.get(overlapHighBp, { shopId }, tx),
      await deps.settings.get(overlapLeastBuyers, { shopId }, tx),
      await deps.settings.get(overlapDays, { shopId }, tx),
    ]
    const accounts = (await listAccounts(tx, shopId, await today(deps, tx, shopId))).filter((account) =>
      group.accountIds.includes(account.id),
    )
    const since = plusMs(deps.clock.instant(), -days * DAY_MS)
    const { buyers, shared } = await audiences(tx, shopId, group.accountIds, since)
    const countOf = (accountId: string) => buyers.get(accountId) ?? 0
    const pairs = accounts.flatMap((a, index) => accounts.slice(index + 1).map((b) => [a, b] as const))
    return {
      group,
      ...{ highBp, leastBuyers, days },
      accounts: accounts.map(({ id: accountId, name, track, audience, tone, pillars }) => ({
        ...{ id: accountId, name, buyers: countOf(accountId) },
        positioned: [track, audience, tone].every((text) => text !== '') && pillars.length > 0,
      })),
      overlaps: pairs.map(([a, b]) => {
        const both = shared.find((row) => (row.a === a.id && row.b === b.id) || (row.a === b.id && row.b === a.id))
        return {
          ...{ a: a.id, b: b.id },
          ...overlapOf(countOf(a.id), countOf(b.id), both?.count ?? 0, { highBp, leastBuyers }),
          sameWords: sameWords(a, b),
        }
      }),
    }
  })
}

function requireGroup([group]: GroupRow[]): GroupRow {
  if (!group) throw new AppError('NOT_FOUND', { values: { what: '矩阵' } })
  return group
}

const taken = (name: string) => new AppError('DUPLICATE', { values: { what: '矩阵', value: name }, field: 'name' })
