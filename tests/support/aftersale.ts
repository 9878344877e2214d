import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import type { AftersaleInput } from '../../packages/contract/src/aftersale.ts'
import { type PlacedOrder, startTestApp, type TestApp, type TestBuyer, type TestProduct, type TestShop } from './app.ts'
import { bookWrongs } from './books.ts'
import { newKey } from './http.ts'

export const PRICE_FEN = 4990
export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

export const RETURN_ADDRESS = {
  ...{ name: '张仓管', phone: '13700001111', province: '浙江省', city: '杭州市', district: '余杭区', street: '' },
  ...{ detail: '仓前街道 8 号', isDefault: true },
}

interface Stage {
  app: TestApp
  shop: TestShop
  buyer: TestBuyer
  cup: TestProduct
}

/** The buyer asks for the first unit's money back; answers the case. */
export async function askUnitBack(buyer: TestBuyer, { shopId, orderId }: PlacedOrder): Promise<string> {
  const body: AftersaleInput = { type: 'refund', reasonCode: 'not-wanted', lines: [{ line: 0, quantity: 1 }] }
  const made = await buyer.call('aftersale.apply', { params: { shopId, orderId }, idempotencyKey: newKey(), body })
  return made.id
}

/** A shop with a return address, a buyer, and goods in two sizes, anew for every test; the ledger is whole after each. */
export function aftersaleStage(options: Parameters<typeof startTestApp>[0] = { clickhouse: false }) {
  const s = {} as Stage
  beforeAll(async () => {
    s.app = await startTestApp(options)
  })
  afterAll(() => s.app?.close())
  beforeEach(async () => {
    s.shop = await s.app.openTestShop()
    s.buyer = await s.app.buyer()
    s.cup = await s.app.product(s.shop, { pricesFen: [PRICE_FEN, PRICE_FEN, 9990], stock: 10 })
    await s.shop.owner.call('console.saveReturnAddresses', {
      params: at(),
      body: { version: 0, addresses: [RETURN_ADDRESS] },
    })
  })
  afterEach(async () => {
    await s.app.settle()
    expect((await s.app.audit()).deviations).toEqual([])
    expect(await bookWrongs(s.app, s.shop)).toEqual([])
  })

  const at = () => ({ shopId: s.shop.shopId })
  const key = (order: PlacedOrder) => ({ ...at(), orderId: order.orderId })
  const one = (caseId: string) => ({ params: { ...at(), caseId } })

  return Object.assign(s, {
    at,
    key,
    async paid(goods: [string, number][], more: object = {}): Promise<PlacedOrder> {
      const order = await s.app.order(s.buyer, s.shop.shopId, goods, more)
      await s.app.pay(s.buyer, order)
      await s.app.settle()
      return order
    },
    async ship(order: PlacedOrder, lines?: { skuId: string; quantity: number }[]): Promise<void> {
      const body = {
        carrierCode: 'ZTO' as const,
        trackingNo: `ZT${newKey().slice(0, 12)}`,
        ...(lines ? { lines } : {}),
      }
      await s.shop.owner.call('console.shipOrder', { params: key(order), idempotencyKey: newKey(), body })
      await s.app.settle()
    },
    async receive(order: PlacedOrder): Promise<void> {
      await s.buyer.call('orders.confirmReceipt', { params: key(order) })
      await s.app.settle()
    },
    orderNow: (order: PlacedOrder) => s.buyer.call('orders.get', { params: key(order) }),
    options: (order: PlacedOrder) => s.buyer.call('aftersale.options', { params: key(order) }),
    apply: (order: PlacedOrder, body: AftersaleInput, idempotencyKey = newKey()) =>
      s.buyer.call('aftersale.apply', { params: key(order), idempotencyKey, body }),
    caseNow: (caseId: string) => s.buyer.call('aftersale.get', one(caseId)),
    staffCase: (caseId: string) => s.shop.owner.call('console.aftersale', one(caseId)),
    approve: (...caseIds: string[]) =>
      s.shop.owner.call('console.approveAftersales', { params: at(), body: { caseIds } }),
    reject: (caseId: string, reason = '请提供更多照片') =>
      s.shop.owner.call('console.rejectAftersale', { ...one(caseId), body: { reason } }),
    cancel: (caseId: string) => s.buyer.call('aftersale.cancel', one(caseId)),
    dispute: (caseId: string, text = '照片已经很清楚') =>
      s.buyer.call('aftersale.dispute', { ...one(caseId), body: { text } }),
    sendBack: (caseId: string, trackingNo = `SF${newKey().slice(0, 12)}`) =>
      s.buyer.call('aftersale.sendBack', { ...one(caseId), body: { carrierCode: 'SF', trackingNo } }),
    async inspect(caseId: string, lines: { line: number; restock: number; scrap: number }[]) {
      const { warehouses } = await s.shop.owner.call('console.aftersale', one(caseId))
      const body = { warehouseId: warehouses[0]!.id, lines }
      return s.shop.owner.call('console.inspectAftersale', { ...one(caseId), body })
    },
    /** Everybody signs in again: sessions end while the clock is moved. */
    async days(count: number): Promise<void> {
      for (let day = 0; day < count; day++) await s.app.advance(DAY_MS)
      s.shop = { ...s.shop, owner: await s.app.signIn(s.shop.ownerAccount) }
      s.buyer = await s.app.buyer(s.buyer.person)
    },
    async evidence(): Promise<string> {
      const file = new Blob([PIXEL], { type: 'image/png' })
      return (await s.buyer.call('aftersale.upload', { params: at(), file, fileName: 'p.png' })).fileId
    },
    stockOf: async (skuId: string) =>
      (await s.shop.owner.call('console.stock', { params: at() })).items.find((each) => each.skuId === skuId)!,
    set: async (name: string, value: unknown) => {
      const { items } = await s.shop.owner.call('console.settings', { params: at() })
      const { version } = items.find((each) => each.name === name)!
      await s.shop.owner.call('console.setSetting', { params: { ...at(), name }, body: { value, version } })
    },
  })
}

export const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
