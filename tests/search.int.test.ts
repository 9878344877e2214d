import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp, type TestBuyer, type TestProduct, type TestShop } from './support/app.ts'

let app: TestApp
let shop: TestShop
let buyer: TestBuyer
const goods = new Map<string, TestProduct>()
const TITLES = [
  '碎花连衣裙夏季收腰显瘦',
  '纯色连衣裙春秋长袖',
  '充电宝 20000 毫安大容量',
  'iPhone15 手机壳防摔',
  '手冲咖啡壶细口',
  '挂耳咖啡 10 包',
]

beforeAll(async () => {
  app = await startTestApp({ clickhouse: false })
  shop = await app.openTestShop('山野百货')
  buyer = await app.buyer()
  for (const title of TITLES) goods.set(title, await app.product(shop, { title, stock: 50 }))
})
afterAll(() => app?.close())

const params = () => ({ shopId: shop.shopId })
const search = (q: string, more: object = {}) =>
  buyer.call('store.search', { params: params(), query: { q, ...more } as never })
const titles = async (q: string, more: object = {}) => (await search(q, more)).items.map(({ title }) => title)

test('CAT-09 goods are found by words, pinyin, initials, a wrong character and a slip', async () => {
  expect((await titles('连衣裙')).sort()).toEqual([TITLES[0], TITLES[1]].sort())
  for (const q of ['lianyiqun', 'lyq', '莲衣裙']) {
    const answer = await search(q)
    expect(answer.items.map(({ title }) => title).sort(), q).toEqual([TITLES[0], TITLES[1]].sort())
    expect(answer.corrected, q).toBe('连衣裙')
  }
  expect((await titles('iphnoe'))[0]).toBe(TITLES[3])
  expect((await titles('移动电源'))[0]).toBe(TITLES[2])
  expect(await titles('鼎')).toEqual([])
})

test('CAT-09 the product list takes the same way as the search', async () => {
  for (const q of ['连衣裙', 'lyq', '移动电源', '咖啡']) {
    const { items } = await buyer.call('store.products', { params: params(), query: { q } })
    expect(items.map(({ title }) => title)).toEqual(await titles(q))
  }
})

test('CAT-09 prices and stock narrow, facets tell what there is, and a cursor belongs to its order', async () => {
  const all = await search('咖啡')
  expect(all.facets?.products).toBe(2)
  expect(await titles('咖啡', { maxPriceFen: 1 })).toEqual([])
  expect(await titles('咖啡', { inStock: 'true' })).toHaveLength(2)
  expect(await titles('咖啡', { brands: '没有的牌子' })).toEqual([])
  const first = await search('连衣裙', { limit: 1 })
  const second = await search('连衣裙', { limit: 1, cursor: first.nextCursor })
  expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(2)
  expect(second.facets).toBeNull()
  await expect(search('连衣裙', { cursor: first.nextCursor, sort: 'new' })).rejects.toMatchObject({
    code: 'INVALID_CURSOR',
  })
})

test('CAT-09 a product is found by its new title at once, and not by its old one', async () => {
  const { productId } = await app.product(shop, { title: '竹编收纳篮' })
  expect(await titles('收纳篮')).toHaveLength(1)
  const product = await shop.owner.call('console.product', { params: { ...params(), productId } })
  await shop.owner.call('console.publishProducts', {
    params: params(),
    body: { productIds: [productId], onSale: false },
  })
  expect(product.title).toBe('竹编收纳篮')
  expect(await titles('收纳篮')).toEqual([])
})

test('CAT-09 synonyms of the shop are found; many who save at once leave one whole state', async () => {
  const save = (synonyms: string[][]) =>
    shop.owner.call('console.saveSearchSettings', {
      params: params(),
      body: { synonyms, pinned: ['咖啡'], blocked: ['脏词'] },
    })
  await Promise.all(Array.from({ length: 8 }, (_, i) => save([['挂耳', `滤泡${i}`]])))
  await save([['挂耳', '滤泡']])
  expect((await titles('滤泡咖啡'))[0]).toBe('挂耳咖啡 10 包')
  const bad = shop.owner.call('console.saveSearchSettings', {
    params: params(),
    body: { synonyms: [['一个词']], pinned: [], blocked: [] },
  })
  await expect(bad).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
})

test('CAT-09 searches are counted once each, phones are not kept, hot words follow, what found nothing is told', async () => {
  await app.app.search.flushQueries()
  await Promise.all(Array.from({ length: 20 }, () => search('手冲壶')))
  await Promise.all([search('13800138000'), search('鼎'), search('鼎')])
  await Promise.all([app.app.search.flushQueries(), app.app.search.flushQueries()])
  const counts = await shop.owner.call('console.searchQueries', { params: params(), query: {} })
  expect(counts.items.find(({ query }) => query === '手冲壶')?.searches).toBe(20)
  expect(counts.items.some(({ query }) => query.includes('1380'))).toBe(false)
  const none = await shop.owner.call('console.searchQueries', { params: params(), query: { withoutResult: 'true' } })
  expect(none.items.some(({ query }) => query === '鼎')).toBe(true)
  const hot = await buyer.call('store.searchSuggestions', { params: params(), query: {} })
  expect(hot.items.map(({ text }) => text).slice(0, 2)).toEqual(['咖啡', '手冲壶'])
  const top = await app.app.db.read({ shopId: shop.shopId }, (tx) =>
    app.app.search.topQueries(tx, shop.shopId, { limit: 5 }),
  )
  expect(top[0]).toMatchObject({ query: '手冲壶', searches: 20, withoutResult: 0 })
})

