import type { JSX } from '@hooks'
import { Empty, Image, InfiniteList, Link, NavBar, Price, Screen, SignInPrompt, TabBar, Text, View } from '@kit'
import { ORDER_STATE_TEXTS } from '@model/order-states.ts'
import { timeText } from '@model/texts.ts'
import { type ListPage, usePages } from '@model/use-pages.ts'
import { useOnPullDown } from '@platform'
import type { OrderState, OrderSummary } from '@zhanggui/contract'
import { useApp } from '../../app.ts'
import { definePage, type ViewProps } from '../../page.ts'
import { isCode } from '../../parts/use-act.ts'
import './orders.css'

interface OrdersData {
  /** Null: nobody is signed in. */
  orders: ListPage<OrderSummary> | null
}

const TABS: { state: OrderState | undefined; text: string }[] = [
  { state: undefined, text: '全部' },
  { state: 'awaiting-payment', text: '待付款' },
  { state: 'awaiting-shipment', text: '待发货' },
  { state: 'shipped', text: '待收货' },
  { state: 'completed', text: '已完成' },
  { state: 'refunding', text: '退款中' },
]

const stateOf = (text: string | undefined): OrderState | undefined => TABS.find(({ state }) => state === text)?.state

function OrdersView({ data: { orders }, params, reload }: ViewProps<'orders', OrdersData>): JSX.Element {
  useOnPullDown(reload)
  return (
    <View>
      <NavBar title="我的订单" />
      <Screen className="zg-screen-narrow">
        {orders === null ? (
          <SignInPrompt title="登录后继续" />
        ) : (
          <Orders first={orders} current={stateOf(params.state)} />
        )}
      </Screen>
      <TabBar current="orders" />
    </View>
  )
}

interface OrdersProps {
  first: ListPage<OrderSummary>
  current: OrderState | undefined
}

function Orders({ first, current }: OrdersProps): JSX.Element {
  const { api, shop } = useApp()
  const pages = usePages(first, (cursor) =>
    api('orders.list', { params: { shopId: shop.id }, query: { state: current, cursor } }),
  )
  return (
    <View>
      <View className="zg-orders-tabs" role="navigation" label="订单状态">
        {TABS.map(({ state, text }) => (
          <Link
            key={text}
            className={`zg-orders-tab ${state === current ? 'zg-orders-tab-on' : ''}`}
            to="orders"
            params={{ state }}
            isCurrent={state === current}
            isTab
          >
            {text}
          </Link>
        ))}
      </View>
      {current === 'awaiting-payment' && (
        <Link className="zg-panel zg-row zg-orders-together" to="together" params={{}} testId="pay-together">
          <Text>合并支付</Text>
          <Text className="zg-small zg-muted">几笔待付款订单一次付清，其他店铺的也可以</Text>
        </Link>
      )}
      {pages.items.length === 0 ? (
        <Empty
          icon="list"
          title={current ? `没有${ORDER_STATE_TEXTS[current].title}的订单` : '还没有订单'}
          text="下单后在这里查看进度"
        >
          <Link className="zg-button zg-button-primary" to="home" params={{}} isTab>
            去逛逛
          </Link>
        </Empty>
      ) : (
        <InfiniteList
          label="订单"
          hasMore={pages.hasMore}
          isLoading={pages.isLoading}
          error={pages.error}
          onMore={pages.loadMore}
          endText="没有更多订单了"
        >
          {pages.items.map((order) => (
            <OrderCard key={order.id} order={order} />
          ))}
        </InfiniteList>
      )}
    </View>
  )
}

const MOST_PICTURES = 4

/** What a cancelled order comes to was neither paid nor has to be. */
function sumName({ state }: OrderSummary): string {
  if (state === 'awaiting-payment') return '应付'
  return state === 'cancelled' ? '合计' : '实付'
}

function OrderCard({ order }: { order: OrderSummary }): JSX.Element {
  const [first] = order.lines
  const isUnpaid = order.state === 'awaiting-payment'
  return (
    <View className="zg-panel" role="listitem" testId="order-card">
      <Link className="zg-orders-link" to="order" params={{ order: order.id }}>
        <View className="zg-row zg-small">
          <Text className="zg-muted">订单编号 {order.orderNo}</Text>
          <Text className="zg-orders-state">{ORDER_STATE_TEXTS[order.state].title}</Text>
        </View>
        <View className="zg-orders-goods">
          {order.lines.slice(0, MOST_PICTURES).map((line) => (
            <View className="zg-orders-picture" key={line.line}>
              <Image picture={line.picture} alt={line.title} sizes="72px" />
            </View>
          ))}
          {order.lines.length === 1 && first && (
            <View className="zg-grow">
              <Text className="zg-orders-title">{first.title}</Text>
              <Text className="zg-small zg-muted">{first.options}</Text>
            </View>
          )}
        </View>
        <View className="zg-row">
          <Text className="zg-small zg-muted">
            {timeText(order.placedAt).split(' ')[0]} · 共 {order.itemCount} 件
          </Text>
          <View className="zg-orders-sum">
            <Text className="zg-small zg-muted">{sumName(order)}</Text>
            <Price fen={order.totalFen} size="small" />
          </View>
        </View>
      </Link>
      {order.state === 'completed' && (
        <View className="zg-orders-actions">
          <Link className="zg-button zg-button-soft zg-button-small" to="review" params={{ order: order.id }}>
            评价
          </Link>
        </View>
      )}
      {(isUnpaid || order.state === 'shipped') && (
        <View className="zg-orders-actions">
          {isUnpaid ? (
            <Link
              className="zg-button zg-button-primary zg-button-small"
              to="pay"
              params={{ order: order.id }}
              testId="order-pay"
            >
              去支付
            </Link>
          ) : (
            <Link className="zg-button zg-button-soft zg-button-small" to="order" params={{ order: order.id }}>
              查看物流
            </Link>
          )}
        </View>
      )}
    </View>
  )
}

export default definePage<'orders', OrdersData>({
  name: 'orders',
  access: 'guest',
  load: async ({ api, shop, params }) => ({
    orders: await api('orders.list', {
      params: { shopId: shop.id },
      query: { state: stateOf(params.state) },
    }).catch((error: unknown) => {
      if (isCode(error, 'SIGN_IN_REQUIRED', 'SESSION_EXPIRED')) return null
      throw error
    }),
  }),
  head: () => ({ title: '我的订单' }),
  View: OrdersView,
})
