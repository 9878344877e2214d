import { send, storage } from '@platform'
import Taro from '@tarojs/taro'
import type { StoreShop } from '@zhanggui/contract'
import { createClient, routeUrl } from '@zhanggui/contract/client'
import { createTracker, type Happening, type Tracker } from '@zhanggui/tracker'
import { type App, createCell } from '../../src/app.ts'
import { keptShare } from '../../src/model/attribution.ts'
import { watchCart } from '../../src/model/cart-count.ts'
import { TABS } from '../../src/platform/mini/places.ts'

/** Slug or id of the shop this mini program belongs to; set when it is built. */
declare const SHOP: string

// one buyer per phone: what the web keeps per request is kept once here
export const api = createClient({ send })
export const cartCount = createCell(0)
const shops = new Map<string, Promise<StoreShop>>()
const trackers = new Map<string, Tracker>()

/** The program's own shop, or another one that a page names. One that could not be reached is asked for again. */
export function findShop(named: string | undefined): Promise<StoreShop> {
  const key = named ?? SHOP
  let shop = shops.get(key)
  if (!shop) {
    shop = api('store.shop', { params: { shop: key } })
    shop.catch(() => shops.delete(key))
    shops.set(key, shop)
  }
  return shop
}

/** Pulling a page down asks for what the shop says about itself, too. */
export const forgetShops = (): void => shops.clear()

const REFUSED_FOR_GOOD = new Set([400, 404, 413, 415, 422])

/** Takes the events of a shop; there is no beacon here, so the queue in storage does what it can. */
export function trackerOf(shopId: string): (event: Happening) => void {
  let tracker = trackers.get(shopId)
  if (!tracker) {
    tracker = createTracker({
      shopId,
      platform: 'mini',
      storage,
      transport: async (batch) => {
        const { status } = await send({
          method: 'POST',
          url: routeUrl('events.send', {}),
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(batch),
        })
        return (status >= 200 && status < 300) || REFUSED_FOR_GOOD.has(status)
      },
    })
    trackers.set(shopId, tracker)
    Taro.onAppHide(() => void tracker?.flush(true))
  }
  const { track } = tracker
  return (event) => {
    const from = keptShare(storage, Date.now())
    track(from === undefined ? event : { ...event, from })
  }
}

const CART_TAB = TABS.findIndex(({ page }) => page === 'cart')
const MOST_SHOWN = 99
let isCounting = false

/** Keeps the number on the cart's tab. WeChat refuses it while a page without tabs is in sight; the next one sets it. */
export function showCartCount(): void {
  const count = cartCount.get()
  const text = count > MOST_SHOWN ? `${MOST_SHOWN}+` : String(count)
  const shown = count > 0 ? Taro.setTabBarBadge({ index: CART_TAB, text }) : Taro.removeTabBarBadge({ index: CART_TAB })
  void shown.catch(() => undefined)
}

/** Counts from the first page on. */
export function startCartCount(): void {
  if (isCounting) return
  isCounting = true
  watchCart(api, storage, cartCount)
  cartCount.watch(showCartCount)
}

export const appOf = (shop: StoreShop, page: App['page'], serverNow: () => number): App => ({
  api,
  shop,
  page,
  base: '',
  cartCount,
  serverNow,
  track: trackerOf(shop.id),
})
