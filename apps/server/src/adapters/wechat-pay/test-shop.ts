import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Simulator, startSimulator } from '@zhanggui/wechat-simulator'
import { WechatPayError } from './errors.ts'
import { createWechatPay } from './live.ts'
import type { JsapiOrder, PayNotice, WechatPay, WechatPayConfig } from './port.ts'

/** For tests: a simulated WeChat, a client configured from its credentials, and a shop that receives notices. */
export interface TestShop {
  sim: Simulator
  pay: WechatPay
  config: WechatPayConfig
  /** Notices that were read, and refusals that were answered, in order of arrival. */
  notices: PayNotice[]
  refusals: WechatPayError[]
  /** Statuses to answer the next notices with, before looking at them. */
  failWith: number[]
  notifyUrl: string
  /** A client that differs from the shop's. */
  client(change: Partial<WechatPayConfig>, now?: () => number): WechatPay
  order(change?: Partial<JsapiOrder>): JsapiOrder
  /** Places and pays an order; returns it. */
  paid(change?: Partial<JsapiOrder>): Promise<JsapiOrder>
  close(): Promise<void>
}

export function payConfigOf(sim: Simulator): WechatPayConfig {
  const { env } = sim.credentials
  return {
    baseUrl: env.WECHAT_PAY_BASE_URL,
    mchid: env.WECHAT_PAY_MCHID,
    merchantSerial: env.WECHAT_PAY_MERCHANT_SERIAL,
    merchantPrivateKeyPem: env.WECHAT_PAY_MERCHANT_PRIVATE_KEY,
    apiV3Key: env.WECHAT_PAY_APIV3_KEY,
    publicKeyId: env.WECHAT_PAY_PUBLIC_KEY_ID,
    publicKeyPem: env.WECHAT_PAY_PUBLIC_KEY,
  }
}

async function listen(
  shop: Pick<TestShop, 'notices' | 'refusals' | 'failWith'>,
  read: () => WechatPay,
): Promise<Server> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const forced = shop.failWith.shift()
      if (forced !== undefined) {
        response.writeHead(forced, { Location: '/elsewhere' }).end()
        return
      }
      read()
        .readNotice({ headers: request.headers, rawBody: Buffer.concat(parts) })
        .then((notice) => {
          shop.notices.push(notice)
          response.writeHead(204).end()
        })
        .catch((error: unknown) => {
          if (!(error instanceof WechatPayError)) throw error
          shop.refusals.push(error)
          response.writeHead(error.status).end(JSON.stringify({ code: 'FAIL', message: error.message }))
        })
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return server
}

export async function startTestShop(): Promise<TestShop> {
  const sim = await startSimulator()
  const config = payConfigOf(sim)
  const client = (change: Partial<WechatPayConfig>, now = sim.clock.now) =>
    createWechatPay({ ...config, ...change }, { now })
  const pay = client({})
  const received = { notices: [] as PayNotice[], refusals: [] as WechatPayError[], failWith: [] as number[] }
  const server = await listen(received, () => pay)
  const notifyUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/notify`
  const appid = sim.credentials.env.WECHAT_MINI_APPID
  const openid = sim.people.get('林晓雨').openids[appid] ?? ''
  let count = 0
  const order = (change: Partial<JsapiOrder> = {}): JsapiOrder => {
    count += 1
    const outTradeNo = `ORDER${String(count).padStart(6, '0')}`
    return { appid, openid, outTradeNo, description: '明前龙井, 250g', amountFen: 12_800, notifyUrl, ...change }
  }
  return {
    ...{ sim, pay, config, client, order, notifyUrl, ...received },
    async paid(change) {
      const placed = order(change)
      const { client: request } = await pay.prepayJsapi(placed)
      sim.pay({ request, person: placed.openid, action: 'confirm' })
      return placed
    },
    async close() {
      await sim.close()
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
