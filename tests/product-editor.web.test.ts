import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PASSWORD, startTestApp, type TestApp, type TestShop } from './support/app.ts'
import { desktop, launchBrowser } from './support/browser.ts'
import { merchant } from './support/clicks.ts'
import { runningClock } from './support/clock.ts'
import { newKey } from './support/http.ts'

/** Uploads take as long as the machine is busy. */
const SLOW = { timeout: 20_000 }

let app: TestApp
let shop: TestShop
let browser: Browser
beforeAll(async () => {
  app = await startTestApp({ workers: true, clock: runningClock() })
  shop = await app.openTestShop('山野集')
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
})

const drawn = async (frame: string, name: string) => ({
  name,
  mimeType: 'image/png',
  buffer: await sharp({ create: { width: 1080, height: 1080, channels: 3, background: frame } })
    .png()
    .toBuffer(),
})

test('CAT-01 CAT-02 CAT-03 a product is written in the editor: pictures, score, title, rich detail, by clicking', async () => {
  const context = await desktop(browser)
  const page = await context.newPage()
  const troubles: string[] = []
  page.on('pageerror', (error) => troubles.push(error.message))
  try {
    await merchant(page, app.url).signIn(shop.ownerAccount, PASSWORD)
    await page.goto(`${app.url}/console/s/${shop.slug}/products/new`)
    await page.getByLabel('品牌', { exact: true }).fill('山野')
    await page.getByLabel('核心关键词').fill('青瓷茶杯')
    await page
      .getByPlaceholder('名称', { exact: true })
      .or(page.getByRole('button', { name: '添加属性' }))
      .first()
      .click()
    await page.getByLabel('名称', { exact: true }).fill('容量')
    await page.getByLabel('内容', { exact: true }).fill('180ml')

    // A scene came first: moved behind the picture on white with the arrow keys.
    await page
      .getByTestId('pictures-input')
      .setInputFiles([await drawn('#335577', 'scene.png'), await drawn('#ffffff', 'white.png')])
    await expect.poll(() => page.getByTestId('picture-tile').count(), SLOW).toBe(2)
    expect(await page.getByTestId('measured').textContent()).toContain('四边只有 0% 为白色')
    await page.getByRole('button', { name: '第 1 张，主图' }).focus()
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => page.getByTestId('measured').textContent(), SLOW).toContain('四边 100% 为白色')

    await page.getByRole('button', { name: '优化标题' }).click()
    const proposal = page.getByTestId('title-proposal').first()
    expect(await proposal.textContent()).toContain('山野')
    await proposal.getByRole('button', { name: /使\s*用/ }).click()
    const title = await page.getByLabel('商品标题').inputValue()
    expect(title).toContain('山野 青瓷茶杯')

    await page.getByRole('textbox', { name: '商品详情' }).click()
    await page.getByRole('button', { name: 'H1 大标题', exact: true }).click()
    await page.keyboard.type('一只杯子')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: '插入尺寸表', exact: true }).click()
    await page.getByLabel('第 1 行第 2 列').fill('口径')
    await page.getByLabel('规格编码 1', { exact: true }).fill('CUP-1')
    await page.getByLabel('售价 1', { exact: true }).fill('39')
    await page
      .getByRole('button', { name: /保\s*存/ })
      .first()
      .click()
    await page.waitForURL(/\/products\/[0-9a-f-]{36}$/)

    const productId = page.url().split('/').at(-1)!
    const product = await shop.owner.call('console.product', { params: { shopId: shop.shopId, productId } })
    expect(product.title).toBe(title)
    expect(product.pictures.map(({ whiteEdgeBp }) => whiteEdgeBp)).toEqual([10_000, 0])
    expect(product.detailDocument!.blocks[0]).toEqual({ type: 'heading', level: 2, runs: [{ text: '一只杯子' }] })
    expect(product.detailDocument!.blocks[1]).toMatchObject({
      type: 'table',
      rows: [
        ['尺码', '口径', ''],
        ['S', '', ''],
        ['M', '', ''],
        ['L', '', ''],
      ],
    })
    expect(Number(await page.locator('.score .score-number').textContent())).toBe(product.completeness.score)
    expect(troubles).toEqual([])
  } catch (error) {
    await page.screenshot({ path: join(tmpdir(), 'zhanggui-product-editor.png'), fullPage: true }).catch(() => {})
    throw error
  } finally {
    await context.close()
  }
})

