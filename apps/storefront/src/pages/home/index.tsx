import type { JSX } from '@hooks'
import { Empty, Icon, Image, Link, NavBar, ProductGrid, Screen, TabBar, Text, View } from '@kit'
import { type ListPage, usePages } from '@model/use-pages.ts'
import { useOnPullDown } from '@platform'
import type { StoreProductCard } from '@zhanggui/contract'
import { useApp } from '../../app.ts'
import { CARD_SIZES } from '../../kit/shared/products.tsx'
import { definePage, type ViewProps } from '../../page.ts'
import './home.css'

type Sort = 'default' | 'new' | 'sold' | 'price-asc' | 'price-desc'

const SORTS: { value: Sort; text: string }[] = [
  { value: 'default', text: '综合' },
  { value: 'sold', text: '销量' },
  { value: 'new', text: '上新' },
  { value: 'price-asc', text: '价格从低' },
  { value: 'price-desc', text: '价格从高' },
]

const sortOf = (value: string | undefined): Sort => SORTS.find((sort) => sort.value === value)?.value ?? 'default'

interface HomeData {
  products: ListPage<StoreProductCard>
}

function HomeView({ data, params, reload }: ViewProps<'home', HomeData>): JSX.Element {
  const { api, shop } = useApp()
  const sort = sortOf(params.sort)
  const pages = usePages(data.products, (cursor) =>
    api('store.products', { params: { shopId: shop.id }, query: { cursor, sort, categoryId: params.category } }),
  )
  useOnPullDown(reload)
  return (
    <View>
      <NavBar title={shop.name} isQuiet />
      <Screen className="zg-home">
        <View className="zg-home-head">
          <View className="zg-home-shop">
            <View className="zg-home-logo">
              {shop.logoUrl === null ? (
                <Text>{shop.name.slice(0, 1)}</Text>
              ) : (
                <Image picture={logo(shop.logoUrl)} alt="" sizes="44px" isFirst />
              )}
            </View>
            <View className="zg-grow">
              <Text as="h1" className="zg-home-name zg-clip">
                {shop.name}
              </Text>
              <View className="zg-home-trust">
                <Icon name="shield" />
                <Text>微信支付 · 发货前可随时退款</Text>
              </View>
            </View>
          </View>
          <Link className="zg-home-search" to="search" params={{}} testId="search-box" label="搜索本店商品">
            <Icon name="search" />
            <Text>搜索本店商品</Text>
          </Link>
        </View>
        {shop.notice !== '' && (
          <View className="zg-note zg-home-notice">
            <Text>{shop.notice}</Text>
          </View>
        )}
        <Chips category={params.category} sort={params.sort} />
        <View className="zg-home-sorts" role="navigation" label="排序">
          {SORTS.map(({ value, text }) => (
            <Link
              key={value}
              className={`zg-home-sort ${value === sort ? 'zg-home-sort-on' : ''}`}
              to="home"
              params={{ category: params.category, sort: value === 'default' ? undefined : value }}
              isCurrent={value === sort}
              isTab
            >
              {text}
            </Link>
          ))}
        </View>
        {pages.items.length === 0 ? (
          <Empty
            icon="bag"
            title="这里还没有商品"
            text={params.category ? '看看其他分类吧' : '店主正在上新，敬请期待'}
          />
        ) : (
          <ProductGrid pages={pages} list="home" label="商品" />
        )}
      </Screen>
      <TabBar current="home" />
    </View>
  )
}

/** A logo is an address only; the kit shows pictures. */
const logo = (url: string) => ({ fileId: url, url, width: 44, height: 44 })

function Chips({ category, sort }: { category: string | undefined; sort: string | undefined }): JSX.Element | null {
  const { shop } = useApp()
  const current = shop.categories.find((one) => one.id === category)
  const parentId = current?.parentId ?? current?.id ?? null
  const top = shop.categories.filter((one) => one.parentId === null && one.productCount > 0)
  const children =
    parentId === null ? [] : shop.categories.filter((one) => one.parentId === parentId && one.productCount > 0)
  if (top.length === 0) return null
  const chip = (id: string | undefined, name: string, isOn: boolean, kind: string) => (
    <Link
      key={id ?? 'all'}
      className={`zg-home-chip ${kind} ${isOn ? 'zg-home-chip-on' : ''}`}
      to="home"
      params={{ category: id, sort }}
      isCurrent={isOn}
      isTab
      testId="category"
    >
      {name}
    </Link>
  )
  return (
    <View role="navigation" label="商品分类">
      <View className="zg-home-chips">
        {chip(undefined, '全部', category === undefined, '')}
        {top.map((one) => chip(one.id, one.name, one.id === parentId || one.id === category, ''))}
      </View>
      {children.length > 0 && (
        <View className="zg-home-chips">
          {children.map((one) => chip(one.id, one.name, one.id === category, 'zg-home-chip-small'))}
        </View>
      )}
    </View>
  )
}

const FIRST_ROWS = 4

export default definePage<'home', HomeData>({
  name: 'home',
  access: 'public',
  load: async ({ api, shop, params }) => ({
    products: await api('store.products', {
      params: { shopId: shop.id },
      query: { sort: sortOf(params.sort), categoryId: params.category },
    }),
  }),
  head: (_, shop) => ({
    title: shop.name,
    description: shop.notice || `${shop.name}：微信支付，发货前可随时退款`,
  }),
  firstPictures: ({ products }) =>
    products.items.slice(0, FIRST_ROWS).flatMap(({ picture }) => (picture ? [{ picture, sizes: CARD_SIZES }] : [])),
  View: HomeView,
})
