import type { BrowserContext, Page } from 'playwright-core'
import { type Look, merchant, shopper } from '../../tests/support/clicks.ts'
import type { RunningShop } from '../demo/shop.ts'
import { type DemoFile, demoFile } from '../demo/spreadsheet.ts'
import { type Device, openWindow, pictureName } from './camera.ts'
import type { Walk } from './walk-shop.ts'

const PERSON: Record<Device, string> = { phone: '苏婉清', desktop: '陈志远' }
const FILE: Record<Device, string> = { phone: '秋选', desktop: '冬选' }

/** What the walk has pictures of already. */
const WALKED = ['console-sign-in', 'console-overview']

/** Plays the story of a first order by clicking, from the spreadsheet to the confirmed receipt, with a picture of each step. */
export async function playForPictures({ browser, running, camera, device }: Walk, slug: string): Promise<void> {
  const look: Look = async (screen, page) => {
    if (!WALKED.includes(screen)) await camera.keep(pictureName(`story-${screen}`, device), page)
  }
  const file = await demoFile(FILE[device])
  const [office, store] = [await openWindow(browser, device), await openWindow(browser, device)]
  const [staffPage, buyerPage] = [await office.newPage(), await store.newPage()]
  const staff = merchant(staffPage, running.url, look)
  const [owner] = running.signIns
  await staff.signIn(owner!.user, owner!.password)
  await staff.importFile(slug, file)
  await staff.publish(slug, file.skuOf(0, 0).title.split(' ').at(-1)!, file.products)
  await staff.goTo(slug, 'overview')
  const orderNo = await buy(device, store, buyerPage, running, file, look)
  await staff.seesOrderArrive(orderNo)
  await staff.ship(slug, orderNo, `SF10${device.length}0012345678`)
  await shopper(buyerPage, running.url, look).confirmReceipt()
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
