import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PATHS } from '../apps/storefront/src/routes.ts'
import { askUnitBack } from './support/aftersale.ts'
import {
  ADDRESS,
  agreeToTexts,
  startTestApp,
  type TestApp,
  type TestBuyer,
  type TestProduct,
  type TestShop,
} from './support/app.ts'
import { axeTroubles } from './support/axe.ts'
import { launchBrowser, phone } from './support/browser.ts'
import { runningClock } from './support/clock.ts'
import { noticeLayout } from './support/pages.ts'
import { receivedOrder } from './support/reviews.ts'
import { addParty, openidOf, owe } from './support/sharing.ts'
import { storefrontStops, type Things } from './support/walk.ts'

const HAND = { width: 390, height: 844 }
const DESK = { width: 1280, height: 800 }

let app: TestApp
let shop: TestShop
let buyer: TestBuyer
let browser: Browser
let goods: TestProduct
let soldOut: TestProduct
beforeAll(async () => {
  app = await startTestApp({ clickhouse: false, clock: runningClock() })
  shop = await app.openTestShop('青瓷铺')
  for (let n = 0; n < 9; n++) await app.product(shop, { title: `青瓷杯 ${n} 号`, pricesFen: [1990 + n, 2990] })
  goods = await app.product(shop, { title: '青瓷茶壶 手工拉坯', pricesFen: [12_800] })
  soldOut = await app.product(shop, { title: '孤品花瓶', stock: 0 })
  for (const [name, value] of [
    ['shop.contact-phone', '0571-88880000'],
    ['shop.contact-chat-url', 'https://work.weixin.qq.com/kfid/kfc1'],
  ] as const)
    await shop.owner.call('console.setSetting', { params: { shopId: shop.shopId, name }, body: { value, version: 0 } })
  buyer = await app.buyer()
  await agreeToTexts(buyer, shop.shopId)
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
})

const signIn = (context: BrowserContext) =>
  context.addCookies([{ name: 'zg_buyer', value: buyer.token, url: app.url, httpOnly: true }])
const detail = (product: TestProduct) => `${app.url}/p/${product.productId}`

/** A page that lives: its scripts have run, so that taps do something. */
async function open(page: Page, url: string): Promise<void> {
  await page.goto(url, { waitUntil: 'networkidle' })
}

describe('every page of the storefront', () => {
  test('UX-02 has nothing that axe finds serious or critical, on a phone and a desktop, light and dark', async () => {
    const context = await phone(browser, { reducedMotion: 'reduce' })
    await signIn(context)
    const page = await context.newPage()
    const troubles: string[] = []
    const look = async () => {
      await page.emulateMedia({ colorScheme: 'light' })
      troubles.push(...(await axeTroubles(page)))
      await page.emulateMedia({ colorScheme: 'dark' })
      troubles.push(...(await axeTroubles(page, ['color-contrast'])))
    }
    const stops = storefrontStops(await furnish())
    for (const { address } of [...stops, { address: `/p/${soldOut.productId}` }]) {
      await page.setViewportSize(HAND)
      await page.goto(app.url + address, { waitUntil: 'load' })
      await look()
      await page.emulateMedia({ colorScheme: 'light' })
      await page.setViewportSize(DESK)
      troubles.push(...(await axeTroubles(page)))
    }
    await page.setViewportSize(HAND)
    await open(page, detail(goods))
    for (const [key, sheet] of [
      ['choose-sku', 'sku-sheet'],
      ['share', 'share-sheet'],
      ['service', 'service-sheet'],
    ] as const) {
      await page.getByTestId(key).click()
      await page.getByTestId(sheet).waitFor()
      await look()
      await page.keyboard.press('Escape')
      await page.getByTestId(sheet).waitFor({ state: 'hidden' })
    }
    await context.close()
    expect(troubles).toEqual([])
    const walked = new Set(stops.map(({ name }) => name))
    expect(Object.keys(PATHS).filter((name) => !walked.has(`storefront-${name}`))).toEqual([])
  }, 300_000)
})

