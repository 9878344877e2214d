import { type Address, ROUTES, type RouteId, type RouteSpec, type Routes } from '@zhanggui/contract'
import type { z } from 'zod'
import { type Clock, TestClock } from '../../kernel/clock.ts'
import { createVault } from '../../kernel/crypto.ts'
import { Db, sql } from '../../kernel/db.ts'
import { buyerOf, type Caller, type StaffCaller, staffOf, wholeShop } from '../../kernel/http/caller.ts'
import type { Call, Handler, Handlers } from '../../kernel/http/mount.ts'
import { once } from '../../kernel/idempotency.ts'
import { newId } from '../../kernel/ids.ts'
import { createJobs } from '../../kernel/jobs.ts'
import { createSettings } from '../../kernel/settings.ts'
import { type Catalog, type CatalogDeps, createCatalog } from '../catalog/index.ts'
import { createRouting } from '../fulfilment/index.ts'
import { createParties } from '../parties/index.ts'
import { createTestPrices } from '../prices/testing.ts'
import { createStock } from '../stock/index.ts'
import type { OrdersDeps, PaymentView } from './deps.ts'
import { createOrders, type Orders } from './index.ts'
import type { PlaceInput } from './prepare-orders.ts'

export const ADDRESS: Address = {
  name: '欧阳小明',
  phone: '13812345678',
  province: '广东省',
  city: '深圳市',
  district: '南山区',
  street: '粤海街道',
  detail: '科技园 1 号楼 203',
}

/** A shop that sends everything by courier. */
const COURIER_ONLY: OrdersDeps['delivery'] = {
  terms: async (_, wanted) => wanted.map(() => new Error('Only couriers here')),
  withoutCourier: async () => new Set(),
  freeze: async () => {},
  methodsOf: async () => new Map(),
}

export interface World extends Omit<Awaited<ReturnType<typeof createWorld>>, 'clock'> {
  clock: TestClock
}

/** The modules up to orders, wired as the program wires them, over one database. For tests and benchmarks. */
export async function createWorld<C extends Clock>(
  url: string,
  clock: C,
  options: { maxConnections?: number; lane?: OrdersDeps['lane'] } = {},
) {
  const db = new Db({ url, maxConnections: options.maxConnections ?? 10 })
  const settings = createSettings(db, clock)
  const parties = createParties({ clock })
  const stock = createStock({ db, clock, settings })
  const files: OrdersDeps['files'] = { pictures: async () => new Map() }
  // Jobs that are never started and files that only answer pictures: orders do not edit the catalogue.
  const jobs = createJobs({ db, clock })
  const catalogFiles = files as CatalogDeps['files']
  const prices = createTestPrices({ db, clock, settings }, () => catalog)
  const catalog: Catalog = createCatalog({
    db,
    clock,
    settings,
    jobs,
    files: catalogFiles,
    stock,
    prices,
    topQueries: async () => [],
  })
  const routing = createRouting({ stock, catalog, levelsOf: async () => [] })
  const payments = new Map<string, PaymentView[]>()
  const created = createOrders({
    db,
    clock,
    settings,
    vault: createVault('an unguessable key of a test, 32 bytes'),
    parties,
    identity: {
      closedAmong: async () => new Set(),
      nicknames: async (_, ids) => new Map(ids.map((id) => [id, `买家${id.slice(-4)}`])),
    },
    catalog,
    stock,
    prices,
    files,
    routing,
    sourcesOf: async () => new Map(),
    accountNames: async () => [],
    shopsOfBuyer: async () => [],
    productsByFreight: catalog.productsByFreight,
    paymentsOf: async (_, __, orderId) => payments.get(orderId) ?? [],
    refundsOf: async () => [],
    shipmentReportState: async () => new Map(),
    delivery: COURIER_ONLY,
    mayShip: async () => {},
    openCasesOf: async () => 0,
    fulfilment: { conditions: () => [], columns: async () => new Map() },
    lane: options.lane,
  })
  const orders = { ...created, handlers: { ...created.handlers, ...refundRoutes(created, db, clock) } }
  const close = async () => {
    await orders.close()
    await settings.close()
    await db.close()
  }
  return { db, clock, settings, parties, stock, prices, catalog, routing, orders, payments, close }
}

/** The short ways to a refund of the whole, which the module aftersale above serves. */
function refundRoutes(orders: Orders, db: Db, clock: Clock): Handlers {
  const refund = (call: RefundCall, by: 'buyer' | 'merchant') => {
    const { shopId, orderId } = call.params
    const { caller, idempotencyKey: key } = call
    const actor =
      caller.kind === 'buyer' ? { kind: 'buyer', id: caller.buyerId } : { kind: 'staff', name: staffOf(caller).name }
    const about = { shopId, orderId, ...(caller.kind === 'buyer' ? { buyerId: caller.buyerId } : {}) }
    const name = { shopId, callerId: orderId, route: `refund-${by}`, key, request: call.body, at: clock.instant() }
    return db.tx({ shopId }, (tx) =>
      once(tx, name, async () => {
        await orders.requestRefund(tx, about, { by, reason: call.body.reason, actor })
        return { orderId }
      }),
    )
  }
  return {
    'orders.requestRefund': async (call) => {
      await refund(call, 'buyer')
      return orders.buyerOrder({ ...call.params, buyerId: buyerOf(call.caller) })
    },
    'console.refundOrder': async (call) => {
      await refund(call, 'merchant')
      return orders.merchantOrder(call.params)
    },
  }
}

