import type { JSX } from '@hooks'
import { Empty, Link, NavBar, ProductGrid, Screen, TabBar, Text, TopNav, ToTop, View } from '@kit'
import { categoryView } from '@model/categories.ts'
import { sortKeys, sortOf } from '@model/sorts.ts'
import { type ListPage, usePages } from '@model/use-pages.ts'
import { useOnPullDown } from '@platform'
import type { Picture, StoreProductCard, StoreShop } from '@zhanggui/contract'
import { useApp } from '../../app.ts'
import { ROW_SIZES } from '../../kit/shared/products.tsx'
import { definePage, type ViewProps } from '../../page.ts'
import './category.css'

interface CategoryData {
  products: ListPage<StoreProductCard>
}

const queryOf = (shop: StoreShop, params: { id?: string; sort?: string }) => ({
  sort: sortOf(params.sort),
  categoryId: categoryView(shop.categories, params.id).current?.id,
})

function CategoryView({ data, params, reload }: ViewProps<'category', CategoryData>): JSX.Element {
  const { api, shop } = useApp()
  const { top, root, children, current } = categoryView(shop.categories, params.id)
  const query = queryOf(shop, params)
  const pages = usePages(data.products, (cursor) =>
    api('store.products', { params: { shopId: shop.id }, query: { ...query, cursor } }),
  )
  useOnPullDown(reload)
  return (
    <View>
      <NavBar title="全部分类" isQuiet />
      <TopNav current="category" />
      <Text as="h1" isHidden>
        {current?.name ?? '全部商品'}
      </Text>
      <Screen className={top.length > 0 ? 'zg-category' : ''}>
        {top.length > 0 && (
          <View className="zg-category-rail" role="navigation" label="一级分类">
            {top.map((one) => (
              <Link
                key={one.id}
                className={`zg-category-top ${one.id === root?.id ? 'zg-category-top-on' : ''}`}
                to="category"
                params={{ id: one.id, sort: params.sort }}
                isCurrent={one.id === root?.id}
                isTab
                testId="category"
              >
                {one.name}
              </Link>
            ))}
          </View>
        )}
        <View className="zg-category-main">
          {root && children.length > 0 && (
            <View className="zg-category-chips" role="navigation" label={`${root.name}的分类`}>
              {[{ ...root, name: '全部' }, ...children].map((one) => (
                <Link
                  key={one.id}
                  className={`zg-category-chip ${one.id === current?.id ? 'zg-category-chip-on' : ''}`}
                  to="category"
                  params={{ id: one.id, sort: params.sort }}
                  isCurrent={one.id === current?.id}
                  isTab
                  testId="subcategory"
                >
                  {one.name}
                </Link>
              ))}
            </View>
          )}
          <View className="zg-category-sorts" role="navigation" label="排序">
            {sortKeys(query.sort).map(({ text, to, isOn }) => (
              <Link
                key={to}
                className={`zg-category-sort ${isOn ? 'zg-category-sort-on' : ''}`}
                to="category"
                params={{ id: params.id, sort: to === 'default' ? undefined : to }}
                isCurrent={isOn}
                isTab
              >
                {text}
              </Link>
            ))}
          </View>
          {pages.items.length === 0 ? (
            <Empty icon="bag" title="这里还没有商品" text="看看其他分类吧" />
          ) : (
            <ProductGrid pages={pages} list="category" label={current?.name ?? '全部商品'} as="rows" />
          )}
        </View>
      </Screen>
      <View className="zg-float">
        <ToTop />
      </View>
      <TabBar current="category" />
    </View>
  )
}

const FIRST_ROWS = 4

const firstPictures = ({ products }: CategoryData): { picture: Picture; sizes: string }[] =>
  products.items.slice(0, FIRST_ROWS).flatMap(({ picture }) => (picture ? [{ picture, sizes: ROW_SIZES }] : []))

export default definePage<'category', CategoryData>({
  name: 'category',
  access: 'public',
  load: async ({ api, shop, params }) => ({
    products: await api('store.products', { params: { shopId: shop.id }, query: queryOf(shop, params) }),
  }),
  head: (_, shop) => ({ title: '全部分类', description: `${shop.name}的全部商品分类` }),
  firstPictures,
  View: CategoryView,
})
