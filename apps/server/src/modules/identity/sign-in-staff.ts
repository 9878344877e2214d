import { Secret, TOTP } from 'otpauth'
import { audit } from '../../kernel/audit.ts'
import { HOUR_MS, MINUTE_MS, plusMs } from '../../kernel/clock.ts'
import { hashToken, randomToken } from '../../kernel/crypto.ts'
import { LOCAL_ZONE } from '../../kernel/days.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import type { IdentityDeps } from './deps.ts'
import { proveForOwnMeans } from './own-means.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { spendRecoveryCode } from './recovery-codes.ts'
import { lockMinutes, maxFailedSignIns, staffSessionHours } from './settings.ts'
import { noticeSignIn } from './sign-ins.ts'
import {
  beginAttempt,
  endStaffSessions,
  insertStaffSession,
  lockStaff,
  membershipsOf,
  recordSignIn,
  replaceTotp,
  type StaffRow,
  setNextTotp,
  setPassword,
  setTotp,
  staffByAccount,
  staffById,
  takeBackAttempt,
  useTotpStep,
} from './store-staff.ts'

const TOTP_PERIOD_SECONDS = 30

export interface StaffSignIn {
  staffId: string
  token: string
  expiresAt: string
}

/** Where a request came from, for the audit trail. */
export interface From {
  ip: string
  requestId: string
  /** What the browser calls itself; where somebody signs in. */
  agent?: string
}

/**
 * Signs staff in with password and, where enrolled, a one-time code. Answers `needs-totp` when only the code
 * is missing; a recovery code stands for one. Attempts are counted before they are judged; the last one allowed locks the account unless it is right.
 * @throws AppError BAD_CREDENTIALS, BAD_TOTP, BAD_RECOVERY_CODE, ACCOUNT_LOCKED, BUSY
 */
export async function signInStaff(
  deps: IdentityDeps,
  input: { account: string; password: string; code?: string | undefined; recoveryCode?: string | undefined },
  from: From,
): Promise<StaffSignIn | 'needs-totp'> {
  const { password, code, recoveryCode } = input
  const staff = await deps.db.read('system', (tx) => staffByAccount(tx, input.account.trim().toLowerCase()))
  if (staff) await attempt(deps, staff, from)
  // An unknown account costs as much time as a wrong password, so that accounts cannot be listed by timing.
  if (!(await verifyPassword(staff?.passwordHash, password)) || !staff) throw new AppError('BAD_CREDENTIALS')
  if (staff.totpConfirmed && code === undefined && recoveryCode === undefined) {
    // Right so far, though codes that were guessed wrong before still count.
    await deps.db.tx('system', (tx) => takeBackAttempt(tx, staff.id))
    return 'needs-totp'
  }
  if (staff.totpConfirmed && recoveryCode !== undefined) await spendRecoveryCode(deps, staff, recoveryCode, from)
  else if (staff.totpConfirmed && !(await useCode(deps, staff, code!))) throw new AppError('BAD_TOTP')
  return deps.db.tx('system', (tx) => openSession(deps, tx, staff, from, `${staff.name} 登录`))
}

/** A session for somebody who has proved who they are. Attempts that failed before are forgiven. */
export async function openSession(
  deps: IdentityDeps,
  tx: Tx,
  staff: StaffRow,
  from: From,
  summary: string,
): Promise<StaffSignIn> {
  const hours = await deps.settings.get(staffSessionHours, {})
  const at = deps.clock.instant()
  await recordSignIn(tx, staff.id, at)
  const token = randomToken()
  const expiresAt = plusMs(at, hours * HOUR_MS)
  const sessionId = newId()
  await insertStaffSession(tx, { id: sessionId, tokenHash: hashToken(token), staffId: staff.id, at, expiresAt })
  const unusual = await noticeSignIn(deps, tx, { staffId: staff.id, sessionId, ip: from.ip, agent: from.agent ?? '' })
  await recordOwn(deps, tx, staff, from, 'identity.sign-in', summary)
  if (unusual !== undefined)
    await recordOwn(deps, tx, staff, from, 'identity.unusual-sign-in', `${staff.name} 从${unusual}登录`)
  return { staffId: staff.id, token, expiresAt }
}