/** What the pages are about: a full cart, orders on their way, something to review, a designed page. */
async function furnish(): Promise<Things> {
  const params = { shopId: shop.shopId }
  const [sku] = goods.skuIds
  await buyer.call('cart.add', { body: { ...params, skuId: sku!, quantity: 1 } })
  await buyer.call('buyer.createAddress', { body: ADDRESS })
  await buyer.call('buyer.addFavourite', { params: { ...params, productId: goods.productId } })
  await buyer.call('buyer.saw', { params: { ...params, productId: goods.productId } })
  const unpaid = await app.order(buyer, shop.shopId, [[sku!, 1]])
  const received = await receivedOrder(app, shop, buyer, [[sku!, 1]])
  const { page } = await designedPage(shop)
  const aftersale = await askUnitBack(buyer, received)
  const party = await addParty(shop, { account: { kind: 'openid', value: openidOf(app, buyer.person) } })
  await owe(app, shop, party.id, 5_000)
  const earner = { shopId: shop.shopId, party: party.id }
  return {
    ...{ product: goods.productId, unpaid: unpaid.orderId, paid: received.orderId, received: received.orderId },
    ...{ aftersale, earner, page, legal: 'privacy', words: '青瓷', lines: `${sku}*1` },
  }
}

async function designedPage({ shopId, owner }: TestShop): Promise<{ page: string }> {
  const params = { shopId }
  const body = { slug: 'welcome', title: '欢迎', layout: noticeLayout('欢迎光临') }
  const { id: pageId } = await owner.call('console.createPage', { params, body })
  await owner.call('console.publishPage', { params: { ...params, pageId }, body: { revision: 1 } })
  return { page: body.slug }
}

