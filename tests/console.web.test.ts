import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { OPEN_PATHS, PLATFORM_PATHS, SHOP_PATHS } from '../apps/console/src/app/paths.ts'
import { askUnitBack } from './support/aftersale.ts'
import { type PlacedOrder, startTestApp, type TestApp, type TestBuyer, type TestShop } from './support/app.ts'
import { axeTroubles } from './support/axe.ts'
import { desktop, launchBrowser, phone } from './support/browser.ts'
import { merchant } from './support/clicks.ts'
import { runningClock } from './support/clock.ts'
import { leaveFulfilmentTraces } from './support/fulfilment.ts'
import { leaveMoneyTraces } from './support/money-traces.ts'
import { pageObjects } from './support/pages.ts'
import { leaveSharingTraces } from './support/sharing.ts'
import { consoleStops, openStops, platformStops, SHEETS, type Stop, screenName } from './support/walk.ts'

/** On a phone Ant Design puts a button for the tabs that do not fit into the list of tabs itself. */
const NOT_OURS = /\.ant-tabs-nav Element has children which are not allowed: button/
const CALM = { reducedMotion: 'reduce' } as const
const DESK = { width: 1440, height: 900 }
const HAND = { width: 390, height: 844 }
/** What other colours and a narrow window can make wrong that was right before, rows becoming cards included. */
const OF_THE_LOOK = [
  ...['color-contrast', 'target-size', 'scrollable-region-focusable', 'aria-required-children', 'nested-interactive'],
  ...['button-name', 'link-name', 'label', 'list', 'listitem'],
]
/** What a screen says that threw an error. */
const CRASHED = '页面出错了'

let app: TestApp
let shop: TestShop
let browser: Browser
let order: PlacedOrder
let skuId: string
let buyer: TestBuyer
beforeAll(async () => {
  app = await startTestApp({ workers: true, clock: runningClock() })
  shop = await app.openTestShop('山野集')
  buyer = await app.buyer()
  skuId = (await app.product(shop, { title: '景德镇 青瓷杯' })).skuIds[0]!
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
  const page = await (await staffContext(shop.owner.cookies, {})).newPage()
  await page.goto(`${app.url}/console/`)
  await page.locator('main h1').first().waitFor()
  return page
}

test('UX-02 no screen of the back office has a serious fault for whoever cannot see or point, light or dark, or runs out sideways', async () => {
  await furnish()
  const owner = await staffContext(shop.owner.cookies)
  const platform = await staffContext((await app.platformStaff()).cookies)
  const guest = await desktop(browser, CALM)
  const rounds = [
    [owner, await consoleStops(shop.owner.call, { id: shop.shopId, slug: shop.slug })],
    [platform, platformStops()],
    [guest, openStops()],
  ] as const
  const troubles: string[] = []
  for (const [context, stops] of rounds) {
    const page = await context.newPage()
    for (const stop of stops) troubles.push(...(await lookAt(page, stop)))
    await context.close()
  }
  expect(troubles).toEqual([])
  const walked = new Set(rounds.flatMap(([, stops]) => stops.map(({ name }) => name)))
  const screens = [...SHOP_PATHS, ...PLATFORM_PATHS, ...OPEN_PATHS].map((path) => `console-${screenName(path)}`)
  const missing = [...screens, ...SHEETS.map((kind) => `console-print-${kind}`)].filter((name) => !walked.has(name))
  expect(missing).toEqual([])
}, 900_000)

/** In the light on a desk, then in the dark and as narrow as a phone: one load shows both. */
async function lookAt(page: Page, { address, name }: Stop): Promise<string[]> {
  await page.setViewportSize(DESK)
  await page.emulateMedia({ colorScheme: 'light' })
  await page.goto(app.url + address)
  await page.locator('main h1, .sign-in h1').first().waitFor()
  await page.locator('.ant-skeleton').first().waitFor({ state: 'detached' })
  const found = await axeTroubles(page)
  if ((await page.locator('h1').first().innerText()) === CRASHED) found.push(`${name} broke`)
  await page.setViewportSize(HAND)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.locator('html[data-mode="dark"]').waitFor()
  found.push(...(await axeTroubles(page, OF_THE_LOOK)))
  const [width, sight] = await page.evaluate<[number, number]>('[document.documentElement.scrollWidth, innerWidth]')
  if (width > sight) found.push(`${name} is ${width} px wide in a window of ${sight} px`)
  return found.filter((trouble) => !NOT_OURS.test(trouble))
}

async function staffContext(cookies: Map<string, string>, options: object = CALM): Promise<BrowserContext> {
  const context = await desktop(browser, options)
  await context.addCookies([...cookies].map(([name, value]) => ({ name, value, url: app.url, httpOnly: true })))
  return context
}

/** What screens about one thing need: an import, a wave, an uploaded spreadsheet, a designed page, and what money leaves behind. */
async function furnish(): Promise<void> {
  const params = { shopId: shop.shopId }
  const sheet = new Blob(['标题,售价\n青瓷盘,39\n'])
  await shop.owner.call('console.startImport', { params, file: sheet, fileName: '商品.csv' })
  await app.settle()
  await leaveFulfilmentTraces(shop, [order.orderId])
  await pageObjects(shop)
  const another = await app.order(buyer, shop.shopId, [[skuId, 1]])
  await app.pay(buyer, another)
  await app.settle()
  await askUnitBack(buyer, another)
  await leaveSharingTraces(shop)
  await shop.owner.call('console.setTaxRate', { params, body: { fromDay: '2026-01-01', rateBp: 300 } })
  await leaveMoneyTraces(app, shop, buyer.buyerId)
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
  await warehouses.getByRole('combobox').click()
  await page.locator('.ant-select-tree-title').nth(1).click()
  await page.keyboard.press('Escape')
  await dialog.getByRole('button', { name: /保\s*存/ }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page
    .getByTestId('role-前置仓')
    .getByText(/仓库：/)
    .waitFor()
  await page.getByRole('button', { name: '看看谁能看到什么' }).click()
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
  const set = (name: string, value: unknown) =>
    shop.owner.call('console.setSetting', { params: { shopId: shop.shopId, name }, body: { value, version: 0 } })
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

  const other = await staffContext(colleague.cookies, {})
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
  await desk.setViewportSize(HAND)
  await desk.emulateMedia({ colorScheme: 'dark' })
  await desk.goto(`${app.url}/console/s/${shop.slug}/approvals`)
  await desk.getByText('已执行').first().waitFor()
  await look('approvals-hand', desk)
  await other.close()
  await page.context().close()
}, 240_000)