test('CAT-01 CAT-04 everything listed is changed once its number is agreed to and taken back from the history; a rule is over one SKU, by clicking', async () => {
  // Goods of this attempt's own: one that is tried once more must not find those of the attempt before.
  const mark = newKey().slice(0, 6)
  const lamps = [
    await app.product(shop, { title: `露营灯${mark} 充电式`, pricesFen: [5900, 7900] }),
    await app.product(shop, { title: `露营灯${mark} 折叠`, pricesFen: [6900] }),
  ]
  const pricesOf = async ({ productId }: { productId: string }) =>
    (await shop.owner.call('console.product', { params: { shopId: shop.shopId, productId } })).skus.map(
      ({ priceFen }) => priceFen as number,
    )
  const context = await desktop(browser)
  const page = await context.newPage()
  try {
    const staff = merchant(page, app.url)
    await staff.signIn(shop.ownerAccount, PASSWORD)
    await staff.goTo(shop.slug, `products?q=${encodeURIComponent(mark)}`)
    await page.getByRole('button', { name: '批量修改' }).first().click()
    await page.getByText('修改筛选出的全部商品').click()
    await page.getByTestId('bulk-preview').waitFor()
    await page.getByRole('button', { name: '确认修改' }).click()
    await page.getByRole('button', { name: '修改 2 个' }).click()
    await expect.poll(() => pricesOf(lamps[1]!), SLOW).toEqual([6210])
    await staff.goTo(shop.slug, 'bulk-edits')
    const undo = /^撤\s*销$/
    await page.getByTestId('table-bulk-edits').getByRole('button', { name: undo }).first().click()
    await page.getByRole('dialog').getByRole('button', { name: undo }).click()
    await expect.poll(() => pricesOf(lamps[1]!), SLOW).toEqual([6900])
    expect(await pricesOf(lamps[0]!)).toEqual([5900, 7900])

    await staff.goTo(shop.slug, 'price-rules')
    await page.getByRole('button', { name: /新建/ }).first().click()
    await page.getByLabel('名称（买家可见）').fill('露营节')
    await page.getByLabel('开始时间').fill('2026-01-01T00:00')
    await page.getByRole('combobox', { name: /搜索商品名称/ }).click()
    await page.keyboard.type(mark)
    await page.locator('.ant-select-item-option').filter({ hasText: '充电式' }).first().click()
    const goods = page.getByTestId('rule-goods')
    await goods.getByText('分规格').click()
    await goods.getByRole('checkbox').nth(1).uncheck()
    await goods.getByRole('textbox').first().fill('50')
    // Lines of a spreadsheet come in as well; one that names nothing stays to be corrected.
    const { code } = (
      await shop.owner.call('console.product', { params: { shopId: shop.shopId, productId: lamps[1]!.productId } })
    ).skus[0]!
    await page.getByRole('button', { name: '从表格粘贴' }).click()
    const sheet = page.getByRole('dialog', { name: '从表格粘贴' })
    await sheet.getByRole('textbox').fill(`SKU编码\t价格\n没有这个\t5\n${code}\t55.5`)
    await sheet.getByRole('button', { name: /^加\s*入$/ }).click()
    await sheet.getByTestId('sheet-refused').waitFor()
    await sheet.getByRole('textbox').fill('')
    await sheet.getByRole('button', { name: /^取\s*消$/ }).click()
    await page.getByTestId('price-preview').waitFor()
    await page.getByRole('button', { name: /^保\s*存$/ }).click()
    const rules = () => shop.owner.call('console.priceRules', { params: { shopId: shop.shopId } })
    await expect.poll(async () => (await rules()).items.length, SLOW).toBe(1)
    const params = { shopId: shop.shopId, ruleId: (await rules()).items[0]!.id }
    const { items } = await shop.owner.call('console.priceRule', { params })
    expect(items.map(({ skuId, priceFen }) => [skuId, priceFen]).sort()).toEqual(
      [
        [lamps[0]!.skuIds[0], 5000],
        [lamps[1]!.skuIds[0], 5550],
      ].sort(),
    )
  } catch (error) {
    await page.screenshot({ path: join(tmpdir(), 'zhanggui-bulk-and-rule.png') }).catch(() => {})
    throw error
  } finally {
    await context.close()
  }
})