describe('on a phone', () => {
  test('UX-05 a shared product has a poster and an address that names the share wherever it is opened', async () => {
    const context = await phone(browser, { permissions: ['clipboard-read', 'clipboard-write'] })
    await signIn(context)
    const page = await context.newPage()
    await open(page, detail(goods))
    await page.getByTestId('share').click()
    const poster = page.getByTestId('share-sheet').getByRole('img', { name: /海报.*二维码/ })
    await poster.waitFor()
    expect(await poster.getAttribute('src')).toMatch(/^data:image\/jpeg/)
    await page.getByTestId('share-copy').click()
    await page.getByText('链接已复制').waitFor()
    const link = await page.evaluate<string>('navigator.clipboard.readText()')
    const code = new URL(link).searchParams.get('from')!
    const sharer = await app.app.db.read({ shopId: shop.shopId }, (tx) =>
      app.app.storefront.sharedBy(tx, shop.shopId, code),
    )
    expect(sharer).toBe(buyer.buyerId)
    await context.close()

    const friend = await phone(browser)
    const visit = await friend.newPage()
    await open(visit, link)
    await visit.getByRole('heading', { name: '青瓷茶壶' }).first().waitFor()
    expect(await visit.evaluate<string>(`localStorage.getItem('zg.from')`)).toMatch(new RegExp(`^${code} `))
    await friend.close()
  })

  test('UX-04 what is sold out can be waited for, and the wish is remembered', async () => {
    const context = await phone(browser)
    await signIn(context)
    const page = await context.newPage()
    await open(page, detail(soldOut))
    const button = page.getByTestId('sold-out').getByTestId('restock')
    await button.click()
    await expect.poll(() => button.innerText()).toContain('已登记')
    await page.reload({ waitUntil: 'networkidle' })
    await expect.poll(() => button.innerText()).toContain('已登记')
    await button.click()
    await expect.poll(() => button.innerText()).toContain('到货提醒我')
    await context.close()
  })

  test('CAT-10 CAT-04 before the checkout the product page says where goods go, at what price and freight', async () => {
    const local = await app.product(shop, { title: '海岛椰雕', pricesFen: [8_800] })
    const target = { shopId: shop.shopId, productId: local.productId }
    const { version, title, categoryId, options, pictures, skus } = await shop.owner.call('console.product', {
      params: target,
    })
    await shop.owner.call('console.updateProduct', {
      params: target,
      body: {
        ...{ version, title, categoryId, options, pictureFileIds: pictures.map(({ fileId }) => fileId) },
        skus: skus.map(({ id, code, optionValues, priceFen }) => ({ id, code, optionValues, priceFen })),
        exclusiveProvinces: ['海南'],
      },
    })
    const context = await phone(browser)
    const page = await context.newPage()
    await open(page, detail(local))
    await page.getByText('仅售海南').first().waitFor()
    await page.getByTestId('deliver-to').click()
    const answer = page.getByTestId('deliver-to-answer')
    await page.getByTestId('deliver-to-province').selectOption('广东省')
    await answer.getByText('不能送到广东省').waitFor()
    expect(await axeTroubles(page)).toEqual([])
    await page.getByTestId('deliver-to-province').selectOption('海南省')
    await answer.getByText('可以送到海南省').waitFor()
    // the device remembers the place, for other goods too
    await open(page, detail(goods))
    await page
      .getByTestId('deliver-to')
      .getByText(/海南省 · (免运费|运费)/)
      .waitFor()
    await context.close()
  })

  test('UX-04 a payment that does not open can be tried again, paid another way, or asked about', async () => {
    const userAgent =
      'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36'
    const context = await phone(browser, { userAgent })
    await signIn(context)
    const page = await context.newPage()
    await page.route('**/payments', (route) =>
      route.request().method() === 'POST'
        ? route.fulfill({
            status: 503,
            json: { error: { code: 'UNAVAILABLE', message: '微信支付暂时不可用', messageEn: 'x', requestId: 'r' } },
          })
        : route.continue(),
    )
    const { orderId } = await app.order(buyer, shop.shopId, [[goods.skuIds[0]!, 1]])
    await open(page, `${app.url}/orders/${orderId}/pay`)
    await page.getByTestId('pay').click()
    await page.getByTestId('pay-trouble').waitFor()
    await page.getByText('重新支付').waitFor()
    await page.getByTestId('pay-by-code').waitFor()
    expect(await axeTroubles(page)).toEqual([])
    await page.getByTestId('ask-service').click()
    await page.getByTestId('service-sheet').getByText('0571-88880000').waitFor()
    await context.close()
  })

  test('UX-04 without a network the page stays, says so, and goes on when there is one again', async () => {
    const context = await phone(browser)
    const page = await context.newPage()
    await open(page, `${app.url}/`)
    await context.setOffline(true)
    await page.getByText('网络已断开').first().waitFor()
    await page.getByTestId('tab-category').click()
    await page.getByText('恢复后会自动继续').waitFor()
    expect(await page.getByTestId('tab-home').isVisible()).toBe(true)
    expect(new URL(page.url()).pathname).toBe('/')
    await context.setOffline(false)
    await page.getByText('恢复后会自动继续').waitFor({ state: 'hidden' })
    await page.waitForURL(/\/category/)
    await page.getByTestId('product-card').first().waitFor()
    await context.close()
  })

  test('ORD-02 when too many order at once the page waits for the buyer, who may give up; one order comes of it', async () => {
    const context = await phone(browser)
    await signIn(context)
    const page = await context.newPage()
    const keys: string[] = []
    let refusals = 1
    await page.route('**/api/buyer/shops/*/orders', async (route) => {
      keys.push((await route.request().allHeaders())['idempotency-key']!)
      if (refusals-- <= 0) return route.continue()
      const error = { code: 'BUSY', message: '当前人多拥挤', messageEn: 'busy', retryAfterSeconds: 1, requestId: 'r' }
      await route.fulfill({ status: 503, json: { error } })
    })
    await open(page, `${app.url}/checkout?lines=${goods.skuIds[0]}*1`)
    await page.getByTestId('place-order').click()
    await page.getByTestId('waiting').getByText('自动替你重试').waitFor()
    expect(await axeTroubles(page)).toEqual([])
    await page.waitForURL(/\/orders\/[0-9a-f-]{36}\/pay/)
    expect(keys).toHaveLength(2)
    expect(new Set(keys).size).toBe(1)
    refusals = 9
    await open(page, `${app.url}/checkout?lines=${goods.skuIds[0]}*2`)
    await page.getByTestId('place-order').click()
    await page.getByTestId('waiting-stop').click()
    await page.getByText('已停止排队').waitFor()
    expect(keys).toHaveLength(3)
    await context.close()
  })

  test('UX-02 three places on top, five below, categories in two levels, and the way back to the top', async () => {
    const context = await phone(browser)
    const page = await context.newPage()
    await open(page, `${app.url}/`)
    const names = (label: string) => page.getByRole('navigation', { name: label }).getByRole('link').allInnerTexts()
    expect((await names('常用入口')).filter((name) => name !== '')).toEqual(['首页', '分类', '个人中心'])
    expect(await names('主导航')).toEqual(['首页', '分类', '购物车', '订单', '我的'])
    await page.getByTestId('top-category').click()
    await page.waitForURL(/\/category/)
    await page.getByTestId('category').first().waitFor()
    await page.goto(`${app.url}/`, { waitUntil: 'networkidle' })
    await page.evaluate('scrollTo(0, document.body.scrollHeight)')
    await page.getByTestId('to-top').click()
    await expect.poll(() => page.evaluate<number>('scrollY')).toBe(0)
    await context.close()
  })

  test('GOV-08 whoever signs in agrees first; refusing signs out, and a changed text is asked for again', async () => {
    const newcomer = await app.buyer()
    const context = await phone(browser)
    await context.addCookies([{ name: 'zg_buyer', value: newcomer.token, url: app.url, httpOnly: true }])
    const page = await context.newPage()
    await open(page, `${app.url}/me`)
    const sheet = page.getByTestId('consent')
    await sheet.getByText('《用户协议》').waitFor()
    await page.getByTestId('consent-refuse').click()
    await page.getByRole('button', { name: '再想想' }).click()
    await page.getByTestId('consent-agree').click()
    await sheet.waitFor({ state: 'hidden' })
    await open(page, `${app.url}/me`)
    await page.getByTestId('nickname').waitFor()
    expect(await sheet.count()).toBe(0)
    const { items } = await newcomer.call('buyer.consents', { params: { shopId: shop.shopId } })
    expect(items.map(({ kind }) => kind).sort()).toEqual(['agreement', 'privacy'])
    await context.close()
  })

  test('UX-03 GOV-08 profile, orders at a glance, an address taken back, a copy of the own data, and leaving', async () => {
    const person = await app.buyer()
    await agreeToTexts(person, shop.shopId)
    await person.call('buyer.createAddress', { body: ADDRESS })
    const open1 = await app.order(person, shop.shopId, [[goods.skuIds[0]!, 1]])
    const context = await phone(browser)
    await context.addCookies([{ name: 'zg_buyer', value: person.token, url: app.url, httpOnly: true }])
    const page = await context.newPage()
    await open(page, `${app.url}/me`)
    await page.getByRole('navigation', { name: '我的订单' }).getByText('1', { exact: true }).waitFor()
    await page.getByTestId('profile').click()
    await page.getByTestId('nickname-input').fill('小满')
    await page.getByTestId('birthday').fill('1995-05-21')
    await page.getByTestId('profile-save').click()
    await page.getByText('已保存').waitFor()
    expect(await person.call('buyer.me')).toMatchObject({ nickname: '小满', birthday: '1995-05-21' })

    await open(page, `${app.url}/me/addresses`)
    await page.getByRole('button', { name: '删除地址' }).click()
    await page.getByText('还没有收货地址').waitFor()
    await page.getByTestId('undo').click()
    await page.getByText('地址已恢复').waitFor()
    expect((await person.call('buyer.addresses')).items).toHaveLength(1)

    await open(page, `${app.url}/me/privacy`)
    await page.getByTestId('own-data-ask').click()
    await page.getByTestId('own-data').waitFor()
    await app.settle()
    const download = page.waitForEvent('download')
    await page.getByTestId('own-data-download').click()
    expect((await download).suggestedFilename()).toMatch(/^我的数据-.*\.zip$/)

    await page.getByTestId('leave-link').click()
    await page.getByTestId('leave-blocked').getByText(open1.orderNo).waitFor()
    await person.call('orders.cancel', {
      params: { shopId: shop.shopId, orderId: open1.orderId },
      body: { reason: '不要了' },
    })
    await open(page, `${app.url}/me/leave`)
    await page.getByText('我已了解注销的后果').click()
    await page.getByTestId('leave').click()
    await page.getByTestId('confirm-yes').click()
    await page.getByTestId('leaving').waitFor()
    await open(page, `${app.url}/me`)
    await page.getByTestId('sign-in').waitFor()
    expect((await app.buyer(person.person)).buyerId).toBe(person.buyerId)
    await context.close()
  })
})

