import { createHash, createPrivateKey, randomBytes, sign } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../index.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await startSimulator()
})
afterAll(() => sim.close())

interface Call {
  method?: 'GET' | 'POST'
  path: string
  body?: unknown
  mchid?: string
  serial?: string
  nonce?: string
  timestamp?: number
  signature?: (good: string) => string
  headers?: Record<string, string>
}

/** A hand-made merchant: it signs as the protocol says, unless a test tells it to err. */
async function call(
  input: Call,
): Promise<{ status: number; code: string; message: string; numeric: number; json: Record<string, unknown> }> {
  const { env } = sim.credentials
  const method = input.method ?? (input.body === undefined ? 'GET' : 'POST')
  const body = input.body === undefined ? '' : typeof input.body === 'string' ? input.body : JSON.stringify(input.body)
  const timestamp = input.timestamp ?? Math.floor(sim.clock.now() / 1000)
  const nonce = input.nonce ?? randomBytes(16).toString('hex')
  const message = `${method}\n${input.path}\n${timestamp}\n${nonce}\n${body}\n`
  const good = sign('sha256', Buffer.from(message), createPrivateKey(env.WECHAT_PAY_MERCHANT_PRIVATE_KEY)).toString(
    'base64',
  )
  const members = [
    `mchid="${input.mchid ?? env.WECHAT_PAY_MCHID}"`,
    `nonce_str="${nonce}"`,
    `timestamp="${timestamp}"`,
    `serial_no="${input.serial ?? env.WECHAT_PAY_MERCHANT_SERIAL}"`,
    `signature="${input.signature ? input.signature(good) : good}"`,
  ]
  const response = await fetch(`${sim.url}${input.path}`, {
    method,
    headers: {
      Authorization: `WECHATPAY2-SHA256-RSA2048 ${members.join(',')}`,
      Accept: 'application/json',
      'User-Agent': 'hand-made',
      ...(body && { 'Content-Type': 'application/json' }),
      ...input.headers,
    },
    ...(body && { body }),
  })
  const text = await response.text()
  const json = text ? JSON.parse(text) : {}
  const numeric = Number(response.headers.get('request-id')?.split('-').at(-1))
  return { status: response.status, code: json.code ?? '', message: json.message ?? '', numeric, json }
}

let count = 0
const JSAPI = '/v3/pay/transactions/jsapi'

function order(change: Record<string, unknown> = {}): Record<string, unknown> {
  const { env } = sim.credentials
  count += 1
  return {
    appid: env.WECHAT_MINI_APPID,
    mchid: env.WECHAT_PAY_MCHID,
    description: '测试商品',
    out_trade_no: `REFUSE${count}`,
    notify_url: 'http://127.0.0.1:9/notify',
    amount: { total: 100, currency: 'CNY' },
    payer: { openid: sim.people.get('林晓雨').openids[env.WECHAT_MINI_APPID] },
    ...change,
  }
}

async function paidOrder(total = 100): Promise<string> {
  const body = order({ amount: { total, currency: 'CNY' } })
  const { json } = await call({ path: JSAPI, body })
  sim.pay({ prepay_id: String(json.prepay_id), person: '林晓雨', action: 'confirm' })
  return String(body.out_trade_no)
}

