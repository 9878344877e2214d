import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../apps/server/src/kernel/db.ts'
import { newId } from '../apps/server/src/kernel/ids.ts'
import { type PageBlock, PageLayout, type StoreBlock } from '../packages/contract/src/index.ts'
import { startTestApp, type TestApp, type TestProduct, type TestShop } from './support/app.ts'
import { newKey } from './support/http.ts'

let app: TestApp
let shop: TestShop
let goods: TestProduct[]
beforeAll(async () => {
  app = await startTestApp({ clickhouse: false })
  shop = await app.openTestShop('青瓷铺')
  goods = []
  for (const title of ['青瓷杯', '青瓷盘', '青瓷壶']) goods.push(await app.product(shop, { title }))
})
afterAll(() => app?.close())

const set = async (name: string, value: unknown) => {
  const { items } = await shop.owner.call('console.settings', { params: { shopId: shop.shopId } })
  const { version } = items.find((item) => item.name === name)!
  return shop.owner.ask(`/api/console/shops/${shop.shopId}/settings/${name}`, {
    method: 'PUT',
    body: { value, version },
  })
}
const receive = (skuId: string, quantity: number) =>
  shop.owner.call('console.warehouses', { params: { shopId: shop.shopId } }).then(({ items }) =>
    shop.owner.call('console.adjustStock', {
      params: { shopId: shop.shopId },
      idempotencyKey: newKey(),
      body: {
        warehouseId: items[0]!.id,
        reason: quantity > 0 ? 'purchase' : 'damage',
        lines: [{ skuId, quantity: quantity }],
      },
    }),
  )
/** Buyers who were told so far about a SKU, in the order in which they were told. */
const told = (skuId: string) =>
  app.app.db.read('system', (tx) =>
    tx.rows<{ buyerId: string }>(sql`
      select payload ->> 'buyerId' as buyer_id from outbox_events
      where name = 'storefront.back-in-stock' and payload ->> 'skuId' = ${skuId} order by seq`),
  )

describe('the shop as its pages know it', () => {
  test('UX-02 colours, contact and promises are settings of the shop', async () => {
    const visitor = app.visitor()
    const before = await visitor.call('store.shop', { params: { shop: shop.slug } })
    expect(before.theme).toEqual({ action: '#d34600', trust: '#08834a' })
    expect(before.promises).toEqual(['微信支付', '发货前可随时退款'])
    expect((await set('shop.action-color', '#1677FF')).status).toBe(200)
    expect((await set('shop.contact-phone', '0755-12345678')).status).toBe(200)
    const after = await visitor.call('store.shop', { params: { shop: shop.shopId } })
    expect([after.theme.action, after.contact.phone]).toEqual(['#1677ff', '0755-12345678'])
  })

  test('UX-02 a logo is a picture of the shop, and the name stands as it wants; a picture that is gone is no logo', async () => {
    const look = async () => {
      const { logoUrl, headStyle } = await app.visitor().call('store.shop', { params: { shop: shop.slug } })
      return [logoUrl, headStyle]
    }
    expect(await look()).toEqual([null, 'logo-name'])
    const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#5d8a66' } })
      .png()
      .toBuffer()
    const { fileId, url } = await shop.owner.call('console.uploadFile', {
      params: { shopId: shop.shopId },
      file: new Blob([new Uint8Array(bytes)], { type: 'image/png' }),
      fileName: 'logo.png',
    })
    expect((await set('shop.logo', fileId)).status).toBe(200)
    expect((await set('shop.head-style', 'logo')).status).toBe(200)
    expect(await look()).toEqual([url, 'logo'])
    expect((await set('shop.logo', newId())).status).toBe(200)
    expect(await look()).toEqual([null, 'logo'])
  })

  test.each([
    ['shop.action-color', 'orange'],
    ['shop.logo', 'https://elsewhere.example/logo.png'],
    ['shop.head-style', 'blinking'],
    ['shop.contact-phone', 'call me'],
    ['shop.contact-chat-url', 'javascript:alert(1)'],
    ['shop.promises', '一·二·三·四·五'],
  ])('UX-02 %s does not take %s', async (name, value) => {
    const reply = await set(name, value)
    expect([reply.status, (reply.json as { error: { code: string } }).error.code]).toEqual([422, 'SETTING_INVALID'])
  })
})

