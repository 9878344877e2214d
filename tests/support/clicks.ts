import type { Locator, Page } from 'playwright-core'

/** Called at every screen of the story; the command for screenshots keeps a picture, tests do nothing. */
export type Look = (screen: string, page: Page) => Promise<void>

/** What a phone's own browser says it is: the storefront then pays through WeChat's page. */
export const PHONE_AGENT =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36'

const ONE_TIME_CODE = /^\d{6}$/

/** The merchant's half of the story, by clicking in the console. */
export function merchant(page: Page, url: string, look: Look = async () => {}) {
  const table = (name: string) => page.getByTestId(`table-${name}`)
  const button = (name: RegExp, within: Page | Locator = page) => within.getByRole('button', { name })
  const goTo = async (slug: string, path: string) => {
    await page.goto(`${url}/console/s/${slug}/${path}`)
    await page.waitForLoadState('networkidle')
  }
  return {
    goTo,

    /** With a code where the account has one-time codes. */
    async signIn(account: string, password: string, code?: () => string): Promise<void> {
      await page.goto(`${url}/console/`)
      await page.getByLabel('账号').fill(account)
      await page.getByLabel('密码', { exact: true }).fill(password)
      await look('console-sign-in', page)
      await button(/^登\s*录$/).click()
      if (code) {
        await page.locator('.code-step input').first().click()
        await look('console-one-time-code', page)
        const digits = code()
        if (!ONE_TIME_CODE.test(digits)) throw new Error(`Not a one-time code: ${digits}`)
        await page.keyboard.type(digits)
      }
      await page.waitForURL(/\/overview/)
      await look('console-overview', page)
    },

    /** Imports a spreadsheet that has some bad rows; answers what the result says of those. */
    async importFile(slug: string, file: { name: string; bytes: Buffer }): Promise<string[]> {
      await goTo(slug, 'imports')
      const chooser = page.waitForEvent('filechooser')
      await page.getByText(/把表格拖到这里|点击选择表格/).click()
      await (await chooser).setFiles({ name: file.name, mimeType: 'application/octet-stream', buffer: file.bytes })
      await page.waitForURL(/\/imports\/[0-9a-f-]{36}/)
      await button(/^预\s*览$/).click()
      await page.getByTestId('import-preview').waitFor()
      await look('console-import-mapping', page)
      await button(/开始导入/).click()
      await page.getByText('导入完成').waitFor({ timeout: 60_000 })
      await look('console-import-result', page)
      // The refused rows are read by themselves, after the result.
      const refusals = page.getByTestId('import-refusals').locator('tbody tr[data-row-key], [data-row]')
      await refusals.first().waitFor()
      return refusals.allInnerTexts()
    },

    /** Puts everything whose name contains `words` on sale. */
    async publish(slug: string, words: string, count: number): Promise<void> {
      await goTo(slug, `products?q=${encodeURIComponent(words)}`)
      const rows = table('products').locator('[data-row]')
      await rows.nth(count - 1).waitFor()
      for (const box of await rows.getByRole('checkbox').all()) await box.check()
      await button(/^上\s*架$/, page.getByRole('toolbar')).click()
      await button(/^上\s*架$/, page.getByRole('dialog')).click()
      await page.getByText(`已上架 ${count} 个商品`).waitFor()
      await look('console-products', page)
    },

    /** On the overview, without loading it again: the order that has just been paid or placed. */
    async seesOrderArrive(orderNo: string): Promise<void> {
      await page.locator(`[data-testid=live-orders] [data-order="${orderNo}"]`).first().waitFor({ timeout: 20_000 })
      await look('console-order-arrives', page)
    },

    async ship(slug: string, orderNo: string, trackingNo: string): Promise<void> {
      await goTo(slug, `orders?q=${orderNo}`)
      const row = table('orders').locator('[data-row]')
      await row.first().waitFor()
      await look('console-orders', page)
      await row.first().getByRole('link', { name: orderNo }).click()
      // the list, which has a key of that name as well, stays until the order's page is drawn
      await page.getByRole('heading', { name: orderNo }).waitFor()
      await look('console-order', page)
      await button(/发\s*货/)
        .first()
        .click()
      await page.getByLabel('运单号').fill(trackingNo)
      await look('console-ship', page)
      await button(/确认发货/).click()
      await page.getByTestId('order-shipments').getByText(trackingNo).waitFor()
    },
  }
}

export interface NewAddress {
  name: string
  phone: string
  province: string
  city: string
  district: string
  detail: string
}

