import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { OPEN_PATHS, PLATFORM_PATHS, SHOP_PATHS } from '../apps/console/src/app/paths.ts'
import { askUnitBack } from './support/aftersale.ts'
import { type PlacedOrder, startTestApp, type TestApp, type TestBuyer, type TestShop } from './support/app.ts'
import { axeTroubles } from './support/axe.ts'
import { desktop, launchBrowser, staffDesktop } from './support/browser.ts'
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
/** Where a browser begins. */
const NOTHING = 'about:blank'
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

test('UX-02 no screen of the back office has a serious fault for whoever cannot see or point, light or dark, or runs out sideways', async () => {
  await furnish()
  const staff = (cookies: Map<string, string>) => staffDesktop(browser, { url: app.url, cookies }, CALM)
  const owner = await staff(shop.owner.cookies)
  const platform = await staff((await app.platformStaff()).cookies)
  const guest = await desktop(browser, CALM)
  const rounds = [
    [owner, await consoleStops(shop.owner.call, { id: shop.shopId, slug: shop.slug })],
    [platform, platformStops()],
    [guest, openStops()],
  ] as const
  const troubles: string[] = []
  for (const [context, stops] of rounds) {
    const page = await context.newPage()
    for (const [n, stop] of stops.entries()) troubles.push(...(await lookAt(page, stop, n % 2 === 1)))
    await context.close()
  }
  expect(troubles).toEqual([])
  const walked = new Set(rounds.flatMap(([, stops]) => stops.map(({ name }) => name)))
  const screens = [...SHOP_PATHS, ...PLATFORM_PATHS, ...OPEN_PATHS].map((path) => `console-${screenName(path)}`)
  const missing = [...screens, ...SHEETS.map((kind) => `console-print-${kind}`)].filter((name) => !walked.has(name))
  expect(missing).toEqual([])
}, 900_000)

/**
 * In the light on a desk, and in the dark as narrow as a phone: one screen after another, each begun as the last one
 * was left.
 */
async function lookAt(page: Page, { address, name }: Stop, fromHand: boolean): Promise<string[]> {
  await show(page, address)
  await page.locator('.ant-skeleton').first().waitFor({ state: 'detached' })
  const found: string[] = []
  if ((await page.locator('h1').first().innerText()) === CRASHED) found.push(`${name} broke`)
  for (const look of fromHand ? [inHand, onDesk] : [onDesk, inHand]) found.push(...(await look(page, name)))
  return found.filter((trouble) => !NOT_OURS.test(trouble))
}

async function onDesk(page: Page): Promise<string[]> {
  await page.setViewportSize(DESK)
  await page.emulateMedia({ colorScheme: 'light' })
  await page.locator('html[data-mode="light"]').waitFor()
  return axeTroubles(page)
}

async function inHand(page: Page, name: string): Promise<string[]> {
  await page.setViewportSize(HAND)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.locator('html[data-mode="dark"]').waitFor()
  const found = await axeTroubles(page, OF_THE_LOOK)
  const [width, sight] = await page.evaluate<[number, number]>('[document.documentElement.scrollWidth, innerWidth]')
  if (width > sight) found.push(`${name} is ${width} px wide in a window of ${sight} px`)
  return found
}

/** As a link would: the program is loaded once. What keeps its heading, as one sheet after another, is loaded anew. */
async function show(page: Page, address: string): Promise<void> {
  const to = new URL(address, app.url)
  const heading = (which: string) => page.locator(`main h1${which}, .sign-in h1${which}`).first().waitFor()
  if (new URL(page.url()).pathname === to.pathname || page.url() === NOTHING) {
    await page.goto(to.href)
    return heading('')
  }
  await page.evaluate(`for (const h1 of document.querySelectorAll('h1')) h1.dataset.seen = ''
    history.pushState(null, '', ${JSON.stringify(address)})
    dispatchEvent(new PopStateEvent('popstate', { state: null }))`)
  await heading(':not([data-seen])')
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
  await leaveMoneyTraces(app, shop, buyer.buyerId, another)
}
