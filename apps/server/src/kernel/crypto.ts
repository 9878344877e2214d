import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

/** Keeps secrets and personal data at rest. Made from one key, or from several while keys are being rotated. */
export interface Vault {
  /** AES-256-GCM; the result names its key: `v1.<key id>.<nonce, ciphertext and tag in base64url>`. */
  encrypt(plain: string, context?: string): string
  /**
   * The text that was encrypted with the same `context`. Throws a VaultError when it was changed, belongs to another
   * context, or its key is not known.
   */
  decrypt(sealed: string, context?: string): string
  /** Whether `sealed` should be encrypted again because a newer key is in force. */
  isStale(sealed: string): boolean
  /** HMAC-SHA-256 of `text` in base64url; `purpose` keeps uses apart. The oldest key makes it, so it is stable. */
  hmac(purpose: string, text: string): string
  /** Whether `mac` is the hmac of `text`, compared in constant time. */
  verifyHmac(purpose: string, text: string, mac: string): boolean
  /** A keyed hash of a phone number: finds who has it without storing it in clear. */
  phoneIndex(phone: string): string
}

export class VaultError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'VaultError'
  }
}

/** Key objects, not bytes: OpenSSL prepares them once instead of for every use (several times faster). */
interface Keys {
  id: string
  encryption: KeyObject
  authentication: KeyObject
}

const VERSION = 'v1'
const NONCE_BYTES = 12
const TAG_BYTES = 16
const NONCES_AT_ONCE = 256

/**
 * A vault of one or more secret keys (32 bytes or more each, in base64, hex or as text), newest first. The first
 * encrypts, all decrypt; the last makes the keyed hashes, which are looked up and must therefore not change.
 */
export function createVault(secretKeys: string | readonly string[]): Vault {
  const keys = (typeof secretKeys === 'string' ? [secretKeys] : secretKeys).map(deriveKeys)
  const newest = keys[0]
  const oldest = keys.at(-1)
  if (newest === undefined || oldest === undefined) throw new TypeError('A vault needs a key')
  const byId = new Map(keys.map((key) => [key.id, key]))
  const hmac = (purpose: string, text: string) =>
    createHmac('sha256', oldest.authentication).update(`${purpose}\u0000${text}`).digest('base64url')
  return {
    encrypt: (plain, context = '') => seal(newest, plain, context),
    decrypt: (sealed, context = '') => open(byId, sealed, context),
    isStale: (sealed) => sealed.split('.')[1] !== newest.id,
    hmac,
    verifyHmac: (purpose, text, mac) => equalInConstantTime(hmac(purpose, text), mac),
    phoneIndex: (phone) => hmac('phone', normalPhone(phone)),
  }
}

/** Compares two texts without telling by its duration where they differ. */
export function equalInConstantTime(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

/** SHA-256 in hex: how a random token is stored, so that who reads the database cannot use it. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** An unguessable token, base64url; 32 bytes unless told. */
export function randomToken(bytes = 32): string {
  return randomBytes(bytes).toString('base64url')
}

/** `+86 138-1234-5678` and `13812345678` are the same phone. */
function normalPhone(phone: string): string {
  const digits = phone.normalize('NFKC').replace(/[^\d+]/g, '')
  return digits.replace(/^(?:\+|00)?86(?=1[3-9]\d{9}$)/, '')
}

function deriveKeys(secret: string): Keys {
  const bytes = keyBytes(secret)
  if (bytes.length < 32) throw new TypeError('A secret key has at least 32 bytes')
  const derive = (info: string, length: number) => Buffer.from(hkdfSync('sha256', bytes, 'zhanggui', info, length))
  return {
    id: derive('key id', 6).toString('base64url'),
    encryption: createSecretKey(derive('encryption', 32)),
    authentication: createSecretKey(derive('authentication', 32)),
  }
}

/** Hex and base64 are decoded when they hold at least 32 bytes; any other text of that length is taken as it is. */
function keyBytes(secret: string): Buffer {
  if (/^(?:[0-9a-f]{2}){32,}$/i.test(secret)) return Buffer.from(secret, 'hex')
  if (/^[A-Za-z0-9+/_-]{43,}={0,2}$/.test(secret)) return Buffer.from(secret, 'base64')
  return Buffer.from(secret, 'utf8')
}

let nonces = Buffer.alloc(0)

/** Random bytes, each used once; drawn many at a time, which is cheaper than a call for each. */
function nextNonce(): Buffer {
  if (nonces.length < NONCE_BYTES) nonces = randomBytes(NONCE_BYTES * NONCES_AT_ONCE)
  const nonce = nonces.subarray(0, NONCE_BYTES)
  nonces = nonces.subarray(NONCE_BYTES)
  return nonce
}

function seal(key: Keys, plain: string, context: string): string {
  const nonce = nextNonce()
  const cipher = createCipheriv('aes-256-gcm', key.encryption, nonce)
  cipher.setAAD(Buffer.from(`${VERSION}.${key.id}.${context}`))
  const body = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return `${VERSION}.${key.id}.${body.toString('base64url')}`
}

function open(keys: ReadonlyMap<string, Keys>, sealed: string, context: string): string {
  const [version, keyId, text, ...more] = sealed.split('.')
  if (version !== VERSION || keyId === undefined || text === undefined || more.length > 0)
    throw new VaultError('Not a sealed text')
  const key = keys.get(keyId)
  if (!key) throw new VaultError(`The key ${keyId} is not in this vault`)
  const body = Buffer.from(text, 'base64url')
  if (body.length < NONCE_BYTES + TAG_BYTES) throw new VaultError('Not a sealed text')
  const decipher = createDecipheriv('aes-256-gcm', key.encryption, body.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  })
  decipher.setAAD(Buffer.from(`${VERSION}.${keyId}.${context}`))
  decipher.setAuthTag(body.subarray(-TAG_BYTES))
  try {
    return decipher.update(body.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
  } catch {
    throw new VaultError('The sealed text was changed or belongs elsewhere')
  }
}