/** The buyer's half, in the storefront and on the simulator's phone. */
export function shopper(page: Page, url: string, look: Look = async () => {}) {
  const tap = (id: string) => page.getByTestId(id).first().click()
  return {
    async search(words: string, title: string): Promise<void> {
      await page.goto(`${url}/search`)
      await page.getByTestId('search-input').fill(words)
      await page.getByTestId('search-input').press('Enter')
      await page.getByTestId('product-card').filter({ hasText: title }).first().waitFor()
      await look('storefront-search', page)
      await page.getByTestId('product-card').filter({ hasText: title }).first().click()
      await page.waitForURL(/\/p\//)
      await page.getByRole('heading', { name: title }).first().waitFor()
    },

    /** Chooses a SKU and a quantity, and puts it into the cart. */
    async intoCart(option: string, quantity: number): Promise<void> {
      await look('storefront-product', page)
      await tap('add-to-cart')
      const sheet = page.getByTestId('sku-sheet')
      await sheet.getByRole('radio', { name: option, exact: true }).click()
      for (let n = 1; n < quantity; n++) await sheet.getByTestId('plus').click()
      await look('storefront-sku', page)
      await sheet.getByTestId('sku-cart').click()
      await sheet.waitFor({ state: 'hidden' })
    },

    async cart(): Promise<{ lines: number }> {
      await tap('to-cart')
      await page.waitForURL(/\/cart/)
      await page.getByTestId('cart-line').first().waitFor()
      await look('storefront-cart', page)
      return { lines: await page.getByTestId('cart-line').count() }
    },

    /** To checkout; a guest is sent to WeChat's page first and chooses who to be. */
    async checkout(person: string): Promise<void> {
      await tap('checkout')
      await page.waitForURL(/connect\/oauth2\/authorize|\/checkout/)
      if (page.url().includes('/connect/')) {
        await look('wechat-sign-in', page)
        const asked = page.waitForResponse(/\/consents\/asked/)
        await page.getByRole('link', { name: person }).click()
        const { items } = (await (await asked).json()) as { items: unknown[] }
        if (items.length > 0) {
          await page.getByTestId('consent').waitFor()
          await look('storefront-consent', page)
          await tap('consent-agree')
          await page.getByTestId('consent').waitFor({ state: 'hidden' })
        }
      }
      await page.waitForURL(/\/checkout/)
    },

    async newAddress(address: NewAddress): Promise<void> {
      await tap('choose-address')
      const sheet = page.getByTestId('address-sheet')
      await sheet.waitFor()
      const add = sheet.getByTestId('address-add')
      if (await add.isVisible()) await add.click()
      for (const name of ['name', 'phone', 'detail'] as const)
        await sheet.getByTestId(`address-${name}`).fill(address[name])
      for (const name of ['province', 'city', 'district'] as const)
        await sheet.getByTestId(`address-${name}`).selectOption(address[name])
      await look('storefront-address', page)
      await sheet.getByTestId('address-save').click()
      await sheet.waitFor({ state: 'hidden' })
    },

    /** Places the order and answers its number and total as the buyer reads them. */
    async placeOrder(): Promise<{ total: string }> {
      const total = await page.getByTestId('total').innerText()
      await look('storefront-checkout', page)
      await tap('place-order')
      return { total: total.replace(/\s/g, '') }
    },

    /** On a phone's browser: WeChat's own page opens, asks who pays, takes a PIN and leads back. */
    async payByH5(person: string): Promise<void> {
      await page.waitForURL(/\/h5\/pay/)
      await page.getByRole('button', { name: person }).click()
      await confirmOnPhone(page, look)
      await page.getByRole('button', { name: '返回商家' }).click()
      await page.waitForURL(/\/result/)
    },

    /** On a desk: the page shows a code, and the phone in `phone` scans it. */
    async payByScan(phone: Page, simulatorUrl: string, person: string, product: string): Promise<void> {
      await page.getByTestId('pay-code').waitFor()
      await look('storefront-pay', page)
      await phone.goto(`${simulatorUrl}/phone?person=${encodeURIComponent(person)}`)
      await phone.getByRole('button', { name: '扫一扫' }).click()
      await phone.getByRole('dialog', { name: '扫一扫' }).getByRole('button', { name: product }).first().click()
      await confirmOnPhone(phone, look)
      await phone.getByRole('button', { name: '完成' }).click()
      await page.waitForURL(/\/result/)
    },

    async result(): Promise<void> {
      await page.getByTestId('result-paid').waitFor()
      await look('storefront-result', page)
      await tap('to-order')
      await page.waitForURL(/\/orders\/[0-9a-f-]{36}/)
    },

    async order(): Promise<{ state: string; orderNo: string }> {
      await page.getByTestId('order-state').waitFor()
      await look('storefront-order', page)
      const orderNo = /\d{10,}/.exec(await page.getByTestId('order-no').innerText())?.[0] ?? ''
      return { state: (await page.getByTestId('order-state').innerText()).trim(), orderNo }
    },

    async confirmReceipt(): Promise<void> {
      await page.reload()
      await look('storefront-order-shipped', page)
      await tap('confirm-receipt')
      const dialog = page.getByRole('dialog')
      await dialog
        .getByRole('button', { name: /确认|收到/ })
        .last()
        .click()
    },
  }
}

async function confirmOnPhone(phone: Page, look: Look): Promise<void> {
  await phone.getByRole('button', { name: '确认支付' }).waitFor()
  await look('wechat-pay', phone)
  await phone.getByRole('button', { name: '确认支付' }).click()
  await look('wechat-pin', phone)
  for (const digit of '123456') await phone.getByRole('button', { name: digit, exact: true }).click()
  await phone.getByRole('dialog', { name: '支付成功' }).waitFor()
  await look('wechat-paid', phone)
}
