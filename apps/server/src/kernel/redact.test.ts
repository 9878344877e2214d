import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maskAddress, maskEmail, maskName, maskNumber, maskPhone } from './mask.ts'
import { REDACTED, redact, redactText } from './redact.ts'

test('GOV-08 phones, names, addresses, numbers and e-mail are masked for people', () => {
  expect(maskPhone('13812345678')).toBe('138****5678')
  expect(maskPhone('+86 13812345678')).toBe('+86 138****5678')
  expect(maskPhone('138 1234 5678')).toBe('138****5678')
  expect(maskPhone('123')).toBe('****')
  expect(maskName('张三')).toBe('张*')
  expect(maskName('王小明')).toBe('王*明')
  expect(maskName('欧阳小明')).toBe('欧**明')
  expect(maskName('Ada Lovelace')).toBe('A***')
  expect(maskName('')).toBe('')
  expect(maskAddress('广东省深圳市南山区科技园1号')).toBe('广东省深圳市南山区****')
  expect(maskAddress('北京市朝阳区建国路88号')).toBe('北京市朝阳区****')
  expect(maskAddress('科技园1号')).toBe('****')
  expect(maskNumber('110101199003074514')).toBe('1101**********4514')
  expect(maskEmail('ada@example.com')).toBe('a***@example.com')
})

const PLANTED = {
  phone: '13812345678',
  idCard: '110101199003074514',
  bankCard: '6222021234567890128',
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  bearer: 'Bearer abcDEF123.token-value_9',
  jwt: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
  pem: '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0\n-----END PRIVATE KEY-----',
  url: 'postgres://zhanggui:hunter2-very-secret@localhost:5432/shop',
  query: 'https://api.weixin.qq.com/sns/jscode2session?appid=wx1&secret=0a1b2c3d4e5f&js_code=081Abc',
  email: 'ada.lovelace@example.com',
}
const SECRETS = [
  '13812345678',
  '110101199003074514',
  '6222021234567890128',
  'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  'abcDEF123.token-value_9',
  'eyJzdWIiOiIxMjM0NTY3ODkwIn0',
  'MIIEvQIBADANBgkqhkiG9w0',
  'hunter2-very-secret',
  '0a1b2c3d4e5f',
  '081Abc',
  'ada.lovelace@',
]

test('GOV-08 planted secrets do not survive inside any text', () => {
  for (const [kind, text] of Object.entries(PLANTED)) {
    const cleaned = redactText(`前文${text}后文 and ${text}`)
    for (const secret of SECRETS) expect(cleaned, kind).not.toContain(secret)
  }
})

test('GOV-08 planted secrets do not survive under any field, at any depth, in any kind of value', () => {
  const record = {
    receiver: {
      name: '张三丰',
      phone: 13812345678,
      address: { province: '广东省', city: '深圳市', detail: '电话13812345678' },
    },
    receiver_name: '张三丰',
    contactPhone: '13812345678',
    'session-key': 'tiihtNczf5v6AKRyjwEUhQ==',
    Authorization: 'whatever-scheme xyz',
    api_v3_key: 'a'.repeat(32),
    list: [{ openId: PLANTED.openid }, PLANTED.bearer, new Map([['phone', PLANTED.phone]]), new Set([PLANTED.idCard])],
    error: new Error(`request failed for ${PLANTED.phone}`, { cause: new Error(PLANTED.query) }),
    nested: { deeply: { inside: { password: 'correct horse', idNo: PLANTED.idCard, note: `call ${PLANTED.phone}` } } },
    address: '广东省深圳市南山区科技园1号',
    raw: Buffer.from('13812345678'),
  }
  const text = JSON.stringify(redact(record))
  for (const secret of [
    ...SECRETS,
    '张三丰',
    'tiihtNczf5v6AKRyjwEUhQ',
    'whatever-scheme',
    'aaaaaaaa',
    'correct horse',
    '科技园',
  ])
    expect(text).not.toContain(secret)
  expect(text).toContain('138****5678')
  expect(redact({ password: 'x' }).password).toBe(REDACTED)
})

test('GOV-08 what is no secret stays readable: ids, amounts, instants, names of goods', () => {
  const record = {
    id: '019a2b3c-4d5e-7f60-8a1b-c13812345678',
    hash: '13812345678901234567890123456789abcdef13812345678901234567890123',
    orderNo: '202611110000012345',
    amountFen: 1234500,
    at: '2026-11-11T00:00:00.000Z',
    millis: 1794355200000,
    name: '不锈钢保温杯 500ml',
    transactionId: '4200001234202611110123456789',
    quantity: 3,
    enabled: true,
    nothing: null,
  }
  expect(redact(record)).toEqual(record)
})

test('GOV-08 redaction never throws, whatever it is given, and changes nothing in its input', () => {
  const loop: Record<string, unknown> = { phone: '13812345678' }
  loop.self = loop
  expect(JSON.stringify(redact(loop))).toContain('[circular]')
  fc.assert(
    fc.property(fc.anything({ withDate: true, withMap: true, withSet: true, withBigInt: true }), (value) => {
      redact(value)
    }),
  )
})

test('GOV-08 a mobile number is found wherever it stands among other characters', () => {
  const around = fc.stringMatching(/^[a-z ,，：:中文"'=-]{0,6}$/)
  const phone = fc.tuple(fc.integer({ min: 3, max: 9 }), fc.integer({ min: 0, max: 999_999_999 }))
  fc.assert(
    fc.property(around, phone, around, (before, [second, rest], after) => {
      const number = `1${second}${String(rest).padStart(9, '0')}`
      expect(redactText(before + number + after)).not.toContain(number)
    }),
  )
})
