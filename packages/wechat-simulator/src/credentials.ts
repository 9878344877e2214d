import { generateKeyPair, randomBytes, randomInt } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { newSerial, selfSignedCertificate } from './certificate.ts'

const YEAR_MS = 365 * 86_400_000
const newKeyPair = promisify(generateKeyPair)

/** The environment a shop needs to use this simulator, by the names the server reads. */
export interface SimulatorEnv {
  WECHAT_PAY_BASE_URL: string
  WECHAT_PAY_MCHID: string
  WECHAT_PAY_MERCHANT_SERIAL: string
  WECHAT_PAY_MERCHANT_PRIVATE_KEY: string
  WECHAT_PAY_APIV3_KEY: string
  WECHAT_PAY_PUBLIC_KEY_ID: string
  WECHAT_PAY_PUBLIC_KEY: string
  WECHAT_API_BASE_URL: string
  WECHAT_OAUTH_BASE_URL: string
  WECOM_API_BASE_URL: string
  WECHAT_MINI_APPID: string
  WECHAT_MINI_SECRET: string
  WECHAT_MP_APPID: string
  WECHAT_MP_SECRET: string
  EXPRESS_BASE_URL: string
  EXPRESS_KEY: string
  EXPRESS_CUSTOMER: string
}

/** What the merchant holds. Written to `credentials.json`, the only file a shop reads. */
export interface SimulatorCredentials {
  version: 1
  merchantCertificatePem: string
  env: SimulatorEnv
}

export interface PlatformCertificate {
  serial: string
  privateKeyPem: string
  certificatePem: string
  effectiveMs: number
  expireMs: number
}

/** What only WeChat holds. Written to `platform.json`; a shop has no business with it. */
export interface PlatformKeys {
  publicKeyPrivatePem: string
  /** Newest last; the last one signs. */
  certificates: PlatformCertificate[]
}

export interface KeyMaterial {
  credentials: SimulatorCredentials
  platform: PlatformKeys
}

async function rsa(): Promise<{ privatePem: string; publicPem: string }> {
  const { privateKey, publicKey } = await newKeyPair('rsa', { modulusLength: 2048 })
  return {
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }) as string,
  }
}

const digits = (count: number) => Array.from({ length: count }, () => randomInt(10)).join('')
const appid = () => `wx${randomBytes(8).toString('hex')}`
const secret = () => randomBytes(16).toString('hex')

/** A fresh platform certificate, valid for five years as WeChat's are. */
export async function newPlatformCertificate(nowMs: number): Promise<PlatformCertificate> {
  const key = await rsa()
  const serial = newSerial()
  const effectiveMs = Math.floor(nowMs / 1000) * 1000
  const expireMs = effectiveMs + 5 * YEAR_MS
  const certificatePem = selfSignedCertificate({
    privateKeyPem: key.privatePem,
    serial,
    commonName: 'Tenpay.com sign (simulated)',
    organization: 'WeChat on your desk',
    notBeforeMs: effectiveMs - 86_400_000,
    notAfterMs: expireMs,
  })
  return { serial, privateKeyPem: key.privatePem, certificatePem, effectiveMs, expireMs }
}

/** What Kuaidi100 gives a customer: an authorisation key, and a customer number. */
const newExpressKeys = () => ({
  EXPRESS_BASE_URL: '',
  EXPRESS_KEY: randomBytes(6).toString('base64url'),
  EXPRESS_CUSTOMER: randomBytes(16).toString('hex').toUpperCase(),
})

/** Generates everything anew: three key pairs, the APIv3 key, a merchant and two apps. */
export async function newKeyMaterial(nowMs: number): Promise<KeyMaterial> {
  const [merchant, publicKey, platform] = await Promise.all([rsa(), rsa(), newPlatformCertificate(nowMs)])
  const mchid = `19${digits(8)}`
  const serial = newSerial()
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789'
  const apiV3Key = Array.from({ length: 32 }, () => alphabet[randomInt(alphabet.length)]).join('')
  const merchantCertificatePem = selfSignedCertificate({
    privateKeyPem: merchant.privatePem,
    serial,
    commonName: mchid,
    organization: 'Simulated merchant',
    notBeforeMs: nowMs - 86_400_000,
    notAfterMs: nowMs + 5 * YEAR_MS,
  })
  const env: SimulatorEnv = {
    WECHAT_PAY_BASE_URL: '',
    WECHAT_PAY_MCHID: mchid,
    WECHAT_PAY_MERCHANT_SERIAL: serial,
    WECHAT_PAY_MERCHANT_PRIVATE_KEY: merchant.privatePem,
    WECHAT_PAY_APIV3_KEY: apiV3Key,
    WECHAT_PAY_PUBLIC_KEY_ID: `PUB_KEY_ID_0${mchid}${digits(20)}`,
    WECHAT_PAY_PUBLIC_KEY: publicKey.publicPem,
    WECHAT_API_BASE_URL: '',
    WECHAT_OAUTH_BASE_URL: '',
    WECOM_API_BASE_URL: '',
    WECHAT_MINI_APPID: appid(),
    WECHAT_MINI_SECRET: secret(),
    WECHAT_MP_APPID: appid(),
    WECHAT_MP_SECRET: secret(),
    ...newExpressKeys(),
  }
  return {
    credentials: { version: 1, merchantCertificatePem, env },
    platform: { publicKeyPrivatePem: publicKey.privatePem, certificates: [platform] },
  }
}

function writeSecret(path: string, value: unknown): void {
  const draft = `${path}.new`
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
  renameSync(draft, path)
}

export function saveKeyMaterial(folder: string, material: KeyMaterial): void {
  writeSecret(join(folder, 'platform.json'), material.platform)
  writeSecret(join(folder, 'credentials.json'), material.credentials)
}

/** Reads the folder's keys, or makes and keeps them at the first start. `folder` null keeps them in memory. */
export async function loadKeyMaterial(folder: string | null, nowMs: number): Promise<KeyMaterial> {
  if (!folder) return newKeyMaterial(nowMs)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const paths = [join(folder, 'credentials.json'), join(folder, 'platform.json')] as const
  const present = paths.filter((path) => existsSync(path))
  if (present.length === 1) {
    throw new Error(`${present[0]} has no counterpart beside it; restore it or remove the folder to start over`)
  }
  if (present.length === 2) {
    const [credentials, platform] = paths.map((path) => JSON.parse(readFileSync(path, 'utf8')))
    // Folders from before there were parcels have no keys for them yet.
    credentials.env = { ...newExpressKeys(), ...credentials.env }
    return { credentials, platform }
  }
  const material = await newKeyMaterial(nowMs)
  saveKeyMaterial(folder, material)
  return material
}

/** Fills in the addresses, which are known only once the port is. */
export function withAddresses(credentials: SimulatorCredentials, publicUrl: string): SimulatorCredentials {
  const env = {
    ...credentials.env,
    WECHAT_PAY_BASE_URL: publicUrl,
    WECHAT_API_BASE_URL: publicUrl,
    WECHAT_OAUTH_BASE_URL: publicUrl,
    WECOM_API_BASE_URL: publicUrl,
    EXPRESS_BASE_URL: publicUrl,
  }
  return { ...credentials, env }
}
