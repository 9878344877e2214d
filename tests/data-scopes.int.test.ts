import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../apps/server/src/kernel/db.ts'
import {
  type DataScope,
  type Permission,
  ROUTES,
  type RouteId,
  type RouteSpec,
  SHOP_PERMISSIONS,
  WHOLE_SHOP,
} from '../packages/contract/src/index.ts'
import { comeThrough } from './support/accounts.ts'
import { PASSWORD, startTestApp, type TestApp, type TestShop } from './support/app.ts'
import { newKey, type Visitor } from './support/http.ts'
import { bodies, type Cast, castFor, knock } from './support/matrix.ts'
import { receivedOrder } from './support/reviews.ts'

const ROUTE_IDS = Object.keys(ROUTES) as RouteId[]

let app: TestApp
let cast: Cast
let shop: TestShop
let params: { shopId: string }
/** Of the half of the shop that the scoped look after. */
let mine: Record<'warehouseId' | 'categoryId' | 'pointId' | 'productId' | 'skuId' | 'orderId' | 'orderNo', string>
/** Of the other half, as they stand in answers. */
let theirs: Record<'order' | 'orderNo' | 'product' | 'parcel' | 'wave' | 'warehouse' | 'review', string>

let count = 0
/** A member of staff with roles of these reaches. */
async function staffOf(...roles: { permissions?: readonly Permission[]; scope: Partial<DataScope> }[]) {
  const account = `scoped-${++count}`
  const roleIds: string[] = []
  for (const [index, { permissions = SHOP_PERMISSIONS, scope }] of roles.entries()) {
    const body = {
      name: `${account}-${index}`,
      permissions: [...permissions],
      scope: { ...WHOLE_SHOP, ...scope },
    }
    roleIds.push((await shop.owner.call('console.createRole', { params, body })).id)
  }
  const body = { account, name: `员工 ${account}`, password: PASSWORD, roleIds }
  const { id } = await shop.owner.call('console.createStaff', { params, body })
  return { staff: await app.signIn(account), staffId: id, roleIds }
}

beforeAll(async () => {
  app = await startTestApp({ clickhouse: false })
  cast = await castFor(app)
  shop = cast.shop
  params = { shopId: shop.shopId }
  const { owner } = shop
  const category = await owner.call('console.createCategory', { params, body: { name: '茶具' } })
  const { productId, skuIds } = await app.product(shop, { title: '前置仓茶盘', stock: 0 })
  const { version, ...product } = await owner.call('console.product', { params: { ...params, productId } })
  await owner.call('console.updateProduct', {
    params: { ...params, productId },
    body: {
      version,
      title: product.title,
      categoryId: category.id,
      options: product.options,
      pictureFileIds: product.pictures.map((picture) => picture.fileId),
      skus: product.skus.map(({ id, code, optionValues, priceFen }) => ({ id, code, optionValues, priceFen })),
    },
  })
  const warehouses = (await owner.call('console.warehouses', { params })).items
  const front = warehouses.find((each) => each.kind === 'front')!
  await owner.call('console.adjustStock', {
    params,
    idempotencyKey: newKey(),
    body: { warehouseId: front.id, reason: 'purchase', lines: [{ skuId: skuIds[0]!, quantity: 50 }] },
  })
  const order = await receivedOrder(app, shop, cast.buyer, [[skuIds[0]!, 1]])
  const point = await owner.call('console.createPickUpPoint', {
    params,
    body: { name: '前置仓自提', province: '广东省', city: '深圳市', address: '深南路 1 号', phone: '0755-88888888' },
  })
  mine = {
    ...{ warehouseId: front.id, categoryId: category.id, pointId: point.id, productId, skuId: skuIds[0]! },
    ...{ orderId: order.orderId, orderNo: order.orderNo },
  }
  const { ids } = cast
  const { orderNo } = await owner.call('console.order', { params: { ...params, orderId: ids.orderId! } })
  theirs = {
    ...{ order: ids.orderId!, orderNo, product: ids.productId!, parcel: ids.parcelId!, wave: ids.waveId! },
    ...{ warehouse: warehouses.find((each) => each.kind === 'central')!.id, review: ids.reviewId! },
  }
}, 120_000)
afterAll(() => app?.close())

/** Lists that name things of the whole shop on purpose: who works here, and what a role can be narrowed to. */
const NAMES_ONLY: RouteId[] = ['console.staffAccess', 'console.scopeChoices', 'console.roles', 'console.staff']

