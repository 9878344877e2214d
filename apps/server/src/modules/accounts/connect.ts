import { ACCOUNT_CREDENTIALS, type ChannelAccount, type CredentialName } from '@zhanggui/contract'
import { AppError } from '../../kernel/errors.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import { createRateLimit } from '../../kernel/rate-limit.ts'
import { type AccountsDeps, accountOf, type By, record, requireAccount } from './manage.ts'
import { dropCredential, putCredential, sealedCredentials, setConnection } from './store-sources.ts'

const TESTS_PER_WINDOW = 10
const WINDOW_MS = 60_000
const LAST = 4
/** Of shorter ones, four characters would tell too much. */
const LONG_ENOUGH = 12

const UNTESTED = { state: 'untested', at: null, ms: null, message: '' } as const

/**
 * Replaces, adds or (null) removes what an account signs in to WeChat with. Sealed and bound to its place; nothing of it
 * is read back but its end. A change makes the connection untested. @throws AppError NOT_FOUND, VALIDATION_FAILED
 */
export async function setCredentials(
  deps: AccountsDeps,
  shopId: string,
  id: string,
  values: Partial<Record<CredentialName, string | null>>,
  by: By,
): Promise<ChannelAccount> {
  await deps.db.tx({ shopId }, async (tx) => {
    await lockInOrder(tx, [`channel-account:${id}`])
    const account = await requireAccount(deps, tx, shopId, id)
    const known: readonly string[] = ACCOUNT_CREDENTIALS[account.kind]
    const names = Object.keys(values) as CredentialName[]
    const strange = names.find((name) => !known.includes(name))
    if (strange !== undefined)
      throw new AppError('VALIDATION_FAILED', {
        values: { field: strange, reason: '这种账号没有这项凭据' },
        field: `values.${strange}`,
      })
    for (const name of names) {
      const value = values[name]
      if (value === null || value === undefined) await dropCredential(tx, shopId, id, name)
      else
        await putCredential(tx, shopId, id, {
          ...{ name, sealed: deps.vault.encrypt(value, contextOf(shopId, id, name)) },
          ...{ last4: value.length < LONG_ENOUGH ? '' : value.slice(-LAST), at: deps.clock.instant(), by: by.name },
        })
    }
    await setConnection(tx, shopId, id, UNTESTED)
    const said = names.map((name) => `${values[name] === null ? '删除' : '更换'} ${name}`).join('、')
    await record(deps, tx, shopId, id, by, 'accounts.credentials', `账号「${account.name}」凭据：${said}`, null, names)
  })
  return accountOf(deps, shopId, id)
}

/** Asks WeChat with what is kept, and keeps what came of it. Nothing is held while WeChat is waited for. */
export function createConnectionTest(deps: AccountsDeps) {
  const count = createRateLimit({ clock: deps.clock, limit: TESTS_PER_WINDOW, windowMs: WINDOW_MS })
  /** @throws AppError NOT_FOUND, VALIDATION_FAILED for what cannot be tested, TOO_MANY_REQUESTS */
  return async (shopId: string, id: string, by: By): Promise<ChannelAccount> => {
    const { kind, name, sealed } = await deps.db.read({ shopId }, async (tx) => ({
      ...(await requireAccount(deps, tx, shopId, id)),
      sealed: await sealedCredentials(tx, shopId, id),
    }))
    const [idName, secretName] = ACCOUNT_CREDENTIALS[kind] as readonly CredentialName[]
    if (idName === undefined || secretName === undefined)
      throw new AppError('VALIDATION_FAILED', { values: { field: '账号', reason: '这种账号没有可以连接的接口' } })
    const openOf = (wanted: CredentialName) => {
      const found = sealed.find((each) => each.name === wanted)
      if (found) return deps.vault.decrypt(found.sealed, contextOf(shopId, id, wanted))
      throw new AppError('VALIDATION_FAILED', { values: { field: wanted, reason: '还没有填写' }, field: wanted })
    }
    const [appId, secret] = [openOf(idName), openOf(secretName)]
    count(`${shopId}/${id}`)
    const startedAtMs = deps.clock.millis()
    const failure = await deps.probe(kind === 'wecom' ? 'wecom' : 'app', appId, secret)
    const test = { at: deps.clock.instant(), ms: Math.max(0, Math.round(deps.clock.millis() - startedAtMs)) }
    await deps.db.tx({ shopId }, async (tx) => {
      const result =
        failure === null ? ({ state: 'ok', message: '' } as const) : ({ state: 'failed', message: failure } as const)
      await setConnection(tx, shopId, id, { ...result, ...test })
      const summary = `测试账号「${name}」的连接：${failure === null ? '正常' : '失败'}`
      await record(deps, tx, shopId, id, by, 'accounts.test', summary, null, result)
    })
    return accountOf(deps, shopId, id)
  }
}

/** What a credential is bound to: it cannot be moved to another account or name. */
const contextOf = (shopId: string, accountId: string, name: string): string =>
  `channel-account:${shopId}:${accountId}:${name}`
