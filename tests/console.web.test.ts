import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PASSWORD, startTestApp, type TestApp, type TestShop } from './support/app.ts'
import { axeTroubles } from './support/axe.ts'
import { desktop, launchBrowser, phone } from './support/browser.ts'
import { merchant } from './support/clicks.ts'
import { runningClock } from './support/clock.ts'

const SCREENS =
  'overview products products/new categories imports stock movements warehouses orders shipments settings freight staff roles audit'
/** On a phone Ant Design puts a button for the tabs that do not fit into the list of tabs itself. */
const NOT_OURS = /\.ant-tabs-nav Element has children which are not allowed: button/

let app: TestApp
let shop: TestShop
let browser: Browser
let orderNo: string
beforeAll(async () => {
  app = await startTestApp({ workers: true, clock: runningClock() })
  shop = await app.openTestShop('山野集')
  const buyer = await app.buyer()
  const { skuIds } = await app.product(shop, { title: '景德镇 青瓷杯' })
  const order = await app.order(buyer, shop.shopId, [[skuIds[0]!, 1]])
  orderNo = order.orderNo
  await app.pay(buyer, order)
  browser = await launchBrowser()
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await app?.close()
})

async function signedIn(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await merchant(page, app.url).signIn(shop.ownerAccount, PASSWORD)
  return page
}

describe.each([
  { device: 'desktop', mode: 'light', open: desktop },
  { device: 'phone', mode: 'dark', open: phone },
] as const)('on a $device, $mode', ({ mode, open }) => {
  test('UX-02 no screen of the back office has a serious fault for whoever cannot see or point, or runs out sideways', async () => {
    const context = await open(browser, { colorScheme: mode, reducedMotion: 'reduce' })
    const page = await signedIn(context)
    const troubles: string[] = []
    for (const path of SCREENS.split(' ')) {
      await page.goto(`${app.url}/console/s/${shop.slug}/${path}`)
      await page.locator('main h1').waitFor()
      await page.waitForLoadState('networkidle')
      troubles.push(...(await axeTroubles(page)).filter((trouble) => !NOT_OURS.test(trouble)))
      const [width, sight] = await page.evaluate<[number, number]>('[document.documentElement.scrollWidth, innerWidth]')
      if (width > sight) troubles.push(`${path} is ${width} px wide in a window of ${sight} px`)
    }
    expect(troubles).toEqual([])
    await context.close()
  }, 400_000)
})

test('ACC-05 one key finds an order, a view is saved and comes back, and a list leaves as a file', async () => {
  const context = await desktop(browser)
  const page = await signedIn(context)
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: '搜索' }).fill(orderNo.slice(-6))
  await page.getByRole('option', { name: new RegExp(orderNo) }).waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/orders\/[0-9a-f-]{36}/)
  await page.getByRole('heading', { name: new RegExp(orderNo) }).waitFor()

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
  await context.close()
}, 240_000)
