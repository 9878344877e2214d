import {
  OPEN_PATHS,
  PLATFORM_PATHS,
  type ScreenId,
  SHOP_PATHS,
  type ShopPath,
} from '../../apps/console/src/app/paths.ts'
import { PATHS, type PageName, pathOf } from '../../apps/storefront/src/routes.ts'
import type { Client } from '../../packages/contract/src/client.ts'

/** One screen of the walk: `name` for its picture, `address` below the program's URL. */
export interface Stop {
  name: string
  address: string
}

type Found = string | undefined
type Params = { shopId: string }

/** Where an id for the address of a screen comes from: the first one there is. */
const FIRST: Record<ScreenId, (staff: Client, params: Params) => Promise<Found>> = {
  productId: async (staff, params) =>
    (await staff('console.products', { params, query: { state: 'on-sale', limit: 1 } })).items[0]?.id,
  importId: async (staff, params) => (await staff('console.imports', { params })).items[0]?.id,
  orderId: async (staff, params) => {
    const { items } = await staff('console.orders', { params })
    return (items.find((order) => order.state === 'awaiting-shipment') ?? items[0])?.id
  },
  waveId: async (staff, params) => (await staff('console.waves', { params })).items[0]?.id,
  pageId: async (staff, params) => (await staff('console.pages', { params })).items[0]?.id,
  buyerId: async (staff, params) => (await staff('console.buyers', { params })).items[0]?.id,
  caseId: async (staff, params) => (await staff('console.aftersales', { params })).items[0]?.id,
  statementId: async (staff, params) => (await staff('console.statements', { params })).items[0]?.id,
  withdrawalId: async (staff, params) => (await staff('console.withdrawals', { params })).items[0]?.id,
  freezeId: async (staff, params) => (await staff('console.freezes', { params })).items[0]?.id,
  partyId: async (staff, params) => (await staff('console.parties', { params })).items[0]?.id,
  ledgerAccountId: async (staff, params) => (await staff('console.ledgerAccounts', { params })).items[0]?.id,
  differenceId: async (staff, params) => (await staff('console.differences', { params })).items[0]?.id,
  fileId: async (staff, params) => (await staff('console.shipFiles', { params })).items[0]?.id,
}

/** What is printed of a wave. */
export const SHEETS = ['picking', 'slip', 'label'] as const

/**
 * Every screen of the console for a shop, the sheets of a wave, and where there is nothing; those about one thing stand for the first there is, and are left out where
 * there is none.
 */
export async function consoleStops(staff: Client, shop: { id: string; slug: string }): Promise<Stop[]> {
  const stops: Stop[] = []
  const add = (path: string, filled: Found) =>
    filled !== undefined &&
    stops.push({ name: `console-${screenName(path)}`, address: `/console/s/${shop.slug}/${filled}` })
  for (const path of SHOP_PATHS) add(path, await fill(path, staff, shop.id))
  const waveId = await FIRST.waveId(staff, { shopId: shop.id })
  for (const kind of SHEETS) add(`print-${kind}`, waveId && `print?kind=${kind}&wave=${waveId}`)
  add('nowhere', 'nowhere')
  return stops
}

/** The platform's own screens. */
export const platformStops = (): Stop[] =>
  PLATFORM_PATHS.map((path) => ({ name: `console-${screenName(path)}`, address: `/console/${path}` }))

/** What is there before anybody signs in. */
export const openStops = (): Stop[] =>
  OPEN_PATHS.map((path) => ({ name: `console-${screenName(path)}`, address: `/console/${path}` }))

/** `orders/:orderId` is `orders-one`, `products/new` is `products-new`. */
export const screenName = (path: string): string => path.replace(/:\w+/g, 'one').replaceAll('/', '-')