test('CAT-09 filters and orders that are tried on a result are not counted as further searches', async () => {
  await search('细口壶')
  await search('细口壶', { sort: 'sold' })
  await search('细口壶', { inStock: 'true' })
  await app.app.search.flushQueries()
  const { items } = await shop.owner.call('console.searchQueries', { params: params(), query: {} })
  expect(items.find(({ query }) => query === '细口壶')?.searches).toBe(1)
})

test('CAT-09 edits, publishing and a rebuild side by side leave every product found by its last title', async () => {
  const { productId } = await app.product(shop, { title: '原名灯笼' })
  const rename = async (i: number) => {
    const path = { ...params(), productId }
    for (let tries = 0; tries < 40; tries++) {
      const { version, ...product } = await shop.owner.call('console.product', { params: path })
      const pictureFileIds = product.pictures.map(({ fileId }) => fileId)
      const body = { ...product, pictureFileIds, version, title: `新名纸鸢${i}` } as never
      const isSaved = await shop.owner.call('console.updateProduct', { params: path, body }).then(
        () => true,
        (error: { code?: string }) => {
          if (error.code !== 'CONFLICT') throw error
          return false
        },
      )
      if (isSaved) return
    }
    throw new Error('never saved')
  }
  const rebuild = () => shop.owner.call('console.rebuildSearchIndex', { params: params() })
  await Promise.all([...Array.from({ length: 6 }, (_, i) => rename(i)), rebuild(), rebuild()])
  await app.settle()
  const { title } = await shop.owner.call('console.product', { params: { ...params(), productId } })
  expect(await titles('纸鸢')).toEqual([title])
  expect(await titles('灯笼')).toEqual([])
})

test('CAT-09 suggestions while typing come by characters and by pinyin', async () => {
  const suggest = async (q: string) =>
    (await buyer.call('store.searchSuggestions', { params: params(), query: { q } })).items.map(({ text }) => text)
  expect(await suggest('连衣')).toContain('连衣裙')
  expect(await suggest('lianyi')).toContain('连衣裙')
  expect(await suggest('手冲')).toContain('手冲壶')
})

test('CAT-09 an open shop is found by a part of its name', async () => {
  const { items } = await buyer.call('store.findShops', { query: { q: '山野' } })
  expect(items.map(({ id }) => id)).toContain(shop.shopId)
  expect((await buyer.call('store.findShops', { query: { q: '没有这家店' } })).items).toEqual([])
})

const recommend = (query: object) =>
  buyer.call('store.recommendations', { params: params(), query: query as never }).then(({ items }) => items)

test('CAT-10 without any history there is something sensible, each with its reason, never the product itself', async () => {
  const productId = goods.get(TITLES[0]!)!.productId
  const similar = await recommend({ slot: 'similar', productId, limit: 5 })
  expect(similar[0]).toMatchObject({ product: { title: TITLES[1] }, reason: 'similar', text: '相似好物' })
  expect(similar.some(({ product }) => product.id === productId)).toBe(false)
  const hot = await recommend({ slot: 'hot' })
  expect(hot.length).toBeGreaterThan(3)
  await expect(recommend({ slot: 'related' })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
})

test('CAT-10 what was bought together is recommended, after what the shop picked; computing side by side is once', async () => {
  const [dress, kettle, coffee, power] = [TITLES[0]!, TITLES[4]!, TITLES[5]!, TITLES[2]!].map(
    (title) => goods.get(title)!,
  )
  for (let i = 0; i < 2; i++) {
    const who = await app.buyer()
    await app.pay(
      who,
      await app.order(who, shop.shopId, [
        [kettle!.skuIds[0]!, 1],
        [coffee!.skuIds[0]!, 1],
      ]),
    )
  }
  await app.settle()
  await Promise.all(Array.from({ length: 4 }, () => app.app.recommendation.computeShop(shop.shopId)))
  const related = await recommend({ slot: 'related', productId: kettle!.productId, limit: 6 })
  expect(related[0]).toMatchObject({ product: { id: coffee!.productId }, reason: 'bought-together' })
  expect(new Set(related.map(({ product }) => product.id)).size).toBe(related.length)
  const forYou = await recommend({ slot: 'interest', viewed: kettle!.productId })
  expect(forYou[0]).toMatchObject({ product: { id: coffee!.productId }, reason: 'interest' })
  await shop.owner.call('console.setRelatedProducts', {
    params: { ...params(), productId: kettle!.productId },
    body: { kind: 'related', productIds: [dress!.productId] },
  })
  const picked = await recommend({ slot: 'related', productId: kettle!.productId })
  expect(picked.slice(0, 2).map(({ reason }) => reason)).toEqual(['hand-picked', 'bought-together'])
  expect(picked[0]!.product.id).toBe(dress!.productId)
  expect(power).toBeDefined()
})
