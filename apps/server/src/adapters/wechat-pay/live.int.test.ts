import { generateKeyPairSync } from 'node:crypto'
import { PhoneRefusal } from '@zhanggui/wechat-simulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isAlreadyPaid, isNotFound } from './errors.ts'
import { createWechatPay } from './live.ts'
import { h5PayUrl } from './orders.ts'
import { startTestShop, type TestShop } from './test-shop.ts'

const DAY_MS = 86_400_000
const strangersKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
}) as string
let shop: TestShop
beforeAll(async () => {
  shop = await startTestShop()
})
afterAll(() => shop.close())

const beijingDay = (ms: number) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10)

describe('paying', () => {
  test('PAY-01 a mini program order is placed, signed, paid and queried by either number', async () => {
    const { sim, pay } = shop
    const order = shop.order({ attach: 'shop=1', expiresAt: new Date(sim.clock.now() + 1_800_000) })
    const { prepayId, client } = await pay.prepayJsapi(order)
    expect(client).toMatchObject({ appId: order.appid, package: `prepay_id=${prepayId}`, signType: 'RSA' })
    const open = await pay.queryByOutTradeNo(order.outTradeNo)
    expect(open).toMatchObject({
      tradeState: 'NOTPAY',
      transactionId: null,
      paidAt: null,
      payerOpenid: null,
      amountFen: 12_800,
    })

    expect(sim.pay({ request: client, person: '林晓雨', action: 'confirm' }).result).toBe('ok')
    const paid = await pay.queryByOutTradeNo(order.outTradeNo)
    expect(paid).toMatchObject({
      mchid: pay.mchid,
      tradeState: 'SUCCESS',
      tradeType: 'JSAPI',
      payerOpenid: order.openid,
      payerAmountFen: 12_800,
      attach: 'shop=1',
    })
    expect(paid.transactionId).toMatch(/^42000\d{23}$/)
    expect(await pay.queryByTransactionId(paid.transactionId ?? '')).toEqual(paid)
  })

  test('PAY-01 the phone refuses a payment whose paySign was tampered with', async () => {
    const { sim, pay } = shop
    const { client } = await pay.prepayJsapi(shop.order())
    const other = await pay.prepayJsapi(shop.order())
    const attempt = (change: object) => () =>
      sim.pay({ request: { ...client, ...change }, person: '林晓雨', action: 'confirm' })
    expect(attempt({ package: other.client.package })).toThrow('支付验证签名失败')
    expect(attempt({ nonceStr: 'x' })).toThrow('支付验证签名失败')
    expect(attempt({ signType: 'MD5' })).toThrow(PhoneRefusal)
    expect(attempt({ appId: 'wx0' })).toThrow(PhoneRefusal)
    expect(attempt({})().result).toBe('ok')
  })

  test('PAY-01 somebody else cannot pay a JSAPI order, and a refusal leaves it unpaid', async () => {
    const { sim, pay } = shop
    const order = shop.order()
    const { client } = await pay.prepayJsapi(order)
    expect(() => sim.pay({ request: client, person: '陈志远', action: 'confirm' })).toThrow(/下单账号与支付账号不一致/)
    expect(sim.pay({ request: client, person: '林晓雨', action: 'refuse' }).result).toBe('cancel')
    expect((await pay.queryByOutTradeNo(order.outTradeNo)).tradeState).toBe('NOTPAY')
  })

  test('PAY-01 a Native code is paid by whoever scans it', async () => {
    const { sim, pay } = shop
    const order = shop.order()
    const { codeUrl } = await pay.prepayNative(order)
    expect(codeUrl).toMatch(/^weixin:\/\/wxpay\/bizpayurl\?pr=\w+$/)
    sim.pay({ code_url: codeUrl, person: '周大海', action: 'confirm' })
    const openid = sim.people.get('周大海').openids[order.appid]
    expect(await pay.queryByOutTradeNo(order.outTradeNo)).toMatchObject({
      tradeState: 'SUCCESS',
      tradeType: 'NATIVE',
      payerOpenid: openid,
    })
  })

  test('PAY-01 an H5 order has a cashier page that runs out after five minutes', async () => {
    const { sim, pay } = shop
    const order = { ...shop.order(), clientIp: '203.0.113.5' }
    const { h5Url } = await pay.prepayH5(order)
    const page = await fetch(h5PayUrl(h5Url, 'https://shop.example/back?order=1'))
    expect(await page.text()).toContain('https://shop.example/back?order=1')
    await sim.clock.advance(301_000)
    expect(() => sim.pay({ h5_url: h5Url, person: '苏婉清', action: 'confirm' })).toThrow(/已过期/)
    const again = await pay.prepayH5(order)
    sim.pay({ h5_url: again.h5Url, person: '苏婉清', action: 'confirm' })
    expect(await pay.queryByOutTradeNo(order.outTradeNo)).toMatchObject({ tradeState: 'SUCCESS', tradeType: 'MWEB' })
  })

  test('PAY-01 an order is paid once, however many prepay ids it had', async () => {
    const { sim, pay } = shop
    const order = shop.order()
    const first = await pay.prepayJsapi(order)
    const second = await pay.prepayJsapi(order)
    sim.pay({ request: first.client, person: '林晓雨', action: 'confirm' })
    expect(() => sim.pay({ request: second.client, person: '林晓雨', action: 'confirm' })).toThrow('该订单已支付')
    const error = await pay.prepayJsapi(order).catch((caught: unknown) => caught)
    expect(isAlreadyPaid(error)).toBe(true)
  })
})

