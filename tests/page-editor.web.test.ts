import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DesignedPage } from '../packages/contract/src/index.ts'
import { PASSWORD, startTestApp, type TestApp, type TestShop } from './support/app.ts'
import { axeTroubles } from './support/axe.ts'
import { desktop, launchBrowser } from './support/browser.ts'
import { merchant } from './support/clicks.ts'
import { runningClock } from './support/clock.ts'
import { noticeLayout } from './support/pages.ts'

/** Saving, uploading and drawing again take as long as the machine is busy. */
const SLOW = { timeout: 20_000 }
const HOUR_MS = 3_600_000

let app: TestApp
let shop: TestShop
let browser: Browser
let params: { shopId: string }
const clock = runningClock()
beforeAll(async () => {
  app = await startTestApp({ clickhouse: false, clock })
  shop = await app.openTestShop('山野集')
  params = { shopId: shop.shopId }
  await app.product(shop, { title: '高山云雾茶' })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
})

/** With LOOK_DIR every screen is kept as a picture. */
const look = async (name: string, page: Page) => {
  if (process.env.LOOK_DIR) await page.screenshot({ path: join(process.env.LOOK_DIR, `${name}.png`) })
}

const poster = async () => ({
  name: 'poster.png',
  mimeType: 'image/png',
  buffer: await sharp({ create: { width: 1080, height: 496, channels: 3, background: '#5d8a66' } })
    .png()
    .toBuffer(),
})

const begin = (slug: string, text: string): Promise<DesignedPage> =>
  shop.owner.call('console.createPage', { params, body: { slug, title: '中秋', layout: noticeLayout(text) } })

/** What a browser gets at an address of the shop, without being signed in. */
async function visited(address: string) {
  const response = await fetch(address.startsWith('/') ? app.url + address : address, {
    headers: { accept: 'text/html' },
  })
  const header = (name: string) => response.headers.get(name) ?? ''
  return {
    status: response.status,
    html: (await response.text()).split('<script type="application/json"')[0]!,
    keeping: header('cache-control'),
    robots: header('x-robots-tag'),
    frames: /frame-ancestors [^;]+/.exec(header('content-security-policy'))?.[0],
  }
}

test('UX-02 a draft is drawn for whoever has its signed address, framed by ourselves only, kept by nobody', async () => {
  const { id } = await begin('mid-autumn', '草稿里的话')
  const at = `/s/${shop.slug}/pages/mid-autumn`
  expect(await visited(at)).toMatchObject({ status: 404, frames: "frame-ancestors 'none'" })
  const preview = await shop.owner.call('console.previewPage', { params: { ...params, pageId: id }, body: {} })
  const drawn = await visited(preview.url)
  expect(drawn).toMatchObject({
    status: 200,
    keeping: 'private, no-store',
    robots: 'noindex, nofollow',
    frames: "frame-ancestors 'self'",
  })
  expect(drawn.html).toContain('草稿里的话')
  expect(drawn.html).toContain('<meta name="robots" content="noindex">')
  const forged = await visited(`${preview.url.slice(0, -2)}xx`)
  expect(forged).toMatchObject({ status: 404, frames: "frame-ancestors 'none'" })
  expect(forged.html).not.toContain('草稿里的话')
  clock.advance(3 * HOUR_MS)
  expect((await visited(preview.url)).status).toBe(404)
})

test('UX-02 a scheduled page is there when the clock says so, and gone when its time is over', async () => {
  const { id, revision } = await begin('national-day', '国庆七天')
  const inHours = (hours: number) => new Date(clock.millis() + hours * HOUR_MS).toISOString()
  const body = { revision, startsAt: inHours(1), endsAt: inHours(3) }
  await shop.owner.call('console.publishPage', { params: { ...params, pageId: id }, body })
  const status = async () => (await visited(`/s/${shop.slug}/pages/national-day`)).status
  expect(await status()).toBe(404)
  clock.advance(HOUR_MS + 1_000)
  expect(await status()).toBe(200)
  clock.advance(2 * HOUR_MS)
  expect(await status()).toBe(404)
})

