import { z } from 'zod'
import { Id, Instant, Ok } from './common.ts'
import { Assertion, CredentialOptions } from './passkeys.ts'
import { routes } from './route.ts'
import { STEP_UP_MEANS, STEP_UP_PURPOSES } from './step-up-purposes.ts'

/** One sign-in of a member of staff, as they see it themselves. */
export const SignInSeen = z
  .object({
    id: Id,
    at: Instant,
    /** The block of addresses it came from. */
    place: z.string(),
    /** System and browser as the browser names them. */
    device: z.string(),
    newPlace: z.boolean(),
    newDevice: z.boolean(),
    /** The session that asks. */
    current: z.boolean(),
    /** Unusual, and nobody has said yet that it was they. */
    open: z.boolean(),
  })
  .meta({ id: 'SignInSeen' })
export type SignInSeen = z.infer<typeof SignInSeen>

const Purpose = z.enum(STEP_UP_PURPOSES)

export const stepUpRoutes = routes({
  'staff.stepUpOptions': {
    method: 'POST',
    path: '/api/staff/me/step-up/options',
    summary: 'What the browser needs to prove the person with one of the own passkeys, for one purpose',
    access: { audience: 'staff-self' },
    body: z.object({ purpose: Purpose }),
    response: CredentialOptions,
    errors: ['STEP_UP_NOT_ENROLLED', 'UNAVAILABLE', 'TOO_MANY_REQUESTS'],
  },
  'staff.stepUp': {
    method: 'POST',
    path: '/api/staff/me/step-up',
    summary: 'Prove the person anew; good for this session and purpose for a few minutes',
    access: { audience: 'staff-self' },
    body: z.object({
      purpose: Purpose,
      proof: z.discriminatedUnion('means', [
        z.object({ means: z.literal(STEP_UP_MEANS[0]), response: Assertion }),
        z.object({ means: z.literal(STEP_UP_MEANS[1]), code: z.string().regex(/^\d{6}$/, '请输入 6 位动态码') }),
        z.object({ means: z.literal(STEP_UP_MEANS[2]), code: z.string().min(1).max(20) }),
        z.object({ means: z.literal(STEP_UP_MEANS[3]), password: z.string().min(1).max(128) }),
      ]),
    }),
    response: z.object({ until: Instant }),
    errors: [
      'PASSKEY_REFUSED',
      'BAD_TOTP',
      'BAD_RECOVERY_CODE',
      'BAD_CREDENTIALS',
      'ACCOUNT_LOCKED',
      'STEP_UP_NOT_ENROLLED',
      'TOO_MANY_REQUESTS',
    ],
  },
  'staff.signIns': {
    method: 'GET',
    path: '/api/staff/me/sign-ins',
    summary: 'The own latest sign-ins; those from a new device or place are marked',
    access: { audience: 'staff-self' },
    response: z.object({ items: z.array(SignInSeen).max(20) }),
  },
  'staff.ownSignIns': {
    method: 'POST',
    path: '/api/staff/me/sign-ins/own',
    summary: 'Say that all unusual sign-ins so far were one’s own',
    access: { audience: 'staff-self' },
    response: Ok,
  },
  'staff.endOtherSessions': {
    method: 'POST',
    path: '/api/staff/me/sign-ins/end-others',
    summary: 'End all other sessions of the own account',
    access: { audience: 'staff-self' },
    response: Ok,
  },
})
