import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Secret, TOTP } from 'otpauth'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoFile } from '../scripts/demo/spreadsheet.ts'
import { PASSWORD, startTestApp, type TestApp, type TestShop } from './support/app.ts'
import { desktop, launchBrowser, phone } from './support/browser.ts'
import { merchant, PHONE_AGENT, shopper } from './support/clicks.ts'
import { runningClock } from './support/clock.ts'

const PERIOD_MS = 30_000
const DEVICES = [
  { device: 'phone', open: (it: Browser) => phone(it, { userAgent: PHONE_AGENT }), person: '林晓雨' },
  { device: 'desktop', open: (it: Browser) => desktop(it), person: '陈志远' },
] as const

let app: TestApp
let shop: TestShop
let browser: Browser
let secret: string
beforeAll(async () => {
  app = await startTestApp({ workers: true, clock: runningClock() })
  shop = await app.openTestShop('山野集')
  secret = (await shop.owner.call('staff.totpStart', { body: { password: PASSWORD } })).secret
  await shop.owner.call('staff.totpConfirm', { body: { code: nextCode() } })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
})

/** A code that was not used before: the clock goes on to the next one. */
function nextCode(): string {
  app.clock.advance(PERIOD_MS)
  return new TOTP({ secret: Secret.fromBase32(secret), period: PERIOD_MS / 1000 }).generate({
    timestamp: app.clock.millis(),
  })
}

/** Opens a page and remembers what went wrong on it. */
async function openPage(context: BrowserContext): Promise<{ page: Page; troubles: string[] }> {
  const page = await context.newPage()
  const troubles: string[] = []
  page.on('pageerror', (error) => troubles.push(`${page.url()}: ${error.message}`))
  page.on('console', (message) => {
    // Whoever is not signed in yet is told so; the page then leads to sign-in.
    const isSignedOut = message.text().includes('status of 401')
    if (message.type() === 'error' && !isSignedOut) troubles.push(`${page.url()}: ${message.text()}`)
  })
  page.on('response', (response) => response.status() >= 500 && troubles.push(`${response.status()} ${response.url()}`))
  return { page, troubles }
}

describe.each(DEVICES)('on a $device', ({ device, open, person }) => {
  test('SYS-01 ORD-01 CAT-01 PAY-01 from the spreadsheet to the confirmed receipt, by clicking', async () => {
    const run = `W${device.toUpperCase()}`
    const file = await demoFile(run)
    const [staffContext, buyerContext] = [await open(browser), await open(browser)]
    const office = await openPage(staffContext)
    const store = await openPage(buyerContext)
    const staff = merchant(office.page, app.url)
    const buyer = shopper(store.page, app.url)
    try {
      await staff.signIn(shop.ownerAccount, PASSWORD, nextCode)
      const refusals = await staff.importFile(shop.slug, file)
      expect(refusals).toHaveLength(file.bad.length)
      await staff.publish(shop.slug, run, file.products)
      await staff.goTo(shop.slug, 'overview')

      const [first, second] = [file.skuOf(0, 1), file.skuOf(3, 0)]
      await buyer.search(first.title, first.title)
      await buyer.intoCart('150g', 2)
      await buyer.search(second.title, second.title)
      await buyer.intoCart('250g', 1)
      expect(await buyer.cart()).toEqual({ lines: 2 })
      await buyer.checkout(person)
      await buyer.newAddress({
        name: person,
        phone: '13900001234',
        province: '广东省',
        city: '深圳市',
        district: '南山区',
        detail: '科苑路 15 号',
      })
      const { total } = await buyer.placeOrder()
      expect(total).toContain(((first.priceFen * 2 + second.priceFen) / 100).toFixed(2).replace(/\.00$/, ''))
      if (device === 'phone') await buyer.payByH5(person)
      else await buyer.payByScan(await buyerContext.newPage(), app.sim.url, person, first.title.split(' ')[0]!)
      await buyer.result()
      const { state, orderNo } = await buyer.order()
      expect(state).toContain('待发货')

      await staff.seesOrderArrive(orderNo)
      await staff.ship(shop.slug, orderNo, `SF${device.length}000012345678`)
      await buyer.confirmReceipt()
      await expect.poll(async () => (await buyer.order()).state, { timeout: 10_000 }).toContain('已完成')
      expect([...office.troubles, ...store.troubles]).toEqual([])
      expect((await app.audit()).deviations).toEqual([])
    } catch (error) {
      const pictures = { office: office.page, store: store.page }
      for (const [name, page] of Object.entries(pictures))
        await page.screenshot({ path: join(tmpdir(), `zhanggui-story-${device}-${name}.png`) }).catch(() => {})
      throw error
    } finally {
      await staffContext.close()
      await buyerContext.close()
    }
  })
})
