import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { StaffSession } from '@zhanggui/contract'
import { MINUTE_MS } from '../../kernel/clock.ts'
import { STAFF_COOKIE, staffOf } from '../../kernel/http/caller.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { createRateLimit } from '../../kernel/rate-limit.ts'
import type { IdentityDeps } from './deps.ts'
import { proveForOwnMeans } from './own-means.ts'
import { addPasskey, passkeyQuestion, passkeyRegistration, removePasskey, signInWithPasskey } from './passkeys.ts'
import { newRecoveryCodes } from './recovery-codes.ts'
import { recordOwn } from './sign-in-staff.ts'
import { stepUp, stepUpQuestion } from './step-up.ts'
import { type PasskeyRow, passkeysOf, recoveryCodesLeft } from './store-passkeys.ts'
import { latestSignIns, markSignInsSeen } from './store-sign-ins.ts'
import { endStaffSessions, lockStaff } from './store-staff.ts'

/** Of one address in five minutes: a question at every opening of the sign-in page of everybody behind it. */
const QUESTIONS_PER_ADDRESS = 600
const SIGN_INS_PER_ADDRESS = 300
const WINDOW_MS = 5 * MINUTE_MS

/** Passkeys and recovery codes: signing in with them, and having them (ACC-08). */
export function passkeyHandlers(deps: IdentityDeps, sessionOf: (staffId: string) => Promise<StaffSession>): Handlers {
  const countQuestion = createRateLimit({ clock: deps.clock, limit: QUESTIONS_PER_ADDRESS, windowMs: WINDOW_MS })
  const countSignIn = createRateLimit({ clock: deps.clock, limit: SIGN_INS_PER_ADDRESS, windowMs: WINDOW_MS })
  const cookie = { path: '/', httpOnly: true, sameSite: 'lax', secure: deps.secureCookies } as const
  return {
    'auth.passkeyOptions': async ({ ip }) => {
      countQuestion(ip)
      return { options: { ...(await passkeyQuestion(deps)) } }
    },
    'auth.passkeySignIn': async ({ body, request, reply, ip, requestId }) => {
      countSignIn(ip)
      const from = { ip, requestId, agent: request.headers['user-agent'] ?? '' }
      const signIn = await signInWithPasskey(deps, body.response as AuthenticationResponseJSON, from)
      reply.setCookie(STAFF_COOKIE, signIn.token, { ...cookie, expires: new Date(signIn.expiresAt) })
      return { session: await sessionOf(signIn.staffId) }
    },
    'staff.stepUpOptions': async ({ caller, body, ip }) => {
      countQuestion(ip)
      return { options: { ...(await stepUpQuestion(deps, staffOf(caller), body.purpose)) } }
    },
    'staff.stepUp': async ({ caller, body, ip, requestId }) => {
      countSignIn(ip)
      return stepUp(deps, staffOf(caller), body, { ip, requestId })
    },
    'staff.signIns': ({ caller }) =>
      deps.db.read('system', async (tx) => {
        const { staffId, sessionId } = staffOf(caller)
        const items = await latestSignIns(tx, staffId)
        return { items: items.map((row) => toSignIn(row, sessionId)) }
      }),
    'staff.ownSignIns': async ({ caller }) => {
      await deps.db.tx('system', (tx) => markSignInsSeen(tx, staffOf(caller).staffId, deps.clock.instant()))
      return { ok: true }
    },
    'staff.endOtherSessions': async ({ caller, ip, requestId }) => {
      const { staffId, sessionId } = staffOf(caller)
      await deps.db.tx('system', async (tx) => {
        const staff = await lockStaff(tx, staffId)
        await endStaffSessions(tx, staffId, sessionId)
        await markSignInsSeen(tx, staffId, deps.clock.instant())
        const from = { ip, requestId }
        await recordOwn(deps, tx, staff, from, 'identity.end-other-sessions', `${staff.name} 退出其他设备`)
      })
      return { ok: true }
    },
    'staff.signInMeans': ({ caller }) =>
      deps.db.read('system', async (tx) => ({
        passkeys: (await passkeysOf(tx, staffOf(caller).staffId)).map(toPasskey),
        recoveryCodesLeft: await recoveryCodesLeft(tx, staffOf(caller).staffId),
      })),
    'staff.passkeyStart': async ({ caller, body, ip, requestId, stepUp }) => ({
      options: {
        ...(await passkeyRegistration(deps, staffOf(caller).staffId, body.password, { ip, requestId }, stepUp)),
      },
    }),
    'staff.addPasskey': async ({ caller, body, ip, requestId, stepUp }) => {
      await proveForOwnMeans(deps, staffOf(caller).staffId, stepUp)
      const response = body.response as RegistrationResponseJSON
      const from = { ip, requestId }
      return toPasskey(await addPasskey(deps, staffOf(caller).staffId, { name: body.name, response }, from))
    },
    'staff.removePasskey': async ({ caller, params, ip, requestId, stepUp }) => {
      await proveForOwnMeans(deps, staffOf(caller).staffId, stepUp)
      await removePasskey(deps, staffOf(caller).staffId, params.passkeyId, { ip, requestId })
      return { ok: true }
    },
    'staff.recoveryCodes': async ({ caller, body, ip, requestId, stepUp }) => ({
      codes: await newRecoveryCodes(deps, staffOf(caller).staffId, body.password, { ip, requestId }, stepUp),
    }),
  }
}

const toSignIn = (row: Awaited<ReturnType<typeof latestSignIns>>[number], sessionId: string) => {
  const { id, at, place, device, newPlace, newDevice } = row
  const current = row.sessionId === sessionId
  const open = (newPlace || newDevice) && row.seenAt === null
  return { id, at, place, device, newPlace, newDevice, current, open }
}

const toPasskey = ({ id, name, synced, cloneSuspectedAt, createdAt, lastUsedAt }: PasskeyRow) => ({
  id,
  name,
  synced,
  cloneSuspectedAt,
  createdAt,
  lastUsedAt,
})
