import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../kernel/db.ts'
import { newId } from '../../kernel/ids.ts'
import { minPictures } from './settings.ts'
import { callRoute, openTestCatalog, samplePicture } from './testing.ts'

let world: Awaited<ReturnType<typeof openTestCatalog>>
let shopId: string

beforeAll(async () => {
  world = await openTestCatalog()
  shopId = world.shopId
})
afterAll(() => world.close())

const handlers = () => world.catalog.handlers
let pictures = 0
const picture = async () => {
  const content = await samplePicture(++pictures)
  const file = await world.files.upload({ shopId, name: 'a.png', content, actor: { kind: 'system' } })
  return file.id
}
const input = (code: string, extra: object = {}) => ({
  title: `商品 ${code}`,
  skus: [{ code, priceFen: 1990 as never }],
  ...extra,
})
const create = (body: ReturnType<typeof input>, shop = shopId) =>
  callRoute(handlers(), 'console.createProduct', { params: { shopId: shop }, body })
const category = (name: string, parentId: string | null = null) =>
  callRoute(handlers(), 'console.createCategory', { params: { shopId }, body: { name, parentId } })
const events = (productId: string) =>
  world.db.read('system', (tx) =>
    tx.rows<{ name: string }>(sql`select name from outbox_events where aggregate_id = ${productId} order by seq`),
  )

