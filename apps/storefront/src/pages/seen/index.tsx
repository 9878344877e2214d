import type { JSX } from '@hooks'
import { Button, Empty, InfiniteList, Link, NavBar, Screen, Text, View } from '@kit'
import { nearTimeText } from '@model/texts.ts'
import { type ListPage, usePages } from '@model/use-pages.ts'
import { confirm, useOnPullDown } from '@platform'
import type { SeenProduct } from '@zhanggui/contract'
import { useApp } from '../../app.ts'
import { definePage, type ViewProps } from '../../page.ts'
import { KeptRow } from '../../parts/kept-row.tsx'
import { useAct } from '../../parts/use-act.ts'

interface SeenData {
  seen: ListPage<SeenProduct>
}

function SeenView({ data, reload }: ViewProps<'seen', SeenData>): JSX.Element {
  const { api, shop, serverNow } = useApp()
  const { isBusy, act } = useAct()
  const params = { shopId: shop.id }
  const pages = usePages(data.seen, (cursor) => api('buyer.seenProducts', { params, query: { cursor } }))
  useOnPullDown(reload)
  const clear = () =>
    act(async () => {
      if (!(await confirm({ title: '清空浏览足迹？', content: '清空后不能恢复', confirmText: '清空', isDanger: true })))
        return
      await api('buyer.forgetSeen', { params })
      await reload()
    })
  return (
    <View>
      <NavBar title="浏览足迹" back="me" />
      <Screen className="zg-screen-narrow">
        {pages.items.length === 0 ? (
          <Empty icon="eye" title="没有浏览足迹" text="看过的商品会留在这里；不想留可以在隐私设置里关闭">
            <Link className="zg-button zg-button-plain" to="privacy" params={{}}>
              隐私设置
            </Link>
          </Empty>
        ) : (
          <View>
            <View className="zg-row zg-seen-head">
              <Text className="zg-grow zg-small zg-muted">最近看过的商品</Text>
              <Button kind="plain" size="small" isBusy={isBusy} testId="clear-seen" onTap={clear}>
                清空足迹
              </Button>
            </View>
            <InfiniteList
              label="看过的商品"
              hasMore={pages.hasMore}
              isLoading={pages.isLoading}
              error={pages.error}
              onMore={pages.loadMore}
            >
              {pages.items.map(({ id, title, card, seenAt }) => (
                <KeptRow key={id} id={id} title={title} card={card}>
                  <Text className="zg-small zg-muted">{nearTimeText(seenAt, serverNow())} 看过</Text>
                </KeptRow>
              ))}
            </InfiniteList>
          </View>
        )}
      </Screen>
    </View>
  )
}

export default definePage<'seen', SeenData>({
  name: 'seen',
  access: 'buyer',
  load: async ({ api, shop }) => ({ seen: await api('buyer.seenProducts', { params: { shopId: shop.id } }) }),
  head: () => ({ title: '浏览足迹' }),
  View: SeenView,
})
