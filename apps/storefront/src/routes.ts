/** The pages of the storefront and what each needs to know. Values are strings: they travel in addresses. */
export interface PageParams {
  /** `preview` is a signed word that shows a draft instead of what is published. */
  home: { preview?: string }
  /** Without `id`, the first category that has goods. */
  category: { id?: string; sort?: string }
  /** Lists are lines; attributes are lines of `name:value`; `tagged` are ids of tag values; prices are fen. */
  search: {
    q?: string
    sort?: string
    category?: string
    brands?: string
    tags?: string
    attributes?: string
    tagged?: string
    min?: string
    max?: string
    stock?: string
  }
  /** A page that the shop has designed. */
  page: { slug: string; preview?: string }
  detail: { id: string }
  cart: Record<never, never>
  /** `lines` is `skuId*quantity,…`; without it, what is selected in the cart. */
  checkout: { lines?: string }
  /** What is selected in the cart of several shops. */
  'checkout-together': Record<never, never>
  pay: { order: string }
  result: { order: string }
  orders: { state?: string }
  order: { order: string }
  /** Asking for money or other goods; `line` is where it begins. */
  'aftersale-apply': { order: string; line?: string }
  /** Orders of all shops that wait for payment, to be paid at once; `orders` (`shop:order,…`) are chosen at first. */
  together: { orders?: string }
  /** Asking for an invoice of an order, and what became of it. */
  invoice: { order: string }
  /** The buyer's refunds, returns and exchanges. */
  aftersales: { tab?: string }
  aftersale: { id: string }
  me: Record<never, never>
  /** What the person earns with shops, and money on its way to them. */
  earnings: Record<never, never>
  'earning-shares': { shopId: string; party: string }
  withdraw: { shopId: string; party: string }
  addresses: Record<never, never>
  /** Picture, nickname and birthday of the buyer. */
  profile: Record<never, never>
  /** Deleting the account. */
  leave: Record<never, never>
  /** What buyers say of a product. */
  reviews: { id: string; phrase?: string }
  /** Writing about what was received. */
  review: { order: string }
  /** What waits for the buyer's review, and what the buyer has written. */
  'my-reviews': { tab?: string }
  favourites: Record<never, never>
  /** What the buyer has looked at. */
  seen: Record<never, never>
  privacy: Record<never, never>
  /** Privacy policy, user agreement and what else a shop owes its buyers. */
  legal: { kind: string }
}
export type PageName = keyof PageParams

/** Where each page is below its shop's address. Those with `:name` take it from the path, the rest from the query. */
export const PATHS: Record<PageName, string> = {
  home: '/',
  category: '/category',
  search: '/search',
  page: '/pages/:slug',
  detail: '/p/:id',
  cart: '/cart',
  checkout: '/checkout',
  'checkout-together': '/checkout/together',
  pay: '/orders/:order/pay',
  result: '/orders/:order/result',
  orders: '/orders',
  order: '/orders/:order',
  'aftersale-apply': '/orders/:order/aftersale',
  together: '/me/unpaid',
  invoice: '/orders/:order/invoice',
  aftersales: '/me/aftersales',
  aftersale: '/me/aftersales/:id',
  me: '/me',
  earnings: '/me/earnings',
  'earning-shares': '/me/earnings/:shopId/:party',
  withdraw: '/me/earnings/:shopId/:party/withdraw',
  addresses: '/me/addresses',
  profile: '/me/profile',
  leave: '/me/leave',
  reviews: '/p/:id/reviews',
  review: '/orders/:order/review',
  'my-reviews': '/me/reviews',
  favourites: '/me/favourites',
  seen: '/me/seen',
  privacy: '/me/privacy',
  legal: '/legal/:kind',
}

/** The address of a page; `base` is empty for the default shop and `/s/<slug or id>` for another. */
export function pathOf<N extends PageName>(name: N, params: PageParams[N], base = ''): string {
  const left = new Map(Object.entries(params as Record<string, string | undefined>))
  const path = PATHS[name].replace(/:(\w+)/g, (_, key: string) => {
    const value = left.get(key) ?? ''
    left.delete(key)
    return encodeURIComponent(value)
  })
  const query = [...left]
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([key, value]) => `${key}=${encodeURIComponent(value!)}`)
    .join('&')
  const full = path === '/' && base !== '' ? base : base + path
  return query === '' ? full : `${full}?${query}`
}

export interface Match {
  name: PageName
  params: Record<string, string>
  base: string
  /** Slug or id in the address; undefined for the default shop. */
  shop: string | undefined
}

const MATCHERS = (Object.keys(PATHS) as PageName[]).map((name) => ({
  name,
  keys: [...PATHS[name].matchAll(/:(\w+)/g)].map((found) => found[1]!),
  pattern: new RegExp(`^${PATHS[name].replace(/:\w+/g, '([^/]+)')}$`),
}))

/** Which page an address (path and query) shows, or undefined. */
export function matchPath(url: string): Match | undefined {
  const [path = '/', query = ''] = url.split('#')[0]!.split('?')
  const inShop = /^(\/s\/([^/]+))(\/.*)?$/.exec(path)
  const base = inShop?.[1] ?? ''
  const rest = (inShop ? (inShop[3] ?? '/') : path).replace(/(.)\/$/, '$1')
  for (const { name, keys, pattern } of MATCHERS) {
    const found = pattern.exec(rest)
    if (!found) continue
    const params = Object.fromEntries(new URLSearchParams(query))
    const isDecoded = keys.every((key, index) => {
      const value = decode(found[index + 1]!)
      if (value !== undefined) params[key] = value
      return value !== undefined
    })
    const shop = inShop ? decode(inShop[2]!) : undefined
    if (!isDecoded || (inShop && shop === undefined)) return undefined
    return { name, params, base, shop }
  }
  return undefined
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}
