import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PlacedOrder, startTestApp, type TestApp, type TestShop } from './support/app.ts'
import { launchBrowser, phone, staffDesktop } from './support/browser.ts'
import { merchant } from './support/clicks.ts'
import { runningClock } from './support/clock.ts'

const HAND = { width: 390, height: 844 }

let app: TestApp
let shop: TestShop
let browser: Browser
let order: PlacedOrder
beforeAll(async () => {
  app = await startTestApp({ workers: true, clock: runningClock() })
  shop = await app.openTestShop('山野集')
  const buyer = await app.buyer()
  const skuId = (await app.product(shop, { title: '景德镇 青瓷杯' })).skuIds[0]!
  order = await app.order(buyer, shop.shopId, [[skuId, 1]])
  await app.pay(buyer, order)
  browser = await launchBrowser()
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await app?.close()
})

/** With LOOK_DIR every screen is kept as a picture. */
const look = async (name: string, page: Page) => {
  if (process.env.LOOK_DIR) await page.screenshot({ path: `${process.env.LOOK_DIR}/${name}.png` })
}

async function signedIn(): Promise<Page> {
  const page = await (await staffDesktop(browser, { url: app.url, cookies: shop.owner.cookies })).newPage()
  await page.goto(`${app.url}/console/`)
  await page.locator('main h1').first().waitFor()
  return page
}

test('ACC-05 one key finds an order, a view is saved and comes back, and a list leaves as a file', async () => {
  const page = await signedIn()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: '搜索' }).fill(order.orderNo.slice(-6))
  await page.getByRole('option', { name: new RegExp(order.orderNo) }).waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/orders\/[0-9a-f-]{36}/)
  await page.getByRole('heading', { name: new RegExp(order.orderNo) }).waitFor()

  await merchant(page, app.url).goTo(shop.slug, 'orders?state=awaiting-shipment')
  const table = page.getByTestId('table-orders')
  await table.locator('[data-row]').first().waitFor()
  await page.getByTestId('views').click()
  await page.getByText('保存为新视图').click()
  await page.getByLabel('名称').fill('要发的')
  await page.getByLabel('名称').press('Enter')
  await page.getByTestId('views').getByText('要发的').waitFor()
  await merchant(page, app.url).goTo(shop.slug, 'orders')
  await page.getByTestId('views').click()
  await page.getByRole('menuitem', { name: '要发的', exact: true }).click()
  await page.waitForURL(/state=awaiting-shipment/)

  await page.getByTestId('export').click()
  const download = page.waitForEvent('download')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^导\s*出$/ })
    .click()
  expect((await download).suggestedFilename()).toMatch(/^订单-\d{4}-\d{2}-\d{2}\.xlsx$/)

  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.keyboard.press('j')
  await table.locator('.active-row').waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/orders\/[0-9a-f-]{36}/)
  await page.context().close()
}, 240_000)

/** Opens a list that is a tree, and takes its second line, as often as it takes: one that is still coming up lets a tap pass. */
async function chooseFromTree(page: Page, field: Locator): Promise<void> {
  const tree = page.locator('.ant-select-tree')
  const chosen = field.locator('.ant-select-selection-item').first()
  for (let tries = 0; tries < 6 && !(await chosen.isVisible()); tries++) {
    if (!(await tree.first().isVisible())) await field.getByRole('combobox').click()
    await tree.locator('.ant-select-tree-title').nth(1).click()
    await chosen.waitFor({ timeout: 3_000 }).catch(() => {})
  }
  await page.keyboard.press('Escape')
  await tree.first().waitFor({ state: 'hidden' })
}