/** Everything that a visitor can read without naming an object, by route. */
async function readAll(visitor: Visitor): Promise<Map<RouteId, string>> {
  const answers = new Map<RouteId, string>()
  for (const id of ROUTE_IDS) {
    const route: RouteSpec = ROUTES[id]
    const isOwnList = route.method === 'GET' && route.access.audience === 'staff' && !NAMES_ONLY.includes(id)
    const names = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1])
    if (!isOwnList || names.some((name) => name !== 'shopId')) continue
    const needs = { 'console.scan': '?code=x', 'console.search': '?q=x', 'console.prints': '?orderId=' }[id as string]
    const query =
      needs === '?orderId=' ? `?orderId=${theirs.order}` : (needs ?? (takesLimit(route) ? '?limit=100' : ''))
    const reply = await visitor.ask(route.path.replace(':shopId', shop.shopId) + query, { method: 'GET' })
    answers.set(id, reply.status === 200 ? reply.text : '')
    if (reply.status >= 500) throw new Error(`${id}: ${reply.text}`)
  }
  return answers
}

const takesLimit = (route: RouteSpec) =>
  (route.query?.safeParse({ limit: 100 }).success ?? false) && route.response !== undefined

/** Which of the other half's names stand in which answers. */
function leaks(answers: Map<RouteId, string>, forbidden: Partial<typeof theirs>): string[] {
  return [...answers].flatMap(([id, text]) =>
    Object.entries(forbidden).flatMap(([what, value]) => (text.includes(value) ? [`${id} shows ${what}`] : [])),
  )
}

