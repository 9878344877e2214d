import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PIXEL, RETURN_ADDRESS } from './support/aftersale.ts'
import { agreeToTexts, PASSWORD, startTestApp, type TestApp, type TestShop } from './support/app.ts'
import { desktop, launchBrowser, phone } from './support/browser.ts'
import { merchant } from './support/clicks.ts'
import { runningClock } from './support/clock.ts'
import { receivedOrder } from './support/reviews.ts'
import { addParty, openidOf, owe, sign } from './support/sharing.ts'

let app: TestApp
let shop: TestShop
let browser: Browser
beforeAll(async () => {
  app = await startTestApp({ clickhouse: false, clock: runningClock() })
  shop = await app.openTestShop('山野集')
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
})

/** With LOOK_DIR every screen is kept as a picture. */
const look = async (
  name: string,
  page: { screenshot(options: { path: string; fullPage: boolean }): Promise<unknown> },
) => {
  if (process.env.LOOK_DIR) await page.screenshot({ path: join(process.env.LOOK_DIR, `${name}.png`), fullPage: true })
}

test('ORD-06 a buyer applies, the shop agrees, the goods come back, are inspected, and the money is back', async () => {
  const params = { shopId: shop.shopId }
  await shop.owner.call('console.saveReturnAddresses', { params, body: { version: 0, addresses: [RETURN_ADDRESS] } })
  const buyer = await app.buyer()
  await agreeToTexts(buyer, shop.shopId)
  const { skuIds } = await app.product(shop, { title: '高山云雾茶', pricesFen: [8800, 8800] })
  const { orderId } = await receivedOrder(app, shop, buyer, [[skuIds[0]!, 2]])
  const hand = await phone(browser)
  await hand.addCookies([{ name: 'zg_buyer', value: buyer.token, url: app.url }])
  const page = await hand.newPage()
  const troubles: string[] = []
  page.on('pageerror', (error) => troubles.push(error.message))

  await page.goto(`${app.url}/s/${shop.slug}/orders/${orderId}`)
  await look('order', page)
  await page.getByTestId('apply-aftersale').click()
  await page.getByTestId('type-return').click()
  await page.getByTestId('reason-no-reason').click()
  await page.getByTestId('quote').getByText('88.00').first().waitFor()
  await page.getByTestId('note').fill('买多了一份')
  await look('apply', page)
  await page.getByTestId('apply').click()
  await page.getByTestId('case-state').getByRole('heading', { name: '等待商家处理' }).waitFor()
  const caseNo = (await page.getByTestId('case-no').textContent())!

  const office = await (await desktop(browser)).newPage()
  office.on('pageerror', (error) => troubles.push(error.message))
  const staff = merchant(office, app.url)
  await staff.signIn(shop.ownerAccount, PASSWORD)
  await staff.goTo(shop.slug, 'aftersale')
  await office.getByTestId('table-aftersale').getByText(caseNo).waitFor()
  await look('console-queue', office)
  await office.getByTestId('table-aftersale').locator('[data-row]').first().click()
  await office.getByTestId('case-money').getByText('¥88.00').first().waitFor()
  await look('console-case', office)
  await office.getByRole('button', { name: /^留\s*言$/ }).click()
  const words = office.getByRole('dialog')
  await words.getByLabel('写给买家的话').fill('请看面单照片')
  const picture = { name: '面单.png', mimeType: 'image/png', buffer: PIXEL }
  await words.locator('input[type=file]').setInputFiles(picture)
  await words.locator('.evidence-one img').waitFor()
  await look('console-message', office)
  await words.getByRole('button', { name: /^发\s*送$/ }).click()
  await office.getByTestId('case-timeline').getByText('请看面单照片').waitFor()
  await office.getByTestId('case-timeline').locator('img').waitFor()
  await page.reload()
  await page.getByText('请看面单照片').waitFor()
  await office.getByRole('button', { name: /^同\s*意$/ }).click()
  await office.getByRole('dialog').getByRole('button', { name: '同意退货' }).click()
  await office.getByText('待买家寄回').first().waitFor()

  await page.reload()
  await page.getByTestId('return-address').getByText('仓前街道').waitFor()
  await page.getByTestId('send-back').click()
  await look('send-back', page)
  await page.getByTestId('return-carrier').selectOption('顺丰速运')
  await page.getByTestId('return-number').fill('SF1400000000001')
  await page.getByTestId('send-return').click()
  await page.getByTestId('case-state').getByRole('heading', { name: '商家验货中' }).waitFor()

  await office.reload()
  await office.getByRole('button', { name: /^验\s*货$/ }).click()
  await office.getByRole('dialog').getByText('高山云雾茶').waitFor()
  await look('console-inspect', office)
  await office
    .getByRole('dialog')
    .getByRole('button', { name: /^验\s*货$/ })
    .click()
  await office.getByText('退款中').first().waitFor()
  await app.settle()
  await office.reload()
  await office.getByText('已完成').first().waitFor()
  await page.reload()
  await page.getByTestId('case-state').getByRole('heading', { name: '已完成' }).waitFor()
  await look('case-done', page)
  await page.goto(`${app.url}/s/${shop.slug}/me/aftersales?tab=ended`)
  await page.getByTestId('case').getByText('已完成').waitFor()
  await look('list', page)
  await office.goto(`${app.url}/console/s/${shop.slug}/orders/${orderId}`)
  await office.getByRole('button', { name: '部分退款' }).click()
  const dialog = office.getByRole('dialog')
  await dialog.getByText('最多 ¥88.00').waitFor()
  await dialog.getByLabel('退款金额').fill('10')
  await dialog.getByLabel('说明（买家能看到）').fill('补差价')
  await look('console-refund-units', office)
  await dialog.getByRole('button', { name: /^退\s*款$/ }).click()
  await office.getByTestId('order-aftersale').getByText('10.00').waitFor()
  await staff.goTo(shop.slug, 'aftersale-settings')
  await office.getByTestId('aftersale-reasons').waitFor()
  await look('console-settings', office)
  expect(troubles).toEqual([])
}, 120_000)