describe('designed pages', () => {
  test('UX-02 a shop that has designed nothing has a home page all the same', async () => {
    const page = await app.visitor().call('store.page', { params: { shopId: shop.shopId, slug: 'home' } })
    expect(page.title).toBe('青瓷铺')
    expect(page.blocks.at(-1)).toMatchObject({ kind: 'feed' })
    const missing = await app.visitor().ask(`/api/store/shops/${shop.shopId}/pages/nowhere`)
    expect(missing.status).toBe(404)
  })

  test('UX-02 blocks are drawn with what exists now; what is hidden, gone or empty is left out', async () => {
    const gone = '0190a000-0000-7000-8000-000000000001'
    const own = { id: 'x', isHidden: false }
    const blocks: PageBlock[] = [
      { ...own, id: 'a', kind: 'notice', text: '今天打烊早', link: { kind: 'product', productId: gone } },
      { ...own, id: 'b', isHidden: true, kind: 'gap', heightPx: 20, hasLine: false },
      { ...own, id: 'c', kind: 'picture', fileId: gone, alt: '', link: null, ratioPercent: null },
      {
        ...own,
        id: 'd',
        kind: 'products',
        title: '掌柜推荐',
        layout: 'grid',
        limit: 5,
        more: null,
        source: { kind: 'hand', productIds: [goods[2]!.productId, gone, goods[0]!.productId] },
      },
      {
        ...own,
        id: 'e',
        kind: 'products',
        title: '',
        layout: 'grid',
        limit: 5,
        more: null,
        source: { kind: 'rule', sort: 'new', categoryId: gone },
      },
      { ...own, id: 'f', kind: 'new', title: '上新', layout: 'rail', limit: 2 },
      { ...own, id: 'g', kind: 'coupons', title: '', limit: 4 },
    ]
    const drawn = await app.app.db.read({ shopId: shop.shopId }, (tx) =>
      app.app.storefront.drawBlocks(tx, shop.shopId, PageLayout.parse({ version: 1, blocks }).blocks),
    )
    expect(drawn.map(({ id }) => id)).toEqual(['a', 'd', 'f'])
    const [notice, hand, fresh] = drawn as [
      StoreBlock & { kind: 'notice' },
      StoreBlock & { kind: 'products' },
      StoreBlock & { kind: 'products' },
    ]
    expect(notice.link).toBeNull()
    expect(hand.products.map(({ title }) => title)).toEqual(['青瓷壶', '青瓷杯'])
    expect(fresh.products.map(({ title }) => title)).toEqual(['青瓷壶', '青瓷盘'])
  })

  test('UX-02 a layout names its mistakes: ids twice, a feed that is not last, areas outside of the picture', () => {
    const feed = { id: 'a', kind: 'feed' }
    const bad = PageLayout.safeParse({
      version: 1,
      blocks: [
        feed,
        { id: 'a', kind: 'gap' },
        {
          id: 'h',
          kind: 'hotspot',
          fileId: goods[0]!.productId,
          areas: [{ label: '买', x: 60, y: 0, width: 50, height: 10, link: { kind: 'place', place: 'cart' } }],
        },
      ],
    })
    expect(bad.error!.issues.map(({ path, message }) => [path.join('.'), message])).toEqual([
      ['blocks.0', '“全部商品”只能放在页面最后'],
      ['blocks.1.id', '组件编号重复'],
      ['blocks.2.areas.0', '热区超出了图片'],
    ])
  })
})

