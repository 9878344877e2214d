import type { StoreShop } from '@zhanggui/contract'
import { ApiError, type Client } from '@zhanggui/contract/client'
import type { AnyPage, Head } from '../page.ts'
import type { Match, PageName } from '../routes.ts'

/** Why a page has no data. */
export interface Failure {
  code: string
  status: number
  message: string
}

/** Everything one view of one page is drawn from; crosses from the server to the browser as JSON. */
export interface ScreenState {
  url: string
  name: PageName
  params: Record<string, string>
  base: string
  shop: StoreShop
  data: unknown
  failure: Failure | undefined
}

/** Loads what a page shows. Expected failures become part of the screen. */
export async function loadScreen(
  page: AnyPage,
  match: Match,
  url: string,
  shop: StoreShop,
  api: Client,
): Promise<ScreenState> {
  const screen = { url, name: match.name, params: match.params, base: match.base, shop }
  try {
    const data = await page.load({ api, shop, params: match.params as never })
    return { ...screen, data, failure: undefined }
  } catch (error) {
    return { ...screen, data: undefined, failure: toFailure(error) }
  }
}

/** Turns an answer of the server into words for the page. Programming errors are not swallowed. */
export function toFailure(error: unknown): Failure {
  if (!(error instanceof ApiError)) throw error
  return { code: error.code, status: error.status, message: error.message }
}

export const isSignedOut = (failure: Failure | undefined): boolean =>
  failure?.code === 'SIGN_IN_REQUIRED' || failure?.code === 'SESSION_EXPIRED'

/** An address that names nothing comes back as invalid input; for a buyer that is a page that is not there. */
export const isMissing = (failure: Failure): boolean => failure.status === 404 || failure.status === 422

/** Whether the screen shows a draft: its address carries a preview, and the server has taken it. */
export const isPreview = ({ name, params, failure }: ScreenState): boolean =>
  (name === 'home' || name === 'page') && params.preview !== undefined && failure === undefined

export function headOf(page: AnyPage, screen: ScreenState): Head {
  const { failure, shop } = screen
  if (!failure) {
    const head = page.head(screen.data, shop)
    return { ...head, title: head.title === shop.name ? head.title : `${head.title} · ${shop.name}` }
  }
  if (isSignedOut(failure)) return { title: `登录 · ${shop.name}` }
  return { title: `${isMissing(failure) ? '没有找到' : '出了点问题'} · ${shop.name}` }
}