test('PAY-01 a buyer transfers to the merchant’s code, shows it and waits; the shop confirms, and the buyer sees it paid', async () => {
  const params = { shopId: shop.shopId }
  const set = (name: string, value: unknown) =>
    shop.owner.call('console.setSetting', { params: { ...params, name }, body: { value, version: 0 } })
  await set('personal-code.enabled', true)
  const file = new Blob([PIXEL], { type: 'image/png' })
  const { fileId } = await shop.owner.call('console.uploadPersonalCode', { params, file, fileName: '码.png' })
  await shop.owner.call('console.savePersonalCode', {
    params: { ...params, codeId: crypto.randomUUID() },
    body: {
      scheme: 'personal',
      label: '店主微信',
      payee: '*明',
      fileId,
      singleLimitFen: 50_000,
      active: true,
      version: 0,
    },
  })
  const buyer = await app.buyer()
  await agreeToTexts(buyer, shop.shopId)
  const { skuIds } = await app.product(shop, { title: '山泉水', pricesFen: [4200] })
  const order = await app.order(buyer, shop.shopId, [[skuIds[0]!, 1]])
  const hand = await phone(browser)
  await hand.addCookies([{ name: 'zg_buyer', value: buyer.token, url: app.url }])
  const page = await hand.newPage()
  const troubles: string[] = []
  page.on('pageerror', (error) => troubles.push(error.message))
  await page.goto(`${app.url}/s/${shop.slug}/orders/${order.orderId}/pay`)
  await page.getByTestId('pay-personal').click()
  await page.getByTestId('personal-pay').getByText(order.orderNo).waitFor()
  // The whole code is to be seen, whatever size it was uploaded in: half of one cannot be scanned.
  const drawn = await page.getByAltText('商家收款码').boundingBox()
  expect(drawn!.width).toBeLessThanOrEqual(220)
  const chooser = page.waitForEvent('filechooser')
  await page.getByTestId('personal-pay').getByTestId('add-picture').click()
  await (await chooser).setFiles({ name: '截图.png', mimeType: 'image/png', buffer: PIXEL })
  await page.getByTestId('personal-pay').getByLabel('去掉这张图').waitFor()
  await look('personal-pay', page)
  await page.getByTestId('personal-claim').click()
  await page.getByTestId('personal-waiting').getByText('等待商家核对').waitFor()
  await look('personal-waiting', page)

  const office = await (await desktop(browser)).newPage()
  office.on('pageerror', (error) => troubles.push(error.message))
  const staff = merchant(office, app.url)
  await staff.signIn(shop.ownerAccount, PASSWORD)
  await staff.goTo(shop.slug, 'personal-payments')
  const row = office.getByTestId('table-personal-payments').locator('[data-row]').first()
  await row.getByText(order.orderNo).waitFor()
  await look('console-personal', office)
  await row.getByRole('button', { name: '确认到账' }).click()
  const dialog = office.getByRole('dialog')
  await dialog.getByLabel('交易单号').fill('10000500012026')
  await look('console-personal-confirm', office)
  await dialog.getByRole('button', { name: '确认到账' }).click()
  await row.getByText('已到账').waitFor()
  await page.waitForURL(/\/result/)
  await page.getByTestId('result-paid').waitFor()
  await staff.goTo(shop.slug, 'personal-payments?tab=days')
  await office.getByTestId('table-personal-days').getByText('一致').waitFor()
  await look('console-personal-days', office)
  await shop.owner.call('console.refundOrder', {
    ...{ params: { ...params, orderId: order.orderId }, idempotencyKey: crypto.randomUUID() },
    body: { reason: '缺货' },
  })
  await app.settle()
  await staff.goTo(shop.slug, 'personal-payments?tab=refunds')
  await office.getByTestId('table-personal-refunds').getByRole('button', { name: '登记已退' }).click()
  await office.getByRole('dialog').getByLabel('交易单号').fill('20000500012026')
  const proof = { name: '退款.png', mimeType: 'image/png', buffer: PIXEL }
  await office.getByRole('dialog').locator('input[type=file]').setInputFiles(proof)
  await office.getByRole('dialog').locator('.evidence-one img').waitFor()
  await look('console-personal-record', office)
  await office.getByRole('dialog').getByRole('button', { name: '登记已退' }).click()
  await office.getByTestId('table-personal-refunds').getByText('已退', { exact: true }).waitFor()
  await staff.goTo(shop.slug, 'personal-codes')
  await office.getByTestId('personal-code').getByText('店主微信').waitFor()
  await look('console-personal-codes', office)
  await office.getByRole('button', { name: '添加收款码' }).click()
  await office.getByRole('dialog').getByLabel('收款人').waitFor()
  await look('console-personal-code', office)
  for (const [at, name] of [
    ['personal-payments', 'hand-personal'],
    ['personal-codes', 'hand-personal-codes'],
  ] as const) {
    await office.setViewportSize({ width: 390, height: 844 })
    await office.emulateMedia({ colorScheme: 'dark' })
    await office.goto(`${app.url}/console/s/${shop.slug}/${at}`)
    await office.getByTestId('personal-day').waitFor()
    await look(name, office)
  }
  expect(troubles).toEqual([])
}, 120_000)

