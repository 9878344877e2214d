import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp, type TestShop } from './support/app.ts'
import { newKey } from './support/http.ts'

const DAY = 86_400_000

let app: TestApp
let shop: TestShop
beforeAll(async () => {
  app = await startTestApp({ clickhouse: false })
  shop = await app.openTestShop()
})
afterAll(() => app?.close())

const params = () => ({ shopId: shop.shopId })
const product = (productId: string) => shop.owner.call('console.product', { params: { ...params(), productId } })
const inputOf = async (productId: string, more: object = {}) => {
  const now = await product(productId)
  return {
    ...{ title: now.title, categoryId: now.categoryId, options: now.options, version: now.version },
    pictureFileIds: now.pictures.map(({ fileId }) => fileId),
    skus: now.skus.map(({ id, code, optionValues, priceFen }) => ({
      id,
      code,
      optionValues,
      priceFen: priceFen as number,
    })),
    ...more,
  }
}
const edit = async (productId: string, more: object = {}) =>
  shop.owner.call('console.updateProduct', {
    params: { ...params(), productId },
    body: await inputOf(productId, more),
  })
type Start = Parameters<typeof shop.owner.call<'console.startBulkEdit'>>[1]
const start = (body: Start['body'], idempotencyKey = newKey()) =>
  shop.owner.call('console.startBulkEdit', { params: params(), idempotencyKey, body })
const remove = (productIds: string[]) =>
  shop.owner.call('console.deleteProducts', { params: params(), body: { productIds } })
const bin = async () =>
  (await shop.owner.call('console.deletedProducts', { params: params() })).items.map(({ id }) => id)

/** Moves the clock, runs what is due by it, and signs in anew: sessions are shorter than that. */
async function later(ms: number): Promise<void> {
  app.clock.advance(ms)
  await app.app.engines.jobs.runDue()
  shop.owner = await app.signIn(shop.ownerAccount)
}

