import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { agreeToTexts, PASSWORD, startTestApp, type TestApp, type TestShop } from './support/app.ts'
import { desktop, launchBrowser, phone } from './support/browser.ts'
import { merchant } from './support/clicks.ts'
import { runningClock } from './support/clock.ts'
import { receivedOrder } from './support/reviews.ts'

let app: TestApp
let shop: TestShop
let browser: Browser
let folder: string
beforeAll(async () => {
  app = await startTestApp({ clickhouse: false, clock: runningClock() })
  shop = await app.openTestShop('山野集')
  browser = await launchBrowser()
  folder = mkdtempSync(join(tmpdir(), 'zhanggui-review-'))
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

/** With LOOK_DIR every screen is kept as a picture. */
const look = async (name: string, page: { screenshot(options: { path: string }): Promise<unknown> }) => {
  if (process.env.LOOK_DIR) await page.screenshot({ path: join(process.env.LOOK_DIR, `${name}.png`) })
}

test('CAT-11 a received order is reviewed with a picture, moderated, and shown on the product page', async () => {
  const buyer = await app.buyer()
  await agreeToTexts(buyer, shop.shopId)
  const { productId, skuIds } = await app.product(shop, { title: '高山云雾茶' })
  const { orderId } = await receivedOrder(app, shop, buyer, [[skuIds[0]!, 1]])
  const picture = join(folder, 'tea.png')
  writeFileSync(
    picture,
    await sharp({ create: { width: 400, height: 300, channels: 3, background: '#3b7a57' } })
      .png()
      .toBuffer(),
  )
  const hand = await phone(browser)
  await hand.addCookies([{ name: 'zg_buyer', value: buyer.token, url: app.url }])
  const page = await hand.newPage()
  const troubles: string[] = []
  page.on('pageerror', (error) => troubles.push(error.message))

  await page.goto(`${app.url}/s/${shop.slug}/orders/${orderId}/review`)
  for (const stars of ['stars-5', 'service-stars-5', 'logistics-stars-4']) await page.getByTestId(stars).click()
  await page.getByTestId('review-text').fill('口感很不错，物流也快')
  const chooser = page.waitForEvent('filechooser')
  await page.getByTestId('add-picture').click()
  await (await chooser).setFiles(picture)
  await page.getByAltText('要上传的图片').waitFor()
  await look('review-write', page)
  await page.getByTestId('send-review').click()
  await page.waitForURL(/me\/reviews/)
  await page.getByText('审核中').waitFor()
  await look('review-mine', page)

  const office = await (await desktop(browser)).newPage()
  const staff = merchant(office, app.url)
  await staff.signIn(shop.ownerAccount, PASSWORD)
  await staff.goTo(shop.slug, 'reviews')
  const row = office.getByTestId('table-reviews').locator('[data-row]').first()
  await row.getByText('口感很不错').waitFor()
  await look('console-reviews', office)
  await row.getByRole('button', { name: /通\s*过/ }).click()
  await row.getByText('已展示').waitFor()

  await page.goto(`${app.url}/s/${shop.slug}/p/${productId}`)
  const panel = page.getByTestId('reviews')
  await panel.getByText('口感不错 1').waitFor()
  await panel.getByTestId('review').waitFor()
  expect(await panel.getByAltText('买家晒图').count()).toBe(1)
  await panel.scrollIntoViewIfNeeded()
  await look('detail-reviews', page)
  for (const place of ['me', 'me/favourites', 'me/seen', 'me/privacy', 'legal/privacy', `p/${productId}/reviews`]) {
    await page.goto(`${app.url}/s/${shop.slug}/${place}`)
    await page.waitForLoadState('networkidle')
    await look(`page-${place.replaceAll('/', '-').slice(0, 20)}`, page)
  }
  expect(troubles).toEqual([])
}, 180_000)
