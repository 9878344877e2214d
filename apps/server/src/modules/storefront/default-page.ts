import { type Category, LAYOUT_VERSION, type PageBlock, PageLayout } from '@zhanggui/contract'

const MOST_ENTRIES = 10
/** With fewer goods, lists of hot and new ones would only repeat the list below them. */
const ENOUGH_GOODS = 8

/** The home page of a shop that has designed none: notice, categories, what sells, what is new, everything. Pure. */
export function defaultHome(shop: { notice: string; categories: readonly Category[] }): PageLayout {
  const entries = entryCategories(shop.categories)
  const goods = shop.categories.reduce((sum, one) => sum + (one.parentId === null ? one.productCount : 0), 0)
  const blocks: (PageBlock | false)[] = [
    shop.notice !== '' && {
      id: 'notice',
      isHidden: false,
      kind: 'notice',
      text: shop.notice.slice(0, 200),
      link: null,
    },
    entries.length > 1 && {
      id: 'nav',
      isHidden: false,
      kind: 'nav',
      columns: entries.length === 3 || entries.length === 6 ? 3 : entries.length === 4 || entries.length === 8 ? 4 : 5,
      items: entries.map(({ id, name }) => ({
        title: name.slice(0, 8),
        fileId: null,
        link: { kind: 'category', categoryId: id },
      })),
    },
    goods >= ENOUGH_GOODS && { id: 'hot', isHidden: false, kind: 'hot', title: '热卖榜', layout: 'rank', limit: 6 },
    goods >= ENOUGH_GOODS && { id: 'new', isHidden: false, kind: 'new', title: '新品上架', layout: 'rail', limit: 8 },
    { id: 'feed', isHidden: false, kind: 'feed', title: '全部商品' },
  ]
  return PageLayout.parse({ version: LAYOUT_VERSION, blocks: blocks.filter((block) => block !== false) })
}

/** The second level where a shop has few of the first: what buyers look for is there. */
function entryCategories(categories: readonly Category[]): Category[] {
  const filled = categories.filter(({ productCount }) => productCount > 0)
  const top = filled.filter(({ parentId }) => parentId === null)
  const below = filled.filter(({ parentId }) => top.some(({ id }) => id === parentId))
  return (top.length < 4 && below.length >= 4 ? below : top).slice(0, MOST_ENTRIES)
}
