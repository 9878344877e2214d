import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PASSWORD, startTestApp, type TestApp } from './support/app.ts'
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

test('ACC-08 a passkey is added in the console, signs in by fingerprint alone, and is removed', async () => {
  const shop = await app.openTestShop()
  const page = await (await desktop(browser)).newPage()
  const troubles: string[] = []
  page.on('pageerror', (error) => troubles.push(error.message))
  const { finger } = await withFingerprint(page)
  const url = app.url.replace('127.0.0.1', 'localhost')
  const staff = merchant(page, url)
  const menu = async (item: string) => {
    await page.getByRole('button', { name: /的账号菜单/ }).click()
    // While the menu grows into place, its items move on between the press and the release of a click, and the click
    // then counts for none of them.
    await page.locator('.ant-dropdown:not([class*="ant-slide-"])').getByRole('menuitem', { name: item }).click()
  }
  const closeDialog = () =>
    page
      .getByRole('dialog')
      .getByRole('button', { name: /关闭|Close/ })
      .last()
      .click()
  const proveByFinger = async () => {
    const dialog = page.getByTestId('step-up')
    await dialog.getByRole('button', { name: /指纹/ }).click()
    await dialog.waitFor({ state: 'hidden' })
  }
  await staff.signIn(shop.ownerAccount, PASSWORD)

  await menu('登录安全')
  await page.getByRole('button', { name: '添加通行密钥' }).click()
  await page.getByLabel('名称').fill('店里的电脑')
  await page.getByLabel('当前密码').fill('不是密码')
  await page.getByRole('button', { name: /继\s*续/ }).click()
  await page.getByText('账号或密码不正确').waitFor()
  await page.getByLabel('当前密码').fill(PASSWORD)
  await page.getByRole('button', { name: /继\s*续/ }).click()
  await page.getByTestId('passkeys').getByText('店里的电脑').waitFor()

  await page.getByRole('button', { name: '生成恢复码' }).click()
  await page.getByLabel('当前密码').fill(PASSWORD)
  await page.getByRole('dialog').getByRole('button', { name: '生成恢复码' }).last().click()
  await proveByFinger()
  await page.getByTestId('recovery-codes').waitFor()
  expect(await page.getByTestId('recovery-codes').getByRole('listitem').count()).toBe(10)
  await page.getByRole('button', { name: '我已保存' }).click()
  await page.getByText('还剩 10 个可用').waitFor()
  await closeDialog()

  // This authenticator would answer at once when the sign-in page offers passkeys, and nobody would see the page.
  await finger(false)
  await menu('退出登录')
  await page.waitForURL(/sign-in/)
  await page.getByRole('button', { name: '用通行密钥登录' }).click()
  await page
    .getByRole('alert')
    .getByText(/取消|超时/)
    .waitFor()
  await finger(true)
  await page.getByRole('button', { name: '用通行密钥登录' }).click()
  await page.waitForURL(/\/overview/)

  await menu('登录安全')
  await page.getByTestId('passkeys').getByText('上次使用').waitFor()
  await page
    .getByTestId('passkeys')
    .getByRole('button', { name: /删\s*除/ })
    .click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /删\s*除/ })
    .last()
    .click()
  await proveByFinger()
  await page.getByText('还没有通行密钥').waitFor()
  await closeDialog()
  await finger(false)
  await menu('退出登录')
  await page.waitForURL(/sign-in/)
  await finger(true)
  await page.getByRole('button', { name: '用通行密钥登录' }).click()
  await page.getByRole('alert').getByText('没有在掌柜登记').waitFor()
  expect(troubles).toEqual([])
})
