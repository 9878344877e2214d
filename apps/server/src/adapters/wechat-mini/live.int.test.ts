import { type Simulator, startSimulator } from '@zhanggui/wechat-simulator'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createWechatPay } from '../wechat-pay/index.ts'
import { payConfigOf } from '../wechat-pay/test-shop.ts'
import { isBadCode, isSubscribeRefused } from './errors.ts'
import { createWechatMini } from './mini.ts'
import { createWechatOauth } from './oauth.ts'
import type { ShippingUpload, WechatMini, WechatOauth } from './port.ts'

let sim: Simulator
let mini: WechatMini
let oauth: WechatOauth
let calls: string[] = []

beforeAll(async () => {
  sim = await startSimulator()
})
afterAll(() => sim.close())
beforeEach(() => {
  const { env } = sim.credentials
  calls = []
  const counted = (url: string | URL | Request, init?: RequestInit) => {
    calls.push(new URL(String(url)).pathname)
    return fetch(url, init)
  }
  const dependencies = { fetch: counted as typeof globalThis.fetch, now: sim.clock.now }
  mini = createWechatMini(
    { apiBaseUrl: env.WECHAT_API_BASE_URL, appid: env.WECHAT_MINI_APPID, secret: env.WECHAT_MINI_SECRET },
    dependencies,
  )
  oauth = createWechatOauth(
    {
      apiBaseUrl: env.WECHAT_API_BASE_URL,
      oauthBaseUrl: env.WECHAT_OAUTH_BASE_URL,
      appid: env.WECHAT_MP_APPID,
      secret: env.WECHAT_MP_SECRET,
    },
    dependencies,
  )
})

const tokenFetches = () => calls.filter((path) => path === '/cgi-bin/stable_token').length
const openidOf = (name: string, appid = mini.appid) => sim.people.get(name).openids[appid] ?? ''

describe('codes', () => {
  test('UX-05 a mini program code is a picture; a scene or page that WeChat does not take is refused', async () => {
    const picture = await mini.miniCode({ scene: 'dAAAAAAAAAAAAAAAAAAAAAA.Ab3', page: 'pages/home/index' })
    expect(picture.subarray(1, 4).toString('latin1')).toBe('PNG')
    const refused = (code: { scene: string; page: string }) =>
      expect(mini.miniCode(code)).rejects.toMatchObject({ fault: 'refused' })
    await refused({ scene: '含中文', page: 'pages/home/index' })
    await refused({ scene: 'x'.repeat(33), page: 'pages/home/index' })
    await refused({ scene: 'x', page: '/pages/home/index' })
  })
})

