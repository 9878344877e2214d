import type { JSX } from '@hooks'
import { Empty, InfiniteList, NavBar, Screen, Tag, Text, View } from '@kit'
import { amountOf, shareStateOf } from '@model/earnings.ts'
import { timeText } from '@model/texts.ts'
import { type ListPage, usePages } from '@model/use-pages.ts'
import { useOnPullDown } from '@platform'
import type { PartyShare } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { useApp } from '../../app.ts'
import { definePage, type ViewProps } from '../../page.ts'
import '../../parts/earnings.css'

type Row = PartyShare & { id: string }

interface SharesData {
  shares: ListPage<Row>
}

const withIds = ({ items, nextCursor }: ListPage<PartyShare>): ListPage<Row> => ({
  items: items.map((share) => ({ ...share, id: share.orderId })),
  nextCursor,
})

/** A party's shares by order, each with how it came about. (PAY-02) */
function SharesView({ data, params, reload }: ViewProps<'earning-shares', SharesData>): JSX.Element {
  const { api } = useApp()
  const at = { shopId: params.shopId, partyId: params.party }
  const pages = usePages(data.shares, async (cursor) =>
    withIds(await api('buyer.earningShares', { params: at, query: { cursor } })),
  )
  useOnPullDown(reload)
  return (
    <View>
      <NavBar title="收益明细" back="earnings" />
      <Screen className="zg-screen-narrow">
        {pages.items.length === 0 ? (
          <Empty icon="list" title="还没有分成" text="带来的订单付款后，分成会出现在这里" />
        ) : (
          <InfiniteList
            label="收益明细"
            hasMore={pages.hasMore}
            isLoading={pages.isLoading}
            error={pages.error}
            onMore={pages.loadMore}
          >
            {pages.items.map((share) => (
              <ShareRow key={share.id} share={share} />
            ))}
          </InfiniteList>
        )}
      </Screen>
    </View>
  )
}

function ShareRow({ share }: { share: Row }): JSX.Element {
  const { text, kind } = shareStateOf(share)
  return (
    <View className="zg-panel" role="listitem" testId="share">
      <View className="zg-row">
        <Text>订单 {share.orderNo}</Text>
        <Text as="strong" className="zg-earn-share">
          {formatMoney(amountOf(share))}
        </Text>
      </View>
      <View className="zg-row zg-earn-state">
        <Text className="zg-small zg-muted">
          {share.pendingFen > 0 && share.holdUntil !== null && `${timeText(share.holdUntil)} 到期`}
        </Text>
        <Tag kind={kind}>{text}</Tag>
      </View>
      {[...share.explained.map(({ zh }) => zh), share.note].filter(Boolean).map((words) => (
        <Text as="p" className="zg-small zg-muted" key={words}>
          {words}
        </Text>
      ))}
    </View>
  )
}

export default definePage<'earning-shares', SharesData>({
  name: 'earning-shares',
  access: 'buyer',
  load: async ({ api, params }) => ({
    shares: withIds(await api('buyer.earningShares', { params: { shopId: params.shopId, partyId: params.party } })),
  }),
  head: () => ({ title: '收益明细' }),
  View: SharesView,
})
