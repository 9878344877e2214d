import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import type { StepUpMeans, StepUpPurpose } from '@zhanggui/contract'
import { MINUTE_MS, plusMs } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import type { StaffCaller } from '../../kernel/http/caller.ts'
import type { IdentityDeps } from './deps.ts'
import { passkeyOptions, provePasskey } from './passkeys.ts'
import { spendRecoveryCode } from './recovery-codes.ts'
import { stepUpByPassword, stepUpMinutes } from './settings.ts'
import { type From, proveByCode, recordOwn, requirePassword } from './sign-in-staff.ts'
import { passkeysOf } from './store-passkeys.ts'
import { staffById } from './store-staff.ts'
import { enrolledMeans, isProven, keepProof } from './store-step-up.ts'

/** For these a password is never enough: where money goes, and the keys to it. */
const NEVER_BY_PASSWORD: readonly StepUpPurpose[] = ['withdrawal', 'payout', 'credentials']

const PURPOSES: Record<StepUpPurpose, string> = {
  withdrawal: '提现',
  payout: '收款账户',
  credentials: '密钥与凭证',
  refund: '大额退款',
  adjustment: '手工调整',
  export: '批量导出',
  'personal-data': '查看个人信息',
  staff: '员工与权限',
  approval: '审批',
}

export type StepUpProof =
  | { means: 'passkey'; response: unknown }
  | { means: 'totp'; code: string }
  | { means: 'recovery-code'; code: string }
  | { means: 'password'; password: string }

type Session = Pick<StaffCaller, 'staffId' | 'sessionId'>
type StepUpDeps = Pick<IdentityDeps, 'db' | 'clock' | 'settings'>

/** Undefined while the person is proven for the purpose in this session; otherwise by what means they can be. */
export async function stepUpAsked(
  deps: StepUpDeps,
  { staffId, sessionId }: Session,
  purpose: StepUpPurpose,
): Promise<StepUpMeans[] | undefined> {
  const proven = await deps.db.read('system', (tx) => isProven(tx, sessionId, purpose, deps.clock.instant()))
  return proven ? undefined : meansFor(deps, staffId, purpose)
}

/** A password proves only those who have nothing better, and not for everything. */
async function meansFor(deps: StepUpDeps, staffId: string, purpose: StepUpPurpose): Promise<StepUpMeans[]> {
  const { passkey, totp, codes } = await deps.db.read('system', (tx) => enrolledMeans(tx, staffId))
  if (passkey || totp)
    return [
      ...(passkey ? (['passkey'] as const) : []),
      ...(totp ? (['totp'] as const) : []),
      ...(codes ? (['recovery-code'] as const) : []),
    ]
  const allowed = await deps.settings.get(stepUpByPassword, {})
  return allowed && !NEVER_BY_PASSWORD.includes(purpose) ? ['password'] : []
}

const about = ({ sessionId }: Session, purpose: StepUpPurpose) => `step-up:${purpose}:${sessionId}`

/** What the browser needs to ask for one of the own passkeys. @throws AppError STEP_UP_NOT_ENROLLED, UNAVAILABLE */
export async function stepUpQuestion(deps: IdentityDeps, session: Session, purpose: StepUpPurpose) {
  const keys = await deps.db.read('system', (tx) => passkeysOf(tx, session.staffId))
  if (keys.length === 0) throw new AppError('STEP_UP_NOT_ENROLLED')
  return passkeyOptions(
    deps,
    about(session, purpose),
    keys.map((key) => ({ id: key.credentialId, transports: key.transports })),
  )
}

/**
 * Proves the person behind a session for one purpose. Every attempt with a code or a password is counted as one at
 * signing in is; a code counts once. Answers until when it holds.
 * @throws AppError PASSKEY_REFUSED, BAD_TOTP, BAD_RECOVERY_CODE, BAD_CREDENTIALS, ACCOUNT_LOCKED, STEP_UP_NOT_ENROLLED
 */
export async function stepUp(
  deps: IdentityDeps,
  session: Session,
  { purpose, proof }: { purpose: StepUpPurpose; proof: StepUpProof },
  from: From,
): Promise<{ until: string }> {
  const means = await meansFor(deps, session.staffId, purpose)
  if (!means.includes(proof.means)) throw new AppError('STEP_UP_NOT_ENROLLED')
  await prove(deps, session, purpose, proof, from)
  const minutes = await deps.settings.get(stepUpMinutes, {})
  return deps.db.tx('system', async (tx) => {
    const staff = await staffById(tx, session.staffId)
    if (!staff) throw new AppError('SIGN_IN_REQUIRED')
    const at = deps.clock.instant()
    const expiresAt = plusMs(at, minutes * MINUTE_MS)
    await keepProof(tx, { sessionId: session.sessionId, purpose, means: proof.means, at, expiresAt })
    await recordOwn(deps, tx, staff, from, 'identity.step-up', `${staff.name} 为「${PURPOSES[purpose]}」验证身份`)
    return { until: expiresAt }
  })
}

async function prove(
  deps: IdentityDeps,
  session: Session,
  purpose: StepUpPurpose,
  proof: StepUpProof,
  from: From,
): Promise<void> {
  if (proof.means === 'passkey')
    await provePasskey(
      deps,
      about(session, purpose),
      proof.response as AuthenticationResponseJSON,
      session.staffId,
      from,
    )
  else if (proof.means === 'password') await requirePassword(deps, session.staffId, proof.password, from)
  else
    await proveByCode(deps, session.staffId, from, (staff, use) =>
      proof.means === 'totp' ? use(proof.code) : spendRecoveryCode(deps, staff, proof.code, from),
    )
}
