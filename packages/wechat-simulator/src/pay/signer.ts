import { constants, createCipheriv, privateDecrypt, randomBytes, sign } from 'node:crypto'
import type { KeyMaterial } from '../credentials.ts'

/** WeChat Pay's side of the cryptography: it signs what it sends and seals what only the merchant may read. */
export class PlatformSigner {
  readonly #material: KeyMaterial

  constructor(material: KeyMaterial) {
    this.#material = material
  }

  get publicKeyId(): string {
    return this.#material.credentials.env.WECHAT_PAY_PUBLIC_KEY_ID
  }

  get certificateSerial(): string {
    return this.#material.platform.certificates.at(-1)!.serial
  }

  /** Every serial this platform answers to: its certificates and its public key id. */
  knows(serial: string): boolean {
    return serial === this.publicKeyId || this.#material.platform.certificates.some((each) => each.serial === serial)
  }

  /** Signature headers over `timestamp\nnonce\nbody\n` by the key named `serial`. */
  headers(serial: string, body: string, timestampMs: number): Record<string, string> {
    const timestamp = String(Math.floor(timestampMs / 1000))
    const nonce = randomBytes(16).toString('hex')
    const message = Buffer.from(`${timestamp}\n${nonce}\n${body}\n`)
    return {
      'Wechatpay-Timestamp': timestamp,
      'Wechatpay-Nonce': nonce,
      'Wechatpay-Serial': serial,
      'Wechatpay-Signature': sign('sha256', message, this.#privateKey(serial)).toString('base64'),
      'Wechatpay-Signature-Type': 'WECHATPAY2-SHA256-RSA2048',
    }
  }

  /** AEAD_AES_256_GCM with the merchant's APIv3 key; the 16-byte tag ends the ciphertext. */
  seal(plaintext: string, associatedData: string): { ciphertext: string; nonce: string; associated_data: string } {
    const nonce = randomBytes(9).toString('base64url').slice(0, 12)
    const key = Buffer.from(this.#material.credentials.env.WECHAT_PAY_APIV3_KEY)
    const cipher = createCipheriv('aes-256-gcm', key, Buffer.from(nonce))
    cipher.setAAD(Buffer.from(associatedData))
    const sealed = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()])
    return { ciphertext: sealed.toString('base64'), nonce, associated_data: associatedData }
  }

  /** Opens a sensitive field that was encrypted with the key named `serial`; undefined when it was not. */
  open(serial: string, ciphertext: string): string | undefined {
    const options = { key: this.#privateKey(serial), padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }
    try {
      return privateDecrypt(options, Buffer.from(ciphertext, 'base64')).toString('utf8')
    } catch {
      return undefined
    }
  }

  #privateKey(serial: string): string {
    if (serial === this.publicKeyId) return this.#material.platform.publicKeyPrivatePem
    const certificate = this.#material.platform.certificates.find((each) => each.serial === serial)
    if (!certificate) throw new Error(`no platform key is named ${serial}`)
    return certificate.privateKeyPem
  }
}
