import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../kernel/db.ts'
import { newId } from '../../kernel/ids.ts'
import { callRoute, openTestCatalog } from './testing.ts'

let world: Awaited<ReturnType<typeof openTestCatalog>>
beforeAll(async () => {
  world = await openTestCatalog()
})
afterAll(() => world?.close())

const params = () => ({ shopId: world.shopId })
const create = async (title: string) =>
  callRoute(world.catalog.handlers, 'console.createProduct', {
    params: params(),
    body: { title, skus: [{ code: `R-${newId()}`, priceFen: 1000 }] },
  })
const set = (productId: string, kind: 'related' | 'substitute', productIds: string[]) =>
  callRoute(world.catalog.handlers, 'console.setRelatedProducts', {
    params: { ...params(), productId },
    body: { kind, productIds },
  })
const ids = (rows: { id: string }[]) => rows.map(({ id }) => id)

test('CAT-01 related and substitute goods are picked by hand, kept in order, and never the product itself', async () => {
  const [cup, pot, tea] = [await create('青瓷杯'), await create('紫砂壶'), await create('龙井')]
  const first = await set(cup.id, 'related', [tea.id, pot.id, tea.id])
  expect(ids(first.related)).toEqual([tea.id, pot.id])
  expect(first.substitute).toEqual([])
  const both = await set(cup.id, 'substitute', [pot.id])
  expect([ids(both.related), ids(both.substitute)]).toEqual([[tea.id, pot.id], [pot.id]])
  expect(ids((await set(cup.id, 'related', [pot.id, tea.id])).related)).toEqual([pot.id, tea.id])
  await expect(set(cup.id, 'related', [cup.id])).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
  await expect(set(cup.id, 'related', [newId()])).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(set(newId(), 'related', [])).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('CAT-10 only goods on sale are handed to recommendation and to whoever looks for a substitute', async () => {
  const [cup, pot] = [await create('盖碗'), await create('公道杯')]
  await set(cup.id, 'substitute', [pot.id])
  const picked = () =>
    world.db.read({ shopId: world.shopId }, (tx) => world.catalog.handPicked(tx, world.shopId, cup.id, 'substitute'))
  expect(await picked()).toEqual([])
  await world.db.tx({ shopId: world.shopId }, (tx) =>
    tx.exec(sql`update products set state = 'on-sale' where shop_id = ${world.shopId} and id = ${pot.id}`),
  )
  expect(await picked()).toEqual([pot.id])
  const cards = await callRoute(world.catalog.handlers, 'store.relatedProducts', {
    params: { ...params(), productId: cup.id },
    query: { kind: 'substitute' },
  })
  expect(ids(cards.items)).toEqual([pot.id])
})

test('CAT-01 lists that are set at the same time do not mix: one of them stands, whole', async () => {
  const cup = await create('茶杯')
  const others = await Promise.all(Array.from({ length: 6 }, (_, index) => create(`配件 ${index}`)))
  const lists = [ids(others), ids(others).reverse(), ids(others.slice(0, 3))]
  await Promise.all(Array.from({ length: 12 }, (_, index) => set(cup.id, 'related', lists[index % 3]!)))
  const { related } = await callRoute(world.catalog.handlers, 'console.relatedProducts', {
    params: { ...params(), productId: cup.id },
  })
  expect(lists.map(String)).toContain(String(ids(related)))
})

test('CAT-01 the picker finds products by words and by SKU code, without the product itself', async () => {
  const made = await create('月白釉花瓶')
  const pick = (query: { q: string; exceptId?: string }) =>
    callRoute(world.catalog.handlers, 'console.pickProducts', { params: params(), query })
  expect(ids((await pick({ q: '月白釉' })).items)).toContain(made.id)
  expect(ids((await pick({ q: made.skus[0]!.code })).items)).toEqual([made.id])
  expect(ids((await pick({ q: '月白釉', exceptId: made.id })).items)).not.toContain(made.id)
})
