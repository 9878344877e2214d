import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PASSWORD, startTestApp, type TestApp } from './support/app.ts'
import { desktop, launchBrowser, phone } from './support/browser.ts'
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

test('ORD-04 at the point, on a phone: a wrong code is refused, the right one shows the goods and hands them over, once', async () => {
  const shop = await app.openTestShop()
  const params = { shopId: shop.shopId }
  const setting = { params: { ...params, name: 'delivery.pick-up' }, body: { value: true, version: 0 } }
  await shop.owner.call('console.setSetting', setting)
  const point = await shop.owner.call('console.createPickUpPoint', {
    params,
    body: { name: '科苑店', province: '广东省', city: '深圳市', address: '科苑路 15 号', phone: '0755-88886666' },
  })
  const { skuIds } = await app.product(shop, { title: '青瓷盖碗' })
  const buyer = await app.buyer()
  const delivery = { method: 'pick-up', pointId: point.id }
  const order = await app.order(buyer, shop.shopId, [[skuIds[0]!, 2]], { delivery })
  await app.pay(buyer, order)
  await app.settle()
  const at = { params: { ...params, orderId: order.orderId } }
  await shop.owner.call('console.readyForPickUp', at)
  const code = (await buyer.call('orders.followUp', at)).delivery!.code!
  const page = await (await phone(browser)).newPage()
  const troubles: string[] = []
  page.on('pageerror', (error) => troubles.push(error.message))
  const staff = merchant(page, app.url)
  await staff.signIn(shop.ownerAccount, PASSWORD)
  await staff.goTo(shop.slug, 'pick-up')
  const enter = async (digits: string) => {
    await page.getByLabel('取货码').fill(digits)
    await page.getByLabel('取货码').press('Enter')
  }
  await enter('123')
  await page.getByText('取货码是 8 位数字').waitFor()
  await enter(code === '00000000' ? '11111111' : '00000000')
  await page.getByText('请买家打开订单再看一次').waitFor()
  expect(await page.getByTestId('pick-up-order').count()).toBe(0)
  await enter(`${code.slice(0, 4)} ${code.slice(4)}`)
  const found = page.getByTestId('pick-up-order')
  await found.getByText('青瓷盖碗').waitFor()
  // nothing stands out of a phone's screen
  expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0)
  await found.getByRole('button', { name: '确认交货' }).click()
  await page.getByText('交货完成，订单已完成').waitFor()
  expect((await buyer.call('orders.get', at)).state).toBe('completed')
  await page.getByRole('button', { name: '下一位' }).click()
  await enter(code)
  await page.getByText('这个取货码已经用过').waitFor()
  expect(await found.getByRole('button', { name: '确认交货' }).isDisabled()).toBe(true)
  expect(troubles).toEqual([])
})
