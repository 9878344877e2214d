import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PlacedOrder, startTestApp, type TestApp, type TestBuyer, type TestShop } from './support/app.ts'
import { newKey } from './support/http.ts'

/** Nobody else is called this: wherever it turns up, it was leaked. */
const PLANTED = { name: '司徒青崖', phone: '13987650123', detail: '听潮阁七弄九号' }
const ADDRESS = { ...PLANTED, province: '浙江省', city: '杭州市', district: '西湖区', street: '' }
const NOTE = '请打司徒青崖的电话 13987650123'

let app: TestApp
let shop: TestShop
let buyer: TestBuyer
let order: PlacedOrder
let at: { shopId: string; orderId: string }
beforeAll(async () => {
  app = await startTestApp()
  shop = await app.openTestShop()
  buyer = await app.buyer(app.sim.people.create({ name: PLANTED.name, phone: PLANTED.phone }).id)
  await buyer.call('buyer.bindPhone', { body: { code: app.sim.people.phoneCode(buyer.person) } })
  const address = await buyer.call('buyer.createAddress', { body: ADDRESS })
  await buyer.call('buyer.updateAddress', { params: { addressId: address.id }, body: { ...ADDRESS, label: '家' } })
  const { skuIds } = await app.product(shop)
  order = await app.order(buyer, shop.shopId, [[skuIds[0]!, 1]], { address: ADDRESS })
  at = { shopId: shop.shopId, orderId: order.orderId }
  await app.pay(buyer, order)
  await app.settle()
  await shop.owner.call('console.shipOrder', {
    params: at,
    idempotencyKey: newKey(),
    body: { carrierCode: 'SF', trackingNo: 'SF1234567890' },
  })
  // Mistakes end in logs more often than successes.
  await buyer.ask('/api/buyer/addresses', { method: 'POST', body: { ...ADDRESS, province: 5 } })
  await buyer.ask('/api/buyer/addresses', { method: 'POST', body: `{"name":"${PLANTED.name}",` })
  await shop.owner.ask(`/api/console/shops/${shop.shopId}/orders?q=${PLANTED.phone}&state=nonsense`)
  await buyer.ask(`/api/buyer/shops/${shop.shopId}/orders/${order.orderId}/cancel`, {
    method: 'POST',
    body: { reason: NOTE },
  })
  await app.settle()
})
afterAll(() => app?.close())

const planted = Object.values(PLANTED)

test('GOV-08 lists and details of orders show staff masked personal data', async () => {
  const staff = await app.staffWith(shop, ['orders.read'])
  const { items } = await staff.call('console.orders', { params: { shopId: shop.shopId } })
  expect(items[0]).toMatchObject({ receiver: '司**崖', receiverPhone: '139****0123' })
  const shown = [
    items,
    await staff.call('console.order', { params: at }),
    await staff.call('console.shipments', { params: { shopId: shop.shopId } }),
  ]
  for (const text of planted) expect(JSON.stringify(shown)).not.toContain(text)
})

test('GOV-08 ACC-05 the whole is shown only to those who may see it, and who looked is on record', async () => {
  const reader = await app.staffWith(shop, ['orders.read'])
  await expect(reader.call('console.order', { params: at, query: { reveal: 'true' } })).rejects.toMatchObject({
    code: 'FORBIDDEN',
  })
  const clerk = await app.staffWith(shop, ['orders.read', 'customers.personal-data'])
  const masked = await clerk.call('console.order', { params: at })
  expect([masked.personalDataShown, masked.address.phone]).toEqual([false, '139****0123'])
  const shown = await clerk.call('console.order', { params: at, query: { reveal: 'true' } })
  expect(shown).toMatchObject({ personalDataShown: true, address: PLANTED })
  const { items } = await shop.owner.call('console.audit', {
    params: { shopId: shop.shopId },
    query: { entityId: order.orderId },
  })
  const looks = items.filter((entry) => entry.action === 'orders.reveal-personal-data')
  expect(looks).toMatchObject([{ actorKind: 'staff', actorName: (await clerk.call('staff.me')).name }])
})

test('GOV-08 the receiver’s phone finds the order, though it is stored where nobody can read it', async () => {
  const find = async (q: string) =>
    (await shop.owner.call('console.orders', { params: { shopId: shop.shopId }, query: { q } })).items.map(
      (each) => each.id,
    )
  expect(await find(PLANTED.phone)).toEqual([order.orderId])
  expect(await find('13987650124')).toEqual([])
})

test('GOV-08 the buyer reads the own address and order in clear, and the own phone masked', async () => {
  expect((await buyer.call('buyer.addresses')).items[0]).toMatchObject(PLANTED)
  expect((await buyer.call('orders.get', { params: at })).address).toMatchObject(PLANTED)
  expect((await buyer.call('buyer.me')).phoneMasked).toBe('139****0123')
})

test('GOV-08 SYS-03 no log line has a name, a phone, an address or a token in it', () => {
  const log = app.logs.join('')
  expect(app.logs.length).toBeGreaterThan(10)
  for (const text of [
    ...planted,
    encodeURIComponent(PLANTED.name),
    buyer.token,
    app.sim.credentials.env.WECHAT_PAY_APIV3_KEY,
    app.sim.credentials.env.WECHAT_MINI_SECRET,
  ])
    expect(log).not.toContain(text)
})

test('GOV-08 SYS-03 no row of any table has them in clear, nor a token that would sign somebody in', async () => {
  const admin = new pg.Client({ connectionString: app.database.adminUrl })
  await admin.connect()
  try {
    const { rows: tables } = await admin.query<{ name: string }>(`
      select format('%I.%I', n.nspname, t.relname) as name from pg_class t join pg_namespace n on n.oid = t.relnamespace
      where t.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')`)
    const found: string[] = []
    for (const { name } of tables) {
      const { rows } = await admin.query<{ row: string }>(`select t::text as row from ${name} t`)
      for (const text of [...planted, buyer.token])
        if (rows.some((each) => each.row.includes(text))) found.push(`${name}: ${text}`)
    }
    expect(tables.length).toBeGreaterThan(30)
    expect(found).toEqual([])
  } finally {
    await admin.end()
  }
})
