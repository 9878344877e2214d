import { randomBytes } from 'node:crypto'
import { MINUTE_MS } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import type { IdentityDeps } from './deps.ts'
import { passkeyChallengeMinutes } from './settings.ts'
import { useChallenge } from './store-passkeys.ts'

const PURPOSE = 'passkey-challenge'
const NONCE_BYTES = 24

/**
 * A challenge for an authenticator, as bytes: a nonce, when it ends, and the server's mark on both and on what it is
 * for. Nothing is written until one comes back, so that opening the sign-in page costs the database nothing.
 * @param about what the challenge is good for, e.g. `sign-in` or `register:<staff id>`
 */
export async function newChallenge(deps: IdentityDeps, about: string): Promise<Uint8Array<ArrayBuffer>> {
  const minutes = await deps.settings.get(passkeyChallengeMinutes, {})
  const nonce = randomBytes(NONCE_BYTES).toString('base64url')
  const endsAt = deps.clock.millis() + minutes * MINUTE_MS
  return Uint8Array.from(Buffer.from(`${nonce}.${endsAt}.${deps.vault.hmac(PURPOSE, `${about}.${nonce}.${endsAt}`)}`))
}

/**
 * Uses up the challenge that stands in an authenticator's answer, and answers it as WebAuthn writes it.
 * @param clientData the answer's `clientDataJSON` in base64url
 * @throws AppError PASSKEY_REFUSED when it is not ours, for something else, too old or was used before
 */
export async function takeChallenge(deps: IdentityDeps, about: string, clientData: string): Promise<string> {
  const challenge = challengeIn(clientData)
  const [nonce = '', endsAt = '', mark = ''] = Buffer.from(challenge, 'base64url').toString().split('.')
  if (!deps.vault.verifyHmac(PURPOSE, `${about}.${nonce}.${endsAt}`, mark))
    throw new AppError('PASSKEY_REFUSED', { values: { reason: '不是从本页面发起，请刷新后重试' } })
  const expiresAt = new Date(Number(endsAt)).toISOString()
  if (Number(endsAt) <= deps.clock.millis())
    throw new AppError('PASSKEY_REFUSED', { values: { reason: '等待太久，请再试一次' } })
  if (!(await deps.db.tx('system', (tx) => useChallenge(tx, nonce, expiresAt))))
    throw new AppError('PASSKEY_REFUSED', { values: { reason: '这次验证已经用过，请再试一次' } })
  return challenge
}

function challengeIn(clientData: string): string {
  try {
    const { challenge } = JSON.parse(Buffer.from(clientData, 'base64url').toString()) as { challenge?: unknown }
    return typeof challenge === 'string' ? challenge : ''
  } catch {
    return ''
  }
}
