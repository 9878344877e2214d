import {
  constants,
  createDecipheriv,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  sign,
  verify,
} from 'node:crypto'
import type { ClientPayParams } from './port.ts'

const TAG_BYTES = 16
/** Plain SHA-1 inside OAEP is what the protocol prescribes (facts §1.5). */
const OAEP = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }
/** OAEP with SHA-1 leaves this much of a 2048-bit key. */
const MOST_SENSITIVE_BYTES = 214

export const newNonce = () => randomBytes(16).toString('hex').toUpperCase()

/** The five lines a request is signed over (facts §1.2); the body as sent, empty for GET. */
export function requestMessage(input: {
  method: string
  pathAndQuery: string
  timestamp: string
  nonce: string
  body: string
}): string {
  return `${input.method}\n${input.pathAndQuery}\n${input.timestamp}\n${input.nonce}\n${input.body}\n`
}

/** The three lines a response or notification is signed over (facts §1.3). */
export function responseMessage(timestamp: string, nonce: string, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), body, Buffer.from('\n')])
}

/** RSASSA-PKCS1-v1_5 with SHA-256, base64. */
export function signText(message: string, key: KeyObject): string {
  return sign('sha256', Buffer.from(message), key).toString('base64')
}

/** False for anything that is not a signature, such as `WECHATPAY/SIGNTEST/…`: it never throws. */
export function verifySignature(message: Uint8Array, signatureBase64: string, key: KeyObject): boolean {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(signatureBase64) || signatureBase64.length % 4 !== 0) return false
  return verify('sha256', message, key, Buffer.from(signatureBase64, 'base64'))
}

/** `Authorization` of a request. */
export function authorization(input: {
  mchid: string
  serial: string
  timestamp: string
  nonce: string
  signature: string
}): string {
  const members = [
    `mchid="${input.mchid}"`,
    `nonce_str="${input.nonce}"`,
    `timestamp="${input.timestamp}"`,
    `serial_no="${input.serial}"`,
    `signature="${input.signature}"`,
  ]
  return `WECHATPAY2-SHA256-RSA2048 ${members.join(',')}`
}

/** Opens AEAD_AES_256_GCM (facts §1.4): the last 16 bytes are the tag. Throws when anything was changed. */
export function openSealed(
  sealed: { ciphertext: string; nonce: string; associated_data?: string | undefined },
  apiV3Key: Buffer,
): Buffer {
  const bytes = Buffer.from(sealed.ciphertext, 'base64')
  if (bytes.length < TAG_BYTES) throw new Error('the ciphertext is shorter than its tag')
  const algorithm = apiV3Key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm'
  const decipher = createDecipheriv(algorithm, apiV3Key, Buffer.from(sealed.nonce), { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(sealed.associated_data ?? ''))
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
  return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()])
}

export function encryptField(text: string, key: KeyObject): string {
  const bytes = Buffer.from(text)
  if (bytes.length > MOST_SENSITIVE_BYTES) {
    throw new RangeError(`a sensitive field has at most ${MOST_SENSITIVE_BYTES} bytes, not ${bytes.length}`)
  }
  return publicEncrypt({ key, ...OAEP }, bytes).toString('base64')
}

export function decryptField(ciphertext: string, key: KeyObject): string {
  return privateDecrypt({ key, ...OAEP }, Buffer.from(ciphertext, 'base64')).toString('utf8')
}

/** What the WeChat client checks before it shows the payment (facts §1.6). */
export function clientPayMessage(appid: string, timestamp: string, nonce: string, packageText: string): string {
  return `${appid}\n${timestamp}\n${nonce}\n${packageText}\n`
}

export function signClientPay(appid: string, prepayId: string, nowMs: number, key: KeyObject): ClientPayParams {
  const timeStamp = String(Math.floor(nowMs / 1000))
  const nonceStr = newNonce()
  const packageText = `prepay_id=${prepayId}`
  const paySign = signText(clientPayMessage(appid, timeStamp, nonceStr, packageText), key)
  return { appId: appid, timeStamp, nonceStr, package: packageText, signType: 'RSA', paySign }
}
