import { afterAll, beforeAll, expect, test } from 'vitest'
import { ADDRESS, startTestApp, type TestApp, type TestShop } from './support/app.ts'
import type { Visitor } from './support/http.ts'

const DAY_MS = 86_400_000

let app: TestApp
let shop: TestShop
let params: { shopId: string }
beforeAll(async () => {
  app = await startTestApp({ clickhouse: false })
  shop = await app.openTestShop('山野集')
  params = { shopId: shop.shopId }
})
afterAll(() => app?.close())

test('UX-02 places come level by level, to be kept for a day, and a pasted address fills all four', async () => {
  const visitor = app.visitor()
  const at = { province: '广东省', city: '深圳市', district: '南山区' }
  expect((await visitor.call('store.divisions', { query: at })).items).toContain('粤海街道')
  expect((await visitor.ask('/api/store/divisions')).headers.get('cache-control')).toContain('max-age=86400')
  expect(
    await visitor.call('store.readAddress', { body: { text: '广东深圳南山粤海街道科苑路15号 张三 13900001234' } }),
  ).toEqual({ ...at, street: '粤海街道', detail: '科苑路15号', name: '张三', phone: '13900001234' })
})

test('UX-02 favourites are kept once, also by many taps, page newest first, and tell what became cheaper', async () => {
  const buyer = await app.buyer()
  const products = [await app.product(shop, { pricesFen: [3000] }), await app.product(shop), await app.product(shop)]
  for (const { productId } of products) {
    await app.advance(1000)
    await Promise.all([1, 2, 3].map(() => buyer.call('buyer.addFavourite', { params: { ...params, productId } })))
  }
  const { productId } = products[0]!
  const product = await shop.owner.call('console.product', { params: { ...params, productId } })
  const { version, title, categoryId, options, pictures, skus } = product
  await shop.owner.call('console.updateProduct', {
    params: { ...params, productId },
    body: {
      ...{ version, title, categoryId, options, pictureFileIds: pictures.map(({ fileId }) => fileId) },
      skus: skus.map(({ id, code, optionValues }) => ({ id, code, optionValues, priceFen: 2500 })),
    },
  })
  const first = await buyer.call('buyer.favourites', { params, query: { limit: 2 } })
  const rest = await buyer.call('buyer.favourites', { params, query: { limit: 2, cursor: first.nextCursor! } })
  expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(products.map((each) => each.productId).reverse())
  expect(rest.items[0]).toMatchObject({ addedPriceFen: 3000, dropFen: 500 })
  await shop.owner.call('console.publishProducts', { params, body: { productIds: [productId], onSale: false } })
  const all = await buyer.call('buyer.favourites', { params })
  expect(all.items.at(-1)).toMatchObject({ id: productId, title, card: null, dropFen: 0 })
  await buyer.call('buyer.removeFavourite', { params: { ...params, productId } })
  expect(await buyer.call('store.favourite', { params: { ...params, productId } })).toEqual({
    isFavourite: false,
    isSignedIn: true,
  })
  const visitor = await app.visitor().call('store.favourite', { params: { ...params, productId } })
  expect(visitor).toEqual({ isFavourite: false, isSignedIn: false })
})

test('UX-03 a product knows where its signed-in buyer has things sent to, on any device; nobody else’s', async () => {
  const buyer = await app.buyer()
  const product = { params: { ...params, productId: (await app.product(shop)).productId } }
  const provinceFor = async (visitor: Visitor) => (await visitor.call('store.product', product)).usualProvince
  expect(await provinceFor(buyer)).toBeUndefined()
  await buyer.call('buyer.createAddress', { body: ADDRESS })
  const other = { ...ADDRESS, province: '云南省', city: '大理白族自治州', district: '大理市' }
  const { id: addressId } = await buyer.call('buyer.createAddress', { body: { ...other, isDefault: true } })
  expect(await provinceFor(buyer)).toBe('云南省')
  expect(await provinceFor(app.visitor())).toBeUndefined()
  expect(await provinceFor(await app.buyer())).toBeUndefined()
  await buyer.call('buyer.deleteAddress', { params: { addressId } })
  expect(await provinceFor(buyer)).toBe(ADDRESS.province)
})

test('GOV-08 history is kept as long as the buyer wants it: cleared, switched off, and gone after its days', async () => {
  const buyer = await app.buyer()
  const [one, two] = [await app.product(shop), await app.product(shop)]
  const look = ({ productId }: { productId: string }) => buyer.call('buyer.saw', { params: { ...params, productId } })
  const seen = async () => (await buyer.call('buyer.seenProducts', { params })).items.map(({ id }) => id)
  await look(one)
  await app.advance(1000)
  await look(two)
  await app.advance(1000)
  await look(one)
  expect(await seen()).toEqual([one.productId, two.productId])
  await buyer.call('buyer.forgetSeen', { params })
  expect(await seen()).toEqual([])
  await look(one)
  const choices = { marketing: false, personalised: false, keepsHistory: false }
  expect(await buyer.call('buyer.setPrivacy', { body: choices })).toEqual(choices)
  await look(two)
  expect(await seen()).toEqual([])
  await buyer.call('buyer.setPrivacy', { body: { ...choices, keepsHistory: true } })
  await look(two)
  app.clock.advance(91 * DAY_MS)
  expect(await app.app.customers.forgetOldSeen()).toBeGreaterThan(0)
  shop.owner = await app.signIn(shop.ownerAccount)
})

test('GOV-08 texts have versions; a consent names the one that was shown, once, and no other', async () => {
  const buyer = await app.buyer()
  const at = { ...params, kind: 'privacy' as const }
  const first = await buyer.call('store.legalText', { params: at })
  expect(first).toMatchObject({ version: 0, title: '隐私政策' })
  expect(first.body).toContain('山野集')
  const agreed = await buyer.call('buyer.agree', { params, body: { kind: 'privacy', version: 0 } })
  const publish = () =>
    shop.owner.call('console.publishLegalText', {
      params,
      body: { kind: 'privacy', title: '隐私政策', body: '新的内容', version: 0 },
    })
  const results = await Promise.allSettled([publish(), publish(), publish()])
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await buyer.call('store.legalText', { params: at })).toMatchObject({ version: 1, body: '新的内容' })
  await expect(buyer.call('buyer.agree', { params, body: { kind: 'privacy', version: 0 } })).rejects.toMatchObject({
    code: 'CONFLICT',
  })
  await buyer.call('buyer.agree', { params, body: { kind: 'privacy', version: 1 } })
  const { items } = await buyer.call('buyer.consents', { params })
  expect(items.map(({ version }) => version).sort()).toEqual([0, 1])
  expect(items).toContainEqual(agreed)
})
