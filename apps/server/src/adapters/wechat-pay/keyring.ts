import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { openSealed } from './crypto.ts'
import { WechatPayError } from './errors.ts'

/** Environment files often carry a PEM on one line, with `\\n` where lines end. */
export const pemText = (text: string) => text.replaceAll('\\n', '\n')

const REFRESH_AFTER_MS = 12 * 3600_000
/** A stranger who invents serials must not make us call WeChat for each. */
const REFRESH_DISTANCE_MS = 30_000

export interface PlatformCertificate {
  serial: string
  key: KeyObject
  notBeforeMs: number
  notAfterMs: number
}

interface CertificateAnswer {
  data?: Array<{
    serial_no?: string
    encrypt_certificate?: { ciphertext?: string; nonce?: string; associated_data?: string }
  }>
}

/** Opens the answer of GET /v3/certificates; each certificate must carry the serial it is listed under. */
export function readCertificates(body: string, apiV3Key: Buffer): PlatformCertificate[] {
  const answer = JSON.parse(body) as CertificateAnswer
  return (answer.data ?? []).map((item) => {
    const sealed = item.encrypt_certificate
    if (!sealed?.ciphertext || !sealed.nonce) throw new Error('a platform certificate lacks its ciphertext')
    const pem = openSealed({ ...sealed, ciphertext: sealed.ciphertext, nonce: sealed.nonce }, apiV3Key)
    const certificate = new X509Certificate(pem)
    const serial = certificate.serialNumber.toUpperCase()
    if (serial !== item.serial_no?.toUpperCase())
      throw new Error(`certificate ${serial} is listed as ${item.serial_no}`)
    return {
      serial,
      key: certificate.publicKey,
      notBeforeMs: Date.parse(certificate.validFrom),
      notAfterMs: Date.parse(certificate.validTo),
    }
  })
}

/**
 * WeChat Pay's keys by serial: the public key of public-key mode and any number of platform certificates, which
 * coexist while WeChat rotates them. Certificates are fetched when a serial is unknown and again twice a day.
 */
export class Keyring {
  readonly #publicKey: { serial: string; key: KeyObject } | undefined
  readonly #download: () => Promise<PlatformCertificate[]>
  readonly #now: () => number
  #certificates = new Map<string, PlatformCertificate>()
  #refreshedAtMs = Number.NEGATIVE_INFINITY
  #triedAtMs = Number.NEGATIVE_INFINITY
  #refreshing: Promise<void> | undefined

  constructor(options: {
    publicKeyId?: string | undefined
    publicKeyPem?: string | undefined
    download: () => Promise<PlatformCertificate[]>
    now: () => number
  }) {
    const { publicKeyId: serial, publicKeyPem: pem } = options
    this.#publicKey = serial && pem ? { serial, key: createPublicKey(pemText(pem)) } : undefined
    this.#download = options.download
    this.#now = options.now
  }

  get publicKeyId(): string | undefined {
    return this.#publicKey?.serial
  }

  /** The key of a serial; an unknown one is looked for at WeChat once before it is given up. */
  async find(serial: string): Promise<KeyObject | undefined> {
    const known = this.known(serial)
    if (known) {
      if (serial !== this.#publicKey?.serial) this.#refreshWhenOld()
      return known
    }
    if (!/^[0-9A-Fa-f]{8,40}$/.test(serial)) return undefined
    if (!this.#refreshing && this.#now() - this.#triedAtMs < REFRESH_DISTANCE_MS) return undefined
    await this.#refresh().catch(() => {})
    return this.known(serial)
  }

  /** Without asking anybody; never an expired certificate. */
  known(serial: string): KeyObject | undefined {
    if (serial === this.#publicKey?.serial) return this.#publicKey.key
    const certificate = this.#certificates.get(serial.toUpperCase())
    return certificate && certificate.notAfterMs > this.#now() ? certificate.key : undefined
  }

  /** The key to encrypt sensitive fields with: the public key, else the certificate that is valid longest. */
  async forEncryption(): Promise<{ serial: string; key: KeyObject }> {
    if (this.#publicKey) return this.#publicKey
    let best = this.#longestValid()
    if (!best) {
      await this.#refresh()
      best = this.#longestValid()
    }
    if (!best) {
      const message = 'WeChat Pay has no valid platform certificate to encrypt with'
      throw new WechatPayError({ status: 0, code: 'NO_PLATFORM_CERTIFICATE', message })
    }
    return best
  }

  #longestValid(): PlatformCertificate | undefined {
    const now = this.#now()
    return [...this.#certificates.values()]
      .filter((each) => each.notBeforeMs <= now && each.notAfterMs > now)
      .sort((a, b) => b.notAfterMs - a.notAfterMs)[0]
  }

  #refreshWhenOld(): void {
    const now = this.#now()
    if (now - this.#refreshedAtMs < REFRESH_AFTER_MS || now - this.#triedAtMs < REFRESH_DISTANCE_MS) return
    void this.#refresh().catch(() => {})
  }

  /** Everybody who asks while a download is under way shares it. */
  #refresh(): Promise<void> {
    if (this.#refreshing) return this.#refreshing
    this.#triedAtMs = this.#now()
    this.#refreshing = this.#download()
      .then((certificates) => {
        this.#certificates = new Map(certificates.map((each) => [each.serial, each]))
        this.#refreshedAtMs = this.#now()
      })
      .finally(() => {
        this.#refreshing = undefined
      })
    return this.#refreshing
  }
}
