import { isIP } from 'node:net'
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { MINUTE_MS } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { newChallenge, takeChallenge } from './challenges.ts'
import type { IdentityDeps } from './deps.ts'
import { proveForOwnMeans } from './own-means.ts'
import { passkeyChallengeMinutes } from './settings.ts'
import { type From, openSession, recordOwn, requirePassword, type StaffSignIn } from './sign-in-staff.ts'
import {
  advancePasskey,
  deletePasskey,
  insertPasskey,
  type PasskeyRow,
  passkeyByCredential,
  passkeysOf,
  suspectClone,
} from './store-passkeys.ts'
import { lockStaff, type StaffRow, staffById } from './store-staff.ts'

const MAX_PASSKEYS = 10
const LOOPBACK = ['127.0.0.1', '0.0.0.0', '[::1]', 'localhost']

/**
 * Who a passkey is for (WebAuthn's relying party): the host of PUBLIC_URL and its origin. WebAuthn knows no IP
 * addresses; on the own machine `localhost` stands for them. @throws AppError UNAVAILABLE
 */
export function relyingParty(publicUrl: string): { id: string; origin: string } {
  const url = new URL(publicUrl)
  if (LOOPBACK.includes(url.hostname))
    return { id: 'localhost', origin: `${url.protocol}//localhost${url.port ? `:${url.port}` : ''}` }
  if (isIP(url.hostname.replace(/[[\]]/g, '')))
    throw new AppError('UNAVAILABLE', { values: { what: '通行密钥', reason: '请给店铺配置域名后再用（PUBLIC_URL）' } })
  return { id: url.hostname, origin: url.origin }
}

/**
 * What the browser needs to make a passkey. The password is asked for anew, and a proof of who has something better:
 * an open session alone cannot leave a key behind.
 * @throws AppError BAD_CREDENTIALS, ACCOUNT_LOCKED, LIMIT_REACHED, UNAVAILABLE, and what `prove` throws
 */