test('PAY-01 UX-01 unpaid orders of two shops are ticked, paid at once by a code, and said to be paid', async () => {
  const person = await app.buyer()
  await agreeToTexts(person, shop.shopId)
  const other = await app.openTestShop('竹器铺')
  await agreeToTexts(person, other.shopId)
  const basket = await app.product(other, { title: '手编竹篮', pricesFen: [5600] })
  const orders = [
    await app.order(person, shop.shopId, [[goods.skuIds[0]!, 1]]),
    await app.order(person, other.shopId, [[basket.skuIds[0]!, 1]]),
    await app.order(person, other.shopId, [[basket.skuIds[0]!, 2]]),
  ]
  await app.settle()
  const context = await phone(browser)
  await context.addCookies([{ name: 'zg_buyer', value: person.token, url: app.url, httpOnly: true }])
  const page = await context.newPage()
  const troubles: string[] = []
  page.on('pageerror', (error) => troubles.push(error.message))
  await open(page, `${app.url}/orders?state=awaiting-payment`)
  await page.getByTestId('pay-together').click()
  await page.getByTestId('together-shop').nth(1).waitFor()
  await page.getByTestId('together-choose').first().dispatchEvent('click')
  const chosen = [orders[0]!, orders[1]!]
  const sum = chosen.reduce((total, { totalFen }) => total + totalFen, 0)
  await page.getByText('已选 2 笔').waitFor()
  expect(await page.getByTestId('together-sum').innerText()).toContain(String(Math.floor(sum / 100)))
  if (process.env.LOOK_DIR) await page.screenshot({ path: `${process.env.LOOK_DIR}/together.png` })
  const started = page.waitForResponse((response) => response.url().endsWith('/payments/together'))
  await page.getByTestId('together-by-code').click()
  const { codeUrl } = await (await started).json()
  await page.getByTestId('pay-code').waitFor()
  app.sim.pay({ code_url: codeUrl, person: person.person, action: 'confirm' })
  await page.getByTestId('together-paid').getByText('已支付 2 笔').waitFor()
  await page.getByTestId('together-order').waitFor()
  expect(await page.getByTestId('together-order').count()).toBe(1)
  if (process.env.LOOK_DIR) await page.screenshot({ path: `${process.env.LOOK_DIR}/together-paid.png` })
  await open(page, `${app.url}/orders/${chosen[0]!.orderId}`)
  await page.getByTestId('paid-together').getByText('与另外 1 笔订单一起付的').waitFor()
  if (process.env.LOOK_DIR) await page.screenshot({ path: `${process.env.LOOK_DIR}/paid-together.png`, fullPage: true })
  await context.close()
  expect(troubles).toEqual([])
})

