import { z } from 'zod'
import { Id, Instant, Ok, text } from './common.ts'
import { StaffSession } from './identity.ts'
import { routes } from './route.ts'

/** A WebAuthn credential of a member of staff, without its key. */
export const Passkey = z
  .object({
    id: Id,
    name: z.string(),
    /** Kept by a password manager on several devices. */
    synced: z.boolean(),
    /** When a sign-in was refused because the key may exist twice. */
    cloneSuspectedAt: Instant.nullable(),
    createdAt: Instant,
    lastUsedAt: Instant.nullable(),
  })
  .meta({ id: 'Passkey' })
export type Passkey = z.infer<typeof Passkey>

/** Bytes in base64url, as WebAuthn's JSON writes them. */
const Bytes = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[A-Za-z0-9_-]+={0,2}$/)
/** Options for the browser's `navigator.credentials`, in WebAuthn's own JSON (Level 3, §5.1.8–5.1.9). */
export const CredentialOptions = z.object({ options: z.record(z.string(), z.unknown()) })
const credential = {
  id: Bytes(1400),
  rawId: Bytes(1400),
  type: z.literal('public-key'),
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).optional(),
  /** No extension is asked for, so nobody reads their results. */
  clientExtensionResults: z.unknown().optional(),
}
const Registration = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: Bytes(4000),
    attestationObject: Bytes(20_000),
    transports: z.array(z.string().max(20)).max(10).optional(),
  }),
})
export const Assertion = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: Bytes(4000),
    authenticatorData: Bytes(4000),
    /** The largest of the algorithms in use, ML-DSA-87, makes 6,170 characters. */
    signature: Bytes(8000),
    userHandle: Bytes(200).optional(),
  }),
})
const OwnPassword = z.string().min(1).max(128)

export const passkeyRoutes = routes({
  'auth.passkeyOptions': {
    method: 'POST',
    path: '/api/auth/staff/passkey/options',
    summary: 'What the browser needs to sign staff in with a passkey of their choice',
    access: { audience: 'public' },
    response: CredentialOptions,
    errors: ['UNAVAILABLE', 'TOO_MANY_REQUESTS'],
  },
  'auth.passkeySignIn': {
    method: 'POST',
    path: '/api/auth/staff/passkey/sign-in',
    summary: 'Sign staff in with a passkey, which stands for password and one-time code; sets the session cookie',
    access: { audience: 'public' },
    body: z.object({ response: Assertion }),
    response: z.object({ session: StaffSession }),
    errors: ['PASSKEY_REFUSED', 'UNAVAILABLE', 'TOO_MANY_REQUESTS'],
  },
  'staff.signInMeans': {
    method: 'GET',
    path: '/api/staff/me/passkeys',
    summary: 'The own passkeys, and how many recovery codes are left',
    access: { audience: 'staff-self' },
    response: z.object({ passkeys: z.array(Passkey).max(100), recoveryCodesLeft: z.int() }),
  },
  'staff.passkeyStart': {
    method: 'POST',
    path: '/api/staff/me/passkeys/options',
    summary: 'Start adding a passkey; asks for the password anew',
    access: { audience: 'staff-self' },
    // The first means is added with the password alone; whoever has a passkey or a code app proves it.
    stepUpAbove: 'staff',
    body: z.object({ password: OwnPassword }),
    response: CredentialOptions,
    errors: ['BAD_CREDENTIALS', 'ACCOUNT_LOCKED', 'LIMIT_REACHED', 'UNAVAILABLE'],
  },
  'staff.addPasskey': {
    method: 'POST',
    path: '/api/staff/me/passkeys',
    summary: 'Keep the passkey that the browser made (at most 10)',
    access: { audience: 'staff-self' },
    stepUpAbove: 'staff',
    body: z.object({ name: text(40), response: Registration }),
    response: Passkey,
    errors: ['PASSKEY_REFUSED', 'DUPLICATE', 'LIMIT_REACHED', 'UNAVAILABLE'],
  },
  'staff.removePasskey': {
    method: 'DELETE',
    path: '/api/staff/me/passkeys/:passkeyId',
    summary: 'Remove one of the own passkeys',
    access: { audience: 'staff-self' },
    stepUpAbove: 'staff',
    params: z.object({ passkeyId: Id }),
    response: Ok,
    errors: ['NOT_FOUND'],
  },
  'staff.recoveryCodes': {
    method: 'POST',
    path: '/api/staff/me/recovery-codes',
    summary: 'Ten new recovery codes in the place of all earlier ones; shown once, asks for the password anew',
    access: { audience: 'staff-self' },
    stepUpAbove: 'staff',
    body: z.object({ password: OwnPassword }),
    response: z.object({ codes: z.array(z.string()).max(10) }),
    errors: ['BAD_CREDENTIALS', 'ACCOUNT_LOCKED'],
  },
})
