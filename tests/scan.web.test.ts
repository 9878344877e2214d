import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PASSWORD, startTestApp, type TestApp } from './support/app.ts'
import { desktop, launchBrowser } from './support/browser.ts'
import { merchant } from './support/clicks.ts'
import { runningClock } from './support/clock.ts'

let app: TestApp
let browser: Browser
beforeAll(async () => {
  app = await startTestApp({ clickhouse: false, clock: runningClock() })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
})

test('ORD-04 by scan: the order, its tracking number, undo, once more, and the order leaves', async () => {
  const shop = await app.openTestShop()
  const { skuIds } = await app.product(shop)
  const buyer = await app.buyer()
  const order = await app.order(buyer, shop.shopId, [[skuIds[0]!, 1]])
  await app.pay(buyer, order)
  await app.settle()
  const page = await (await desktop(browser)).newPage()
  const troubles: string[] = []
  page.on('pageerror', (error) => troubles.push(error.message))
  const staff = merchant(page, app.url)
  await staff.signIn(shop.ownerAccount, PASSWORD)
  await staff.goTo(shop.slug, 'scan')
  /** As a barcode gun does: the characters, then Enter. */
  const scan = async (code: string) => {
    await page.getByTestId('scan-input').fill(code)
    await page.getByTestId('scan-input').press('Enter')
  }
  await scan('NOT-A-CODE')
  await page.getByTestId('scan-problem').getByText('NOT-A-CODE').waitFor()
  await scan(order.orderNo)
  await page.getByTestId('scan-parcel').getByText(`${order.orderNo}-1`).waitFor()
  await scan('SF1234567890123')
  await page.getByTestId('scan-list').getByText('SF1234567890123').waitFor()
  await page.getByTestId('scan-undo').click()
  await page.locator('.scan-undone').waitFor()
  await scan(order.orderNo)
  await page.getByTestId('scan-parcel').waitFor()
  await scan('SF1234567890124')
  await page.getByTestId('scan-list').getByText('SF1234567890124').waitFor()
  await app.advance(61_000)
  const shipped = await buyer.call('orders.get', { params: { shopId: shop.shopId, orderId: order.orderId } })
  expect(shipped.state).toBe('shipped')
  expect(shipped.shipments.map((each) => each.trackingNo)).toEqual(['SF1234567890124'])
  expect(troubles).toEqual([])
})
