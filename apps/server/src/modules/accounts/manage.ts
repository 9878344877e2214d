import { type AccountAction, type ChannelAccount, MAX_CHANNEL_ACCOUNTS } from '@zhanggui/contract'
import { audit } from '../../kernel/audit.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Vault } from '../../kernel/crypto.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import type { Settings } from '../../kernel/settings.ts'
import { newCode } from './code.ts'
import { isLimited, type Limits, usageOf } from './rules.ts'
import {
  friendAddsLimit,
  friendAddsWarn,
  friendsLimit,
  momentsLimit,
  momentsWarn,
  receiptLimitFen,
  refuseBeyond,
  warnAtBp,
} from './settings.ts'
import {
  type AccountFields,
  type AccountRow,
  count,
  countAccounts,
  deleteAccount,
  insertAccount,
  listAccounts,
  updateAccount,
} from './store.ts'
import { listGroups } from './store-groups.ts'

export interface AccountsDeps {
  db: Db
  clock: Clock
  settings: Settings
  vault: Vault
  publicUrl: string
  shopOf(tx: Tx, shopId: string): Promise<{ timeZone: string; slug: string }>
  /** A QR code as an SVG drawing. */
  qrSvg(text: string): string
  /** Asks WeChat for a token. Null when it gave one; otherwise what is wrong, in the shopkeeper's words. */
  probe(kind: 'app' | 'wecom', appId: string, secret: string): Promise<string | null>
  /** Orders placed in these business days by the account that brought them; null: by none. */
  ordersByAccount(
    tx: Tx,
    shopId: string,
    period: { from: string; to: string; timeZone: string },
  ): Promise<Map<string | null, { orders: number; paidOrders: number; paidFen: number; buyers: number }>>
}

export interface By {
  staffId: string
  name: string
  ip: string
  requestId: string
}

const UNIQUE_VIOLATION = '23505'
const WORDS: Record<AccountAction, string> = { 'friend-add': '今日加好友', moment: '今日朋友圈', receipt: '今日收款' }

/** All accounts of a shop with how close each is to its limits (ACC-01, ACC-02). */
export const accountsOf = (deps: AccountsDeps, shopId: string): Promise<ChannelAccount[]> =>
  deps.db.read({ shopId }, async (tx) => {
    const limits = await limitsOf(deps, tx, shopId)
    return (await listAccounts(tx, shopId, await today(deps, tx, shopId))).map((row) => view(row, limits))
  })

/** @throws AppError NOT_FOUND */
export const accountOf = (deps: AccountsDeps, shopId: string, id: string): Promise<ChannelAccount> =>
  deps.db.read({ shopId }, async (tx) =>
    view(await requireAccount(deps, tx, shopId, id), await limitsOf(deps, tx, shopId)),
  )

async function requireGroup(tx: Tx, shopId: string, groupId: string | null): Promise<void> {
  if (groupId !== null && (await listGroups(tx, shopId, groupId)).length === 0)
    throw new AppError('NOT_FOUND', { values: { what: '矩阵' }, field: 'groupId' })
}

/** @throws AppError DUPLICATE, LIMIT_REACHED, NOT_FOUND for a matrix that is not there */
export async function addAccount(
  deps: AccountsDeps,
  shopId: string,
  fields: AccountFields & Pick<AccountRow, 'kind'>,
  by: By,
): Promise<ChannelAccount> {
  return deps.db.tx({ shopId }, async (tx) => {
    await lockInOrder(tx, [`channel-accounts:${shopId}`])
    if ((await countAccounts(tx, shopId)) >= MAX_CHANNEL_ACCOUNTS)
      throw new AppError('LIMIT_REACHED', { values: { what: '账号', limit: MAX_CHANNEL_ACCOUNTS } })
    const id = newId()
    await requireGroup(tx, shopId, fields.groupId)
    const made = { id, ...fields, code: newCode(), at: deps.clock.instant() }
    if (!(await insertAccount(tx, shopId, made))) throw taken(fields.name)
    return recorded(deps, tx, shopId, id, by, 'accounts.create', `添加账号「${fields.name}」`, null)
  })
}

/** @throws AppError NOT_FOUND, CONFLICT, DUPLICATE */
export async function changeAccount(
  deps: AccountsDeps,
  shopId: string,
  id: string,
  fields: AccountFields & { version: number },
  by: By,
): Promise<ChannelAccount> {
  return deps.db
    .tx({ shopId }, async (tx) => {
      await lockInOrder(tx, [`channel-account:${id}`])
      const before = await requireAccount(deps, tx, shopId, id)
      await requireGroup(tx, shopId, fields.groupId)
      if (!(await updateAccount(tx, shopId, id, fields)))
        throw new AppError('CONFLICT', { values: { what: `账号「${before.name}」` } })
      return recorded(deps, tx, shopId, id, by, 'accounts.update', `修改账号「${fields.name}」`, before)
    })
    .catch((error: { code?: string }) => {
      throw error.code === UNIQUE_VIOLATION ? taken(fields.name) : error
    })
}

