import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { newSerial, selfSignedCertificate } from './certificate.ts'

test('PAY-01 the platform certificate is a real one: parsed, self-signed, valid when it says, named by its serial', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  for (let round = 0; round < 20; round += 1) {
    const serial = newSerial()
    const pem = selfSignedCertificate({
      privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
      serial,
      commonName: '模拟平台',
      organization: 'WeChat on your desk',
      notBeforeMs: Date.parse('2026-01-01T00:00:00Z'),
      notAfterMs: Date.parse('2031-01-01T00:00:00Z'),
    })
    const certificate = new X509Certificate(pem)
    expect(certificate.serialNumber).toBe(serial)
    expect(certificate.verify(publicKey)).toBe(true)
    expect(certificate.subject).toContain('CN=模拟平台')
    expect(new Date(certificate.validTo).toISOString()).toBe('2031-01-01T00:00:00.000Z')
  }
})
