import type { JSX } from '@hooks'
import { Empty, Icon, Image, Link, NavBar, ProductGrid, Screen, TabBar, Text, TopNav, ToTop, View } from '@kit'
import { BANNER_PICTURES, blocksInSight, RAIL_PICTURES } from '@model/first-screen.ts'
import { type ListPage, usePages } from '@model/use-pages.ts'
import { useOnPullDown } from '@platform'
import type { Picture, StorePage, StoreProductCard } from '@zhanggui/contract'
import { useApp } from '../../app.ts'
import { CARD_SIZES, ROW_SIZES, TILE_SIZES } from '../../kit/shared/products.tsx'
import { definePage, type ViewProps } from '../../page.ts'
import { BANNER_SIZES, Blocks } from '../../parts/blocks.tsx'
import { ForYou } from '../../parts/recommendations.tsx'
import { ServiceButton } from '../../parts/service.tsx'
import { usePriceChange } from '../../parts/use-price-change.ts'
import './home.css'

interface HomeData {
  page: StorePage
  products: ListPage<StoreProductCard>
}

function HomeView({ data, reload }: ViewProps<'home', HomeData>): JSX.Element {
  const { api, shop } = useApp()
  const pages = usePages(data.products, (cursor) =>
    api('store.products', { params: { shopId: shop.id }, query: { cursor } }),
  )
  useOnPullDown(reload)
  usePriceChange(
    pages.items.map(({ priceTag }) => priceTag?.nextChangeAt),
    reload,
  )
  const { blocks } = data.page
  const isFeedFirst = blocks.slice(0, blocksInSight(blocks)).some(({ kind }) => kind === 'feed')
  return (
    <View>
      <NavBar title={shop.name} isQuiet />
      <TopNav current="home" />
      <Screen className="zg-home">
        <Head />
        {pages.items.length === 0 && blocks.length <= 1 ? (
          <Empty icon="bag" title="这里还没有商品" text="店主正在上新，敬请期待" />
        ) : (
          <Blocks
            blocks={blocks}
            aboveFeed={<ForYou />}
            feed={<ProductGrid pages={pages} list="home" label="全部商品" isFirstScreen={isFeedFirst} />}
          />
        )}
      </Screen>
      <View className="zg-float">
        <ServiceButton />
        <ToTop />
      </View>
      <TabBar current="home" />
    </View>
  )
}

/** Who sells here and what they stand for, and the way to search. */
function Head(): JSX.Element {
  const { shop } = useApp()
  // a logo alone needs a logo
  const style = shop.headStyle === 'logo' && shop.logoUrl === null ? 'name' : shop.headStyle
  return (
    <View className="zg-home-head">
      <View className="zg-home-shop">
        {style === 'logo-name' && (
          <View className="zg-home-logo">
            {shop.logoUrl === null ? (
              <Text>{shop.name.slice(0, 1)}</Text>
            ) : (
              <Image picture={logo(shop.logoUrl)} alt="" sizes="48px" isFirst />
            )}
          </View>
        )}
        <View className="zg-grow">
          {style === 'logo' && (
            <View className="zg-home-lettering">
              <Image picture={logo(shop.logoUrl!)} alt="" sizes="200px" fit="contain" isFirst />
            </View>
          )}
          <Text as="h1" className="zg-home-name zg-clip" isHidden={style === 'logo'}>
            {shop.name}
          </Text>
          {shop.promises.length > 0 && (
            <View className="zg-home-trust">
              <Icon name="shield" />
              <Text className="zg-clip">{shop.promises.join(' · ')}</Text>
            </View>
          )}
        </View>
      </View>
      <Link className="zg-home-search" to="search" params={{}} testId="search-box" label="搜索本店商品">
        <Icon name="search" />
        <Text>搜索本店商品</Text>
      </Link>
    </View>
  )
}

/** A logo is an address only; the kit shows pictures. */
const logo = (url: string) => ({ fileId: url, url, width: 48, height: 48 })

/** Pictures that are fetched before everything else. */
const MOST_FIRST = 8
const GRID_PICTURES = 4

/** The pictures that are in sight first: of the blocks that begin on the first screen, and of the feed. */
function firstPictures({ page, products }: HomeData): { picture: Picture; sizes: string }[] {
  return page.blocks
    .slice(0, blocksInSight(page.blocks))
    .flatMap((block) => {
      if (block.kind === 'banner')
        return block.slides.slice(0, BANNER_PICTURES).map(({ picture }) => ({ picture, sizes: BANNER_SIZES }))
      if (block.kind === 'feed') return ofCards(products.items.slice(0, GRID_PICTURES), CARD_SIZES)
      if (block.kind !== 'products') return []
      return block.layout === 'grid' || block.layout === 'list'
        ? ofCards(block.products.slice(0, GRID_PICTURES), block.layout === 'grid' ? CARD_SIZES : ROW_SIZES)
        : ofCards(block.products.slice(0, RAIL_PICTURES), TILE_SIZES)
    })
    .slice(0, MOST_FIRST)
}

const ofCards = (cards: readonly StoreProductCard[], sizes: string) =>
  cards.flatMap(({ picture }) => (picture ? [{ picture, sizes }] : []))

export default definePage<'home', HomeData>({
  name: 'home',
  access: 'public',
  load: async ({ api, shop, params: { preview } }) => {
    const params = { shopId: shop.id }
    const [page, products] = await Promise.all([
      api('store.page', { params: { ...params, slug: 'home' }, query: { preview } }),
      api('store.products', { params }),
    ])
    return { page, products }
  },
  head: (_, shop) => ({
    title: shop.name,
    description: [shop.name, shop.notice, shop.promises.join('，')].filter(Boolean).join('：'),
  }),
  firstPictures,
  View: HomeView,
})