describe('closing and expiry', () => {
  test('PAY-01 a closed order is closed, twice over, and cannot be paid', async () => {
    const { sim, pay } = shop
    const order = shop.order()
    const { client } = await pay.prepayJsapi(order)
    await pay.close(order.outTradeNo)
    await pay.close(order.outTradeNo)
    expect((await pay.queryByOutTradeNo(order.outTradeNo)).tradeState).toBe('CLOSED')
    expect(() => sim.pay({ request: client, person: '林晓雨', action: 'confirm' })).toThrow('该订单已关闭')
    await expect(pay.prepayJsapi(order)).rejects.toMatchObject({ status: 400, code: 'ORDER_CLOSED', retryable: false })
  })

  test('PAY-01 closing loses against paying', async () => {
    const order = await shop.paid()
    const error = await shop.pay.close(order.outTradeNo).catch((caught: unknown) => caught)
    expect(isAlreadyPaid(error)).toBe(true)
  })

  test('PAY-01 time_expire is honoured to the second, and is never less than a minute', async () => {
    const { sim, pay } = shop
    const order = shop.order({ expiresAt: new Date(sim.clock.now() + 10_000) })
    const { client } = await pay.prepayJsapi(order)
    await sim.clock.advance(55_000)
    expect((await pay.queryByOutTradeNo(order.outTradeNo)).tradeState).toBe('NOTPAY')
    await sim.clock.advance(6_000)
    expect((await pay.queryByOutTradeNo(order.outTradeNo)).tradeState).toBe('CLOSED')
    expect(() => sim.pay({ request: client, person: '林晓雨', action: 'confirm' })).toThrow(PhoneRefusal)
  })

  test('PAY-01 without time_expire an order lives seven days', async () => {
    const { sim, pay } = shop
    const order = shop.order()
    await pay.prepayNative(order)
    await sim.clock.advance(7 * DAY_MS - 60_000)
    expect((await pay.queryByOutTradeNo(order.outTradeNo)).tradeState).toBe('NOTPAY')
    await sim.clock.advance(61_000)
    expect((await pay.queryByOutTradeNo(order.outTradeNo)).tradeState).toBe('CLOSED')
  })

  test('PAY-01 an order nobody placed is not found', async () => {
    const error = await shop.pay.queryByOutTradeNo('NOBODY01').catch((caught: unknown) => caught)
    expect(isNotFound(error)).toBe(true)
    expect(error).toMatchObject({ status: 404, numericCode: 268512771, retryable: false })
    await expect(shop.pay.queryByTransactionId('4200000000000000000000000000')).rejects.toMatchObject({
      code: 'ORDER_NOT_EXIST',
    })
    await expect(shop.pay.close('NOBODY01')).rejects.toMatchObject({ code: 'ORDER_NOT_EXIST' })
  })
})