describe('CAT-01 products', () => {
  test('CAT-01 a product is created as a draft that says what is missing', async () => {
    const product = await create(input('NEW-1', { brand: '掌柜', tags: ['新品', '新品'] }))
    expect(product.state).toBe('draft')
    expect(product.version).toBe(1)
    expect(product.tags).toEqual(['新品'])
    expect(product.missing).toEqual(['缺少类目', '缺少商品图片'])
    expect((await events(product.id)).map(({ name }) => name)).toEqual(['catalog.product-created'])
  })

  test('CAT-01 characters that a database cannot store are left out', async () => {
    const product = await create(input('NUL-1', { title: 'a\0b\ud800c', detail: '\0' }))
    expect(product.title).toBe('ab\ufffdc')
    expect(product.detail).toBe('')
  })

  test('CAT-01 a SKU code is taken once in a shop, also by an archived SKU, and free in another shop', async () => {
    await create(input('TAKEN-1'))
    await expect(create(input('TAKEN-1'))).rejects.toThrow(/规格编码 已存在：TAKEN-1/)
    const other = await world.openShop('other-shop')
    expect((await create(input('TAKEN-1'), other)).shopId).toBe(other)
  })

  test('CAT-01 the same SKU code racing ten times is given once', async () => {
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => create(input('RACE-1'))))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'DUPLICATE' })
  })

  test('CAT-01 of two edits of the same version one wins and the other is told', async () => {
    const product = await create(input('EDIT-1'))
    const edit = (title: string) =>
      callRoute(handlers(), 'console.updateProduct', {
        params: { shopId, productId: product.id },
        body: { ...input('EDIT-1'), title, version: 1 },
      })
    const results = await Promise.allSettled([edit('甲'), edit('乙'), edit('丙')])
    const won = results.filter((result) => result.status === 'fulfilled')
    expect(won).toHaveLength(1)
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'CONFLICT' })
    expect(won[0]!.value.version).toBe(2)
  })

  test('CAT-01 a SKU that is no longer listed is archived, keeps its code and comes back with it', async () => {
    const options = [{ name: '颜色', values: ['红', '蓝'] }]
    const sku = (code: string, value: string) => ({ code, priceFen: 100 as never, optionValues: [value] })
    const product = await create(input('ARC', { options, skus: [sku('ARC-R', '红'), sku('ARC-B', '蓝')] }))
    const red = product.skus[0]!.id
    const update = (version: number, skus: object[]) =>
      callRoute(handlers(), 'console.updateProduct', {
        params: { shopId, productId: product.id },
        body: { ...input('ARC'), options, skus: skus as never, version },
      })
    const without = await update(1, [sku('ARC-B', '蓝')])
    expect(without.skus.map(({ code }) => code)).toEqual(['ARC-B'])
    await expect(create(input('ARC-R'))).rejects.toMatchObject({ code: 'DUPLICATE' })
    const labels = await world.db.read({ shopId }, (tx) => world.catalog.skuLabels(tx, shopId, [red]))
    expect(labels.get(red)).toMatchObject({ code: 'ARC-R', options: '红', archived: true })
    const back = await update(2, [sku('ARC-B', '蓝'), sku('ARC-R', '红')])
    expect(back.skus.map(({ id }) => id)).toContain(red)
  })

  test('CAT-01 codes may be swapped between two SKUs of a product in one edit', async () => {
    const options = [{ name: '尺码', values: ['S', 'L'] }]
    const product = await create(
      input('SWAP', {
        options,
        skus: [
          { code: 'SWAP-1', priceFen: 100, optionValues: ['S'] },
          { code: 'SWAP-2', priceFen: 100, optionValues: ['L'] },
        ],
      }),
    )
    const [one, two] = product.skus
    const swapped = await callRoute(handlers(), 'console.updateProduct', {
      params: { shopId, productId: product.id },
      body: {
        ...input('SWAP'),
        options,
        version: 1,
        skus: [
          { id: one!.id, code: 'SWAP-2', priceFen: 100 as never, optionValues: ['S'] },
          { id: two!.id, code: 'SWAP-1', priceFen: 100 as never, optionValues: ['L'] },
        ],
      },
    })
    expect(swapped.skus.map(({ id, code }) => [id, code])).toEqual([
      [one!.id, 'SWAP-2'],
      [two!.id, 'SWAP-1'],
    ])
  })

  test('CAT-01 versions say who changed what from what to what', async () => {
    const product = await create(input('VER-1'))
    await callRoute(handlers(), 'console.updateProduct', {
      params: { shopId, productId: product.id },
      body: { ...input('VER-1'), title: '新标题', skus: [{ code: 'VER-1', priceFen: 2500 as never }], version: 1 },
    })
    const page = await callRoute(handlers(), 'console.productVersions', {
      params: { shopId, productId: product.id },
      query: { limit: 1 },
    })
    expect(page.items).toEqual([
      expect.objectContaining({
        version: 2,
        actorName: '王店长',
        changes: [
          { field: '标题', before: '商品 VER-1', after: '新标题' },
          { field: 'SKU VER-1 售价', before: '¥19.90', after: '¥25.00' },
        ],
      }),
    ])
    const rest = await callRoute(handlers(), 'console.productVersions', {
      params: { shopId, productId: product.id },
      query: { limit: 5, cursor: page.nextCursor! },
    })
    expect(rest.items.map(({ version }) => version)).toEqual([1])
  })

  test('CAT-01 an edit that changes nothing makes no version and no event', async () => {
    const product = await create(input('SAME-1'))
    const same = await callRoute(handlers(), 'console.updateProduct', {
      params: { shopId, productId: product.id },
      body: { ...input('SAME-1'), version: 1 },
    })
    expect(same.version).toBe(1)
    expect(await events(product.id)).toHaveLength(1)
  })

  test('CAT-01 each product is published for itself; what is missing is said; one on sale stays complete', async () => {
    const { id: categoryId } = await category('上架类目')
    const good = await create(input('PUB-1', { categoryId, pictureFileIds: [await picture()] }))
    const bad = await create(input('PUB-2'))
    const gone = newId()
    const publish = (onSale: boolean) =>
      callRoute(handlers(), 'console.publishProducts', {
        params: { shopId },
        body: { productIds: [good.id, bad.id, gone], onSale },
      })
    const answer = await publish(true)
    expect(answer.changed).toEqual([good.id])
    expect(answer.refused).toEqual(
      expect.arrayContaining([
        { productId: bad.id, title: '商品 PUB-2', reason: '缺少类目；缺少商品图片' },
        { productId: gone, title: '', reason: '没有找到商品' },
      ]),
    )
    const [sku] = good.skus
    const sale = await world.db.read({ shopId }, (tx) => world.catalog.skusForSale(tx, shopId, [sku!.id]))
    expect(sale.get(sku!.id)).toMatchObject({ code: 'PUB-1', priceFen: 1990, onSale: true, options: '' })
    const spoil = callRoute(handlers(), 'console.updateProduct', {
      params: { shopId, productId: good.id },
      body: { ...input('PUB-1'), categoryId, version: 2 },
    })
    await expect(spoil).rejects.toMatchObject({ code: 'PRODUCT_INCOMPLETE' })
    expect((await publish(true)).changed).toEqual([])
    expect((await publish(false)).changed).toEqual([good.id, bad.id])
    expect((await events(good.id)).map(({ name }) => name)).toEqual([
      'catalog.product-created',
      'catalog.product-updated',
      'catalog.product-published',
      'catalog.product-updated',
      'catalog.product-unpublished',
    ])
  })

  test('CAT-01 another shop sees nothing of it', async () => {
    const product = await create(input('WALL-1'))
    const stranger = await world.openShop('stranger')
    const look = callRoute(handlers(), 'console.product', { params: { shopId: stranger, productId: product.id } })
    await expect(look).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const { rows } = await world.db.read({ shopId: stranger }, async (tx) => ({
      rows: await tx.rows(sql`select 1 from catalog_sku_view where product_id = ${product.id}`),
    }))
    expect(rows).toEqual([])
    const search = await world.db.read({ shopId: stranger }, (tx) =>
      tx.rows(sql`select * from app.search_products(${shopId}, ${`'@${shopId}'`}::tsquery)`),
    )
    expect(search).toEqual([])
  })
})

