import { PATHS, type PageName, type PageParams } from '../../routes.ts'

/** Pages of WeChat's tab bar, in its order; they stay alive and are switched to. */
export const TABS = [
  { page: 'home', text: '首页' },
  { page: 'category', text: '分类' },
  { page: 'cart', text: '购物车' },
  { page: 'orders', text: '订单' },
  { page: 'me', text: '我的' },
] as const satisfies readonly { page: PageName; text: string }[]

/** Folder of the main package, and of each package that WeChat fetches when it is needed. */
export const MAIN = 'pages'
export const SUBPACKAGES = ['trade', 'more'] as const
type Folder = typeof MAIN | (typeof SUBPACKAGES)[number]

/** Beside the tabs: what most visits see. */
const IN_MAIN: readonly string[] = ['search', 'detail']
/** From the cart to the parcel. */
const IN_TRADE: readonly string[] = ['checkout', 'checkout-together', 'pay', 'together', 'result', 'order']

export const isTab = (name: PageName): boolean => TABS.some(({ page }) => page === name)

/** The package of a page. One that is named nowhere here is fetched with the rest. */
export function folderOf(name: PageName): Folder {
  if (isTab(name) || IN_MAIN.includes(name)) return MAIN
  return IN_TRADE.includes(name) ? 'trade' : 'more'
}

/** Path of a page as WeChat knows it, without a slash in front. */
export const placeOf = (name: PageName): string => `${folderOf(name)}/${name}/index`

export const HOME = placeOf(TABS[0].page)

export const PAGE_NAMES = Object.keys(PATHS) as PageName[]

/** The query of an address, without the question mark; what is empty is left out. */
export const queryOf = (params: Record<string, string | undefined>): string =>
  Object.entries(params)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([key, value]) => `${key}=${encodeURIComponent(value!)}`)
    .join('&')

/** Address of a page with its parameters, as navigation and sharing want it. */
export function urlOf<N extends PageName>(name: N, params: PageParams[N]): string {
  const query = queryOf(params as Record<string, string | undefined>)
  return `/${placeOf(name)}${query === '' ? '' : `?${query}`}`
}