describe('refunding', () => {
  test('PAY-01 a refund is accepted, then done; the order turns to REFUND', async () => {
    const { sim, pay } = shop
    const order = await shop.paid()
    const input = {
      outRefundNo: `R-${order.outTradeNo}`,
      outTradeNo: order.outTradeNo,
      refundFen: 2_800,
      totalFen: 12_800,
      reason: '少发一件',
    }
    const accepted = await pay.refund(input)
    expect(accepted).toMatchObject({ status: 'PROCESSING', refundFen: 2_800, totalFen: 12_800, succeededAt: null })
    expect(await pay.refund(input)).toMatchObject({ refundId: accepted.refundId })
    await sim.clock.advance(2_000)
    const done = await pay.queryRefund(input.outRefundNo)
    expect(done).toMatchObject({ status: 'SUCCESS', refundId: accepted.refundId, receivedAccount: '支付用户零钱' })
    expect(done.succeededAt).toBeInstanceOf(Date)
    expect((await pay.queryByOutTradeNo(order.outTradeNo)).tradeState).toBe('REFUND')
    expect(sim.messages('林晓雨')[0]).toMatchObject({ kind: 'refund', title: '退款到账通知' })
    const unknown = await pay.queryRefund('NOBODY').catch((caught: unknown) => caught)
    expect(isNotFound(unknown)).toBe(true)
  })

  test('PAY-01 after an answer that was lost, the same refund number finds the one refund', async () => {
    const { sim, pay } = shop
    const order = await shop.paid()
    const input = {
      outRefundNo: `LOST-${order.outTradeNo}`,
      outTradeNo: order.outTradeNo,
      refundFen: 100,
      totalFen: 12_800,
    }
    for (const kind of ['drop_after', 'drop', 'bad_signature', 'refuse'] as const) {
      sim.fault({ path: '/v3/refund', kind })
      await expect(pay.refund(input)).rejects.toMatchObject({ retryable: true })
    }
    expect((await pay.refund(input)).refundFen).toBe(100)
    expect(sim.refunds().filter((each) => each.out_trade_no === order.outTradeNo)).toHaveLength(1)
  })

  test('PAY-01 an empty account refuses with NOT_ENOUGH, which is not retried blindly', async () => {
    const { sim, pay } = shop
    const order = await shop.paid()
    sim.fault({ path: '/v3/refund', kind: 'refuse', status: 403, code: 'NOT_ENOUGH', message: '基本账户余额不足' })
    const input = {
      outRefundNo: `POOR-${order.outTradeNo}`,
      outTradeNo: order.outTradeNo,
      refundFen: 100,
      totalFen: 12_800,
    }
    await expect(pay.refund(input)).rejects.toMatchObject({
      status: 403,
      code: 'NOT_ENOUGH',
      message: '基本账户余额不足',
      retryable: false,
    })
  })
})

describe('who is who', () => {
  test('PAY-01 a client with another key or a wrong clock is refused', async () => {
    const { sim } = shop
    const wrongSerial = shop.client({ merchantSerial: 'F'.repeat(40) })
    await expect(wrongSerial.prepayNative(shop.order())).rejects.toMatchObject({
      status: 401,
      code: 'SIGN_ERROR',
      numericCode: 268443699,
    })
    const wrongKey = shop.client({ merchantPrivateKeyPem: strangersKey })
    await expect(wrongKey.prepayNative(shop.order())).rejects.toMatchObject({ status: 401, code: 'SIGN_ERROR' })
    // Both of the simulator's clocks are out of reach of this one.
    const late = shop.client({}, () => sim.clock.now() + 360_000)
    await expect(late.prepayNative(shop.order())).rejects.toMatchObject({ status: 401, code: 'SIGN_ERROR' })
    const stranger = shop.client({ mchid: '1900000000' })
    await expect(stranger.prepayNative(shop.order())).rejects.toMatchObject({ status: 404, code: 'MCH_NOT_EXISTS' })
  })

  test('PAY-01 in certificate mode keys are downloaded, several are held, and a rotation goes unnoticed', async () => {
    const { sim } = shop
    const pay = shop.client({ publicKeyId: undefined, publicKeyPem: undefined })
    const [first, second] = await Promise.all([pay.prepayNative(shop.order()), pay.prepayNative(shop.order())])
    expect(first.codeUrl).not.toBe(second.codeUrl)
    const sealed = await pay.encryptSensitive('林晓雨')
    expect(sealed.serial).toMatch(/^[0-9A-F]{40}$/)
    await sim.rotatePlatformCertificate()
    await sim.clock.advance(31_000)
    expect((await pay.prepayNative(shop.order())).codeUrl).toMatch(/^weixin:/)
  })

  test('PAY-01 a merchant without platform certificates works in public-key mode and not otherwise', async () => {
    const { sim, pay } = shop
    sim.settings({ platform_certificates: 'none' })
    expect((await pay.prepayNative(shop.order())).codeUrl).toMatch(/^weixin:/)
    const old = shop.client({ publicKeyId: undefined, publicKeyPem: undefined })
    await expect(old.prepayNative(shop.order())).rejects.toMatchObject({ code: 'RESPONSE_SIGNATURE_INVALID' })
    sim.settings({ platform_certificates: 'available' })
  })

  test('PAY-01 certificates sealed with another APIv3 key are worth nothing', async () => {
    const pay = shop.client({ publicKeyId: undefined, publicKeyPem: undefined, apiV3Key: 'z'.repeat(32) })
    await expect(pay.prepayNative(shop.order())).rejects.toMatchObject({ code: 'RESPONSE_SIGNATURE_INVALID' })
  })
})

