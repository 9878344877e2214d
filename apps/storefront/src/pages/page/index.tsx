import type { JSX } from '@hooks'
import { Empty, Link, NavBar, ProductGrid, Screen, ToTop, View } from '@kit'
import { type ListPage, usePages } from '@model/use-pages.ts'
import { useOnPullDown } from '@platform'
import type { StorePage, StoreProductCard } from '@zhanggui/contract'
import { useApp } from '../../app.ts'
import { definePage, type ViewProps } from '../../page.ts'
import { Blocks } from '../../parts/blocks.tsx'

interface PageData {
  page: StorePage
  /** What the page's feed begins with; empty when it has none. */
  products: ListPage<StoreProductCard>
}

const NOTHING: ListPage<StoreProductCard> = { items: [], nextCursor: null }

function PageView({ data: { page, products }, reload }: ViewProps<'page', PageData>): JSX.Element {
  const { api, shop } = useApp()
  const pages = usePages(products, (cursor) =>
    api('store.products', { params: { shopId: shop.id }, query: { cursor } }),
  )
  useOnPullDown(reload)
  return (
    <View>
      <NavBar title={page.title} back="home" />
      <Screen>
        {page.blocks.length === 0 ? (
          <Empty icon="bag" title="这个页面还是空的" text="店主正在准备">
            <Link className="zg-button zg-button-primary" to="home" params={{}} isTab>
              去首页逛逛
            </Link>
          </Empty>
        ) : (
          <Blocks
            blocks={page.blocks}
            feed={<ProductGrid pages={pages} list="page" label="全部商品" isFirstScreen={false} />}
          />
        )}
      </Screen>
      <View className="zg-float">
        <ToTop />
      </View>
    </View>
  )
}

export default definePage<'page', PageData>({
  name: 'page',
  access: 'public',
  load: async ({ api, shop, params }) => {
    const page = await api('store.page', {
      params: { shopId: shop.id, slug: params.slug },
      query: { preview: params.preview },
    })
    const hasFeed = page.blocks.some(({ kind }) => kind === 'feed')
    return { page, products: hasFeed ? await api('store.products', { params: { shopId: shop.id } }) : NOTHING }
  },
  head: ({ page }) => ({ title: page.title, ...(page.description ? { description: page.description } : {}) }),
  View: PageView,
})
