import type { StoreProduct } from '@zhanggui/contract'
import type { Happening } from '@zhanggui/tracker'
import type { ScreenState } from './screen.ts'

const TITLE_LENGTH = 120
const REFERRER_LENGTH = 300

/** "Somebody looks at this page." */
export function pageEvent(screen: ScreenState, referrer: string): Happening {
  const product = screen.name === 'detail' ? (screen.data as { product: StoreProduct } | undefined)?.product : undefined
  return {
    name: 'page',
    page: screen.name,
    ...(product ? { productId: product.id, title: product.title.slice(0, TITLE_LENGTH) } : {}),
    ...(referrer === '' ? {} : { referrer: referrer.slice(0, REFERRER_LENGTH) }),
  }
}