describe('who may call', () => {
  test('PAY-01 a well signed call is answered, and its Request-ID ends in 0', async () => {
    expect(await call({ path: JSAPI, body: order() })).toMatchObject({ status: 200, numeric: 0 })
  })

  test.each<[string, Partial<Call>, number, string]>([
    ['a signature of another text', { signature: (good) => `${good.slice(0, -8)}AAAAAA==` }, 401, 'SIGN_ERROR'],
    ['a serial that is not the certificate', { serial: 'F'.repeat(40) }, 401, 'SIGN_ERROR'],
    ['another merchant', { mchid: '1900000000' }, 404, 'MCH_NOT_EXISTS'],
    ['a scheme of another protocol', { headers: { Authorization: 'Bearer x' } }, 401, 'SIGN_ERROR'],
    ['no User-Agent and no Accept', { headers: { Accept: '', 'User-Agent': '' } }, 400, 'PARAM_ERROR'],
    ['a Wechatpay-Serial nobody has', { headers: { 'Wechatpay-Serial': 'PUB_KEY_ID_0' } }, 400, 'PARAM_ERROR'],
  ])('PAY-01 %s is refused', async (_what, change, status, code) => {
    expect(await call({ path: JSAPI, body: order(), ...change })).toMatchObject({ status, code })
  })

  test('PAY-01 a wrong signature is answered with the number of sign errors and what was signed', async () => {
    const answer = await call({ path: JSAPI, body: order(), signature: () => 'AAAA' })
    expect(answer).toMatchObject({ status: 401, code: 'SIGN_ERROR', numeric: 268443699 })
    expect(answer.json.detail).toMatchObject({ field: 'signature', location: 'authorization' })
  })

  test('PAY-01 a clock five minutes off is served, six minutes off is not', async () => {
    const now = Math.floor(sim.clock.now() / 1000)
    expect((await call({ path: JSAPI, body: order(), timestamp: now - 298 })).status).toBe(200)
    expect(await call({ path: JSAPI, body: order(), timestamp: now - 360 })).toMatchObject({
      status: 401,
      code: 'SIGN_ERROR',
    })
    expect(await call({ path: JSAPI, body: order(), timestamp: now + 360 })).toMatchObject({
      status: 401,
      code: 'SIGN_ERROR',
    })
  })

  test('PAY-01 a nonce is taken once', async () => {
    const nonce = createHash('sha1').update('once').digest('hex')
    expect((await call({ path: JSAPI, body: order(), nonce })).status).toBe(200)
    expect(await call({ path: JSAPI, body: order(), nonce })).toMatchObject({ status: 401, code: 'SIGN_ERROR' })
  })
})

describe('what an order may say', () => {
  test.each<[string, Record<string, unknown>, string, number, number]>([
    ['an unknown member', { colour: 'red' }, 'PARAM_ERROR', 400, 270924358],
    ['an unknown member inside', { amount: { total: 1, currency: 'CNY', tip: 1 } }, 'PARAM_ERROR', 400, 270924358],
    ['an amount of zero', { amount: { total: 0, currency: 'CNY' } }, 'PARAM_ERROR', 400, 268435464],
    ['a negative amount', { amount: { total: -1, currency: 'CNY' } }, 'PARAM_ERROR', 400, 268435464],
    ['half a fen', { amount: { total: 0.5, currency: 'CNY' } }, 'PARAM_ERROR', 400, 268435461],
    ['an amount as text', { amount: { total: '1', currency: 'CNY' } }, 'PARAM_ERROR', 400, 268435461],
    ['another currency', { amount: { total: 1, currency: 'USD' } }, 'PARAM_ERROR', 400, 268435461],
    ['no openid', { payer: {} }, 'PARAM_ERROR', 400, 268501013],
    ['an openid nobody has', { payer: { openid: 'o-nobody' } }, 'PARAM_ERROR', 400, 268435461],
    ['an emoji', { description: '奶茶🧋' }, 'PARAM_ERROR', 400, 268435461],
    ['a description of 128 characters', { description: '长'.repeat(128) }, 'PARAM_ERROR', 400, 268435461],
    ['a number of five characters', { out_trade_no: 'ABCDE' }, 'PARAM_ERROR', 400, 268435461],
    ['a number with a blank', { out_trade_no: 'ABC DEF' }, 'PARAM_ERROR', 400, 268435461],
    ['a notify_url with a query', { notify_url: 'https://shop.example/n?a=1' }, 'PARAM_ERROR', 400, 268435461],
    [
      'a notify_url without TLS on the internet',
      { notify_url: 'http://shop.example/n' },
      'PARAM_ERROR',
      400,
      268435461,
    ],
    ['an appid of somebody else', { appid: 'wx0000000000000000' }, 'APPID_MCHID_NOT_MATCH', 400, 268445527],
    ['another mchid in the body', { mchid: '1900000000' }, 'PARAM_ERROR', 400, 268447843],
    ['a time_expire without an offset', { time_expire: '2030-01-01T00:00:00' }, 'PARAM_ERROR', 400, 268435461],
  ])('PAY-01 %s is refused', async (_what, change, code, status, numeric) => {
    expect(await call({ path: JSAPI, body: order(change) })).toMatchObject({ code, status, numeric })
  })

  test('PAY-01 the openid of the other app is refused', async () => {
    const { env } = sim.credentials
    const openid = sim.people.get('林晓雨').openids[env.WECHAT_MP_APPID]
    const answer = await call({ path: JSAPI, body: order({ payer: { openid } }) })
    expect(answer).toMatchObject({ status: 400, code: 'PARAM_ERROR' })
    expect(answer.message).toContain('appid')
  })

  test('PAY-01 a body that is not JSON is refused', async () => {
    expect(await call({ path: JSAPI, body: '{"appid":' })).toMatchObject({ status: 400, code: 'PARAM_ERROR' })
  })

  test('PAY-01 H5 without the client address is refused, the field is named', async () => {
    const { payer: _payer, ...body } = order()
    const answer = await call({
      path: '/v3/pay/transactions/h5',
      body: { ...body, scene_info: { h5_info: { type: 'Wap' } } },
    })
    expect(answer).toMatchObject({ status: 400, code: 'PARAM_ERROR' })
    expect(answer.json.detail).toMatchObject({ field: '/scene_info/payer_client_ip', location: 'body' })
  })

  test('PAY-01 the same number with the same words is the same order, with others it is refused', async () => {
    const body = order()
    const first = await call({ path: JSAPI, body })
    const again = await call({ path: JSAPI, body })
    expect([first.status, again.status]).toEqual([200, 200])
    expect(again.json.prepay_id).not.toBe(first.json.prepay_id)
    const other = await call({ path: JSAPI, body: { ...body, amount: { total: 101, currency: 'CNY' } } })
    expect(other).toMatchObject({ status: 403, code: 'OUT_TRADE_NO_USED', numeric: 268498688 })
  })

  test('PAY-01 a paid number cannot be ordered, or closed, again', async () => {
    const body = order()
    const { json } = await call({ path: JSAPI, body })
    sim.pay({ prepay_id: String(json.prepay_id), person: '林晓雨', action: 'confirm' })
    expect(await call({ path: JSAPI, body })).toMatchObject({ status: 400, code: 'ORDERPAID', numeric: 268498689 })
    const close = {
      path: `/v3/pay/transactions/out-trade-no/${body.out_trade_no}/close`,
      body: { mchid: sim.credentials.env.WECHAT_PAY_MCHID },
    }
    expect(await call(close)).toMatchObject({ status: 400, code: 'ORDER_PAID', numeric: 268449538 })
  })

  test('PAY-01 a query without or with another mchid is refused', async () => {
    const path = `/v3/pay/transactions/out-trade-no/${await paidOrder()}`
    expect(await call({ path })).toMatchObject({ status: 400, code: 'PARAM_ERROR' })
    expect(await call({ path: `${path}?mchid=1900000000` })).toMatchObject({ status: 400, numeric: 268447843 })
  })
})

