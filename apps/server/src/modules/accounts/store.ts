import type { AccountAction, AccountKind, CredentialName } from '@zhanggui/contract'
import { empty, sql, type Tx } from '../../kernel/db.ts'
import type { DayTotals } from './rules.ts'

export interface AccountRow {
  id: string
  kind: AccountKind
  name: string
  wechatId: string
  positioning: string
  keeper: string
  friends: number
  state: 'active' | 'paused'
  version: number
  createdAt: string
  code: string
  groupId: string | null
  track: string
  audience: string
  tone: string
  pillars: string[]
  credentials: { name: CredentialName; last4: string; setAt: string; setBy: string }[]
  connection: { state: 'untested' | 'ok' | 'failed'; at: string | null; ms: number | null; message: string }
  /** Of the business day that was asked for. */
  today: DayTotals
}

export type AccountFields = Pick<
  AccountRow,
  | 'name'
  | 'wechatId'
  | 'positioning'
  | 'keeper'
  | 'friends'
  | 'state'
  | 'groupId'
  | 'track'
  | 'audience'
  | 'tone'
  | 'pillars'
>

const ISO = sql`'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`

/** The accounts of a shop with what they did on `day`; bounded by how many a shop may have. */
export const listAccounts = (tx: Tx, shopId: string, day: string, id?: string): Promise<AccountRow[]> =>
  tx.rows<AccountRow>(sql`
    select a.id, a.kind, a.name, a.wechat_id, a.positioning, a.keeper, a.friends, a.state, a.version, a.created_at, a.code,
      a.group_id, a.track, a.audience, a.tone, a.pillars,
      coalesce((select jsonb_agg(jsonb_build_object('name', c.name, 'last4', c.last4, 'setBy', c.set_by,
        'setAt', to_char(c.set_at at time zone 'UTC', ${ISO})) order by c.name)
        from channel_credentials c where c.shop_id = a.shop_id and c.account_id = a.id), '[]') as credentials,
      jsonb_build_object('state', a.connection_state, 'ms', a.connection_ms, 'message', a.connection_message,
        'at', to_char(a.connection_at at time zone 'UTC', ${ISO})) as connection,
      coalesce((select jsonb_object_agg(d.action, d.total) from channel_account_days d
        where d.shop_id = a.shop_id and d.account_id = a.id and d.day = ${day}::date), '{}') as today
    from channel_accounts a where a.shop_id = ${shopId} ${id === undefined ? empty : sql`and a.id = ${id}`}
    order by a.created_at, a.id limit 100`)

export const countAccounts = async (tx: Tx, shopId: string): Promise<number> =>
  (await tx.one<{ count: number }>(sql`select count(*) as count from channel_accounts where shop_id = ${shopId}`)).count

export async function insertAccount(
  tx: Tx,
  shopId: string,
  account: AccountFields & { id: string; kind: AccountKind; code: string; at: string },
): Promise<boolean> {
  return (
    (await tx.exec(sql`
      insert into channel_accounts (shop_id, id, kind, name, wechat_id, positioning, keeper, friends, state, created_at, code,
        group_id, track, audience, tone, pillars)
      values (${shopId}, ${account.id}, ${account.kind}, ${account.name}, ${account.wechatId}, ${account.positioning},
        ${account.keeper}, ${account.friends}, ${account.state}, ${account.at}, ${account.code},
        ${account.groupId}, ${account.track}, ${account.audience}, ${account.tone}, ${account.pillars})
      on conflict (shop_id, kind, name) do nothing`)) === 1
  )
}

/** Compare-and-set on the version. @throws the unique violation as PostgreSQL gives it */
export async function updateAccount(
  tx: Tx,
  shopId: string,
  id: string,
  account: AccountFields & { version: number },
): Promise<boolean> {
  return (
    (await tx.exec(sql`
      update channel_accounts set name = ${account.name}, wechat_id = ${account.wechatId},
        positioning = ${account.positioning}, keeper = ${account.keeper}, friends = ${account.friends},
        state = ${account.state}, group_id = ${account.groupId}, track = ${account.track},
        audience = ${account.audience}, tone = ${account.tone}, pillars = ${account.pillars}, version = version + 1
      where shop_id = ${shopId} and id = ${id} and version = ${account.version}`)) === 1
  )
}

export async function deleteAccount(tx: Tx, shopId: string, id: string): Promise<boolean> {
  await tx.exec(sql`delete from channel_account_days where shop_id = ${shopId} and account_id = ${id}`)
  await tx.exec(sql`delete from channel_touches where shop_id = ${shopId} and account_id = ${id}`)
  await tx.exec(sql`delete from channel_visits where shop_id = ${shopId} and account_id = ${id}`)
  return (await tx.exec(sql`delete from channel_accounts where shop_id = ${shopId} and id = ${id}`)) === 1
}

/** Adds to a day's total; a friend added is a friend more. Under the account's lock. */
export async function count(
  tx: Tx,
  shopId: string,
  accountId: string,
  day: string,
  { action, amount }: { action: AccountAction; amount: number },
): Promise<void> {
  await tx.exec(sql`
    insert into channel_account_days (shop_id, account_id, day, action, total)
    values (${shopId}, ${accountId}, ${day}::date, ${action}, ${amount})
    on conflict (shop_id, account_id, day, action) do update set total = channel_account_days.total + excluded.total`)
  if (action === 'friend-add')
    await tx.exec(sql`
      update channel_accounts set friends = friends + ${amount} where shop_id = ${shopId} and id = ${accountId}`)
}

/** Names of all accounts, for choosing. */
export const accountNames = (tx: Tx, shopId: string): Promise<{ id: string; name: string }[]> =>
  tx.rows(sql`select id, name from channel_accounts where shop_id = ${shopId} order by created_at, id limit 100`)