type RefundCall = Pick<Call<'orders.requestRefund'>, 'params' | 'caller' | 'idempotencyKey' | 'body'>

export const createTestWorld = (url: string, options?: Parameters<typeof createWorld>[2]): Promise<World> =>
  createWorld(url, new TestClock('2026-11-11T00:00:00.000Z'), options)

export interface TestShop {
  shopId: string
  centralId: string
  frontId: string
}

/** A shop with its two warehouses and a free freight template. */
export async function openShop(world: Pick<World, 'db' | 'parties' | 'stock' | 'orders'>): Promise<TestShop> {
  const shopId = newId()
  return world.db.tx('system', async (tx) => {
    await world.parties.openShop(tx, { id: shopId, slug: `s-${shopId}`.slice(0, 39), name: '测试店' })
    const warehouses = await world.stock.createDefaultWarehouses(tx, shopId)
    await world.orders.createDefaultFreight(tx, shopId)
    return { shopId, ...warehouses }
  })
}

export interface Goods {
  productId: string
  skuIds: string[]
}

/** A product on sale with SKUs at these prices. */
export async function createGoods(
  { db, clock }: Pick<World, 'db'> & { clock: Clock },
  shopId: string,
  pricesFen: readonly number[],
  more: { freightTemplateId?: string; weightGrams?: number; title?: string; purchaseLimit?: number } = {},
): Promise<Goods> {
  const productId = newId()
  const skuIds = pricesFen.map(() => newId())
  const at = clock.instant()
  await db.tx({ shopId }, async (tx) => {
    await tx.exec(sql`
      insert into products (shop_id, id, state, title, freight_template_id, purchase_limit, created_at, updated_at)
      values (${shopId}, ${productId}, 'on-sale', ${more.title ?? '青瓷杯'}, ${more.freightTemplateId ?? null},
        ${more.purchaseLimit ?? null}, ${at}, ${at})`)
    await tx.exec(sql`
      insert into skus (shop_id, id, product_id, code, price_fen, weight_grams, created_at, updated_at)
      select ${shopId}, id, ${productId}, id::text, price, ${more.weightGrams ?? 0}, ${at}, ${at}
      from unnest(${skuIds}::uuid[], ${pricesFen as number[]}::bigint[]) as s(id, price)`)
  })
  return { productId, skuIds }
}

export async function receive(
  { db, stock }: Pick<World, 'db' | 'stock'>,
  shopId: string,
  skuIds: readonly string[],
  quantity: number,
  warehouseId: string | null = null,
): Promise<void> {
  const lines = skuIds.map((skuId) => ({ skuId, quantity }))
  await db.tx({ shopId }, (tx) =>
    stock.receive(tx, {
      shopId,
      warehouseId,
      reason: 'purchase',
      actor: { kind: 'staff', id: newId(), name: '仓管' },
      lines,
    }),
  )
}

/** What a buyer sends; `lines` as [sku, quantity]. */
export function placeInput(
  shopId: string,
  buyerId: string,
  lines: readonly (readonly [string, number])[],
  expectedTotalFen: number,
  more: Partial<PlaceInput> = {},
): PlaceInput {
  const goods = lines.map(([skuId, quantity]) => ({ skuId, quantity }))
  return {
    shopId,
    buyerId,
    key: newId(),
    lines: goods,
    address: ADDRESS,
    expectedTotalFen,
    note: '',
    fromCart: false,
    ...more,
  }
}

export const buyerCaller = (buyerId: string): Caller => ({ kind: 'buyer', buyerId, sessionId: newId() })
export const guestCaller = (guestId: string): Caller => ({ kind: 'anonymous', guestId })
export const staffCaller = (permissions: Iterable<string> = []): StaffCaller => {
  const granted = new Set(permissions) as unknown as StaffCaller['permissions']
  return {
    ...{ kind: 'staff', staffId: newId(), sessionId: newId(), name: '店员小王' },
    ...{ permissions: granted, grants: wholeShop(granted) },
  }
}

type Input<R, K extends string> = R extends Record<K, infer S extends z.ZodType> ? z.input<S> : undefined
type Output<R> = R extends { response: infer S extends z.ZodType } ? z.output<S> : unknown

/** Calls a route's handler as HTTP does, with input and answer checked against the contract, without a server. */
export async function callRoute<Id extends RouteId>(
  handlers: Handlers,
  id: Id,
  call: {
    caller: Caller
    params?: Input<Routes[Id], 'params'>
    query?: Input<Routes[Id], 'query'>
    body?: Input<Routes[Id], 'body'>
    idempotencyKey?: string
  },
): Promise<Output<Routes[Id]>> {
  const route = ROUTES[id] as RouteSpec
  const { caller, idempotencyKey = newId() } = call
  const params = route.params?.parse(call.params)
  const query = route.query?.parse(call.query ?? {})
  const body = route.body?.parse(call.body ?? {})
  const handler = handlers[id] as Handler<Id>
  const answer = await handler({
    ...{ params, query, body, caller, idempotencyKey, ip: '127.0.0.1', requestId: 'test', reply: { elapsedTime: 0 } },
    stepUp: async () => {},
  } as unknown as Call<Id>)
  return route.response!.parse(answer) as Output<Routes[Id]>
}