describe('signing in', () => {
  test('ACC-03 a login code becomes the openid and unionid of its owner, once, within five minutes', async () => {
    const code = sim.people.loginCode('林晓雨')
    const session = await mini.codeToSession(code)
    expect(session).toMatchObject({ openid: openidOf('林晓雨'), unionid: sim.people.get('林晓雨').unionid })
    expect(Buffer.from(session.sessionKey, 'base64')).toHaveLength(16)
    await expect(mini.codeToSession(code)).rejects.toMatchObject({ errcode: 40163, retryable: false })
    const old = sim.people.loginCode('林晓雨')
    await sim.clock.advance(300_001)
    await expect(mini.codeToSession(old)).rejects.toMatchObject({ errcode: 40029 })
    const error = await mini.codeToSession('nonsense').catch((caught: unknown) => caught)
    expect(isBadCode(error)).toBe(true)
  })

  test('ACC-03 a code of another app or another kind is refused', async () => {
    await expect(mini.codeToSession(sim.people.loginCode('林晓雨', oauth.appid))).rejects.toMatchObject({
      errcode: 40029,
    })
    await expect(mini.codeToSession(sim.people.phoneCode('林晓雨'))).rejects.toMatchObject({ errcode: 40029 })
  })

  test.each([
    ['appid', { appid: 'wx0' }, 40013],
    ['secret', { secret: 'wrong' }, 40125],
  ])('ACC-03 a wrong %s is refused with its number', async (_what, change, errcode) => {
    const { env } = sim.credentials
    const stranger = createWechatMini({
      apiBaseUrl: sim.url,
      appid: env.WECHAT_MINI_APPID,
      secret: env.WECHAT_MINI_SECRET,
      ...change,
    })
    await expect(stranger.codeToSession('x')).rejects.toMatchObject({ errcode, fault: 'refused' })
    await expect(stranger.accessToken()).rejects.toMatchObject({ errcode })
  })

  test('ACC-03 a phone code becomes the phone of its owner, once, and only with the right openid', async () => {
    const code = sim.people.phoneCode('王秀英')
    const phone = await mini.phoneNumber(code, openidOf('王秀英'))
    expect(phone).toEqual({ phoneNumber: '13800010003', purePhoneNumber: '13800010003', countryCode: '86' })
    await expect(mini.phoneNumber(code)).rejects.toMatchObject({ errcode: 40163 })
    await expect(mini.phoneNumber(sim.people.phoneCode('王秀英'), openidOf('陈志远'))).rejects.toMatchObject({
      errcode: 40029,
    })
  })

  test('ACC-03 web sign-in goes to the page, comes back with a code, and has the same unionid', async () => {
    const redirectUri = 'http://127.0.0.1:9/signed-in?from=home'
    const url = new URL(oauth.authorizeUrl({ redirectUri, state: 'abc123' }))
    expect(url.hash).toBe('#wechat_redirect')
    url.searchParams.set('person', '赵明轩')
    const moved = await fetch(url, { redirect: 'manual' })
    const back = new URL(moved.headers.get('location') ?? '')
    expect([back.searchParams.get('state'), back.searchParams.get('from')]).toEqual(['abc123', 'home'])
    const grant = await oauth.exchangeCode(back.searchParams.get('code') ?? '')
    const { unionid } = sim.people.get('赵明轩')
    expect(grant).toMatchObject({
      openid: openidOf('赵明轩', oauth.appid),
      unionid,
      scope: 'snsapi_userinfo',
      isSnapshotUser: false,
    })
    expect(await oauth.userInfo(grant)).toEqual({ openid: grant.openid, unionid, nickname: '赵明轩', avatarUrl: '' })
    await expect(oauth.exchangeCode(back.searchParams.get('code') ?? '')).rejects.toMatchObject({ errcode: 40163 })
    expect(() => oauth.authorizeUrl({ redirectUri, state: 'a b' })).toThrow(RangeError)
  })

  test('ACC-03 a silent grant has no name, and a token is for its own person only', async () => {
    const grant = await oauth.exchangeCode(sim.people.oauthCode('苏婉清', 'snsapi_base'))
    expect(grant).toMatchObject({ scope: 'snsapi_base', unionid: null })
    await expect(oauth.userInfo(grant)).rejects.toMatchObject({ errcode: 48001 })
    const full = await oauth.exchangeCode(sim.people.oauthCode('苏婉清'))
    await expect(oauth.userInfo({ ...full, openid: 'o-other' })).rejects.toMatchObject({ errcode: 40003 })
    await sim.clock.advance(7_200_001)
    await expect(oauth.userInfo(full)).rejects.toMatchObject({ errcode: 42001 })
  })
})