const IN_WECHAT =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/130 Mobile Safari/537.36 MicroMessenger/8.0.50'

test('PAY-02 PAY-05 who earns sees where every fen is, withdraws, and confirms in WeChat; elsewhere they are told where', async () => {
  app.sim.topUp(10_000_000)
  const earner = await app.buyer()
  await agreeToTexts(earner, shop.shopId)
  const party = await addParty(shop, { account: { kind: 'openid', value: openidOf(app, earner.person) } })
  await sign(shop, party.id)
  const { skuIds } = await app.product(shop, { pricesFen: [10_000] })
  const { orderNo } = await receivedOrder(app, shop, await app.buyer(), [[skuIds[0]!, 1]])
  await owe(app, shop, party.id, 5_000)
  const cookies = [{ name: 'zg_buyer', value: earner.token, url: app.url }]
  const troubles: string[] = []
  const hand = await phone(browser)
  await hand.addCookies(cookies)
  const page = await hand.newPage()
  page.on('pageerror', (error) => troubles.push(error.message))

  await page.goto(`${app.url}/s/${shop.slug}/me`)
  await page.getByTestId('earnings').click()
  await page.getByTestId('earner').getByText('待结算').waitFor()
  expect(await page.getByTestId('withdrawable').innerText()).toBe('¥50.00')
  await look('earnings', page)
  await page.getByTestId('shares').click()
  const share = page.getByTestId('share').first()
  await share.getByText(orderNo).waitFor()
  expect(await share.innerText()).toMatch(/¥12\.00[\s\S]*12%/)
  await look('earning-shares', page)
  await page.goto(`${app.url}/s/${shop.slug}/me/earnings/${shop.shopId}/${party.id}/withdraw`, {
    waitUntil: 'networkidle',
  })
  await page.getByTestId('amount').fill('80')
  await page.getByText('现在最多可提 ¥50.00').waitFor()
  await page.getByTestId('amount').fill('20')
  await look('withdraw', page)
  await page.getByTestId('send').click()
  const payout = page.getByTestId('payout')
  await payout.getByText('待确认收款').waitFor()
  expect(await page.getByTestId('withdrawable').innerText()).toBe('¥30.00')
  await payout.getByTestId('receive').click()
  await page.getByTestId('payout-hint').getByText('请在微信里打开').waitFor()
  await look('payout-elsewhere', page)

  const wechat = await phone(browser, { userAgent: IN_WECHAT })
  await wechat.addCookies(cookies)
  const inside = await wechat.newPage()
  await inside.exposeFunction('personConfirms', (transfer: { package: string }) => {
    app.sim.confirmTransfer({ package: transfer.package, person: earner.person })
  })
  await inside.addInitScript(`window.WeixinJSBridge = {
    async invoke(name, request, done) {
      await window.personConfirms(request)
      done({ err_msg: name + ':ok' })
    },
  }`)
  await inside.goto(`${app.url}/s/${shop.slug}/me/earnings`)
  await inside.getByTestId('receive').click()
  await inside.getByTestId('payout').getByText('已到账').waitFor({ timeout: 30_000 })
  await look('payout-paid', inside)
  // the other phone notices by itself
  await payout.getByText('已到账').waitFor({ timeout: 30_000 })
  expect(troubles).toEqual([])
  await Promise.all([hand.close(), wechat.close()])
}, 120_000)