describe('CAT-01 categories', () => {
  test('CAT-01 names are unique among siblings; a category in use stays', async () => {
    const food = await category('食品')
    await expect(category('食品')).rejects.toMatchObject({ code: 'DUPLICATE' })
    const snacks = await category('零食', food.id)
    const product = await create(input('CATG-1', { categoryId: snacks.id }))
    const { items } = await callRoute(handlers(), 'console.categories', { params: { shopId } })
    expect(items.find(({ id }) => id === food.id)?.productCount).toBe(1)
    const remove = (categoryId: string) =>
      callRoute(handlers(), 'console.deleteCategory', { params: { shopId, categoryId } })
    await expect(remove(food.id)).rejects.toThrow(/「食品」下还有 1 个/)
    await expect(remove(snacks.id)).rejects.toMatchObject({ code: 'CATEGORY_IN_USE' })
    await callRoute(handlers(), 'console.updateProduct', {
      params: { shopId, productId: product.id },
      body: { ...input('CATG-1'), version: 1 },
    })
    await remove(snacks.id)
    await remove(food.id)
  })

  test('CAT-01 two moves at the same time cannot make a circle', async () => {
    const a = await category('圈甲')
    const b = await category('圈乙')
    const move = (id: string, name: string, parentId: string) =>
      callRoute(handlers(), 'console.updateCategory', { params: { shopId, categoryId: id }, body: { name, parentId } })
    const results = await Promise.allSettled([move(a.id, '圈甲', b.id), move(b.id, '圈乙', a.id)])
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })
})