test('UX-02 a home page is designed by clicking: added, dragged with the keyboard, undone, kept, published', async () => {
  const context = await desktop(browser, { viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  const troubles: string[] = []
  page.on('pageerror', (error) => troubles.push(error.message))
  const outline = page.getByRole('list', { name: '页面结构' })
  const kinds = () => outline.locator('li').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-kind')))
  const phone = page.frameLocator('[data-testid=design-preview]')
  const kept = () => expect.poll(() => page.locator('[data-save=saved]').count(), SLOW).toBe(1)
  const draft = async () => {
    const { items } = await shop.owner.call('console.pages', { params, query: { q: 'home' } })
    return shop.owner.call('console.page', { params: { ...params, pageId: items[0]!.id } })
  }
  try {
    await merchant(page, app.url).signIn(shop.ownerAccount, PASSWORD)
    await page.goto(`${app.url}/console/s/${shop.slug}/pages`)
    await page.getByRole('button', { name: '新建页面' }).first().click()
    await page.getByText('首页', { exact: true }).last().click()
    await page.getByLabel('页面标题').fill('山野集')
    await look('pages-new', page)
    await page.getByRole('button', { name: '开始设计' }).click()
    await page.waitForURL(/\/pages\/[0-9a-f-]{36}$/)

    // The banner of the template waits for its picture: nothing is published before.
    await page.getByRole('button', { name: /^发\s*布$/ }).click()
    await page.getByText(/还差 1 处没有填好/).waitFor()
    const side = page.getByRole('region', { name: '组件设置' })
    await side.locator('input[type=file]').setInputFiles(await poster())
    await side.locator('.design-picture-room img').waitFor(SLOW)
    await kept()
    await phone.getByTestId('block-banner').waitFor(SLOW)
    await look('page-editor', page)

    await page.getByRole('button', { name: '添加公告' }).click()
    await side.getByLabel('文字').fill('中秋礼盒满 199 减 20')
    await phone.getByText('中秋礼盒满 199 减 20').waitFor(SLOW)
    const before = await kinds()
    expect(before.slice(0, 3)).toEqual(['banner', 'notice', 'nav'])

    // Space lifts, arrows move, space drops; then it is taken back and done again.
    await page.getByRole('button', { name: '移动第 2 个：公告' }).focus()
    await page.keyboard.press('Space')
    await page.waitForTimeout(100)
    await page.keyboard.press('ArrowUp')
    await page.waitForTimeout(300)
    await page.keyboard.press('Space')
    await expect.poll(async () => (await kinds()).slice(0, 2), SLOW).toEqual(['notice', 'banner'])
    await page.keyboard.press('Control+z')
    await expect.poll(kinds, SLOW).toEqual(before)
    await page.keyboard.press('Control+Shift+z')
    await expect.poll(async () => (await kinds())[0], SLOW).toBe('notice')
    // It still says "kept" of what was undone until the editor has looked at what was done again.
    const stored = async () => (await draft()).layout.blocks.slice(0, 2).map(({ kind }) => kind)
    await expect.poll(stored, SLOW).toEqual(['notice', 'banner'])

    // What is tapped in the preview is chosen in the outline.
    await phone.getByTestId('block-banner').click()
    const chosen = outline.locator('li:has([aria-current=true])')
    await expect.poll(() => chosen.getAttribute('data-kind'), SLOW).toBe('banner')
    expect(await axeTroubles(page)).toEqual([])

    // A colleague was faster: ours goes on, theirs stays as a version.
    const colleague = await app.staffWith(shop, ['pages.read', 'pages.write'])
    const { id, revision } = await draft()
    const theirs = { title: '同事的标题', layout: noticeLayout('同事的公告'), revision }
    await colleague.call('console.savePageDraft', { params: { ...params, pageId: id }, body: theirs })
    await outline.locator('[data-kind=notice] .design-outline-name').click()
    await side.getByLabel('文字').fill('中秋礼盒满 199 减 30')
    await page.getByRole('button', { name: '用我的，对方的存为版本' }).click(SLOW)
    await kept()
    await phone.getByText('中秋礼盒满 199 减 30').waitFor(SLOW)

    const shopPage = () => visited(`/s/${shop.slug}`)
    expect((await shopPage()).html).not.toContain('中秋礼盒满 199 减 30')
    await page.getByRole('button', { name: /^发\s*布$/ }).click()
    await page.getByRole('dialog').getByLabel('这次改了什么').fill('中秋改版')
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^发\s*布$/ })
      .click()
    await page.getByText('已发布，买家现在看到的就是它').waitFor(SLOW)
    expect((await shopPage()).html).toContain('中秋礼盒满 199 减 30')

    await page.getByRole('button', { name: '历史版本' }).click()
    const versions = page.locator('.ant-drawer')
    await versions.getByText('中秋改版').waitFor(SLOW)
    expect(await versions.getByText('保留的草稿').count()).toBe(1)
    await versions.getByRole('button', { name: '与草稿对比' }).last().click()
    await page.getByRole('dialog', { name: '版本 1 与现在的草稿' }).getByText('新增').first().waitFor(SLOW)
    await look('page-compare', page)
    expect(troubles).toEqual([])
  } catch (error) {
    await page.screenshot({ path: join(tmpdir(), 'zhanggui-page-editor.png'), fullPage: true }).catch(() => {})
    throw error
  } finally {
    await context.close()
  }
})