describe('what may be refunded', () => {
  const REFUND = '/v3/refund/domestic/refunds'
  const refund = (out_trade_no: string, no: string, amount: number, total = 100, more = {}) => ({
    out_trade_no,
    out_refund_no: no,
    amount: { refund: amount, total, currency: 'CNY' },
    ...more,
  })

  test('PAY-01 more than was paid is never refunded, in one piece or in several', async () => {
    const no = await paidOrder(100)
    expect(await call({ path: REFUND, body: refund(no, 'TOO-MUCH', 101) })).toMatchObject({
      status: 400,
      code: 'INVALID_REQUEST',
    })
    expect((await call({ path: REFUND, body: refund(no, 'PART-1', 60) })).status).toBe(200)
    await sim.clock.advance(61_000)
    expect(await call({ path: REFUND, body: refund(no, 'PART-2', 41) })).toMatchObject({
      status: 400,
      code: 'INVALID_REQUEST',
    })
    expect((await call({ path: REFUND, body: refund(no, 'PART-3', 40) })).status).toBe(200)
  })

  test('PAY-01 two refunds of one order keep a minute between them', async () => {
    const no = await paidOrder(100)
    expect((await call({ path: REFUND, body: refund(no, 'MINUTE-1', 10) })).status).toBe(200)
    expect(await call({ path: REFUND, body: refund(no, 'MINUTE-2', 10) })).toMatchObject({
      status: 429,
      code: 'FREQUENCY_LIMITED',
      numeric: 268447840,
    })
    await sim.clock.advance(60_000)
    expect((await call({ path: REFUND, body: refund(no, 'MINUTE-2', 10) })).status).toBe(200)
  })

  test('PAY-01 a refund number is one refund: repeated it is the same, changed it is refused', async () => {
    const no = await paidOrder(100)
    const first = await call({ path: REFUND, body: refund(no, 'SAME-1', 10) })
    const again = await call({ path: REFUND, body: refund(no, 'SAME-1', 10) })
    expect(again.json.refund_id).toBe(first.json.refund_id)
    expect(await call({ path: REFUND, body: refund(no, 'SAME-1', 11) })).toMatchObject({
      status: 400,
      code: 'INVALID_REQUEST',
    })
  })

  test.each<[string, (no: string) => unknown, number, string]>([
    ['of an order nobody made', () => refund('NOBODY-01', 'R-A', 1), 404, 'RESOURCE_NOT_EXISTS'],
    ['with another total', (no) => refund(no, 'R-B', 1, 99), 400, 'INVALID_REQUEST'],
    ['of nothing', (no) => refund(no, 'R-C', 0), 400, 'PARAM_ERROR'],
    [
      'without an order number',
      () => ({ out_refund_no: 'R-D', amount: { refund: 1, total: 1, currency: 'CNY' } }),
      400,
      'INVALID_REQUEST',
    ],
    ['with an unknown member', (no) => refund(no, 'R-E', 1, 100, { hurry: true }), 400, 'PARAM_ERROR'],
  ])('PAY-01 a refund %s is refused', async (_what, body, status, code) => {
    expect(await call({ path: REFUND, body: body(await paidOrder(100)) })).toMatchObject({ status, code })
  })

  test('PAY-01 an unpaid order is not refunded', async () => {
    const body = order()
    await call({ path: JSAPI, body })
    expect(await call({ path: REFUND, body: refund(String(body.out_trade_no), 'UNPAID-1', 1) })).toMatchObject({
      status: 400,
      code: 'INVALID_REQUEST',
    })
  })

  // Last, since it moves everybody's clock by a year.
  test('PAY-01 after a year there is no refund', async () => {
    const no = await paidOrder(100)
    await sim.clock.advance(366 * 86_400_000)
    const answer = await call({ path: REFUND, body: refund(no, 'LATE-1', 1) })
    expect(answer).toMatchObject({ status: 400, code: 'INVALID_REQUEST' })
  })
})