/** Asks somebody who is signed in for the password anew. @throws AppError BAD_CREDENTIALS, ACCOUNT_LOCKED */
export async function requirePassword(
  deps: IdentityDeps,
  staffId: string,
  password: string,
  from: From,
): Promise<StaffRow> {
  const staff = await requireStaff(deps, staffId)
  await attempt(deps, staff, from)
  if (!(await verifyPassword(staff.passwordHash, password)))
    throw new AppError('BAD_CREDENTIALS', { field: 'password' })
  await deps.db.tx('system', (tx) => takeBackAttempt(tx, staff.id))
  return staff
}

/** Asks somebody who is signed in for a code; the attempt is counted like one at signing in. @throws AppError BAD_TOTP */
export async function proveByCode(
  deps: IdentityDeps,
  staffId: string,
  from: From,
  judge: (staff: StaffRow, use: (code: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  const staff = await requireStaff(deps, staffId)
  await attempt(deps, staff, from)
  await judge(staff, async (code) => {
    if (!(await useCode(deps, staff, code))) throw new AppError('BAD_TOTP', { field: 'code' })
  })
  await deps.db.tx('system', (tx) => takeBackAttempt(tx, staff.id))
}

/** Changes the own password and ends the other sessions. @throws AppError BAD_CREDENTIALS, ACCOUNT_LOCKED */
export async function changePassword(
  deps: IdentityDeps,
  own: { staffId: string; sessionId: string },
  input: { current: string; next: string },
  from: From,
): Promise<void> {
  const staff = await requireStaff(deps, own.staffId)
  await attempt(deps, staff, from)
  if (!(await verifyPassword(staff.passwordHash, input.current)))
    throw new AppError('BAD_CREDENTIALS', { field: 'current' })
  const passwordHash = await hashPassword(input.next)
  await deps.db.tx('system', async (tx) => {
    await setPassword(tx, staff.id, passwordHash)
    await endStaffSessions(tx, staff.id, own.sessionId)
    await recordOwn(deps, tx, staff, from, 'identity.change-password', `${staff.name} 修改密码`)
  })
}

/**
 * Starts enrolling a one-time-code app, or replacing it; it counts once a code has been confirmed, and until then the
 * one that it replaces does. The password is asked for anew: an open session alone cannot make itself a means to prove
 * the person by; who has an app already proves who they are besides. @throws AppError BAD_CREDENTIALS, ACCOUNT_LOCKED
 */
export async function startTotp(
  deps: IdentityDeps,
  staffId: string,
  password: string,
  from: From,
  prove: () => Promise<void>,
): Promise<{ secret: string; uri: string }> {
  const { totpConfirmed } = await requirePassword(deps, staffId, password, from)
  await proveForOwnMeans(deps, staffId, prove)
  const secret = new Secret({ size: 20 }).base32
  const cipher = deps.vault.encrypt(secret)
  const staff = await deps.db.tx('system', async (tx) => {
    const row = await lockStaff(tx, staffId)
    // Confirmed in another window meanwhile: without the proof.
    if (row.totpConfirmed && !totpConfirmed) throw new AppError('CONFLICT', { values: { what: '动态验证码' } })
    await (row.totpConfirmed ? setNextTotp(tx, staffId, cipher) : setTotp(tx, staffId, cipher, false))
    return row
  })
  return { secret, uri: totpOf(secret, staff.account).toString() }
}

/** The app shows codes of the new secret: from now on it counts. @throws AppError BAD_TOTP */
export async function confirmTotp(
  deps: IdentityDeps,
  own: { staffId: string; sessionId: string },
  code: string,
  from: From,
): Promise<void> {
  const { staffId } = own
  await deps.db.tx('system', async (tx) => {
    const staff = await lockStaff(tx, staffId)
    const isNext = staff.totpConfirmed
    const cipher = isNext ? staff.totpNext : staff.totpCipher
    const step = cipher === null ? null : matchingStep(deps, { account: staff.account, totpCipher: cipher }, code)
    if (step === null) throw new AppError('BAD_TOTP', { field: 'code' })
    if (isNext) {
      await replaceTotp(tx, staffId, step)
      await endStaffSessions(tx, staffId, own.sessionId)
      await recordOwn(deps, tx, staff, from, 'identity.replace-totp', `${staff.name} 更换动态码`)
      return
    }
    if (!(await useTotpStep(tx, staffId, step))) throw new AppError('BAD_TOTP', { field: 'code' })
    await setTotp(tx, staffId, cipher!, true)
    await recordOwn(deps, tx, staff, from, 'identity.enrol-totp', `${staff.name} 启用动态码`)
  })
}

async function useCode(deps: IdentityDeps, staff: StaffRow, code: string): Promise<boolean> {
  const step = matchingStep(deps, staff, code)
  return step !== null && deps.db.tx('system', (tx) => useTotpStep(tx, staff.id, step))
}

/** The 30-second step a code belongs to, one step of skew either way, or null. */
function matchingStep(
  deps: IdentityDeps,
  staff: Pick<StaffRow, 'account' | 'totpCipher'>,
  code: string,
): number | null {
  const timestamp = deps.clock.millis()
  const delta = totpOf(deps.vault.decrypt(staff.totpCipher!), staff.account).validate({
    token: code,
    timestamp,
    window: 1,
  })
  return delta === null ? null : Math.floor(timestamp / 1000 / TOTP_PERIOD_SECONDS) + delta
}

function totpOf(secret: string, account: string): TOTP {
  return new TOTP({
    issuer: 'Zhanggui',
    label: account,
    secret: Secret.fromBase32(secret),
    period: TOTP_PERIOD_SECONDS,
    digits: 6,
  })
}

/** Counts an attempt, or refuses it while the account is locked. */
async function attempt(deps: IdentityDeps, staff: StaffRow, from: From): Promise<void> {
  const max = await deps.settings.get(maxFailedSignIns, {})
  const minutes = await deps.settings.get(lockMinutes, {})
  await deps.db.tx('system', async (tx) => {
    const at = deps.clock.instant()
    const lockedUntil = plusMs(at, minutes * MINUTE_MS)
    const counted = await beginAttempt(tx, staff.id, max, at, lockedUntil)
    if (counted === 'last')
      await recordOwn(deps, tx, staff, from, 'identity.lock', `${staff.name} 连续尝试过多，账号锁定`)
    if (counted !== 'locked') return
    const until = (await lockStaff(tx, staff.id)).lockedUntil ?? lockedUntil
    throw new AppError('ACCOUNT_LOCKED', { values: { until: shanghaiTime(until) }, data: { lockedUntil: until } })
  })
}

const shanghaiTime = (instant: string): string =>
  new Date(instant).toLocaleTimeString('zh-CN', { timeZone: LOCAL_ZONE, hour: '2-digit', minute: '2-digit' })

async function requireStaff(deps: IdentityDeps, staffId: string): Promise<StaffRow> {
  const staff = await deps.db.read('system', (tx) => staffById(tx, staffId))
  if (!staff) throw new AppError('SIGN_IN_REQUIRED')
  return staff
}

/** What somebody does with the own account stands in the trail of every shop they work in. */
export async function recordOwn(
  deps: IdentityDeps,
  tx: Tx,
  staff: StaffRow,
  from: From,
  action: string,
  summary: string,
): Promise<void> {
  for (const { shopId } of await membershipsOf(tx, staff.id))
    await audit(tx, deps.clock, {
      shopId,
      actor: { kind: 'staff', id: staff.id, name: staff.name },
      action,
      entity: 'staff',
      entityId: staff.id,
      summary,
      ip: from.ip,
      requestId: from.requestId,
    })
}