/** Reads and writes of every object of the other half; what was let through. */
async function touchAll(visitor: Visitor, names: readonly string[]): Promise<string[]> {
  const through: string[] = []
  for (const id of ROUTE_IDS) {
    const route: RouteSpec = ROUTES[id]
    if (route.access.audience !== 'staff' || !names.some((name) => route.path.includes(`:${name}`))) continue
    const reply = await knock(visitor, id, cast.ids, bodies(cast.ids)[id])
    if (reply.status >= 500) throw new Error(`${id}: ${reply.text}`)
    const isEmpty = reply.status === 200 && /^\{"items":\[\]|^\{"parcels":\[\]/.test(reply.text)
    if (reply.status < 300 && !isEmpty) through.push(`${id}: ${reply.status} ${reply.text.slice(0, 120)}`)
  }
  return through
}

async function asItWas() {
  const { owner } = shop
  const { ids } = cast
  return {
    order: await owner.call('console.order', { params: { ...params, orderId: ids.orderId! } }),
    product: await owner.call('console.product', { params: { ...params, productId: ids.productId! } }),
    movements: (await owner.call('console.movements', { params })).items.length,
  }
}

describe('scope matrix', () => {
  test('ACC-05 staff of one warehouse see and touch nothing of another, in no list, export, search or count', async () => {
    const { staff } = await staffOf({ scope: { warehouses: [mine.warehouseId] } })
    const { product: _, review, ...forbidden } = theirs
    const all = leaks(await readAll(shop.owner), forbidden)
    expect(all).toEqual(expect.arrayContaining(['console.orders shows order', 'console.warehouses shows warehouse']))
    const answers = await readAll(staff)
    expect(leaks(answers, { ...forbidden, review })).toEqual([])
    expect(answers.get('console.orders')).toContain(mine.orderNo)
    const before = await asItWas()
    expect(
      await touchAll(staff, ['orderId', 'parcelId', 'waveId', 'warehouseId', 'shipmentId', 'exceptionId']),
    ).toEqual([])
    expect(await asItWas()).toEqual(before)
    const search = await staff.call('console.search', { params, query: { q: theirs.orderNo } })
    expect(JSON.stringify(search)).not.toContain(theirs.order)
  })

  test('ACC-05 staff of a category see and touch only its goods, their prices and reviews', async () => {
    const { staff } = await staffOf({ scope: { categories: [mine.categoryId] } })
    const forbidden = { product: theirs.product, review: theirs.review }
    const answers = await readAll(staff)
    const ofGoods = new Map(
      [...answers].filter(([id]) => {
        const { access } = ROUTES[id] as RouteSpec
        // The overview lists orders, and these stay whole.
        return 'permission' in access && !access.permission.startsWith('orders.') && id !== 'console.overview'
      }),
    )
    expect(leaks(ofGoods, forbidden)).toEqual([])
    expect(answers.get('console.products')).toContain(mine.productId)
    // Orders stay whole: whoever packs one sees all of its lines.
    expect(answers.get('console.orders')).toContain(theirs.orderNo)
    const before = await asItWas()
    expect(await touchAll(staff, ['productId', 'reviewId', 'ruleId', 'importId', 'bulkEditId'])).toEqual([])
    expect(await asItWas()).toEqual(before)
  })

  test('ACC-05 staff of a pick-up point see the orders that are fetched there', async () => {
    const { staff } = await staffOf({ scope: { pickUpPoints: [mine.pointId] } })
    expect((await staff.call('console.orders', { params })).items).toEqual([])
    await shop.owner.call('console.setSetting', {
      params: { ...params, name: 'delivery.pick-up' },
      body: {
        value: true,
        version: (await shop.owner.call('console.settings', { params })).items.find(
          (each) => each.name === 'delivery.pick-up',
        )!.version,
      },
    })
    const placed = await app.order(cast.buyer, shop.shopId, [[mine.skuId, 1]], {
      delivery: { method: 'pick-up', pointId: mine.pointId },
    })
    expect((await staff.call('console.orders', { params })).items.map((each) => each.orderNo)).toEqual([placed.orderNo])
    expect((await staff.call('console.pickUpPoints', { params })).items.map((each) => each.id)).toEqual([mine.pointId])
  })
})

describe('tables', () => {
  /** Tables that name such things and are open to scoped staff on purpose, and why. */
  const OPEN: Record<string, string> = {
    cart_lines: 'a buyer’s own',
    favourites: 'a buyer’s own',
    seen_products: 'a buyer’s own',
    restock_reminders: 'a buyer’s own',
    product_heat: 'read for buyers only',
    product_pairs: 'read for buyers only',
    recommendation_purchases: 'read by the program only',
    same_city_areas: 'how the shop delivers, not what is where',
    product_search: 'an index; what it finds is joined with the products',
  }

  test('ACC-05 every table of orders, stock, goods or accounts is narrowed, or named here with a reason', async () => {
    const rows = await app.app.db.read('system', (tx) =>
      tx.rows<{ name: string }>(sql`
        select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and c.relkind = 'r' and exists (
          select from pg_attribute a where a.attrelid = c.oid and not a.attisdropped
            and a.attname in ('order_id', 'warehouse_id', 'product_id', 'sku_id', 'channel_account_id', 'account_id'))
          and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'data_scope')
        order by 1`),
    )
    expect(rows.map((row) => row.name).filter((name) => OPEN[name] === undefined)).toEqual([])
  })
})

describe('by channel account', () => {
  test('ACC-01 ACC-05 staff of an account see the orders, figures and visitors it brought, and no others', async () => {
    const own = await shop.owner.call('console.createChannelAccount', {
      params,
      body: { kind: 'service', name: `号 ${++count}` },
    })
    const buyer = await app.buyer()
    expect(await comeThrough(buyer, shop, own.id)).toBe(true)
    const placed = await app.order(buyer, shop.shopId, [[mine.skuId, 1]])
    const { staff } = await staffOf({ scope: { channelAccounts: [own.id] } })
    expect((await staff.call('console.orders', { params })).items.map((each) => each.orderNo)).toEqual([placed.orderNo])
    expect((await staff.call('console.channelAccounts', { params })).items.map((each) => each.id)).toEqual([own.id])
    const query = { from: '2026-11-01', to: '2026-11-30' }
    const { items } = await staff.call('console.accountFigures', { params, query })
    expect(items).toMatchObject([{ accountId: own.id, visitors: 1, orders: 1 }])
    const overview = await staff.call('console.overview', { params })
    expect(overview.recentOrders.map((each) => each.orderNo)).toEqual([placed.orderNo])
    expect(overview.analytics).toMatchObject({ available: false, visitors: 0 })
  })
})

describe('roles together', () => {
  test('ACC-05 several roles add up, each permission with the data of the roles that hold it', async () => {
    const { staff } = await staffOf(
      { permissions: ['orders.read'], scope: { warehouses: [mine.warehouseId] } },
      { permissions: ['catalog.read'], scope: { categories: [mine.categoryId] } },
    )
    const orders = (await staff.call('console.orders', { params })).items.map((each) => each.id)
    expect(orders).toContain(mine.orderId)
    expect(orders).not.toContain(theirs.order)
    expect((await staff.call('console.products', { params })).items.map((each) => each.id)).toEqual([mine.productId])
    const both = await staffOf(
      { permissions: ['orders.read'], scope: { warehouses: [mine.warehouseId] } },
      { permissions: ['orders.read'], scope: { warehouses: [theirs.warehouse] } },
    )
    const seen = (await both.staff.call('console.orders', { params })).items.map((each) => each.id)
    expect(seen).toEqual(expect.arrayContaining([mine.orderId, theirs.order]))
  })

  test('ACC-05 what waits, exports and the log keep to the same part', async () => {
    const { staff, staffId } = await staffOf({ scope: { warehouses: [mine.warehouseId] } })
    const { id } = await staff.call('console.startExport', {
      params,
      body: { route: 'console.orders', title: '订单', format: 'csv', personal: true },
    })
    const file = await staff.ask(`/api/console/shops/${shop.shopId}/exports/${id}/file`, { method: 'GET' })
    expect(file.text).toContain(mine.orderNo)
    expect(file.text).not.toContain(theirs.orderNo)
    const todo = (await staff.call('console.todo', { params })).items
    const all = (await shop.owner.call('console.todo', { params })).items
    const waiting = (items: typeof todo) => items.find((each) => each.key === 'orders.to-ship')!.count
    expect(waiting(all)).toBeGreaterThan(0)
    expect(waiting(todo)).toBe(0)
    const entries = (await staff.call('console.audit', { params, query: { limit: 100 } })).items
    expect(new Set(entries.map((each) => each.actorName)).size).toBe(1)
    expect(entries.length).toBeGreaterThan(0)
    expect(staffId).toBeTruthy()
  })

  test('ACC-05 what would be written beyond the scope is refused in words, and nothing is written', async () => {
    const { staff } = await staffOf({ scope: { categories: [mine.categoryId] } })
    const product = { title: '没有分类的商品', skus: [{ code: `S-${newKey().slice(0, 8)}`, priceFen: 100 }] }
    await expect(staff.call('console.createProduct', { params, body: product })).rejects.toMatchObject({
      code: 'OUT_OF_SCOPE',
      status: 403,
    })
    const made = await staff.call('console.createProduct', {
      params,
      body: { ...product, categoryId: mine.categoryId },
    })
    expect(made.title).toBe(product.title)
  })
})

describe('giving roles', () => {
  test('ACC-05 nobody gives data that they do not reach themselves, and a scope names only what there is', async () => {
    const { staff } = await staffOf({ scope: { warehouses: [mine.warehouseId] } })
    const role = (scope: Partial<DataScope>) => ({
      params,
      body: { name: `r-${++count}`, permissions: ['orders.read'], scope: { ...WHOLE_SHOP, ...scope } },
    })
    await expect(staff.call('console.createRole', role({}))).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(staff.call('console.createRole', role({ warehouses: [theirs.warehouse] }))).rejects.toMatchObject({
      code: expect.stringMatching(/FORBIDDEN|NOT_FOUND/),
    })
    await staff.call('console.createRole', role({ warehouses: [mine.warehouseId] }))
    await expect(
      shop.owner.call('console.createRole', role({ warehouses: [cast.ids.productId!] })),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(shop.owner.call('console.createRole', role({ warehouses: [] }))).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
    })
  })

  test('ACC-05 nobody takes staff management from themselves', async () => {
    const { staff, staffId, roleIds } = await staffOf({ scope: {} })
    const plain = await shop.owner.call('console.createRole', {
      params,
      body: { name: `r-${++count}`, permissions: ['orders.read'] },
    })
    await expect(
      staff.call('console.updateStaff', { params: { ...params, staffId }, body: { roleIds: [plain.id] } }),
    ).rejects.toMatchObject({ code: 'LOCKED_OUT' })
    await expect(
      staff.call('console.updateRole', {
        params: { ...params, roleId: roleIds[0]! },
        body: { name: `r-${++count}`, permissions: ['orders.read'], version: 1 },
      }),
    ).rejects.toMatchObject({ code: 'LOCKED_OUT' })
    await staff.call('console.staff', { params })
  })

  test('ACC-05 the preview tells what a colleague sees, by which role, as their own lists show it', async () => {
    const { staffId } = await staffOf({ permissions: ['orders.read'], scope: { warehouses: [mine.warehouseId] } })
    const access = await shop.owner.call('console.staffAccess', { params: { ...params, staffId } })
    expect(access.roles[0]!.scope.warehouses).toEqual([mine.warehouseId])
    expect(access.names).toEqual([{ id: mine.warehouseId, name: expect.any(String) }])
    const orders = access.lists.find((each) => each.key === 'orders')!
    expect(orders.visible).toBeGreaterThan(0)
    expect(orders.visible).toBeLessThan(orders.total)
    expect(orders.samples.map((each) => each.to)).not.toContain(`orders/${theirs.order}`)
    expect(access.lists.map((each) => each.key)).not.toContain('products')
    const looking = await staffOf({ permissions: ['staff.read'], scope: {} })
    const blind = await looking.staff.call('console.staffAccess', { params: { ...params, staffId } })
    expect(blind.lists).toEqual([])
  })
})
