import { createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto'

const SHA256_WITH_RSA = Buffer.from('300d06092a864886f70d01010b0500', 'hex')
const OID_COMMON_NAME = Buffer.from('0603550403', 'hex')
const OID_ORGANIZATION = Buffer.from('060355040a', 'hex')

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  if (content.length < 128) return Buffer.concat([Buffer.from([tag, content.length]), content])
  let hex = content.length.toString(16)
  if (hex.length % 2) hex = `0${hex}`
  const length = Buffer.from(hex, 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, content])
}

const sequence = (...parts: Buffer[]) => der(0x30, ...parts)

function name(commonName: string, organization: string): Buffer {
  const part = (oid: Buffer, value: string) => der(0x31, sequence(oid, der(0x0c, Buffer.from(value, 'utf8'))))
  return sequence(part(OID_ORGANIZATION, organization), part(OID_COMMON_NAME, commonName))
}

function utcTime(instantMs: number): Buffer {
  const digits = new Date(instantMs).toISOString().replace(/\D/g, '').slice(2, 14)
  return der(0x17, Buffer.from(`${digits}Z`, 'ascii'))
}

/** A certificate serial as WeChat writes it: 40 upper-case hexadecimal digits. */
export function newSerial(): string {
  const bytes = randomBytes(20)
  bytes[0] = 0x10 | (bytes[0]! & 0x6f)
  return bytes.toString('hex').toUpperCase()
}

/** A self-signed X.509 certificate (RFC 5280, RSA with SHA-256) for a key pair the simulator owns. */
export function selfSignedCertificate(input: {
  privateKeyPem: string
  serial: string
  commonName: string
  organization: string
  notBeforeMs: number
  notAfterMs: number
}): string {
  const subject = name(input.commonName, input.organization)
  const privateKey = createPrivateKey(input.privateKeyPem)
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from(input.serial, 'hex')),
    SHA256_WITH_RSA,
    subject,
    sequence(utcTime(input.notBeforeMs), utcTime(input.notAfterMs)),
    subject,
    createPublicKey(privateKey).export({ type: 'spki', format: 'der' }),
  )
  const signature = sign('sha256', body, privateKey)
  const certificate = sequence(body, SHA256_WITH_RSA, der(0x03, Buffer.from([0]), signature))
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
