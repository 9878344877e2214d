import type { AnyPage } from '../page.ts'
import type { PageName } from '../routes.ts'

/** Each page is a file of its own that is fetched when it is needed. */
const MODULES: Record<PageName, () => Promise<{ default: unknown }>> = {
  home: () => import('../pages/home/index.tsx'),
  category: () => import('../pages/category/index.tsx'),
  page: () => import('../pages/page/index.tsx'),
  search: () => import('../pages/search/index.tsx'),
  detail: () => import('../pages/detail/index.tsx'),
  cart: () => import('../pages/cart/index.tsx'),
  checkout: () => import('../pages/checkout/index.tsx'),
  'checkout-together': () => import('../pages/checkout-together/index.tsx'),
  pay: () => import('../pages/pay/index.tsx'),
  result: () => import('../pages/result/index.tsx'),
  orders: () => import('../pages/orders/index.tsx'),
  order: () => import('../pages/order/index.tsx'),
  'aftersale-apply': () => import('../pages/aftersale-apply/index.tsx'),
  together: () => import('../pages/together/index.tsx'),
  invoice: () => import('../pages/invoice/index.tsx'),
  aftersales: () => import('../pages/aftersales/index.tsx'),
  aftersale: () => import('../pages/aftersale/index.tsx'),
  me: () => import('../pages/me/index.tsx'),
  earnings: () => import('../pages/earnings/index.tsx'),
  'earning-shares': () => import('../pages/earning-shares/index.tsx'),
  withdraw: () => import('../pages/withdraw/index.tsx'),
  profile: () => import('../pages/profile/index.tsx'),
  leave: () => import('../pages/leave/index.tsx'),
  addresses: () => import('../pages/addresses/index.tsx'),
  reviews: () => import('../pages/reviews/index.tsx'),
  review: () => import('../pages/review/index.tsx'),
  favourites: () => import('../pages/favourites/index.tsx'),
  seen: () => import('../pages/seen/index.tsx'),
  privacy: () => import('../pages/privacy/index.tsx'),
  legal: () => import('../pages/legal/index.tsx'),
  'my-reviews': () => import('../pages/my-reviews/index.tsx'),
}

const loaded = new Map<PageName, Promise<AnyPage>>()

/** The code of a page; a failed download is tried again the next time. */
export function pageModule(name: PageName): Promise<AnyPage> {
  let page = loaded.get(name)
  if (!page) {
    page = MODULES[name]().then((module) => module.default as AnyPage)
    page.catch(() => loaded.delete(name))
    loaded.set(name, page)
  }
  return page
}
