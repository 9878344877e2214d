import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PASSWORD, startTestApp, type TestApp, type TestShop } from './support/app.ts'
import { desktop, launchBrowser, phone } from './support/browser.ts'
import { merchant } from './support/clicks.ts'
import { runningClock } from './support/clock.ts'

const OUT = '/tmp/cdev/shots'
let app: TestApp
let shop: TestShop
beforeAll(async () => {
  app = await startTestApp({ workers: true, clock: runningClock() })
  shop = await app.openTestShop('山野集')
})
afterAll(() => app?.close())

test('look', async () => {
  const params = { shopId: shop.shopId }
  const dim = await shop.owner.call('console.createTagDimension', { params, body: { name: '场景', values: [{ name: '露营' }, { name: '送礼' }, { name: '通勤' }] } })
  const season = await shop.owner.call('console.createTagDimension', { params, body: { name: '季节', values: [{ name: '夏' }, { name: '冬' }] } })
  const goods = []
  for (const [i, title] of ['露营灯 充电式 大容量', '露营椅 折叠 便携', '青瓷茶杯 手工', '保温杯 316 不锈钢 大容量', '帆布包 通勤 学生'].entries()) {
  const dim = await shop.owner.call('console.createTagDimension', {
    params,
    body: { name: '场景', values: [{ name: '露营' }, { name: '送礼' }, { name: '通勤' }] },
  })
  const season = await shop.owner.call('console.createTagDimension', {
    params,
    body: { name: '季节', values: [{ name: '夏' }, { name: '冬' }] },
  })
  for (const [i, title] of [
    '露营灯 充电式 大容量',
    '露营椅 折叠 便携',
    '青瓷茶杯 手工',
    '保温杯 316 不锈钢 大容量',
    '帆布包 通勤 学生',
  ].entries()) {
    const made = await app.product(shop, { title, pricesFen: [5900 + i * 1000, 7900 + i * 1000, 9900] })
    goods.push(made)
    const full = await shop.owner.call('console.product', { params: { ...params, productId: made.productId } })
    await shop.owner.call('console.updateProduct', {
      params: { ...params, productId: made.productId },
      body: {
        version: full.version, title: full.title, categoryId: full.categoryId, options: full.options,
        version: full.version,
        title: full.title,
        categoryId: full.categoryId,
        options: full.options,
        pictureFileIds: full.pictures.map(({ fileId }) => fileId),
        skus: full.skus.map(({ id, code, optionValues, priceFen }) => ({ id, code, optionValues, priceFen })) as never,
        attributes: [{ name: '材质', value: '铝合金' }],
        tagValueIds: [dim.values[i % 3]!.id, dim.values[(i + 1) % 3]!.id, season.values[i % 2]!.id],
      },
    })
  }
  const buyer = await app.buyer()
  const order = await app.order(buyer, shop.shopId, goods[0]!.skuIds.map((id) => [id, 1] as [string, number]))
  const order = await app.order(
    buyer,
    shop.shopId,
    goods[0]!.skuIds.map((id) => [id, 1] as [string, number]),
  )
  await app.pay(buyer, order)
  await app.settle()
  const browser = await launchBrowser()
  const shot = async (page: Page, name: string) => {
    await page.waitForTimeout(700)
    await page.screenshot({ path: `${OUT}/${name}.png` })
  }
  try {
    for (const scheme of ['light', 'dark'] as const) {
      const context = await desktop(browser, { viewport: { width: 1440, height: 900 }, colorScheme: scheme })
      const page = await context.newPage()
      const m = merchant(page, app.url)
      await m.signIn(shop.ownerAccount, PASSWORD)
      await shot(page, `${scheme}-overview`)
      await m.goTo(shop.slug, 'products?q=大容量')
      await page.getByRole('button', { name: /批量修改/ }).first().click()
      await page
        .getByRole('button', { name: /批量修改/ })
        .first()
        .click()
      await page.getByText('修改筛选出的全部商品').click()
      await shot(page, `${scheme}-bulk-all`)
      if (scheme === 'light') {
        await page.getByTestId('bulk-preview').waitFor()
        await page.getByRole('button', { name: '确认修改' }).click()
        await shot(page, 'light-bulk-ask')
        await page.getByRole('button', { name: '修改 2 个' }).click()
        await page.waitForTimeout(1500)
      }
      await m.goTo(shop.slug, 'bulk-edits')
      await shot(page, `${scheme}-bulk-edits`)
      await m.goTo(shop.slug, 'price-rules')
      await page.getByRole('button', { name: /新建/ }).first().click()
      await page.getByRole('combobox', { name: /搜索商品名称/ }).click()
      await page
        .getByRole('combobox', { name: /添加商品|添加/ })
        .last()
        .click()
      await page.keyboard.type('露营灯')
      await page.waitForTimeout(900)
      await page.keyboard.press('Enter')
      await page.getByText('分规格').click()
      await page.waitForTimeout(600)
      await page.getByTestId('rule-goods').scrollIntoViewIfNeeded()
      await shot(page, `${scheme}-rule`)
      await m.goTo(shop.slug, 'stock?sort=-available')
      await shot(page, `${scheme}-stock`)
      await m.goTo(shop.slug, 'reviews')
      await page.getByRole('button', { name: '这一页怎么用' }).click()
      await shot(page, `${scheme}-reviews`)
      await context.close()
      const small = await phone(browser, { colorScheme: scheme })
      const mp = await small.newPage()
      await mp.goto(`${app.url}/s/${shop.slug}/p/${goods[0]!.productId}`)
      await mp.getByTestId('product-tag').first().scrollIntoViewIfNeeded()
      await shot(mp, `${scheme}-detail`)
      await mp.getByTestId('product-tag').first().click()
      await mp.getByTestId('chosen-tag').waitFor()
      await shot(mp, `${scheme}-tagged`)
      await mp.getByTestId('search-filter').click()
      await shot(mp, `${scheme}-filter`)
      await small.close()
      const c = await phone(browser, { colorScheme: scheme })
      const cp = await c.newPage()
      await merchant(cp, app.url).signIn(shop.ownerAccount, PASSWORD)
      for (const path of ['bulk-edits', 'products', 'stock']) { await cp.goto(`${app.url}/console/s/${shop.slug}/${path}`); await shot(cp, `${scheme}-phone-${path}`) }
      for (const path of ['bulk-edits', 'products', 'stock']) {
        await cp.goto(`${app.url}/console/s/${shop.slug}/${path}`)
        await shot(cp, `${scheme}-phone-${path}`)
      }
      await c.close()
    }
  } finally {
    await browser.close()
  }
  expect(1).toBe(1)
}, 300_000)