describe('sharing', () => {
  test('UX-05 the same sharer has one code for a page, however often and at once it is shared', async () => {
    const [buyer, other] = [await app.buyer(), await app.buyer()]
    const share = (who: typeof buyer) =>
      who.call('store.share', {
        params: { shopId: shop.shopId },
        body: { page: 'detail', subject: goods[0]!.productId },
      })
    const links = await Promise.all(Array.from({ length: 8 }, () => share(buyer)))
    expect(new Set(links.map(({ code }) => code)).size).toBe(1)
    const [{ code, url, qrSvg }] = links as [(typeof links)[number]]
    expect(url).toBe(`${app.url}/s/${shop.slug}/p/${goods[0]!.productId}?from=${code}`)
    expect(qrSvg).toMatch(/^<svg /)
    expect((await share(other)).code).not.toBe(code)
    const sharer = await app.app.db.read({ shopId: shop.shopId }, (tx) =>
      app.app.storefront.sharedBy(tx, shop.shopId, code),
    )
    expect(sharer).toBe(buyer.buyerId)
  })

  test('UX-05 a share of goods has a mini program code, drawn once however many look, that names the sharer', async () => {
    const buyer = await app.buyer()
    const params = { shopId: shop.shopId }
    const { productId } = await app.product(shop)
    const link = await buyer.call('store.share', { params, body: { page: 'detail', subject: productId } })
    expect(link.miniCodeUrl).toBe(`/api/store/shops/${shop.shopId}/shares/${link.code}/mini-code`)
    const looks = await Promise.all(Array.from({ length: 5 }, () => fetch(app.url + link.miniCodeUrl)))
    expect(looks.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(looks[0]!.headers.get('content-type')).toBe('image/png')
    expect(looks[0]!.headers.get('cache-control')).toContain('public')
    const sharer = (code: string) =>
      app.app.db.read({ shopId: shop.shopId }, (tx) => app.app.storefront.sharedBy(tx, shop.shopId, code))
    expect(await sharer(link.code.slice(0, 8))).toBe(buyer.buyerId)
    expect(await sharer('22222222')).toBeUndefined()
    const home = await app.visitor().call('store.share', { params, body: { page: 'home' } })
    expect(home.miniCodeUrl).toBeNull()
    expect((await fetch(`${app.url}/api/store/shops/${shop.shopId}/shares/${home.code}/mini-code`)).status).toBe(404)
  })

  test('UX-05 guests share too; what is not on sale cannot be shared', async () => {
    const params = { shopId: shop.shopId }
    const home = await app.visitor().call('store.share', { params, body: { page: 'home' } })
    expect(home.url).toBe(`${app.url}/s/${shop.slug}?from=${home.code}`)
    const nothing = app.visitor().call('store.share', { params, body: { page: 'detail', subject: 'x' } })
    await expect(nothing).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('tell me when it is back', () => {
  const wait = (buyer: { call: TestShop['owner']['call'] }, skuId: string) =>
    buyer.call('buyer.remindOfRestock', { params: { shopId: shop.shopId, skuId } })

  test('UX-04 what can be bought is not waited for', async () => {
    await expect(wait(await app.buyer(), goods[0]!.skuIds[0]!)).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  test('UX-04 an order that is cancelled gives its goods back to those who wait', async () => {
    const { skuIds } = await app.product(shop, { title: '孤品', stock: 1 })
    const skuId = skuIds[0]!
    const [first, second] = [await app.buyer(), await app.buyer()]
    const order = await app.order(first, shop.shopId, [[skuId, 1]])
    await wait(second, skuId)
    await app.settle()
    expect(await told(skuId)).toEqual([])
    await first.call('orders.cancel', {
      params: { shopId: shop.shopId, orderId: order.orderId },
      body: { reason: '不要了' },
    })
    await app.settle()
    expect(await told(skuId)).toEqual([{ buyerId: second.buyerId }])
  })

  test('UX-04 those who waited longest are told, each once, and only as many as there is something for', async () => {
    const { skuIds, productId } = await app.product(shop, { title: '限量壶', stock: 0 })
    const skuId = skuIds[0]!
    await set('shop.restock-tells-per-unit', 2)
    const buyers = []
    for (let n = 0; n < 5; n++) {
      buyers.push(await app.buyer())
      app.clock.advance(1000)
      await Promise.all([wait(buyers[n]!, skuId), wait(buyers[n]!, skuId), wait(buyers[n]!, skuId)])
    }
    const mine = await buyers[0]!.call('buyer.restockReminders', { params: { shopId: shop.shopId, productId } })
    expect(mine.items.map((item) => item.skuId)).toEqual([skuId])
    await buyers[1]!.call('buyer.forgetRestock', { params: { shopId: shop.shopId, skuId } })
    await receive(skuId, 1)
    await Promise.all([app.settle(), app.app.storefront.sweepRestocked(), app.app.storefront.sweepRestocked()])
    // one unit is there: two of those who wait are told, however many passes run at once
    const order = [buyers[0]!, buyers[2]!, buyers[3]!, buyers[4]!].map(({ buyerId }) => ({ buyerId }))
    expect(await told(skuId)).toEqual(order.slice(0, 2))
    await app.advance(23 * 3_600_000)
    expect(await told(skuId)).toEqual(order.slice(0, 2))
    await app.advance(2 * 3_600_000)
    expect(await told(skuId)).toEqual(order)
    const after = await buyers[0]!.call('buyer.restockReminders', { params: { shopId: shop.shopId, productId } })
    expect(after.items).toEqual([])
  })
})