test('CAT-01 a deleted product is off sale and in no list, comes back from the bin, and refuses edits meanwhile', async () => {
  const { productId } = await app.product(shop, { title: '回收的花瓶' })
  const input = await inputOf(productId)
  expect((await remove([productId])).changed).toEqual([productId])
  expect(await bin()).toContain(productId)
  const list = await shop.owner.call('console.products', { params: params(), query: { q: '回收的花瓶' } })
  expect(list.items).toEqual([])
  await expect(app.visitor().call('store.product', { params: { ...params(), productId } })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
  await expect(
    shop.owner.call('console.updateProduct', { params: { ...params(), productId }, body: input }),
  ).rejects.toMatchObject({ message: expect.stringContaining('回收站') })
  const publish = { params: params(), body: { productIds: [productId], onSale: true } }
  expect((await shop.owner.call('console.publishProducts', publish)).refused).toMatchObject([{ productId }])
  await shop.owner.call('console.restoreProducts', { params: params(), body: { productIds: [productId] } })
  expect(await bin()).not.toContain(productId)
  expect((await product(productId)).state).toBe('off-sale')
  expect((await shop.owner.call('console.publishProducts', publish)).changed).toEqual([productId])
})

test('CAT-01 after its time in the bin a product is removed, and one that was ever in stock is only hidden', async () => {
  const never = await app.product(shop, { stock: 0 })
  const sold = await app.product(shop)
  await remove([never.productId, sold.productId])
  await later(29 * DAY)
  expect(await bin()).toEqual(expect.arrayContaining([never.productId, sold.productId]))
  await later(2 * DAY)
  expect(await bin()).not.toEqual(expect.arrayContaining([never.productId]))
  await expect(product(never.productId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect((await product(sold.productId)).id).toBe(sold.productId)
})

test('CAT-01 two versions are compared, and an earlier one is restored with its SKUs as a new version', async () => {
  const { productId, skuIds } = await app.product(shop, { pricesFen: [1000, 2000] })
  const first = await product(productId)
  const one = first.skus[0]!
  await edit(productId, {
    title: '改了的标题',
    options: [{ name: '款式', values: ['1 号'] }],
    skus: [{ id: one.id, code: one.code, optionValues: ['1 号'], priceFen: 900 }],
  })
  const now = await edit(productId, { subtitle: '再改' })
  const compared = await shop.owner.call('console.compareProductVersions', {
    params: { ...params(), productId },
    query: { from: first.version, to: now.version },
  })
  expect(compared.changes.map(({ field }) => field)).toEqual(expect.arrayContaining(['标题', '副标题']))
  const restore = { params: { ...params(), productId }, body: { restore: first.version, version: now.version } }
  const restored = await shop.owner.call('console.restoreProductVersion', restore)
  const after = await product(productId)
  expect([restored.version, after.version]).toEqual([now.version + 1, now.version + 1])
  expect(after.title).toBe(first.title)
  expect(after.skus.map(({ id, priceFen }) => [id, priceFen])).toEqual([
    [skuIds[0], 1000],
    [skuIds[1], 2000],
  ])
  expect(after.state).toBe('on-sale')
  await expect(shop.owner.call('console.restoreProductVersion', restore)).rejects.toMatchObject({ code: 'CONFLICT' })
})

test('CAT-01 restoring against an edit at the same time: exactly one wins', async () => {
  const { productId } = await app.product(shop)
  const first = await product(productId)
  await edit(productId, { title: '第二版' })
  const body = await inputOf(productId, { title: '第三版' })
  const restore = { restore: first.version, version: body.version }
  const results = await Promise.allSettled([
    shop.owner.call('console.updateProduct', { params: { ...params(), productId }, body }),
    shop.owner.call('console.restoreProductVersion', { params: { ...params(), productId }, body: restore }),
  ])
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect((await product(productId)).version).toBe(body.version + 1)
})

test('CAT-01 a bulk price change is previewed, refuses product by product, and is taken back but for what moved since', async () => {
  const [cup, bowl, cheap] = [
    await app.product(shop, { title: '批量杯', pricesFen: [9900, 5000] }),
    await app.product(shop, { title: '批量碗', pricesFen: [3000] }),
    await app.product(shop, { title: '批量勺', pricesFen: [400] }),
  ]
  const ids = [cup, bowl, cheap].map(({ productId }) => productId)
  const change = { field: 'price' as const, mode: 'plus' as const, value: -500, rounding: 'fen' as const }
  const body = { target: { filter: { q: '批量' } }, change }
  const preview = await shop.owner.call('console.previewBulkEdit', { params: params(), body })
  expect(preview).toMatchObject({ total: 3, changing: 2, refused: 1, skuCount: 3 })
  expect((await product(ids[0]!)).skus[0]!.priceFen).toBe(9900)
  const key = newKey()
  const [done, again] = [await start(body, key), await start(body, key)]
  expect(again.id).toBe(done.id)
  expect(done).toMatchObject({ state: 'done', total: 3, changed: 2, refused: 1 })
  const refusals = await shop.owner.call('console.bulkEditRefusals', { params: { ...params(), bulkEditId: done.id } })
  expect(refusals.items).toMatchObject([{ productId: ids[2], title: '批量勺' }])
  expect((await product(ids[0]!)).skus.map(({ priceFen }) => priceFen)).toEqual([9400, 4500])
  await edit(ids[1]!, { title: '批量碗（改）' })
  const undone = await shop.owner.call('console.undoBulkEdit', { params: { ...params(), bulkEditId: done.id } })
  expect(undone).toMatchObject({ state: 'undone', undone: 1 })
  expect((await product(ids[0]!)).skus.map(({ priceFen }) => priceFen)).toEqual([9900, 5000])
  expect((await product(ids[1]!)).skus[0]!.priceFen).toBe(2500)
})

test('CAT-01 everything that a filter finds is changed only when it is as many as was agreed to, by any filter of the list', async () => {
  const made = await shop.owner.call('console.createTagDimension', {
    params: params(),
    body: { name: '批量场景', values: [{ name: '露营' }] },
  })
  const tagValueIds = [made.values[0]!.id]
  const goods = await Promise.all(Array.from({ length: 3 }, () => app.product(shop, { title: '全选灯' })))
  for (const { productId } of goods.slice(0, 2)) await edit(productId, { tagValueIds } as never)
  const target = { filter: { q: '全选灯', tagValues: tagValueIds[0]! } }
  const change = { field: 'tags' as const, add: ['清仓'], remove: [] }
  const agreed = (expectedTotal: number) =>
    shop.owner.call('console.startBulkEdit', {
      params: params(),
      idempotencyKey: newKey(),
      body: { target, change, expectedTotal },
    })
  await expect(agreed(3)).rejects.toMatchObject({ code: 'BULK_EDIT_COUNT' })
  expect((await product(goods[0]!.productId)).tags).toEqual([])
  const results = await Promise.all([agreed(2), agreed(2)])
  expect(results.map(({ total }) => total)).toEqual([2, 2])
  expect(results.reduce((sum, { changed }) => sum + changed, 0)).toBe(2)
  expect(await Promise.all(goods.map(async ({ productId }) => (await product(productId)).tags))).toEqual([
    ...[['清仓'], ['清仓'], []],
  ])
  const { items } = await shop.owner.call('console.bulkEdits', { params: params(), query: { limit: 2 } })
  expect(items.map(({ id }) => id).sort()).toEqual(results.map(({ id }) => id).sort())
})

test('CAT-01 category, tags, freight and state of many products at once; the undo has an end', async () => {
  const goods = await Promise.all(Array.from({ length: 3 }, () => app.product(shop)))
  const productIds = goods.map(({ productId }) => productId)
  const target = { productIds }
  const category = await shop.owner.call('console.createCategory', { params: params(), body: { name: '批量类目' } })
  await start({ target, change: { field: 'category', categoryId: category.id } })
  await start({ target, change: { field: 'tags', add: ['新品', '热卖'], remove: [] } })
  const off = await start({ target, change: { field: 'state', onSale: false } })
  const now = await product(productIds[0]!)
  expect([now.categoryId, now.tags, now.state]).toEqual([category.id, ['新品', '热卖'], 'off-sale'])
  expect(off.undoBefore).not.toBeNull()
  await later(73 * 3_600_000)
  await expect(
    shop.owner.call('console.undoBulkEdit', { params: { ...params(), bulkEditId: off.id } }),
  ).rejects.toMatchObject({ code: 'BULK_EDIT_STATE' })
  await expect(start({ target, change: { field: 'category', categoryId: shop.shopId } })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
})

test('CAT-01 bulk edits against edits and against one another lose nothing: every change is a version of its own', async () => {
  const { productId } = await app.product(shop, { pricesFen: [10_000] })
  const before = await product(productId)
  const target = { productIds: [productId] }
  const bulk = Array.from({ length: 5 }, () =>
    start({ target, change: { field: 'price', mode: 'plus', value: -100, rounding: 'fen' } }),
  )
  const edits = Array.from({ length: 5 }, (_, index) => edit(productId, { subtitle: `副标题 ${index}` }))
  const [bulks, edited] = await Promise.all([Promise.allSettled(bulk), Promise.allSettled(edits)])
  const after = await product(productId)
  expect(bulks.every(({ status }) => status === 'fulfilled')).toBe(true)
  const wins = edited.filter(({ status }) => status === 'fulfilled').length
  expect(after.version).toBe(before.version + 5 + wins)
})

test('CAT-01 a product’s timeline joins edits, movements of its stock and rules over its prices, page by page', async () => {
  const { productId, skuIds } = await app.product(shop, { pricesFen: [10_000], stock: 5 })
  await app.advance(1000)
  await edit(productId, { title: '改过名的杯子' })
  await app.advance(1000)
  const at = (ms: number) => new Date(app.clock.millis() + ms).toISOString()
  await shop.owner.call('console.createPriceRule', {
    params: params(),
    body: {
      ...{ kind: 'scheduled', label: '周末价', method: 'percent', value: 9000, rounding: 'fen' },
      ...{ startsAt: at(1000), endsAt: at(5000), items: [{ productId }] },
    },
  })
  await app.advance(2000)
  const buyer = await app.buyer()
  await app.order(buyer, shop.shopId, [[skuIds[0]!, 2]])
  await app.advance(4000)
  const read = (query: object = {}) =>
    shop.owner.call('console.productTimeline', { params: { ...params(), productId }, query })
  const all = (await read({ limit: 50 })).items
  expect(all.map(({ at: when }) => when)).toEqual(
    all
      .map(({ at: when }) => when)
      .toSorted()
      .reverse(),
  )
  expect(all[0]).toMatchObject({ kind: 'price', text: expect.stringContaining('到期「周末价」') })
  expect(all.filter(({ kind }) => kind === 'price').map(({ text }) => text.slice(0, 4))).toEqual([
    '价格规则',
    '价格规则',
    '设置了价',
  ])
  expect(all.filter(({ kind }) => kind === 'stock').map(({ quantity }) => quantity)).toEqual([-2, 5])
  expect(all.find(({ kind, version }) => kind === 'edit' && version === 3)?.changes).toContainEqual(
    expect.objectContaining({ after: '改过名的杯子' }),
  )
  const paged: string[] = []
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = await read({ limit: 2, ...(cursor ? { cursor } : {}) })
    paged.push(...page.items.map(({ key }) => key))
    cursor = page.nextCursor ?? undefined
  }
  expect(paged).toEqual(all.map(({ key }) => key))
  expect((await read({ kind: 'stock' })).items).toHaveLength(2)
})
