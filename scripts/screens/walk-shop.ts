import type { Browser, BrowserContext } from 'playwright-core'
import { visit } from '../../tests/support/http.ts'
import { consoleStops, openStops, platformStops, type Stop, storefrontStops } from '../../tests/support/walk.ts'
import type { RunningShop } from '../demo/shop.ts'
import { type Camera, type Device, MODES, type Mode, openWindow, pictureName } from './camera.ts'
import type { Stage } from './furnish.ts'

const PERSON = '林晓雨'

type Cookies = Parameters<BrowserContext['addCookies']>[0]

export interface Walk {
  browser: Browser
  running: RunningShop
  camera: Camera
  device: Device
  /** Whether a picture is wanted. */
  wants: (picture: string) => boolean
}

/** Everything with data in it: the console as the owner, the storefront as a buyer, WeChat's side; light and dark. */
export async function walkShop(walk: Walk, stage: Stage): Promise<void> {
  const { running } = walk
  const [owner, platform] = ['店主', '平台'].map((label) => running.signIns.find((it) => it.label.startsWith(label))!)
  const console = await consoleStops(stage.staff.call, stage.shop)
  await asStaff(walk, owner!.user, owner!.password, console, MODES)
  await asStaff(walk, platform!.user, platform!.password, platformStops(), MODES)
  await asBuyer(walk, storefrontStops(stage.things), stage.buyerToken, MODES)
  const wechat = `${running.simulatorUrl}/phone?person=${encodeURIComponent(PERSON)}`
  await asGuest(walk, [...openStops(), { name: 'wechat-phone', address: wechat }], MODES)
}

/** The same shop before anything has happened in it, in the light. */
export async function walkEmptyShop(
  walk: Walk,
  shop: { account: string; password: string; slug: string },
): Promise<void> {
  const staff = visit(walk.running.url)
  const { session } = await staff.call('auth.staffSignIn', { body: { account: shop.account, password: shop.password } })
  const stops = await consoleStops(staff.call, session!.shops[0]!)
  const inEmpty = (stop: Stop) => ({ ...stop, name: `${stop.name}-empty` })
  await asStaff(walk, shop.account, shop.password, stops.map(inEmpty), ['light'])
  await asGuest(walk, storefrontStops({}, `/s/${shop.slug}`).map(inEmpty), ['light'])
}

async function asStaff(walk: Walk, account: string, password: string, stops: Stop[], modes: readonly Mode[]) {
  const staff = visit(walk.running.url)
  await staff.call('auth.staffSignIn', { body: { account, password } })
  const cookies = [...staff.cookies].map(([name, value]) => ({ name, value, url: walk.running.url, httpOnly: true }))
  await inWindow(walk, cookies, stops, modes)
}

const asBuyer = (walk: Walk, stops: Stop[], token: string, modes: readonly Mode[]) =>
  inWindow(walk, [{ name: 'zg_buyer', value: token, url: walk.running.url, httpOnly: true }], stops, modes)

const asGuest = (walk: Walk, stops: Stop[], modes: readonly Mode[]) => inWindow(walk, [], stops, modes)

async function inWindow(walk: Walk, cookies: Cookies, stops: Stop[], modes: readonly Mode[]): Promise<void> {
  const nameIn = ({ name }: Stop, mode: Mode) => pictureName(name, walk.device, mode)
  const wantedOf = (stop: Stop) => modes.filter((mode) => walk.wants(nameIn(stop, mode)))
  const wanted = stops.filter((stop) => wantedOf(stop).length > 0)
  if (wanted.length === 0) return
  const context = await openWindow(walk.browser, walk.device)
  await context.addCookies(cookies)
  const page = await context.newPage()
  for (const stop of wanted) {
    const [first, ...others] = wantedOf(stop)
    await page.emulateMedia({ colorScheme: first! })
    await page.goto(new URL(stop.address, walk.running.url).href)
    for (const mode of [first!, ...others]) {
      await page.emulateMedia({ colorScheme: mode })
      await walk.camera.keep(nameIn(stop, mode), page)
    }
  }
  await context.close()
}