async function fill(path: ShopPath, staff: Client, shopId: string): Promise<Found> {
  let filled: string = path
  for (const [part, id] of path.matchAll(/:(\w+)/g)) {
    const found = await FIRST[id as ScreenId](staff, { shopId })
    if (found === undefined) return undefined
    filled = filled.replace(part, found)
  }
  return filled
}

/** What the storefront's pages are about; a page whose thing is missing is left out. */
export interface Things {
  product?: string
  /** An order that waits for its payment. */
  unpaid?: string
  paid?: string
  /** An order that was received and not reviewed yet. */
  received?: string
  /** A refund, return or exchange. */
  aftersale?: string
  /** What the buyer earns: shop and party. */
  earner?: { shopId: string; party: string }
  /** The slug of a designed page. */
  page?: string
  /** A legal text that is published. */
  legal?: string
  /** Words that find something. */
  words?: string
  /** `skuId*quantity,…` */
  lines?: string
}

const one = <N extends PageName>(name: N, params: Parameters<typeof pathOf<N>>[1]) => [pathOf(name, params)]
const about = (thing: Found, path: (thing: string) => string[]): string[] => (thing === undefined ? [] : path(thing))

/** Addresses of every page of the storefront below a shop's own. */
const PAGES: Record<PageName, (things: Things) => string[]> = {
  home: () => one('home', {}),
  category: () => one('category', {}),
  search: ({ words }) => [...one('search', {}), ...about(words, (q) => one('search', { q }))],
  page: ({ page }) => about(page, (slug) => one('page', { slug })),
  detail: ({ product }) => about(product, (id) => one('detail', { id })),
  cart: () => one('cart', {}),
  checkout: ({ lines }) => about(lines, (it) => one('checkout', { lines: it })),
  'checkout-together': () => one('checkout-together', {}),
  pay: ({ unpaid }) => about(unpaid, (order) => one('pay', { order })),
  result: ({ paid }) => about(paid, (order) => one('result', { order })),
  orders: () => one('orders', {}),
  order: ({ unpaid, paid, received }) =>
    [unpaid, paid, received].flatMap((it) => about(it, (order) => one('order', { order }))),
  'aftersale-apply': ({ paid, received }) =>
    [paid, received].flatMap((it) => about(it, (order) => one('aftersale-apply', { order }))),
  together: () => one('together', {}),
  invoice: ({ paid, received }) => [paid, received].flatMap((it) => about(it, (order) => one('invoice', { order }))),
  aftersales: () => [...one('aftersales', {}), ...one('aftersales', { tab: 'ended' })],
  aftersale: ({ aftersale }) => about(aftersale, (id) => one('aftersale', { id })),
  me: () => one('me', {}),
  earnings: () => one('earnings', {}),
  'earning-shares': ({ earner }) => (earner ? one('earning-shares', earner) : []),
  withdraw: ({ earner }) => (earner ? one('withdraw', earner) : []),
  addresses: () => one('addresses', {}),
  profile: () => one('profile', {}),
  leave: () => one('leave', {}),
  reviews: ({ product }) => about(product, (id) => one('reviews', { id })),
  review: ({ received }) => about(received, (order) => one('review', { order })),
  'my-reviews': () => [...one('my-reviews', {}), ...one('my-reviews', { tab: 'written' })],
  favourites: () => one('favourites', {}),
  seen: () => one('seen', {}),
  privacy: () => one('privacy', {}),
  legal: ({ legal }) => about(legal, (kind) => one('legal', { kind })),
}

/** Every page of a shop's storefront, and one that is not there. `base` is empty for the default shop. */
export function storefrontStops(things: Things, base = ''): Stop[] {
  const names = Object.keys(PATHS) as PageName[]
  const stops = names.flatMap((name) =>
    PAGES[name](things).map((path, turn) => ({
      name: `storefront-${name}${turn === 0 ? '' : `-${turn + 1}`}`,
      address: base + path,
    })),
  )
  return [...stops, { name: 'storefront-nowhere', address: `${base}/nowhere` }]
}