test('ACC-01 ACC-05 ACC-06 a role is narrowed and looked through; an account is connected, linked and stands in a matrix', async () => {
  const page = await signedIn()
  const back = merchant(page, app.url)
  await back.goTo(shop.slug, 'roles')
  await page
    .getByTestId('role-仓库')
    .getByRole('button', { name: /复\s*制/ })
    .click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('名称').fill('前置仓')
  const warehouses = dialog.getByTestId('scope-warehouses')
  await warehouses.getByText('只限选中的').click()
  await chooseFromTree(page, warehouses)
  await dialog.getByRole('button', { name: /保\s*存/ }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page
    .getByTestId('role-前置仓')
    .getByText(/仓库：/)
    .waitFor()
  await page.getByRole('button', { name: '按员工查看权限' }).click()
  await page.getByRole('combobox', { name: '选一位员工' }).click()
  await page.locator('.ant-select-item-option').first().click()
  await page
    .getByTestId('access-orders')
    .getByText(/^全部 \d/)
    .waitFor()

  await back.goTo(shop.slug, 'accounts?tab=matrix')
  await page.getByRole('button', { name: '新建矩阵' }).first().click()
  await page.getByRole('dialog').getByLabel('名称').fill('茶矩阵')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /保\s*存/ })
    .click()
  await page.getByTestId('matrix-茶矩阵').getByText('还不到两个账号').waitFor()
  await page.getByRole('tab', { name: '账号' }).click()
  await page.getByRole('button', { name: '添加账号' }).first().click()
  const form = page.getByRole('dialog')
  await form.getByLabel('类型').click()
  await page.locator('.ant-select-item-option').getByText('小程序', { exact: true }).click()
  await form.getByLabel('名称').fill('茶小程序')
  await form.getByLabel('内容支柱').fill('泡茶，茶器，')
  await form.getByRole('button', { name: /保\s*存/ }).click()
  const card = page.getByTestId('account-茶小程序')
  await card.getByRole('button', { name: /连\s*接/ }).click()
  await form.getByLabel('AppID').fill(app.env.WECHAT_MINI_APPID!)
  await form.getByLabel('AppSecret').fill(app.env.WECHAT_MINI_SECRET!)
  await form.getByRole('button', { name: '保存并测试' }).click()
  await page.getByTestId('connection-result').getByText('连接正常').waitFor()
  await form.getByRole('button', { name: /完\s*成/ }).click()
  await card.getByText('连接正常').waitFor()
  await card.getByRole('button', { name: /^链\s*接$/ }).click()
  const url = await form.getByLabel('网页链接').inputValue()
  await form.getByRole('button', { name: /Close|关闭/ }).click()

  const visitor = await (await phone(browser)).newPage()
  const told = visitor.waitForResponse((response) => response.url().endsWith('/arrivals'))
  await visitor.goto(url)
  expect(await (await told).json()).toEqual({ known: true })
  await visitor.context().close()
  await page.reload()
  await card.getByTestId('account-figures').getByText('1', { exact: true }).waitFor()
  await page.context().close()
}, 240_000)

test('ACC-08 an export waits for a colleague, who agrees in their own browser, and goes on by itself', async () => {
  const set = async (name: string, value: unknown) => {
    const { items } = await shop.owner.call('console.settings', { params: { shopId: shop.shopId } })
    const { version } = items.find((setting) => setting.name === name)!
    return shop.owner.call('console.setSetting', { params: { shopId: shop.shopId, name }, body: { value, version } })
  }
  await set('workspace.step-up-rows', 1)
  await set('approvals.export', true)
  await app.product(shop, { title: '青瓷盘' })
  const colleague = await app.staffWith(shop, ['staff.read', 'staff.write'])
  const page = await signedIn()
  await merchant(page, app.url).goTo(shop.slug, 'products')
  await page.getByTestId('export').click()
  const download = page.waitForEvent('download', { timeout: 60_000 })
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^导\s*出$/ })
    .click()
  await page.getByTestId('approval-wait').getByText('导出「商品列表」').waitFor()
  await look('approval-wait', page)
  // Nobody has to sit before it: the call waits while its page stays open, wherever the person is by then.
  await page.getByRole('button', { name: '先去忙' }).click()
  await page.getByTestId('approval-wait').waitFor({ state: 'detached' })
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^取\s*消$/ })
    .click()
  await page.getByRole('menuitem', { name: '商品类目' }).click()
  await page.waitForURL(/\/categories/)

  const other = await staffDesktop(browser, { url: app.url, cookies: colleague.cookies })
  const desk = await other.newPage()
  await desk.goto(`${app.url}/console/s/${shop.slug}/approvals?state=pending`)
  const row = desk.getByTestId('table-approvals').locator('[data-row]').first()
  await row.getByText('导出「商品列表」').waitFor()
  await look('approvals', desk)
  await row.getByRole('button', { name: /^同\s*意$/ }).click()
  await look('approval-decide', desk)
  await desk
    .getByRole('dialog')
    .getByRole('button', { name: /^同\s*意$/ })
    .click()
  expect((await download).suggestedFilename()).toMatch(/^商品列表-/)
  await page.getByText('同事已同意，已经继续执行').waitFor()
  await look('approval-went-on', page)
  await desk.setViewportSize(HAND)
  await desk.emulateMedia({ colorScheme: 'dark' })
  await desk.goto(`${app.url}/console/s/${shop.slug}/approvals`)
  await desk.getByText('已执行').first().waitFor()
  await look('approvals-hand', desk)
  await other.close()
  await page.context().close()
}, 240_000)
