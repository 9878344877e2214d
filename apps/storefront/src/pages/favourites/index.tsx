import { type JSX, useState } from '@hooks'
import { Empty, InfiniteList, Link, NavBar, Screen, Tag, Tap, View } from '@kit'
import { type ListPage, usePages } from '@model/use-pages.ts'
import { toast, useOnPullDown } from '@platform'
import type { Favourite } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { useApp } from '../../app.ts'
import { definePage, type ViewProps } from '../../page.ts'
import { KeptRow } from '../../parts/kept-row.tsx'
import { useAct } from '../../parts/use-act.ts'

interface FavouritesData {
  favourites: ListPage<Favourite>
}

function FavouritesView({ data, reload }: ViewProps<'favourites', FavouritesData>): JSX.Element {
  const { api, shop } = useApp()
  const { act } = useAct()
  const [gone, setGone] = useState<readonly string[]>([])
  const pages = usePages(data.favourites, (cursor) =>
    api('buyer.favourites', { params: { shopId: shop.id }, query: { cursor } }),
  )
  useOnPullDown(reload)
  const toggle = (productId: string) =>
    act(async () => {
      const params = { shopId: shop.id, productId }
      if (gone.includes(productId)) {
        await api('buyer.addFavourite', { params })
        return setGone(gone.filter((id) => id !== productId))
      }
      await api('buyer.removeFavourite', { params })
      setGone([...gone, productId])
      toast('已取消收藏，可以撤销')
    })
  return (
    <View>
      <NavBar title="我的收藏" back="me" />
      <Screen className="zg-screen-narrow">
        {pages.items.length === 0 ? (
          <Empty icon="heart" title="还没有收藏" text="在商品页点“收藏”，降价会标出来">
            <Link className="zg-button zg-button-primary" to="home" params={{}} isTab>
              去逛逛
            </Link>
          </Empty>
        ) : (
          <InfiniteList
            label="收藏的商品"
            hasMore={pages.hasMore}
            isLoading={pages.isLoading}
            error={pages.error}
            onMore={pages.loadMore}
          >
            {pages.items.map(({ id, title, card, dropFen }) => (
              <KeptRow key={id} id={id} title={title} card={card}>
                {dropFen > 0 && <Tag kind="good">比收藏时降 {formatMoney(dropFen)}</Tag>}
                <Tap className="zg-kept-key" onTap={() => toggle(id)}>
                  {gone.includes(id) ? '撤销' : '取消收藏'}
                </Tap>
              </KeptRow>
            ))}
          </InfiniteList>
        )}
      </Screen>
    </View>
  )
}

export default definePage<'favourites', FavouritesData>({
  name: 'favourites',
  access: 'buyer',
  load: async ({ api, shop }) => ({ favourites: await api('buyer.favourites', { params: { shopId: shop.id } }) }),
  head: () => ({ title: '我的收藏' }),
  View: FavouritesView,
})
