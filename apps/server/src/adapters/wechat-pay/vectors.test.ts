import { createPrivateKey, createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseTradeBill } from './bill.ts'
import {
  authorization,
  clientPayMessage,
  openSealed,
  requestMessage,
  signClientPay,
  signText,
  verifySignature,
} from './crypto.ts'
import { readCertificates } from './keyring.ts'
import { openNotice } from './notice.ts'

const folder = resolve(import.meta.dirname, '../../../../../../shared/wechat/vectors')
const absent = !existsSync(folder)
const reason = absent ? ' (skipped: the public vectors are not beside this checkout)' : ''
const file = (name: string) => readFileSync(resolve(folder, name), 'utf8')
const vectors = absent ? {} : JSON.parse(file('wechatpay_v3.json'))
const own = generateKeyPairSync('rsa', { modulusLength: 2048 })

describe('public WeChat Pay vectors', () => {
  test.skipIf(absent)(`PAY-01 the signature published with the Go SDK verifies${reason}`, () => {
    const { message, signature_b64 } = vectors.rsa_sha256_sign
    const key = createPublicKey(file('go_test_public_key.pem'))
    expect(verifySignature(Buffer.from(message), signature_b64, key)).toBe(true)
    expect(verifySignature(Buffer.from(`${message}.`), signature_b64, key)).toBe(false)
  })

  test.skipIf(absent)(`PAY-01 the signature published with the Java SDK verifies${reason}`, () => {
    const { message, signature_b64, cert, serial } = vectors.rsa_verify_java
    const certificate = new X509Certificate(file(cert))
    expect(certificate.serialNumber).toBe(serial)
    expect(verifySignature(Buffer.from(message), signature_b64, certificate.publicKey)).toBe(true)
  })

  test.skipIf(absent)(`PAY-01 a request is signed over the published five lines${reason}`, () => {
    expect(vectors.authorization_header).toHaveLength(2)
    for (const vector of vectors.authorization_header) {
      const { method, url, nonce, body, mchid, serial_no } = vector
      const timestamp = String(vector.timestamp)
      const message = requestMessage({ method, pathAndQuery: url, timestamp, nonce, body })
      expect(message).toBe(vector.message)
      const signature = signText(message, own.privateKey)
      expect(verifySignature(Buffer.from(vector.message), signature, own.publicKey)).toBe(true)
      const header = authorization({ mchid, serial: serial_no, timestamp, nonce, signature })
      expect(header).toBe(
        `WECHATPAY2-SHA256-RSA2048 mchid="${mchid}",nonce_str="${nonce}",timestamp="${timestamp}",serial_no="${serial_no}",signature="${signature}"`,
      )
    }
  })

  test.skipIf(absent)(`PAY-01 the published AES-GCM ciphertexts open, and not after a change${reason}`, () => {
    for (const vector of vectors.aes_gcm) {
      const sealed = { ciphertext: vector.ciphertext_b64, nonce: vector.nonce, associated_data: vector.aad }
      const key = Buffer.from(vector.key)
      expect(openSealed(sealed, key).toString()).toBe(vector.plaintext)
      expect(() => openSealed({ ...sealed, associated_data: `${vector.aad}x` }, key)).toThrow()
      const bytes = Buffer.from(vector.ciphertext_b64, 'base64')
      bytes[0] = bytes[0]! ^ 1
      expect(() => openSealed({ ...sealed, ciphertext: bytes.toString('base64') }, key)).toThrow()
    }
  })

  test.skipIf(absent)(`PAY-01 the published notification is verified and opened${reason}`, async () => {
    const { headers, body, platform_cert, apiv3_key_raw, plaintext } = vectors.notification
    const key = new X509Certificate(file(platform_cert)).publicKey
    const serial = headers['Wechatpay-Serial']
    const keys = {
      find: async (asked: string) => (asked === serial ? key : undefined),
      apiV3Key: Buffer.from(apiv3_key_raw),
      now: () => Number(headers['Wechatpay-Timestamp']) * 1000,
    }
    const notice = await openNotice({ headers, rawBody: body }, keys)
    expect(notice).toMatchObject({
      id: '3119dfba-e649-5eec-ab1e-3412bc4d2e17',
      eventType: 'PAYSCORE.USER_OPEN_SERVICE',
      resource: JSON.parse(plaintext),
    })
    expect(notice.createdAt.toISOString()).toBe('2021-06-24T08:37:26.000Z')
    const changed = body.replace('签约成功', '签约失败')
    await expect(openNotice({ headers, rawBody: changed }, keys)).rejects.toMatchObject({
      code: 'NOTICE_SIGNATURE_INVALID',
    })
    const sixMinutesLater = { ...keys, now: () => keys.now() + 360_000 }
    await expect(openNotice({ headers, rawBody: body }, sixMinutesLater)).rejects.toMatchObject({
      code: 'NOTICE_EXPIRED',
    })
  })

  test.skipIf(absent)(
    `PAY-01 the published certificate downloads decrypt to the certificate they name${reason}`,
    () => {
      const { certificates_download_java: java, certificates_download_go: go } = vectors
      const [fromJava] = readCertificates(java.response_body, Buffer.from(java.apiv3_key))
      expect(fromJava?.serial).toBe(java.serial_no)
      const fromGo = readCertificates(go.response_body, Buffer.from(go.apiv3_key))
      expect(fromGo.length).toBeGreaterThan(0)
      for (const each of fromGo) expect(each.key.asymmetricKeyType).toBe('rsa')
      expect(() => readCertificates(java.response_body, Buffer.from('0'.repeat(32)))).toThrow()
      const mislisted = java.response_body.replace(java.serial_no, 'F'.repeat(40))
      expect(() => readCertificates(mislisted, Buffer.from(java.apiv3_key))).toThrow(/is listed as/)
    },
  )

  test.skipIf(absent)(`PAY-01 paySign is made over the officially published message${reason}`, () => {
    const { appId, timeStamp, nonceStr, prepay_id, jsapi_message } = vectors.pay_sign_official
    expect(clientPayMessage(appId, timeStamp, nonceStr, `prepay_id=${prepay_id}`)).toBe(jsapi_message)
    const params = signClientPay(
      appId,
      prepay_id,
      Number(timeStamp) * 1000,
      createPrivateKey(own.privateKey.export({ type: 'pkcs8', format: 'pem' })),
    )
    expect(params).toMatchObject({ appId, timeStamp, package: `prepay_id=${prepay_id}`, signType: 'RSA' })
    const message = clientPayMessage(appId, timeStamp, params.nonceStr, params.package)
    expect(verifySignature(Buffer.from(message), params.paySign, own.publicKey)).toBe(true)
  })

  test.skipIf(absent)(`PAY-05 the published sample bill is read to the fen${reason}`, () => {
    const { rows, summary } = parseTradeBill(file('bill.ALL.sample.csv'))
    expect(rows).toHaveLength(45)
    expect(summary).toEqual({
      count: 45,
      settledFen: 47,
      refundFen: 14,
      couponRefundFen: 0,
      feeFen: 8,
      orderFen: 47,
      requestedRefundFen: 14,
    })
    const sum = (pick: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + pick(row), 0)
    expect(sum((row) => row.orderFen)).toBe(summary.orderFen)
    expect(sum((row) => row.refundFen)).toBe(summary.refundFen)
    expect(sum((row) => row.feeFen)).toBe(summary.feeFen)
    const [refund] = rows
    expect(refund).toMatchObject({
      tradeState: 'REFUND',
      refundId: '50000709672019011908420787722',
      outRefundNo: 'REF4200000263201902167700963919',
      refundFen: 1,
      feeRateBp: 3900,
      refundStatus: 'SUCCESS',
    })
    expect(refund?.tradedAt.toISOString()).toBe('2019-02-18T21:01:46.000Z')
    expect(rows[2]).toMatchObject({
      tradeType: 'NATIVE',
      refundId: null,
      outRefundNo: null,
      orderFen: 3,
      feeE5: 1000,
      feeFen: 1,
    })
  })
})
