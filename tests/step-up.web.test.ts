import { Secret, TOTP } from 'otpauth'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PASSWORD, startTestApp, type TestApp, type TestShop } from './support/app.ts'
import { desktop, launchBrowser, withFingerprint } from './support/browser.ts'
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

const newRole = (shop: TestShop, name: string) =>
  shop.owner.call('console.createRole', {
    params: { shopId: shop.shopId },
    body: { name, permissions: ['orders.read'] },
  })

/** Asks to remove a role, and confirms. */
async function remove(page: Page, name: string): Promise<void> {
  await page
    .getByTestId(`role-${name}`)
    .getByRole('button', { name: /删\s*除/ })
    .click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /删\s*除/ })
    .last()
    .click()
}

/** Binds a code app in the console: the password first, a wrong one to begin with. Answers what makes its codes. */
async function enrolCodeApp(page: Page): Promise<() => string> {
  await page.getByRole('button', { name: /的账号菜单/ }).click()
  await page
    .locator('.ant-dropdown:not([class*="ant-slide-"])')
    .getByRole('menuitem', { name: '绑定动态验证码' })
    .click()
  const dialog = page.getByRole('dialog', { name: '绑定动态验证码' })
  for (const password of ['not the password', PASSWORD]) {
    await dialog.getByLabel('当前密码').fill(password)
    await dialog.getByRole('button', { name: /继\s*续/ }).click()
    if (password !== PASSWORD) await dialog.getByRole('alert').waitFor()
  }
  const secret = (await dialog.locator('code').innerText()).trim()
  const code = () => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: app.clock.millis() })
  await dialog.getByLabel('验证码', { exact: true }).fill(code())
  await dialog.getByRole('button', { name: '完成绑定' }).click()
  await dialog.waitFor({ state: 'hidden' })
  return code
}

test('ACC-08 a sensitive operation asks who one is, and goes on after the fingerprint, or a one-time code', async () => {
  const shop = await app.openTestShop()
  await newRole(shop, '甲岗位')
  await newRole(shop, '乙岗位')
  const page = await (await desktop(browser)).newPage()
  const troubles: string[] = []
  page.on('pageerror', (error) => troubles.push(error.message))
  const { finger } = await withFingerprint(page)
  const staff = merchant(page, app.url.replace('127.0.0.1', 'localhost'))
  await staff.signIn(shop.ownerAccount, PASSWORD)
  await page.getByRole('button', { name: /的账号菜单/ }).click()
  await page.locator('.ant-dropdown:not([class*="ant-slide-"])').getByRole('menuitem', { name: '登录安全' }).click()
  await page.getByRole('button', { name: '添加通行密钥' }).click()
  await page.getByLabel('名称').fill('店里的电脑')
  await page.getByLabel('当前密码').fill(PASSWORD)
  await page.getByRole('button', { name: /继\s*续/ }).click()
  await page.getByTestId('passkeys').getByText('店里的电脑').waitFor()

  await staff.goTo(shop.slug, 'roles')
  const dialog = page.getByTestId('step-up')
  await remove(page, '甲岗位')
  await dialog.getByText('员工、权限与安全规则').waitFor()
  await finger(false)
  await dialog.getByRole('button', { name: /指纹/ }).click()
  await dialog.getByRole('alert').getByText('取消').waitFor()
  expect(await page.getByTestId('role-甲岗位').count()).toBe(1)
  await finger(true)
  await dialog.getByRole('button', { name: /指纹/ }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.getByTestId('role-甲岗位').waitFor({ state: 'detached' })

  // Some minutes later the finger is wet.
  const code = await enrolCodeApp(page)
  app.clock.advance(6 * 60_000)
  await remove(page, '乙岗位')
  await dialog.getByRole('button', { name: '动态验证码' }).click()
  await dialog.getByRole('textbox').fill('000000')
  await dialog.getByRole('button', { name: '验证并继续' }).click()
  await dialog.getByText('动态验证码不正确').waitFor()
  await dialog.getByRole('textbox').fill(code())
  await dialog.getByRole('button', { name: '验证并继续' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.getByTestId('role-乙岗位').waitFor({ state: 'detached' })
  expect(troubles).toEqual([])
})
