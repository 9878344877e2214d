import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

const USER_PRESENT = 0x01
const USER_VERIFIED = 0x04
const ATTESTED = 0x40

const base64url = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64url')
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest()
/** CBOR (RFC 8949) of a short byte string. */
const cborBytes = (bytes: Uint8Array) =>
  Buffer.concat([
    bytes.length < 256 ? Buffer.from([0x58, bytes.length]) : Buffer.from([0x59, bytes.length >> 8, bytes.length & 255]),
    bytes,
  ])

/**
 * An authenticator in software (WebAuthn Level 3, §6): one ES256 credential, with a counter that a test can turn
 * back as a cloned key would, and that can leave out the verification of the person.
 */
export function softAuthenticator(origin: string, rpId: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = randomBytes(32)
  const authenticator = { counter: 0, verifies: true, origin, register, signIn, credentialId: base64url(id) }

  const clientData = (type: string, challenge: unknown) =>
    JSON.stringify({ type, challenge, origin: authenticator.origin, crossOrigin: false })

  function authData(flags: number): Buffer {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(authenticator.counter)
    const verified = authenticator.verifies ? USER_VERIFIED : 0
    return Buffer.concat([sha256(rpId), Buffer.from([flags | USER_PRESENT | verified]), counter])
  }

  function coseKey(): Buffer {
    const { x, y } = publicKey.export({ format: 'jwk' })
    const coordinate = (text: string) => cborBytes(Buffer.from(text, 'base64url'))
    // {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}
    return Buffer.concat([
      Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
      coordinate(x!),
      Buffer.from([0x22]),
      coordinate(y!),
    ])
  }

  /** The answer to registration options. */
  function register(options: Record<string, unknown>) {
    const length = Buffer.from([id.length >> 8, id.length & 255])
    const data = Buffer.concat([authData(ATTESTED), Buffer.alloc(16), length, id, coseKey()])
    const text = (words: string) => Buffer.concat([Buffer.from([0x60 | words.length]), Buffer.from(words)])
    const attestationObject = Buffer.concat([
      ...[Buffer.from([0xa3]), text('fmt'), text('none'), text('attStmt'), Buffer.from([0xa0])],
      ...[text('authData'), cborBytes(data)],
    ])
    return answer({
      clientDataJSON: base64url(clientData('webauthn.create', options.challenge)),
      attestationObject: base64url(attestationObject),
      transports: ['internal'],
    })
  }

  /** The answer to sign-in options; the counter moves on by one. */
  function signIn(options: Record<string, unknown>) {
    authenticator.counter++
    const data = authData(0)
    const client = clientData('webauthn.get', options.challenge)
    return answer({
      clientDataJSON: base64url(client),
      authenticatorData: base64url(data),
      signature: base64url(sign('sha256', Buffer.concat([data, sha256(client)]), privateKey)),
    })
  }

  const answer = <T extends object>(response: T) => ({
    id: base64url(id),
    rawId: base64url(id),
    type: 'public-key' as const,
    clientExtensionResults: {},
    response,
  })
  return authenticator
}
