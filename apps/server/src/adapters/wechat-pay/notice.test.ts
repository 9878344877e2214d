import { createCipheriv, generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { responseMessage, signText } from './crypto.ts'
import { readNotice } from './notice.ts'

const NOW = Date.parse('2026-03-01T08:00:00Z')
const apiV3Key = Buffer.from('k'.repeat(32))
const platform = generateKeyPairSync('rsa', { modulusLength: 2048 })
const keys = {
  find: async (serial: string) => (serial === 'ABCDEF0123' ? platform.publicKey : undefined),
  apiV3Key,
  now: () => NOW,
  mchid: '1900000001',
}

const transaction = {
  appid: 'wx1',
  mchid: '1900000001',
  out_trade_no: 'ORDER001',
  transaction_id: '4200001',
  trade_state: 'SUCCESS',
  trade_type: 'JSAPI',
  success_time: '2026-03-01T15:59:00+08:00',
  payer: { openid: 'o1' },
  amount: { total: 100, payer_total: 90 },
}

function notice(
  plain: unknown,
  change: { event?: string; kind?: string; headers?: Record<string, string>; body?: string } = {},
) {
  const kind = change.kind ?? 'transaction'
  const cipher = createCipheriv('aes-256-gcm', apiV3Key, Buffer.from('0123456789ab'))
  cipher.setAAD(Buffer.from(kind))
  const sealed = Buffer.concat([cipher.update(JSON.stringify(plain)), cipher.final(), cipher.getAuthTag()])
  const resource = {
    original_type: kind,
    algorithm: 'AEAD_AES_256_GCM',
    ciphertext: sealed.toString('base64'),
    associated_data: kind,
    nonce: '0123456789ab',
  }
  const body =
    change.body ??
    JSON.stringify({
      id: 'n1',
      create_time: '2026-03-01T16:00:00+08:00',
      event_type: change.event ?? 'TRANSACTION.SUCCESS',
      resource,
    })
  const timestamp = String(NOW / 1000)
  const headers = {
    'Wechatpay-Timestamp': timestamp,
    'wechatpay-nonce': 'n',
    'WECHATPAY-SERIAL': 'ABCDEF0123',
    'Wechatpay-Signature': signText(responseMessage(timestamp, 'n', Buffer.from(body)).toString(), platform.privateKey),
    ...change.headers,
  }
  return { headers, rawBody: Buffer.from(body) }
}

describe('notices', () => {
  test('PAY-01 a payment notice is read, whatever the case of its headers', async () => {
    const read = await readNotice(notice(transaction), keys)
    expect(read).toMatchObject({
      kind: 'payment',
      id: 'n1',
      transaction: {
        outTradeNo: 'ORDER001',
        amountFen: 100,
        payerAmountFen: 90,
        payerOpenid: 'o1',
        tradeState: 'SUCCESS',
      },
    })
    expect(read.kind === 'payment' && read.transaction.paidAt?.toISOString()).toBe('2026-03-01T07:59:00.000Z')
  })

  test.each([
    ['a wrong signature', { headers: { 'Wechatpay-Signature': 'AAAA' } }, 'NOTICE_SIGNATURE_INVALID', 401],
    ['a signature that is not base64', { headers: { 'Wechatpay-Signature': '***' } }, 'NOTICE_SIGNATURE_INVALID', 401],
    ['no signature', { headers: { 'Wechatpay-Signature': '' } }, 'NOTICE_SIGNATURE_INVALID', 401],
    [
      'a signature probe',
      { headers: { 'Wechatpay-Signature': 'WECHATPAY/SIGNTEST/AAAA' } },
      'NOTICE_SIGNATURE_PROBE',
      401,
    ],
    ['an unknown key', { headers: { 'WECHATPAY-SERIAL': 'FFFF000011' } }, 'NOTICE_SIGNATURE_INVALID', 401],
    ['an unknown signature type', { headers: { 'Wechatpay-Signature-Type': 'SM2' } }, 'NOTICE_SIGNATURE_INVALID', 401],
    ['an old timestamp', { headers: { 'Wechatpay-Timestamp': String(NOW / 1000 - 301) } }, 'NOTICE_EXPIRED', 401],
    [
      'a timestamp from the future',
      { headers: { 'Wechatpay-Timestamp': String(NOW / 1000 + 301) } },
      'NOTICE_EXPIRED',
      401,
    ],
    ['a timestamp that is no number', { headers: { 'Wechatpay-Timestamp': 'now' } }, 'NOTICE_SIGNATURE_INVALID', 401],
    ['a body that is not JSON', { body: '<xml/>' }, 'NOTICE_MALFORMED', 400],
    ['a body without a resource', { body: '{"id":"n1"}' }, 'NOTICE_MALFORMED', 400],
  ])('PAY-01 a notification with %s is refused', async (_what, change, code, status) => {
    await expect(readNotice(notice(transaction, change), keys)).rejects.toMatchObject({ code, status })
  })

  test('PAY-01 a notification with a wrong signature is refused when one byte of its body changed', async () => {
    const good = notice(transaction)
    const rawBody = Buffer.from(good.rawBody)
    rawBody[10] = rawBody[10]! ^ 1
    await expect(readNotice({ ...good, rawBody }, keys)).rejects.toMatchObject({ code: 'NOTICE_SIGNATURE_INVALID' })
  })

  test("PAY-01 another merchant's notification is refused", async () => {
    const other = notice({ ...transaction, mchid: '1900000002' })
    await expect(readNotice(other, keys)).rejects.toMatchObject({ code: 'NOTICE_WRONG_MERCHANT', status: 400 })
  })

  test("PAY-01 in partner mode another sub-merchant's notification is refused", async () => {
    const { appid, mchid: sp_mchid, ...rest } = transaction
    const partners = notice({ ...rest, sp_appid: appid, sp_mchid, sub_mchid: '1600000001' })
    const read = await readNotice(partners, { ...keys, subMchid: '1600000001' })
    expect(read).toMatchObject({ kind: 'payment', transaction: { mchid: sp_mchid, subMchid: '1600000001' } })
    await expect(readNotice(partners, { ...keys, subMchid: '1600000002' })).rejects.toMatchObject({
      code: 'NOTICE_WRONG_MERCHANT',
    })
  })

  test('PAY-01 a payment without an amount is refused rather than counted as nothing', async () => {
    const broken = notice({ ...transaction, amount: {} })
    await expect(readNotice(broken, keys)).rejects.toMatchObject({ code: 'NOTICE_MALFORMED', status: 400 })
  })

  test('PAY-03 a profit-sharing notice under the payment event is not taken for a payment', async () => {
    const receiver = { type: 'MERCHANT_ID', account: '1900000001', amount: 30, description: '佣金' }
    const sharing = { mchid: '1900000001', transaction_id: '42', order_id: '3', out_order_no: 'S1', receiver }
    const read = await readNotice(notice(sharing, { kind: 'profitsharing' }), keys)
    expect(read).toMatchObject({ kind: 'split', isReturn: false, split: { outOrderNo: 'S1', amountFen: 30 } })
  })
})