describe('CAT-01 storefront', () => {
  test('CAT-01 lists page without gaps in every order, by category with everything below it', async () => {
    const shop = await world.openShop('front')
    const top = await callRoute(handlers(), 'console.createCategory', {
      params: { shopId: shop },
      body: { name: '服饰' },
    })
    const sub = await callRoute(handlers(), 'console.createCategory', {
      params: { shopId: shop },
      body: { name: '女装', parentId: top.id },
    })
    await world.db.tx({ shopId: shop }, (tx) =>
      world.settings.set(tx, minPictures, { shopId: shop }, 0, { kind: 'system' }),
    )
    const made: string[] = []
    for (let i = 0; i < 25; i++) {
      const body = input(`F-${i}`, {
        title: `${i % 2 ? '红色' : '蓝色'}连衣裙 ${i}`,
        categoryId: i % 3 ? top.id : sub.id,
        skus: [{ code: `F-${i}`, priceFen: (i % 5) * 100 + 100 }],
      })
      made.push((await create(body, shop)).id)
      world.clock.advance(1000)
    }
    await callRoute(handlers(), 'console.publishProducts', {
      params: { shopId: shop },
      body: { productIds: made, onSale: true },
    })
    await world.db.tx({ shopId: shop }, (tx) =>
      world.catalog.addSold(tx, shop, [
        { productId: made[3]!, units: 7 },
        { productId: made[4]!, units: 2 },
        { productId: made[3]!, units: 1 },
      ]),
    )
    const all = async (
      query: object,
    ): Promise<{ id: string; title: string; minPriceFen: number; soldCount: number }[]> => {
      const items: unknown[] = []
      let cursor: string | null = null
      do {
        const page: { items: unknown[]; nextCursor: string | null } = (await callRoute(handlers(), 'store.products', {
          params: { shopId: shop },
          query: { ...query, limit: 4, ...(cursor ? { cursor } : {}) },
        })) as never
        items.push(...page.items)
        cursor = page.nextCursor
      } while (cursor)
      return items as never
    }
    for (const sort of ['default', 'new', 'sold', 'price-asc', 'price-desc']) {
      const items = await all({ sort })
      expect(new Set(items.map(({ id }) => id)).size, sort).toBe(25)
    }
    expect((await all({ sort: 'sold' })).slice(0, 2).map(({ soldCount }) => soldCount)).toEqual([8, 2])
    const prices = (await all({ sort: 'price-asc' })).map(({ minPriceFen }) => minPriceFen)
    expect(prices).toEqual([...prices].sort((a, b) => a - b))
    expect(await all({ categoryId: top.id })).toHaveLength(25)
    expect(await all({ categoryId: sub.id })).toHaveLength(9)
    const red = await all({ q: '红色连衣裙' })
    expect(red).toHaveLength(12)
    expect(red[0]!.soldCount).toBe(8)
    expect(await all({ q: '绿色' })).toEqual([])
    expect(await all({ q: '！？' })).toEqual([])
    expect(await all({ q: 'f-2' })).not.toEqual([])
    const page = await callRoute(handlers(), 'store.products', { params: { shopId: shop }, query: { limit: 2 } })
    const mixed = callRoute(handlers(), 'store.products', {
      params: { shopId: shop },
      query: { cursor: page.nextCursor!, sort: 'new' },
    })
    await expect(mixed).rejects.toMatchObject({ code: 'INVALID_CURSOR' })
    const categories = await world.db.tx({ shopId: shop }, (tx) => world.catalog.listCategories(tx, shop, true))
    expect(categories.map(({ name, productCount }) => [name, productCount])).toEqual([
      ['服饰', 25],
      ['女装', 9],
    ])
  })

  test('CAT-01 titles that contain the query stand before those that contain its parts, and those before the rest', async () => {
    const shop = await world.openShop('ranked')
    await world.db.tx({ shopId: shop }, (tx) =>
      world.settings.set(tx, minPictures, { shopId: shop }, 0, { kind: 'system' }),
    )
    const { id: categoryId } = await callRoute(handlers(), 'console.createCategory', {
      params: { shopId: shop },
      body: { name: '杯' },
    })
    const ids = []
    for (const [code, title, brand] of [
      ['R1', '保温壶', '咖啡杯'],
      ['R2', '杯 咖啡杯架 啡杯咖', ''],
      ['R3', '蓝色咖啡杯', ''],
    ] as const)
      ids.push((await create(input(code, { title, brand, categoryId }), shop)).id)
    await callRoute(handlers(), 'console.publishProducts', {
      params: { shopId: shop },
      body: { productIds: ids, onSale: true },
    })
    const { items } = await callRoute(handlers(), 'store.products', {
      params: { shopId: shop },
      query: { q: '咖啡杯' },
    })
    expect(items.map(({ id }) => id).at(-1)).toBe(ids[0])
    expect(items).toHaveLength(3)
  })

  test('CAT-01 only a product on sale is shown, with its stock', async () => {
    const { id: categoryId } = await category('详情类目')
    const product = await create(input('SHOW-1', { categoryId, pictureFileIds: [await picture()], detail: '好杯子' }))
    const look = () => callRoute(handlers(), 'store.product', { params: { shopId, productId: product.id } })
    await expect(look()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await callRoute(handlers(), 'console.publishProducts', {
      params: { shopId },
      body: { productIds: [product.id], onSale: true },
    })
    expect(await look()).toMatchObject({ soldOut: true, categoryPath: ['详情类目'], detail: '好杯子' })
    await world.db.tx({ shopId }, (tx) =>
      world.stock.receive(tx, {
        shopId,
        warehouseId: null,
        reason: 'purchase',
        lines: [{ skuId: product.skus[0]!.id, quantity: 5 }],
        actor: { kind: 'system' },
      }),
    )
    expect(await look()).toMatchObject({ soldOut: false, skus: [{ code: 'SHOW-1', available: 5 }] })
    const row = await callRoute(handlers(), 'console.products', { params: { shopId }, query: { q: 'SHOW-1' } })
    expect(row.items).toEqual([expect.objectContaining({ id: product.id, available: 5, categoryName: '详情类目' })])
  })
})
