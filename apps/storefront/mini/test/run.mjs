// Drives the built mini program: home shows products, a tap opens the detail, a SKU goes into the cart.
// Run by hand after `npm run build:weapp`: npm test
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { after, test } from 'node:test'
import { launch } from './harness.mjs'

const DIST = path.resolve(import.meta.dirname, '../dist/weapp')
assert.ok(fs.existsSync(path.join(DIST, 'app.js')), 'build first: npm run build:weapp')

const SHOP = '01890a5d-ac96-774b-bcce-b302099a8000'
const id = (number) => `01890a5d-ac96-774b-bcce-${String(number).padStart(12, '0')}`
const picture = (number) => ({ fileId: id(9000 + number), url: `/files/${number}`, width: 800, height: 800 })
const card = (number) => ({
  id: id(number),
  title: `云南保山小粒咖啡豆 第 ${number} 批 中度烘焙 250g`,
  subtitle: '现烘现发',
  picture: picture(number),
  minPriceFen: 3990 + number,
  maxPriceFen: 3990 + number,
  listPriceFen: null,
  soldCount: number * 100,
  soldOut: false,
  tags: ['新品'],
})
const sku = (number, optionValues, available) => ({
  id: id(number),
  code: '',
  optionValues,
  priceFen: 4990,
  listPriceFen: null,
  picture: null,
  available,
})
const product = {
  ...card(3),
  shopId: SHOP,
  categoryId: null,
  categoryPath: [],
  brand: '',
  pictures: [picture(1), picture(2)],
  options: [{ name: '研磨', values: ['咖啡豆', '手冲粉'] }],
  attributes: [{ name: '产地', value: '云南' }],
  detail: '十二个产区',
  detailPictures: [],
  skus: [sku(501, ['咖啡豆'], 8), sku(502, ['手冲粉'], 0)],
}
const cart = (count) => ({ guestToken: id(777), shops: [], count })

function server(method, url, body) {
  const path = url.pathname
  const ok = (json) => ({ status: 200, json })
  if (path === '/api/store/shops/demo')
    return ok({ id: SHOP, slug: 'demo', name: '掌柜小店', logoUrl: null, notice: '满 99 包邮', categories: [] })
  if (path === `/api/store/shops/${SHOP}/products`) {
    const first = url.searchParams.get('cursor') === 'next' ? 21 : 1
    return ok({
      items: Array.from({ length: 20 }, (_, index) => card(first + index)),
      nextCursor: first === 1 ? 'next' : null,
    })
  }
  if (path === `/api/store/shops/${SHOP}/products/${product.id}`) return ok(product)
  if (path === '/api/cart') return ok(cart(0))
  if (path === '/api/cart/lines' && method === 'POST') return ok(cart(body.quantity))
  if (path === '/api/events') return ok({ accepted: body.events.length, refused: [] })
  return {
    status: 404,
    json: { error: { code: 'NOT_FOUND', message: `没有找到 ${path}`, messageEn: '', requestId: 'test' } },
  }
}

const SET_DATA_BYTES = 32 * 1024
const program = launch(DIST, server)
const requests = (path) => program.calls.filter(({ name, url }) => name === 'request' && new URL(url).pathname === path)
after(() => setTimeout(() => process.exit(), 50))

test('UX-01 mini program: home shows the products of the shop and loads more at the end', async (t) => {
  const home = await program.open('pages/home/index')
  assert.match(home.text(), /掌柜小店/)
  assert.equal(home.byClass('zg-card').length, 20)
  const largest = Math.max(...home.sizes)
  t.diagnostic(`largest setData of the first screen: ${largest} bytes`)
  assert.ok(largest <= SET_DATA_BYTES, `setData of ${largest} bytes`)
  await home.reachBottom()
  assert.equal(home.byClass('zg-card').length, 40)
  await home.tap(home.byClass('zg-card-link')[2])
  assert.deepEqual(program.calls.findLast(({ name }) => name === 'navigateTo')?.url, `/pages/detail/index?id=${id(3)}`)
})

test('UX-02 mini program: detail shows the product; sold out values cannot be chosen; the SKU goes into the cart', async () => {
  const detail = await program.open(`/pages/detail/index?id=${id(3)}`)
  assert.match(detail.text(), /云南保山小粒咖啡豆 第 3 批/)
  await detail.tap(detail.byClass('zg-detail-choice')[0])
  const values = detail.byClass('zg-sku-value')
  assert.deepEqual(
    values.map((node) => detail.textOf(node)),
    ['咖啡豆', '手冲粉缺货'],
  )
  await detail.tap(values[1])
  assert.equal(detail.byClass('zg-sku-chosen').length, 0)
  await detail.tap(values[0])
  assert.equal(detail.byClass('zg-sku-chosen').length, 1)
  const button = detail
    .byClass('zg-button')
    .find(
      (node) =>
        detail.textOf(node) === '加入购物车' &&
        detail.byClass('zg-sheet-foot').some((foot) => JSON.stringify(foot).includes(`"${node.sid}"`)),
    )
  await detail.tap(button)
  assert.deepEqual(JSON.parse(requests('/api/cart/lines')[0].data), { shopId: SHOP, skuId: id(501), quantity: 1 })
  assert.equal(program.calls.findLast(({ name }) => name === 'showToast')?.title, '已加入购物车')
})

test('ORD-01 mini program: the cart of somebody who has not signed in follows by its token', async () => {
  await program.open('pages/home/index')
  const detail = await program.open(`/pages/detail/index?id=${id(3)}`)
  await detail.reachBottom()
  assert.equal(requests(`/api/store/shops/${SHOP}/products/${id(3)}`).at(-1).header['x-guest-token'], id(777))
})
