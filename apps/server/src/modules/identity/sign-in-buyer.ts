import { SYSTEM_ACTOR } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import { DAY_MS, plusMs } from '../../kernel/clock.ts'
import { hashToken, randomToken } from '../../kernel/crypto.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId, PLATFORM_SHOP_ID } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import { maskPhone } from '../../kernel/mask.ts'
import { emit } from '../../kernel/outbox.ts'
import type { IdentityDeps, WechatPerson } from './deps.ts'
import { buyerRegistered, buyersMerged } from './events.ts'
import { buyerSessionDays } from './settings.ts'
import {
  addIdentities,
  anyClosed,
  type BuyerRow,
  buyerById,
  type IdentityName,
  identitiesNamed,
  identitiesOf,
  insertBuyer,
  insertBuyerSession,
  liveBuyer,
  moveBuyer,
  removeIdentities,
  setPhone,
} from './store-buyers.ts'

export interface BuyerSignIn {
  token: string
  expiresAt: string
  buyer: BuyerRow
  isNew: boolean
}

/**
 * Signs in the person WeChat vouches for (ACC-03). Somebody known by UnionID or OpenID is found; two records
 * that turn out to be one person are merged into the older; somebody new is registered. The guest cart moves over.
 */
export async function signInBuyer(
  deps: IdentityDeps,
  channel: 'mini' | 'mp',
  person: WechatPerson,
  guestId?: string,
): Promise<BuyerSignIn> {
  const appid = channel === 'mini' ? deps.wechat.miniAppid : deps.wechat.mpAppid
  const names: IdentityName[] = [{ kind: `${channel}:${appid}`, subject: person.openid }]
  if (person.unionid) names.push({ kind: 'unionid', subject: person.unionid })
  const days = await deps.settings.get(buyerSessionDays, {})
  return deps.db.tx('system', async (tx) => {
    const at = deps.clock.instant()
    await lockNames(tx, names)
    await lockBuyers(tx, await buyersNamed(tx, names))
    // Read again: another sign-in may have merged them while this one waited.
    const known = await buyersNamed(tx, names)
    const buyerId = known[0] ?? newId()
    const isNew = known.length === 0
    if (await anyClosed(tx, known)) throw new AppError('ACCOUNT_CLOSED')
    if (isNew) await register(deps, tx, buyerId, channel, person)
    for (const other of known.slice(1)) await mergeBuyers(deps, tx, other, buyerId)
    await addIdentities(tx, buyerId, names, at)
    if (guestId !== undefined) await deps.onGuestSignedIn(tx, { guestId, buyerId })
    await deps.onSignedIn(tx, buyerId)
    const token = randomToken()
    const expiresAt = plusMs(at, days * DAY_MS)
    await insertBuyerSession(tx, { id: newId(), tokenHash: hashToken(token), buyerId, at, expiresAt })
    return { token, expiresAt, buyer: (await buyerById(tx, buyerId))!, isNew }
  })
}

/**
 * Binds the phone that WeChat vouches for. A record known by this phone alone is the same person and is merged.
 * @throws AppError PHONE_TAKEN when the phone belongs to somebody with another WeChat account.
 */
export async function bindPhone(deps: IdentityDeps, caller: string, phone: string): Promise<BuyerRow> {
  const name: IdentityName = { kind: 'phone', subject: deps.vault.phoneIndex(phone) }
  return deps.db.tx('system', async (tx) => {
    await lockNames(tx, [name])
    const holder = (await identitiesNamed(tx, [name]))[0]?.buyerId
    await lockBuyers(tx, holder === undefined ? [caller] : [caller, holder])
    // A merge may have been faster: then the caller is who the record went to.
    const buyerId = await liveBuyer(tx, caller)
    if (await anyClosed(tx, holder === undefined ? [buyerId] : [buyerId, holder])) throw new AppError('ACCOUNT_CLOSED')
    if (holder !== undefined && holder !== buyerId) {
      if (await haveRivalIdentities(tx, holder, buyerId))
        throw new AppError('PHONE_TAKEN', { values: { phone: maskPhone(phone) } })
      await mergeBuyers(deps, tx, holder, buyerId)
    }
    await removeIdentities(tx, buyerId, 'phone')
    await addIdentities(tx, buyerId, [name], deps.clock.instant())
    await setPhone(tx, buyerId, deps.vault.encrypt(phone), maskPhone(phone))
    return (await buyerById(tx, buyerId))!
  })
}

/** Names are locked in order, so that two sign-ins of one person cannot register twice. */
async function lockNames(tx: Tx, names: readonly IdentityName[]): Promise<void> {
  await lockInOrder(
    tx,
    names.map((name) => `identity:${name.kind}:${name.subject}`),
  )
}

/** The buyers that go by any of these names, the oldest name's first. */
const buyersNamed = async (tx: Tx, names: readonly IdentityName[]): Promise<string[]> => [
  ...new Set((await identitiesNamed(tx, names)).map((identity) => identity.buyerId)),
]

/** After the names, always: whoever merges two buyers holds both. */
const lockBuyers = (tx: Tx, buyerIds: readonly string[]): Promise<void> =>
  lockInOrder(
    tx,
    buyerIds.map((buyerId) => `buyer:${buyerId}`),
  )

/** Two people cannot be one when both already have an account at the same app. */
async function haveRivalIdentities(tx: Tx, one: string, other: string): Promise<boolean> {
  const kinds = new Set(
    (await identitiesOf(tx, one)).map((identity) => identity.kind).filter((kind) => kind !== 'phone'),
  )
  return (await identitiesOf(tx, other)).some((identity) => kinds.has(identity.kind))
}

async function register(
  deps: IdentityDeps,
  tx: Tx,
  buyerId: string,
  channel: 'mini' | 'mp',
  person: WechatPerson,
): Promise<void> {
  const at = deps.clock.instant()
  const nickname = person.nickname?.trim().slice(0, 30) || `微信用户${buyerId.slice(-4)}`
  await insertBuyer(tx, { buyerId, nickname, avatarUrl: person.avatarUrl, at })
  await emit(tx, buyerRegistered, {
    shopId: PLATFORM_SHOP_ID,
    aggregate: 'buyer',
    aggregateId: buyerId,
    payload: { buyerId, channel },
    occurredAt: at,
  })
}

async function mergeBuyers(deps: IdentityDeps, tx: Tx, fromBuyerId: string, buyerId: string): Promise<void> {
  await moveBuyer(tx, fromBuyerId, buyerId, deps.clock.instant())
  await deps.onBuyersMerged(tx, { fromBuyerId, buyerId })
  await emit(tx, buyersMerged, {
    shopId: PLATFORM_SHOP_ID,
    aggregate: 'buyer',
    aggregateId: buyerId,
    payload: { buyerId, fromBuyerId },
    occurredAt: deps.clock.instant(),
  })
  await audit(tx, deps.clock, {
    shopId: PLATFORM_SHOP_ID,
    actor: SYSTEM_ACTOR,
    action: 'identity.merge-buyers',
    entity: 'buyer',
    entityId: buyerId,
    summary: '两个买家记录属于同一人，已合并',
    after: { buyerId, fromBuyerId },
  })
}
