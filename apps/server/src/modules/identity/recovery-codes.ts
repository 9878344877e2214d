import { randomInt } from 'node:crypto'
import { AppError } from '../../kernel/errors.ts'
import type { IdentityDeps } from './deps.ts'
import { proveForOwnMeans } from './own-means.ts'
import { type From, recordOwn, requirePassword } from './sign-in-staff.ts'
import { replaceRecoveryCodes, useRecoveryCode } from './store-passkeys.ts'
import type { StaffRow } from './store-staff.ts'

const CODES = 10
/** Digits and letters that nobody takes for one another (Crockford's base 32). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CODE_LENGTH = 10

/**
 * Ten codes that each stand once for a one-time code, for the day the phone is lost (ACC-08). They take the place of
 * all earlier ones, are shown now and never again: only keyed hashes are kept. The password is asked for anew, and a
 * proof of who has something better.
 * @throws AppError BAD_CREDENTIALS, ACCOUNT_LOCKED, and what `prove` throws
 */
export async function newRecoveryCodes(
  deps: IdentityDeps,
  staffId: string,
  password: string,
  from: From,
  prove: () => Promise<void>,
): Promise<string[]> {
  const staff = await requirePassword(deps, staffId, password, from)
  await proveForOwnMeans(deps, staffId, prove)
  const codes = Array.from({ length: CODES }, newCode)
  await deps.db.tx('system', async (tx) => {
    await replaceRecoveryCodes(
      tx,
      staff.id,
      codes.map((code) => hashOf(deps, staff.id, code)),
    )
    await recordOwn(deps, tx, staff, from, 'identity.recovery-codes', `${staff.name} 生成恢复码`)
  })
  return codes
}

/** Uses a recovery code up in the place of a one-time code. @throws AppError BAD_RECOVERY_CODE */
export async function spendRecoveryCode(deps: IdentityDeps, staff: StaffRow, code: string, from: From): Promise<void> {
  await deps.db.tx('system', async (tx) => {
    if (!(await useRecoveryCode(tx, staff.id, hashOf(deps, staff.id, code), deps.clock.instant())))
      throw new AppError('BAD_RECOVERY_CODE', { field: 'recoveryCode' })
    await recordOwn(deps, tx, staff, from, 'identity.use-recovery-code', `${staff.name} 使用恢复码登录`)
  })
}

const newCode = (): string => {
  const signs = Array.from({ length: CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  return `${signs.slice(0, 5)}-${signs.slice(5)}`
}

/** However somebody typed it: lower case, without the dash, O for 0, I and L for 1. */
const plainCode = (code: string): string =>
  code.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')

const hashOf = (deps: IdentityDeps, staffId: string, code: string): string =>
  deps.vault.hmac('staff-recovery-code', `${staffId}:${plainCode(code)}`)