describe('calls that move money', () => {
  test.each([
    '/v3/profitsharing/receivers/add',
    '/v3/profitsharing/receivers/delete',
    '/v3/profitsharing/orders',
    '/v3/profitsharing/orders/unfreeze',
    '/v3/profitsharing/return-orders',
    '/v3/fund-app/mch-transfer/transfer-bills',
    '/v3/combine-transactions/jsapi',
    '/v3/combine-transactions/native',
    '/v3/combine-transactions/h5',
    '/v3/combine-transactions/out-trade-no/COMB01/close',
    '/v3/pay/partner/transactions/jsapi',
  ])('PAY-01 %s refuses members it does not know, and clocks that are wrong', async (path) => {
    expect(await call({ path, body: { colour: 'red' } })).toMatchObject({ code: 'PARAM_ERROR', numeric: 270924358 })
    const timestamp = Math.floor(sim.clock.now() / 1000) - 301
    expect(await call({ path, body: {}, timestamp })).toMatchObject({ status: 401, code: 'SIGN_ERROR' })
  })

  test('PAY-04 a name that was not sealed, or under a key that is not named, is refused', async () => {
    const { env } = sim.credentials
    const body = {
      ...{ appid: env.WECHAT_MINI_APPID, type: 'MERCHANT_ID', account: sim.merchants.list()[0]!.mchid },
      ...{ name: 'bm90IHNlYWxlZA==', relation_type: 'PARTNER' },
    }
    const path = '/v3/profitsharing/receivers/add'
    expect(await call({ path, body })).toMatchObject({
      status: 400,
      message: expect.stringContaining('Wechatpay-Serial'),
    })
    const headers = { 'Wechatpay-Serial': env.WECHAT_PAY_PUBLIC_KEY_ID }
    expect(await call({ path, body, headers })).toMatchObject({ status: 400, message: '敏感信息解密失败' })
  })

  test('PAY-01 a partner names a sub-merchant that is known and is not itself', async () => {
    const query = (subMchid: string) =>
      call({ path: `/v3/pay/partner/transactions/id/4?sp_mchid=${sim.credentials.env.WECHAT_PAY_MCHID}${subMchid}` })
    expect(await query('')).toMatchObject({ code: 'PARAM_ERROR', numeric: 268443704 })
    expect(await query(`&sub_mchid=${sim.credentials.env.WECHAT_PAY_MCHID}`)).toMatchObject({ numeric: 268443705 })
    expect(await query('&sub_mchid=1699999999')).toMatchObject({ code: 'NO_AUTH', numeric: 268443701 })
  })
})