test('PAY-01 UX-01 a cart over two shops is checked out at once and paid once; what one shop refuses leaves the other order', async () => {
  const person = await app.buyer()
  await agreeToTexts(person, shop.shopId)
  const other = await app.openTestShop('陶艺铺')
  const jar = await app.product(other, { title: '手捏花器', pricesFen: [7600], stock: 1 })
  await person.call('buyer.createAddress', { body: { ...ADDRESS, isDefault: true } })
  const add = (shopId: string, skuId: string) => person.call('cart.add', { body: { shopId, skuId, quantity: 1 } })
  await add(shop.shopId, goods.skuIds[0]!)
  await add(other.shopId, jar.skuIds[0]!)
  const context = await phone(browser)
  await context.addCookies([{ name: 'zg_buyer', value: person.token, url: app.url, httpOnly: true }])
  const page = await context.newPage()
  const troubles: string[] = []
  page.on('pageerror', (error) => troubles.push(error.message))
  const look = async (name: string) => {
    if (process.env.LOOK_DIR) await page.screenshot({ path: `${process.env.LOOK_DIR}/${name}.png`, fullPage: true })
  }
  await open(page, `${app.url}/cart`)
  await look('cart-two-shops')
  await page.getByTestId('checkout-together').click()
  await page.getByTestId('checkout-shop').filter({ hasText: '手捏花器' }).getByTestId('note').waitFor()
  await look('checkout-together')

  // Somebody else takes the last one meanwhile.
  const rival = await app.buyer()
  const taken = await app.order(rival, other.shopId, [[jar.skuIds[0]!, 1]])
  await page.getByTestId('place-orders').click()
  await page.getByTestId('notice').waitFor()
  await page.getByText('还有 1 笔待提交').waitFor()
  await look('checkout-together-refused')
  await rival.call('orders.cancel', {
    params: { shopId: other.shopId, orderId: taken.orderId },
    body: { reason: '不要了' },
  })
  await app.settle()
  const started = page.waitForResponse((response) => response.url().endsWith('/payments/together'))
  await page.reload()
  await page.getByTestId('checkout-shop').getByText('手捏花器').waitFor()
  expect(await page.getByTestId('checkout-shop').count()).toBe(1)
  await open(page, `${app.url}/cart`)
  await add(shop.shopId, goods.skuIds[0]!)
  await open(page, `${app.url}/checkout/together`)
  await page.getByTestId('checkout-shop').nth(1).waitFor()
  await page.getByTestId('place-orders').click()
  await page.waitForURL(/\/me\/unpaid\?orders=/)
  const { codeUrl } = await (await started).json()
  await page.getByTestId('pay-code').waitFor()
  await look('checkout-together-paying')
  app.sim.pay({ code_url: codeUrl, person: person.person, action: 'confirm' })
  await page.getByTestId('together-paid').getByText('已支付 2 笔').waitFor()
  await app.settle()
  // What had been placed before is left, unpaid and untouched; the cart is empty.
  expect((await person.call('orders.unpaid')).items).toHaveLength(1)
  expect((await person.call('cart.get')).count).toBe(0)
  await context.close()
  expect(troubles).toEqual([])
})