/** @throws AppError NOT_FOUND */
export async function removeAccount(deps: AccountsDeps, shopId: string, id: string, by: By): Promise<void> {
  await deps.db.tx({ shopId }, async (tx) => {
    await lockInOrder(tx, [`channel-account:${id}`])
    const before = await requireAccount(deps, tx, shopId, id)
    await deleteAccount(tx, shopId, id)
    await record(deps, tx, shopId, id, by, 'accounts.delete', `删除账号「${before.name}」`, before, null)
  })
}

/**
 * Counts what an account does today. What would cross a limit asks to be acknowledged first, or is refused where the
 * shop wants it so (ACC-02). Counted under the account's lock, so that many at once cannot slip past together.
 * @throws AppError ACCOUNT_LIMIT, NOT_FOUND, VALIDATION_FAILED
 */
export async function recordAction(
  deps: AccountsDeps,
  shopId: string,
  id: string,
  input: { action: AccountAction; amount: number; acknowledged: boolean },
  by: By,
): Promise<ChannelAccount> {
  return deps.db.tx({ shopId }, async (tx) => {
    await lockInOrder(tx, [`channel-account:${id}`])
    const account = await requireAccount(deps, tx, shopId, id)
    if (!isLimited(account.kind))
      throw new AppError('VALIDATION_FAILED', {
        values: { field: '账号', reason: '只有个人号需要登记每日动作' },
        field: 'action',
      })
    await count(tx, shopId, id, await today(deps, tx, shopId), input)
    const limits = await limitsOf(deps, tx, shopId)
    const after = view(await requireAccount(deps, tx, shopId, id), limits)
    const mine = after.usage.filter(
      (each) => each.what === input.action || (input.action === 'friend-add' && each.what === 'friends'),
    )
    const crossed = mine.find((each) => each.level === 'over')
    const strict = await deps.settings.get(refuseBeyond, { shopId }, tx)
    if (crossed && (strict || !input.acknowledged))
      throw new AppError('ACCOUNT_LIMIT', {
        values: {
          what: crossed.what === 'friends' ? '好友总数' : WORDS[crossed.what],
          limit: crossed.what === 'receipt' ? `¥${crossed.limit / 100}` : crossed.limit,
        },
        data: { canAcknowledge: !strict, total: crossed.total, limit: crossed.limit },
      })
    await record(
      deps,
      tx,
      shopId,
      id,
      by,
      'accounts.count',
      `登记「${account.name}」${WORDS[input.action]}`,
      null,
      input,
    )
    return after
  })
}

async function limitsOf(deps: AccountsDeps, tx: Tx, shopId: string): Promise<Limits> {
  const { settings } = deps
  const get = <T>(setting: Parameters<typeof settings.get<T>>[0]) => settings.get(setting, { shopId }, tx)
  const bp = await get(warnAtBp)
  const part = (limit: number) => ({ limit, warnAt: Math.ceil((limit * bp) / 10_000) })
  return {
    friendAdds: { warnAt: await get(friendAddsWarn), limit: await get(friendAddsLimit) },
    moments: { warnAt: await get(momentsWarn), limit: await get(momentsLimit) },
    friends: part(await get(friendsLimit)),
    receiptFen: part(await get(receiptLimitFen)),
  }
}

/** The business day in the shop's time zone, as YYYY-MM-DD. */
export async function today(deps: AccountsDeps, tx: Tx, shopId: string): Promise<string> {
  const { timeZone } = await deps.shopOf(tx, shopId)
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(deps.clock.now())
}

export async function requireAccount(deps: AccountsDeps, tx: Tx, shopId: string, id: string): Promise<AccountRow> {
  const [row] = await listAccounts(tx, shopId, await today(deps, tx, shopId), id)
  if (!row) throw new AppError('NOT_FOUND', { values: { what: '账号' } })
  return row
}

const view = ({ today: totals, ...row }: AccountRow, limits: Limits): ChannelAccount => ({
  ...row,
  usage: usageOf(row.kind, row.friends, totals, limits),
})

const taken = (name: string) => new AppError('DUPLICATE', { values: { what: '账号', value: name }, field: 'name' })

async function recorded(
  deps: AccountsDeps,
  tx: Tx,
  shopId: string,
  id: string,
  by: By,
  action: string,
  summary: string,
  before: unknown,
): Promise<ChannelAccount> {
  const after = await requireAccount(deps, tx, shopId, id)
  await record(deps, tx, shopId, id, by, action, summary, before, after)
  return view(after, await limitsOf(deps, tx, shopId))
}

export const record = (
  deps: AccountsDeps,
  tx: Tx,
  shopId: string,
  entityId: string,
  { staffId, name, ip, requestId }: By,
  action: string,
  summary: string,
  before: unknown,
  after: unknown,
) =>
  audit(tx, deps.clock, {
    shopId,
    actor: { kind: 'staff', id: staffId, name },
    action,
    entity: 'channel-account',
    entityId,
    summary,
    before,
    after,
    ip,
    requestId,
  })
