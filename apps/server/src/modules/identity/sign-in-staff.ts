import { Secret, TOTP } from 'otpauth'
import { HOUR_MS, MINUTE_MS, plusMs } from '../../kernel/clock.ts'
import { hashToken, randomToken } from '../../kernel/crypto.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import type { IdentityDeps } from './deps.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { lockMinutes, maxFailedSignIns, staffSessionHours } from './settings.ts'
import {
  countFailure,
  endStaffSessions,
  insertStaffSession,
  lockStaff,
  recordSignIn,
  type StaffRow,
  setPassword,
  setTotp,
  staffByAccount,
  staffById,
  useTotpStep,
} from './store-staff.ts'

const TOTP_PERIOD_SECONDS = 30

export interface StaffSignIn {
  staffId: string
  token: string
  expiresAt: string
}

/**
 * Signs staff in with password and, where enrolled, a one-time code. Answers `needs-totp` when only the code
 * is missing. Wrong attempts are counted and lock the account for a while.
 * @throws AppError BAD_CREDENTIALS, BAD_TOTP, ACCOUNT_LOCKED
 */
export async function signInStaff(
  deps: IdentityDeps,
  account: string,
  password: string,
  code?: string,
): Promise<StaffSignIn | 'needs-totp'> {
  const staff = await deps.db.read('system', (tx) => staffByAccount(tx, account.trim().toLowerCase()))
  if (staff) refuseLocked(deps, staff)
  // An unknown account costs as much time as a wrong password, so that accounts cannot be listed by timing.
  if (!(await verifyPassword(staff?.passwordHash, password))) {
    if (staff) await fail(deps, staff.id)
    throw new AppError('BAD_CREDENTIALS')
  }
  if (staff!.totpConfirmed && code === undefined) return 'needs-totp'
  if (staff!.totpConfirmed && !(await useCode(deps, staff!, code!))) {
    await fail(deps, staff!.id)
    throw new AppError('BAD_TOTP')
  }
  const hours = await deps.settings.get(staffSessionHours, {})
  return deps.db.tx('system', async (tx) => {
    const at = deps.clock.instant()
    refuseLocked(deps, await lockStaff(tx, staff!.id))
    await recordSignIn(tx, staff!.id, at)
    const token = randomToken()
    const expiresAt = plusMs(at, hours * HOUR_MS)
    await insertStaffSession(tx, { id: newId(), tokenHash: hashToken(token), staffId: staff!.id, at, expiresAt })
    return { staffId: staff!.id, token, expiresAt }
  })
}

/** Changes the own password and ends the other sessions. @throws AppError BAD_CREDENTIALS */
export async function changePassword(
  deps: IdentityDeps,
  staffId: string,
  sessionId: string,
  current: string,
  next: string,
): Promise<void> {
  const staff = await deps.db.read('system', (tx) => staffById(tx, staffId))
  if (staff) refuseLocked(deps, staff)
  if (!(await verifyPassword(staff?.passwordHash, current))) {
    await fail(deps, staffId)
    throw new AppError('BAD_CREDENTIALS', { field: 'current' })
  }
  const passwordHash = await hashPassword(next)
  await deps.db.tx('system', async (tx) => {
    await setPassword(tx, staffId, passwordHash)
    await endStaffSessions(tx, staffId, sessionId)
  })
}

/** Starts enrolling a one-time-code app; it counts once a code has been confirmed. */
export async function startTotp(deps: IdentityDeps, staffId: string): Promise<{ secret: string; uri: string }> {
  const secret = new Secret({ size: 20 }).base32
  const staff = await deps.db.tx('system', async (tx) => {
    const row = await lockStaff(tx, staffId)
    if (row.totpConfirmed) throw new AppError('DUPLICATE', { values: { what: '动态验证码', value: row.account } })
    await setTotp(tx, staffId, deps.vault.encrypt(secret), false)
    return row
  })
  return { secret, uri: totpOf(secret, staff.account).toString() }
}

/** @throws AppError BAD_TOTP */
export async function confirmTotp(deps: IdentityDeps, staffId: string, code: string): Promise<void> {
  await deps.db.tx('system', async (tx) => {
    const staff = await lockStaff(tx, staffId)
    const step = staff.totpCipher === null ? null : matchingStep(deps, staff, code)
    if (step === null || !(await useTotpStep(tx, staffId, step))) throw new AppError('BAD_TOTP', { field: 'code' })
    await setTotp(tx, staffId, staff.totpCipher!, true)
  })
}

async function useCode(deps: IdentityDeps, staff: StaffRow, code: string): Promise<boolean> {
  const step = matchingStep(deps, staff, code)
  return step !== null && deps.db.tx('system', (tx) => useTotpStep(tx, staff.id, step))
}

/** The 30-second step a code belongs to, one step of skew either way, or null. */
function matchingStep(deps: IdentityDeps, staff: StaffRow, code: string): number | null {
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

function refuseLocked(deps: IdentityDeps, staff: StaffRow): void {
  if (staff.lockedUntil !== null && staff.lockedUntil > deps.clock.instant())
    throw new AppError('ACCOUNT_LOCKED', {
      values: {
        until: new Date(staff.lockedUntil).toLocaleTimeString('zh-CN', {
          timeZone: 'Asia/Shanghai',
          hour: '2-digit',
          minute: '2-digit',
        }),
      },
      data: { lockedUntil: staff.lockedUntil },
    })
}

async function fail(deps: IdentityDeps, staffId: string): Promise<void> {
  const max = await deps.settings.get(maxFailedSignIns, {})
  const minutes = await deps.settings.get(lockMinutes, {})
  await deps.db.tx('system', (tx) => countFailure(tx, staffId, max, plusMs(deps.clock.instant(), minutes * MINUTE_MS)))
}