describe('bills', () => {
  test('PAY-05 the bill of a day agrees with what was paid and refunded, from nine the next morning', async () => {
    const own = await startTestShop()
    const { sim, pay } = own
    try {
      const start = Date.parse(`${beijingDay(sim.clock.now() + DAY_MS)}T10:00:00+08:00`)
      await sim.clock.advance(start - sim.clock.now())
      const day = beijingDay(sim.clock.now())
      const first = await own.paid({ description: '茶, `盘` 一套', amountFen: 9_999 })
      const second = await own.paid({ amountFen: 1 })
      await sim.settle()
      const refund = { outRefundNo: 'BILL-R1', outTradeNo: first.outTradeNo, refundFen: 3_333, totalFen: 9_999 }
      await pay.refund(refund)
      await sim.clock.advance(3_000)

      await expect(pay.tradeBill(day)).rejects.toMatchObject({ status: 400, code: 'NO_STATEMENT_EXIST' })
      await sim.clock.advance(Date.parse(`${day}T00:00:00+08:00`) + DAY_MS + 9 * 3_600_000 - sim.clock.now())
      const bill = await pay.tradeBill(day)
      expect(bill.rows.map((row) => [row.outTradeNo, row.tradeState, row.orderFen, row.refundFen, row.feeFen])).toEqual(
        [
          [first.outTradeNo, 'SUCCESS', 9_999, 0, 60],
          [second.outTradeNo, 'SUCCESS', 1, 0, 0],
          [first.outTradeNo, 'REFUND', 0, 3_333, -20],
        ],
      )
      expect(bill.rows[0]).toMatchObject({
        productName: '茶, `盘` 一套',
        openid: first.openid,
        appid: first.appid,
        feeRateBp: 60,
      })
      expect(bill.rows[2]).toMatchObject({ outRefundNo: 'BILL-R1', refundStatus: 'SUCCESS', requestedRefundFen: 3_333 })
      expect(bill.summary).toMatchObject({ count: 3, orderFen: 10_000, refundFen: 3_333, feeFen: 40 })
      expect((await pay.tradeBill(day, 'SUCCESS')).rows).toHaveLength(2)
      expect((await pay.tradeBill(day, 'REFUND')).rows).toHaveLength(1)

      const flow = await pay.fundFlowBill(day)
      const net = flow.rows.reduce((sum, row) => sum + row.amountFen, 0)
      expect(net).toBe(10_000 - 60 - (3_333 - 20))
      expect(flow.rows.at(-1)).toMatchObject({ businessName: '退款', voucherNo: 'BILL-R1', balanceFen: net })
      expect(flow.summary).toMatchObject({ incomeFen: 10_000, expenseFen: 60 + 3_313 })

      await expect(pay.tradeBill(beijingDay(sim.clock.now() - 5 * DAY_MS))).rejects.toMatchObject({
        code: 'NO_STATEMENT_EXIST',
      })
      await expect(pay.tradeBill('2026-02-30')).rejects.toMatchObject({ code: 'PARAM_ERROR' })
      await expect(own.client({ maxBillBytes: 100 }).tradeBill(day)).rejects.toMatchObject({
        code: 'RESPONSE_TOO_LARGE',
      })
    } finally {
      await own.close()
    }
  })

  test('PAY-05 a bill whose hash does not fit is refused', async () => {
    const own = await startTestShop()
    try {
      await own.paid()
      const day = beijingDay(own.sim.clock.now())
      await own.sim.clock.advance(2 * DAY_MS)
      const spoil = async (url: string | URL | Request, init?: RequestInit) => {
        const response = await fetch(url, init)
        if (!String(url).includes('billdownload')) return response
        return new Response('交易时间', { status: 200 })
      }
      const pay = createWechatPay(own.config, { now: own.sim.clock.now, fetch: spoil as typeof globalThis.fetch })
      await expect(pay.tradeBill(day)).rejects.toMatchObject({ code: 'BILL_HASH_MISMATCH', retryable: true })
    } finally {
      await own.close()
    }
  })
})
