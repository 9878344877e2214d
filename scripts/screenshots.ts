/** `npm run screenshots`: plays the story in a browser against a demo shop of its own and keeps a picture of every screen. */
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import sharp from 'sharp'
import { desktop, launchBrowser, phone } from '../tests/support/browser.ts'
import { type Look, merchant, PHONE_AGENT, shopper } from '../tests/support/clicks.ts'
import { visit } from '../tests/support/http.ts'
import { type RunningShop, startOwnShop } from './demo/shop.ts'
import { type DemoFile, demoFile } from './demo/spreadsheet.ts'

const FOLDER = resolve(import.meta.dirname, '../docs/screenshots')
const MAX_BYTES = 150_000
const QUALITIES = [72, 60, 45, 30]

type Device = 'phone' | 'desktop'
const OPEN: Record<Device, (browser: Browser) => Promise<BrowserContext>> = {
  phone: (browser) => phone(browser, { userAgent: PHONE_AGENT }),
  desktop: (browser) => desktop(browser),
}
const PERSON: Record<Device, string> = { phone: '林晓雨', desktop: '陈志远' }
const CONSOLE_PAGES =
  'products products/new categories imports stock movements warehouses orders shipments settings freight staff roles audit overview'
const SHOP_PAGES = [
  ['home', '/'],
  ['orders', '/orders'],
  ['me', '/me'],
  ['addresses', '/me/addresses'],
] as const

/** Runs in the page: fonts are there, and the pictures in sight are decoded. */
const SETTLED = `(async () => {
  await document.fonts.ready
  const inSight = [...document.images].filter((image) => image.getBoundingClientRect().top < innerHeight)
  await Promise.all(inSight.map((image) => image.decode().catch(() => {})))
})()`

/** Waits for what is still moving or loading, then keeps a picture of what is in sight. */
async function keep(name: string, page: Page): Promise<void> {
  await page.waitForLoadState('networkidle').catch(() => {})
  await page.evaluate(SETTLED)
  await page.waitForTimeout(400)
  const png = await page.screenshot({ animations: 'disabled' })
  const file = join(FOLDER, `${name}.webp`)
  for (const quality of QUALITIES) {
    await sharp(png).webp({ quality, effort: 6 }).toFile(file)
    if (statSync(file).size <= MAX_BYTES) return
  }
}

async function playOn(device: Device, browser: Browser, shop: RunningShop, slug: string): Promise<void> {
  const look: Look = (screen, page) => keep(`${screen}-${device}`, page)
  const file = await demoFile(device === 'phone' ? '秋选' : '冬选')
  const [office, store] = [await OPEN[device](browser), await OPEN[device](browser)]
  const [staffPage, buyerPage] = [await office.newPage(), await store.newPage()]
  const staff = merchant(staffPage, shop.url, look)
  const [owner] = shop.signIns
  await staff.signIn(owner!.user, owner!.password)
  await staff.importFile(slug, file)
  await staff.publish(slug, file.skuOf(0, 0).title.split(' ').at(-1)!, file.products)
  await staff.goTo(slug, 'overview')
  const orderNo = await buy(device, store, buyerPage, shop, file, look)
  await staff.seesOrderArrive(orderNo)
  await staff.ship(slug, orderNo, `SF10${device.length}0012345678`)
  await shopper(buyerPage, shop.url, look).confirmReceipt()
  for (const [name, path] of SHOP_PAGES) {
    await buyerPage.goto(shop.url + path)
    await look(`storefront-${name}`, buyerPage)
  }
  for (const path of CONSOLE_PAGES.split(' ')) {
    await staff.goTo(slug, path)
    await look(`console-${path.replace('/', '-')}`, staffPage)
  }
  await staffPage.goto(`${shop.simulatorUrl}/phone?person=${encodeURIComponent(PERSON[device])}`)
  await look('wechat-phone', staffPage)
  await office.close()
  await store.close()
}

async function buy(
  device: Device,
  store: BrowserContext,
  page: Page,
  shop: RunningShop,
  file: DemoFile,
  look: Look,
): Promise<string> {
  const buyer = shopper(page, shop.url, look)
  const [first, second] = [file.skuOf(0, 1), file.skuOf(3, 0)]
  await buyer.search(first.title, first.title)
  await buyer.intoCart('150g', 2)
  await buyer.search(second.title, second.title)
  await buyer.intoCart('250g', 1)
  await buyer.cart()
  await buyer.checkout(PERSON[device])
  await buyer.newAddress({
    name: PERSON[device],
    phone: '13900001234',
    province: '广东省',
    city: '深圳市',
    district: '南山区',
    detail: '科技园科苑路 15 号',
  })
  await buyer.placeOrder()
  if (device === 'phone') await buyer.payByH5(PERSON[device])
  else await buyer.payByScan(await store.newPage(), shop.simulatorUrl, PERSON[device], first.title.split(' ')[0]!)
  await buyer.result()
  return (await buyer.order()).orderNo
}

async function main(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true })
  console.log('Starting a demo shop on temporary data …')
  const shop = await startOwnShop()
  const browser = await launchBrowser()
  try {
    const staff = visit(shop.url)
    const [owner] = shop.signIns
    const { session } = await staff.call('auth.staffSignIn', {
      body: { account: owner!.user, password: owner!.password },
    })
    for (const name of readdirSync(FOLDER)) if (name.endsWith('.webp')) rmSync(join(FOLDER, name))
    for (const device of ['phone', 'desktop'] as const) await playOn(device, browser, shop, session!.shops[0]!.slug)
  } finally {
    await browser.close()
    await shop.stop()
  }
  const kept = readdirSync(FOLDER).filter((name) => name.endsWith('.webp'))
  const bytes = kept.reduce((sum, name) => sum + statSync(join(FOLDER, name)).size, 0)
  console.log(`${kept.length} pictures in docs/screenshots, ${(bytes / 1e6).toFixed(1)} MB`)
}

await main()
