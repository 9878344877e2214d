import type { BlockLink } from '@zhanggui/contract'
import { matchPath, type PageName, type PageParams } from '../routes.ts'

export interface Target {
  to: PageName
  params: PageParams[PageName]
  isTab: boolean
}

/** Begins the id of a block's element on a page: what addresses and the editor find it by. */
export const BLOCK_ANCHOR = 'b-'

const TABS: ReadonlySet<PageName> = new Set(['home', 'category', 'cart', 'orders', 'me'])

/** Where a link of a designed page leads; undefined for a path that is none of our pages. */
export function targetOf(link: BlockLink): Target | undefined {
  switch (link.kind) {
    case 'product':
      return { to: 'detail', params: { id: link.productId }, isTab: false }
    case 'category':
      return { to: 'category', params: { id: link.categoryId }, isTab: true }
    case 'page':
      return { to: 'page', params: { slug: link.slug }, isTab: false }
    case 'search':
      return { to: 'search', params: { q: link.q }, isTab: false }
    case 'place':
      return { to: link.place, params: {}, isTab: true }
    case 'path': {
      const match = matchPath(link.path)
      return match && { to: match.name, params: match.params as PageParams[PageName], isTab: TABS.has(match.name) }
    }
  }
}