describe('the access token', () => {
  test('ACC-01 it is fetched once for many, kept, and replaced before it ends', async () => {
    const tokens = await Promise.all(Array.from({ length: 20 }, () => mini.accessToken()))
    expect(new Set(tokens).size).toBe(1)
    expect(tokenFetches()).toBe(1)
    await sim.clock.advance(6_800_000)
    expect(await mini.accessToken()).toBe(tokens[0])
    await sim.clock.advance(200_000)
    expect(await mini.accessToken()).not.toBe(tokens[0])
    // The old one still works for its last minutes, as the overlap promises.
    const { status } = await fetch(`${sim.url}/wxa/sec/order/get_order?access_token=${tokens[0]}`, { method: 'POST' })
    expect(status).toBe(200)
  })

  test('ACC-01 a token that somebody forced away is fetched again and the call repeated once', async () => {
    const before = await mini.accessToken()
    const { env } = sim.credentials
    const forced = (force_refresh: boolean) =>
      fetch(`${sim.url}/cgi-bin/stable_token`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          grant_type: 'client_credential',
          appid: env.WECHAT_MINI_APPID,
          secret: env.WECHAT_MINI_SECRET,
          force_refresh,
        }),
      }).then((response) => response.json() as Promise<Record<string, unknown>>)
    await sim.clock.advance(31_000)
    const { access_token: after } = await forced(true)
    expect(after).not.toBe(before)
    expect((await forced(false)).access_token).toBe(after)
    expect(await forced(true)).toMatchObject({ errcode: 45011 })
    expect((await mini.phoneNumber(sim.people.phoneCode('周大海'))).phoneNumber).toBe('13800010006')
    expect(calls).toEqual([
      '/cgi-bin/stable_token',
      '/wxa/business/getuserphonenumber',
      '/cgi-bin/stable_token',
      '/wxa/business/getuserphonenumber',
    ])
    expect(await mini.accessToken()).toBe(after)
  })

  test('ACC-01 a token that stays bad is tried twice and no more', async () => {
    sim.fault({ path: '/wxa/business', kind: 'refuse', errcode: 40001, message: 'invalid credential', times: 5 })
    await expect(mini.phoneNumber('x')).rejects.toMatchObject({ errcode: 40001 })
    expect(calls.filter((path) => path === '/wxa/business/getuserphonenumber')).toHaveLength(2)
    sim.clearFaults()
  })

  test('ACC-01 busy and broken lines are retryable, and errors never quote a secret', async () => {
    sim.fault({ path: '/sns/jscode2session', kind: 'refuse', errcode: -1, message: 'system error' })
    await expect(mini.codeToSession('x')).rejects.toMatchObject({ errcode: -1, retryable: true })
    sim.fault({ path: '/sns/jscode2session', kind: 'drop' })
    const error = await mini.codeToSession('x').catch((caught: Error) => caught)
    expect(error).toMatchObject({ fault: 'network', retryable: true })
    expect((error as Error).message).not.toContain(sim.credentials.env.WECHAT_MINI_SECRET)
  })
})

describe('subscribe messages', () => {
  const message = (change = {}) => ({
    openid: openidOf('林晓雨'),
    templateId: 'sim-order-paid',
    page: 'pages/order/detail?id=1',
    data: { character_string1: 'ORDER000001', thing2: '明前龙井', amount3: '¥128.00', time4: '2026-03-01 12:00' },
    ...change,
  })

  test('ACC-01 one grant is one message, and it arrives filled in', async () => {
    await expect(mini.sendSubscribeMessage(message())).rejects.toMatchObject({ errcode: 43101, retryable: false })
    sim.people.subscribe('林晓雨', ['sim-order-paid'])
    await mini.sendSubscribeMessage(message())
    expect(sim.messages('林晓雨')[0]).toMatchObject({
      kind: 'subscribe',
      title: '订单支付成功通知',
      page: 'pages/order/detail?id=1',
      fields: [
        { name: '订单号', value: 'ORDER000001' },
        { name: '商品名称', value: '明前龙井' },
        { name: '支付金额', value: '¥128.00' },
        { name: '支付时间', value: '2026-03-01 12:00' },
      ],
    })
    const again = await mini.sendSubscribeMessage(message()).catch((caught: unknown) => caught)
    expect(isSubscribeRefused(again)).toBe(true)
  })

  test.each([
    ['an openid of the other app', () => ({ openid: openidOf('林晓雨', oauth.appid) }), 40003],
    ['an unknown template', () => ({ templateId: 'none' }), 40037],
    ['a missing value', () => ({ data: { thing2: '茶' } }), 47003],
    ['a thing of 21 characters', () => ({ data: { ...message().data, thing2: '长'.repeat(21) } }), 47003],
    ['an amount in words', () => ({ data: { ...message().data, amount3: '一百元' } }), 47003],
  ])('ACC-01 %s is refused and costs no grant', async (_what, change, errcode) => {
    sim.people.subscribe('林晓雨', ['sim-order-paid'])
    await expect(mini.sendSubscribeMessage(message(change()))).rejects.toMatchObject({ errcode })
    await mini.sendSubscribeMessage(message())
  })
})