export async function passkeyRegistration(
  deps: IdentityDeps,
  staffId: string,
  password: string,
  from: From,
  prove: () => Promise<void>,
) {
  const rp = relyingParty(deps.publicUrl)
  const staff = await requirePassword(deps, staffId, password, from)
  await proveForOwnMeans(deps, staffId, prove)
  const existing = await deps.db.read('system', (tx) => passkeysOf(tx, staffId))
  if (existing.length >= MAX_PASSKEYS) throw tooMany()
  return generateRegistrationOptions({
    rpName: '掌柜 Zhanggui',
    rpID: rp.id,
    userName: staff.account,
    userDisplayName: staff.name,
    userID: Uint8Array.from(Buffer.from(staff.id)),
    challenge: await newChallenge(deps, `register:${staffId}`),
    timeout: await challengeMs(deps),
    attestationType: 'none',
    excludeCredentials: existing.map((each) => ({ id: each.credentialId, transports: each.transports })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
}

/** Keeps the passkey that the browser made. @throws AppError PASSKEY_REFUSED, DUPLICATE, LIMIT_REACHED */
export async function addPasskey(
  deps: IdentityDeps,
  staffId: string,
  input: { name: string; response: RegistrationResponseJSON },
  from: From,
): Promise<PasskeyRow> {
  const rp = relyingParty(deps.publicUrl)
  const expectedChallenge = await takeChallenge(deps, `register:${staffId}`, input.response.response.clientDataJSON)
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: input.response,
    expectedChallenge,
    expectedOrigin: rp.origin,
    expectedRPID: rp.id,
    requireUserVerification: true,
  }).catch(refused)
  if (!verified) throw refusedBecause('设备的答复不正确')
  const { credential, credentialBackedUp } = registrationInfo
  return deps.db.tx('system', async (tx) => {
    const staff = await lockStaff(tx, staffId)
    if ((await passkeysOf(tx, staffId)).length >= MAX_PASSKEYS) throw tooMany()
    const key = {
      id: newId(),
      staffId,
      credentialId: credential.id,
      publicKey: Buffer.from(credential.publicKey).toString('base64url'),
      counter: credential.counter,
      transports: credential.transports ?? [],
      name: input.name,
      synced: credentialBackedUp,
      createdAt: deps.clock.instant(),
    }
    if (!(await insertPasskey(tx, key)))
      throw new AppError('DUPLICATE', { values: { what: '通行密钥', value: input.name } })
    await recordOwn(deps, tx, staff, from, 'identity.add-passkey', `${staff.name} 添加通行密钥「${input.name}」`)
    return { ...key, cloneSuspectedAt: null, lastUsedAt: null }
  })
}

/** Removes one of the own passkeys. @throws AppError NOT_FOUND */
export async function removePasskey(deps: IdentityDeps, staffId: string, id: string, from: From): Promise<void> {
  await deps.db.tx('system', async (tx) => {
    const staff = await lockStaff(tx, staffId)
    const removed = await deletePasskey(tx, staffId, id)
    if (!removed) throw new AppError('NOT_FOUND', { values: { what: '通行密钥' } })
    await recordOwn(deps, tx, staff, from, 'identity.remove-passkey', `${staff.name} 删除通行密钥「${removed.name}」`)
  })
}

/** What the browser needs to sign in with whichever passkey the person chooses. @throws AppError UNAVAILABLE */
export const passkeyQuestion = (deps: IdentityDeps) => passkeyOptions(deps, 'sign-in')

/** What the browser needs to prove a person by one of `keys`, or by whichever they choose. @throws AppError UNAVAILABLE */
export async function passkeyOptions(
  deps: IdentityDeps,
  about: string,
  keys: { id: string; transports: string[] }[] = [],
) {
  return generateAuthenticationOptions({
    rpID: relyingParty(deps.publicUrl).id,
    challenge: await newChallenge(deps, about),
    timeout: await challengeMs(deps),
    userVerification: 'required',
    allowCredentials: keys,
  })
}

/**
 * Signs staff in with a passkey. It stands for password and one-time code: something they have, and the finger,
 * face or PIN that the device asked for. @throws AppError PASSKEY_REFUSED
 */
export const signInWithPasskey = (
  deps: IdentityDeps,
  response: AuthenticationResponseJSON,
  from: From,
): Promise<StaffSignIn> =>
  judged(deps, 'sign-in', response, from, {}, (tx, staff, key) =>
    openSession(deps, tx, staff, from, `${staff.name} 用通行密钥「${key.name}」登录`),
  )

/** Proves that the person at a session is `staffId`, by one of their passkeys. @throws AppError PASSKEY_REFUSED */
export async function provePasskey(
  deps: IdentityDeps,
  about: string,
  response: AuthenticationResponseJSON,
  staffId: string,
  from: From,
): Promise<void> {
  await judged(deps, about, response, from, { staffId }, async () => true)
}

/**
 * Judges the answer of an authenticator and goes on with `work` in the same transaction. A counter that went back is
 * a key that may exist twice: refused and told.
 */
async function judged<T>(
  deps: IdentityDeps,
  about: string,
  response: AuthenticationResponseJSON,
  from: From,
  expected: { staffId?: string },
  work: (tx: Tx, staff: StaffRow, key: PasskeyRow) => Promise<T>,
): Promise<T> {
  const expectedChallenge = await takeChallenge(deps, about, response.response.clientDataJSON)
  const key = await deps.db.read('system', (tx) => passkeyByCredential(tx, response.id))
  if (!key) throw refusedBecause('这把密钥没有在掌柜登记，或已被删除')
  if (expected.staffId !== undefined && key.staffId !== expected.staffId) throw refusedBecause('这把密钥不是当前账号的')
  const newCounter = await counterOf(deps, response, key, expectedChallenge)
  const result = await deps.db.tx('system', async (tx) => {
    const staff = await staffById(tx, key.staffId)
    if (!staff) throw refusedBecause('账号已不存在')
    const at = deps.clock.instant()
    if (await advancePasskey(tx, key.id, newCounter, at)) return work(tx, staff, key)
    await suspectClone(tx, key.id, at)
    const summary = `${staff.name} 的通行密钥「${key.name}」可能被复制，已拒绝`
    await recordOwn(deps, tx, staff, from, 'identity.passkey-clone', summary)
    return undefined
  })
  if (result === undefined) throw refusedBecause('这把密钥可能被复制过，请用密码登录后删除它')
  return result
}

/** The authenticator's counter, once its signature was found right. */
async function counterOf(
  deps: IdentityDeps,
  response: AuthenticationResponseJSON,
  key: PasskeyRow,
  expectedChallenge: string,
): Promise<number> {
  const rp = relyingParty(deps.publicUrl)
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response,
    expectedChallenge,
    expectedOrigin: rp.origin,
    expectedRPID: rp.id,
    requireUserVerification: true,
    credential: {
      id: key.credentialId,
      publicKey: Uint8Array.from(Buffer.from(key.publicKey, 'base64url')),
      // The counter is compared where it is written, so that two sign-ins at once cannot both pass.
      counter: 0,
      transports: key.transports,
    },
  }).catch(refused)
  if (!verified) throw refusedBecause('签名不正确')
  return authenticationInfo.newCounter
}

const challengeMs = async (deps: IdentityDeps): Promise<number> =>
  (await deps.settings.get(passkeyChallengeMinutes, {})) * MINUTE_MS

const tooMany = () => new AppError('LIMIT_REACHED', { values: { what: '通行密钥', limit: MAX_PASSKEYS } })
const refusedBecause = (reason: string) => new AppError('PASSKEY_REFUSED', { values: { reason } })

/** What the library found wrong; its words are for the log, not for the shopkeeper. */
function refused(cause: unknown): never {
  throw new AppError('PASSKEY_REFUSED', { values: { reason: '设备的答复不正确，请重试' }, cause })
}
