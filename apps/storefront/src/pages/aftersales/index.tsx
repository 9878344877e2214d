import type { JSX } from '@hooks'
import { Empty, InfiniteList, Link, NavBar, Screen, Tag, Text, View } from '@kit'
import { CASE_STATES, CASE_TYPES, caseTagKind } from '@model/aftersale.ts'
import { timeText } from '@model/texts.ts'
import { type ListPage, usePages } from '@model/use-pages.ts'
import { useOnPullDown } from '@platform'
import type { AftersaleRow } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { useApp } from '../../app.ts'
import { definePage, type ViewProps } from '../../page.ts'
import { CaseGoods } from '../../parts/case-goods.tsx'

interface CasesData {
  cases: ListPage<AftersaleRow>
}

const TABS = [
  { tab: undefined, text: '进行中' },
  { tab: 'ended', text: '已结束' },
]

function AftersalesView({ data, params, reload }: ViewProps<'aftersales', CasesData>): JSX.Element {
  const { api, shop } = useApp()
  const isEnded = params.tab === 'ended'
  const pages = usePages(data.cases, (cursor) =>
    api('aftersale.list', { params: { shopId: shop.id }, query: { open: String(!isEnded), cursor } }),
  )
  useOnPullDown(reload)
  return (
    <View>
      <NavBar title="退款/售后" back="me" />
      <Screen className="zg-screen-narrow">
        <View className="zg-case-reasons zg-case-tabs" role="navigation" label="售后">
          {TABS.map(({ tab, text }) => (
            <Link
              key={text}
              className={(tab === 'ended') === isEnded ? 'zg-chip zg-chip-on' : 'zg-chip'}
              to="aftersales"
              params={{ tab }}
              isCurrent={(tab === 'ended') === isEnded}
            >
              {text}
            </Link>
          ))}
        </View>
        {pages.items.length === 0 ? (
          <Empty
            icon="refund"
            title={isEnded ? '没有结束的售后' : '没有进行中的售后'}
            text="在订单里可以对每件商品申请退款、退货或换货"
          >
            <Link className="zg-button zg-button-soft" to="orders" params={{}} isTab>
              看订单
            </Link>
          </Empty>
        ) : (
          <InfiniteList
            label="退款与售后"
            hasMore={pages.hasMore}
            isLoading={pages.isLoading}
            error={pages.error}
            onMore={pages.loadMore}
          >
            {pages.items.map((row) => (
              <View className="zg-panel" role="listitem" key={row.id} testId="case">
                <View className="zg-row zg-small">
                  <Text className="zg-muted">
                    {CASE_TYPES[row.type].title} · {timeText(row.openedAt)}
                  </Text>
                  <Tag kind={caseTagKind(row)}>{CASE_STATES[row.state]}</Tag>
                </View>
                <CaseGoods lines={row.lines} />
                <View className="zg-case-foot">
                  <Text className="zg-small zg-grow">
                    {row.type === 'exchange' ? '换货' : `退款 ${formatMoney(row.amountFen)}`}
                  </Text>
                  <Link
                    className="zg-button zg-button-plain zg-button-small"
                    to="aftersale"
                    params={{ id: row.id }}
                    testId="open-case"
                  >
                    查看进度
                  </Link>
                </View>
              </View>
            ))}
          </InfiniteList>
        )}
      </Screen>
    </View>
  )
}

export default definePage<'aftersales', CasesData>({
  name: 'aftersales',
  access: 'buyer',
  load: async ({ api, shop, params }) => ({
    cases: await api('aftersale.list', {
      params: { shopId: shop.id },
      query: { open: String(params.tab !== 'ended') },
    }),
  }),
  head: () => ({ title: '退款/售后' }),
  View: AftersalesView,
})