describe('shipping', () => {
  async function paid(): Promise<{ transactionId: string; outTradeNo: string; openid: string }> {
    const pay = createWechatPay(payConfigOf(sim), { now: sim.clock.now })
    const outTradeNo = `SHIP${String(sim.orders().length).padStart(4, '0')}`
    const openid = openidOf('林晓雨')
    const order = {
      appid: mini.appid,
      openid,
      outTradeNo,
      description: '茶',
      amountFen: 500,
      notifyUrl: 'http://127.0.0.1:9/n',
    }
    const { client } = await pay.prepayJsapi(order)
    sim.pay({ request: client, person: '林晓雨', action: 'confirm' })
    return { transactionId: (await pay.queryByOutTradeNo(outTradeNo)).transactionId ?? '', outTradeNo, openid }
  }
  const parcel = (trackingNo: string) => ({ itemDescription: '茶 1 件', trackingNo, expressCompany: 'ZTO' })

  test('PAY-01 a paid order is reported as shipped and found again', async () => {
    const { transactionId, outTradeNo, openid } = await paid()
    const state = await mini.queryShipping({ transactionId })
    expect(state).toMatchObject({ state: 'to_ship', finished: false, parcels: [], paidFen: 500, outTradeNo })
    const upload: ShippingUpload = {
      order: { transactionId },
      openid,
      method: 'express',
      parcels: [parcel('Z1')],
      uploadedAt: sim.clock.date(),
    }
    await mini.uploadShipping(upload)
    expect(await mini.queryShipping({ mchid: sim.credentials.env.WECHAT_PAY_MCHID, outTradeNo })).toMatchObject({
      state: 'shipped',
      finished: true,
      parcels: [{ trackingNo: 'Z1', expressCompany: 'ZTO' }],
    })
    const later = (ms: number) => new Date(sim.clock.now() + ms)
    await mini.uploadShipping({ ...upload, parcels: [parcel('Z2')], uploadedAt: later(1000) })
    await expect(
      mini.uploadShipping({ ...upload, parcels: [parcel('Z3')], uploadedAt: later(2000) }),
    ).rejects.toMatchObject({ errcode: 47001 })
  })

  test('PAY-01 an order in two parcels is finished with the last', async () => {
    const { transactionId, openid } = await paid()
    const upload = (no: string, allDelivered: boolean, at: number): ShippingUpload => ({
      ...{ order: { transactionId }, openid, method: 'express' as const, parcels: [parcel(no)] },
      split: { allDelivered },
      uploadedAt: new Date(at),
    })
    const now = sim.clock.now()
    await mini.uploadShipping(upload('A', false, now))
    expect(await mini.queryShipping({ transactionId })).toMatchObject({ state: 'to_ship', finished: false })
    await mini.uploadShipping(upload('B', true, now + 1000))
    expect((await mini.queryShipping({ transactionId })).parcels.map((each) => each.trackingNo)).toEqual(['A', 'B'])
  })

  test('PAY-01 an unknown payment is retryable, a wrong buyer and a bad parcel are not', async () => {
    const { transactionId, openid } = await paid()
    const upload: ShippingUpload = {
      order: { transactionId },
      openid,
      method: 'express',
      parcels: [parcel('Z1')],
      uploadedAt: sim.clock.date(),
    }
    await expect(mini.uploadShipping({ ...upload, order: { transactionId: '42' } })).rejects.toMatchObject({
      errcode: 10060001,
      retryable: true,
    })
    await expect(mini.uploadShipping({ ...upload, openid: 'o-other' })).rejects.toMatchObject({
      errcode: 40003,
      retryable: false,
    })
    const sf = { ...parcel('SF1'), expressCompany: 'SF' }
    await expect(mini.uploadShipping({ ...upload, parcels: [sf] })).rejects.toMatchObject({ errcode: 47001 })
    await mini.uploadShipping({ ...upload, parcels: [{ ...sf, receiverContact: '138****0001' }] })
  })
})
