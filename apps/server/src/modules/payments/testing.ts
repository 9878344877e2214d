import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import {
  type PlacedOrder,
  startTestApp,
  type TestApp,
  type TestBuyer,
  type TestShop,
} from '../../../../../tests/support/app.ts'
import { newKey } from '../../../../../tests/support/http.ts'
import { type Postman, startPostman } from '../../../../../tests/support/postman.ts'
import type { WechatPay } from '../../adapters/wechat-pay/index.ts'
import { auditLedger } from '../../ledger/index.ts'
import { connectWechat } from '../../wechat.ts'
import { createPayments } from './index.ts'

const PRICE_FEN = 3990

type Method = 'mini' | 'jsapi' | 'h5' | 'native'

/** What stands anew for every test: a shop, a buyer, and an unpaid order of one thing. */
interface Stage {
  app: TestApp
  /** Stands between WeChat and the shop. */
  postman: Postman
  /** Sees every row. */
  admin: pg.Client
  shop: TestShop
  buyer: TestBuyer
  skuId: string
  order: PlacedOrder
  at: { shopId: string; orderId: string }
}

/**
 * Sets up a complete program with a WeChat of its own for the tests of a file, and what they all do. After every test
 * the ledger has to be balanced.
 */
export function payStage() {
  const s = {} as Stage
  beforeAll(async () => {
    s.postman = await startPostman()
    s.app = await startTestApp({ clickhouse: false, env: { PUBLIC_URL: s.postman.url } })
    s.postman.target = s.app.url
    s.admin = new pg.Client({ connectionString: s.app.database.adminUrl })
    await s.admin.connect()
  })
  afterAll(async () => {
    await s.admin?.end()
    await s.app?.close()
    await s.postman?.close()
  })

  beforeEach(async () => {
    s.postman.letters.length = 0
    s.app.logs.length = 0
    s.shop = await s.app.openTestShop()
    s.buyer = await s.app.buyer()
    s.skuId = (await s.app.product(s.shop, { pricesFen: [PRICE_FEN] })).skuIds[0]!
    await place()
  })
  afterEach(async () => {
    s.postman.isLosing = false
    s.app.sim.clearFaults()
    s.app.sim.settings({ refund_delay_ms: 0 })
    await s.app.settle()
    expect(await s.app.app.db.read('system', (tx) => auditLedger(tx))).toMatchObject({ deviations: [] })
  })

  async function place(): Promise<void> {
    s.order = await s.app.order(s.buyer, s.shop.shopId, [[s.skuId, 1]])
    s.at = { shopId: s.shop.shopId, orderId: s.order.orderId }
  }

  return Object.assign(s, { place, ...acts(s), ...atWechatsSide(s) })
}

/** What buyer and staff do. */
function acts(s: Stage) {
  const start = (method: Method, by: Pick<TestBuyer, 'call'> = s.buyer) =>
    by.call('payments.start', { params: s.at, body: { method } })
  const orderNow = () => s.buyer.call('orders.get', { params: s.at })
  const asStaff = () => s.shop.owner.call('console.order', { params: s.at })
  const requestRefund = (reason = '不想要了') =>
    s.buyer.call('orders.requestRefund', { params: s.at, idempotencyKey: newKey(), body: { reason } })
  const confirm = (what: { request?: object | null; code_url?: string | null; h5_url?: string | null }) =>
    s.app.sim.pay({ ...(what as object), person: s.buyer.person, action: 'confirm' })

  /** A payment that reaches the shop only after the order was cancelled. */
  async function payTooLate(): Promise<void> {
    s.postman.isLosing = true
    await s.app.pay(s.buyer, s.order)
    await s.app.sim.settle()
    s.postman.isLosing = false
    await s.buyer.call('orders.cancel', { params: s.at, body: {} })
  }

  return { start, orderNow, asStaff, requestRefund, confirm, payTooLate }
}

/** What WeChat knows, what the shop calls somebody for, and other processes of the shop. */
function atWechatsSide(s: Stage) {
  const atWechat = () => s.app.sim.orders().filter((each) => each.out_trade_no.startsWith(s.order.orderNo))
  const refundsAtWechat = () => s.app.sim.refunds().filter((each) => each.out_trade_no.startsWith(s.order.orderNo))
  const errorsOf = (trouble: string) => s.app.logs.filter((line) => line.includes(`"trouble":"${trouble}"`))
  const troubles = async (kind: string) =>
    Number(
      new RegExp(`payments_trouble_total{kind="${kind}"} (\\d+)`).exec(
        (await s.app.app.engines.metrics.text()).body,
      )?.[1] ?? 0,
    )

  /** How many calls of a path WeChat cuts off from now on; answers how many it has. */
  function cutOff(path: string, method: 'GET' | 'POST'): () => Promise<number> {
    const times = 10_000
    s.app.sim.fault({ path, method, kind: 'drop', times })
    return async () => {
      const { faults } = (await (await fetch(`${s.app.sim.url}/__sim/faults`)).json()) as {
        faults: { times: number }[]
      }
      return times - faults[0]!.times
    }
  }

  const realWechatPay = () => connectWechat(s.app.app.config, () => s.app.clock.millis()).pay!

  /** Another process with the same shop, in which some calls to WeChat go as told. */
  function otherProcess(wechat: Partial<WechatPay>, mini: 'own' | 'none' | object = 'own') {
    const { config, db, engines, orders, identity, sharing } = s.app.app
    const real = connectWechat(config, () => s.app.clock.millis())
    return createPayments({
      db,
      clock: s.app.clock,
      settings: engines.settings,
      orders,
      openidsOf: identity.openidsOf,
      mustOpenForSplit: sharing.mustOpenForSplit,
      isByHand: async () => false,
      bringBack: sharing.bringBack,
      wechatPay: overridden(real.pay!, wechat),
      wechatMini: mini === 'own' ? real.mini : mini === 'none' ? undefined : overridden(real.mini!, mini),
      miniAppid: config.WECHAT_MINI_APPID ?? '',
      mpAppid: config.WECHAT_MP_APPID ?? '',
      publicUrl: config.publicUrl,
      otherNotices: async () => false,
      metrics: { counter: () => ({ inc() {} }) as never },
      log: { warn() {}, error() {} },
    })
  }

  return { atWechat, refundsAtWechat, errorsOf, troubles, cutOff, realWechatPay, otherProcess }
}

function overridden<T extends object>(real: T, own: object): T {
  return new Proxy(real, {
    get(target, name) {
      if (name in own) return own[name as keyof typeof own]
      const value = target[name as keyof T]
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
