import { Fragment, type JSX, useEffect, useState } from '@hooks'
import { Icon, Link, NavBar, Screen, Tap, Text, View } from '@kit'
import { ORDER_STATE_TEXTS } from '@model/order-states.ts'
import { noticesApart, timelineOf } from '@model/order-timeline.ts'
import { timeText } from '@model/texts.ts'
import { PAYERS } from '@model/trade-texts.ts'
import { copy, toast, useOnPullDown } from '@platform'
import type { AftersaleRow, Order, OrderFollowUp } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { definePage, type ViewProps } from '../../page.ts'
import { AddressLines } from '../../parts/address-book.tsx'
import { Countdown } from '../../parts/countdown.tsx'
import { OrderLine, SumRow } from '../../parts/order-line.tsx'
import { OrderActions } from './actions.tsx'
import { ApplyLink, CaseCards, mayApply } from './aftersale.tsx'
import { AddressChange, TroubleCards, type Troubles } from './exceptions.tsx'
import { DeliveryCard, Notices, ParcelCard } from './follow-up.tsx'
import './order.css'

interface OrderData {
  order: Order
  followUp: OrderFollowUp
  troubles: Troubles
  cases: AftersaleRow[]
}

function OrderView({ data, reload }: ViewProps<'order', OrderData>): JSX.Element {
  const [order, setOrder] = useState(data.order)
  useEffect(() => setOrder(data.order), [data])
  const { delivery, parcels, notices } = data.followUp
  const byCourier = order.shipments.filter(({ method }) => method === 'courier')
  useOnPullDown(reload)
  return (
    <View>
      <NavBar title="订单详情" back="orders" />
      <Screen className="zg-screen-narrow" hasBar>
        <StateHead order={order} reload={reload} />
        <TroubleCards order={order} troubles={data.troubles} reload={reload} />
        {delivery && <DeliveryCard delivery={delivery} reload={reload} />}
        {byCourier.map((shipment) => (
          <ParcelCard
            key={shipment.id}
            shipment={shipment}
            track={parcels.find(({ shipmentId }) => shipmentId === shipment.id)}
          />
        ))}
        <CaseCards cases={data.cases} />
        <Notices notices={noticesApart(notices, byCourier)} />
        <View className="zg-panel zg-address">
          <Icon name="pin" />
          <AddressLines address={order.address}>
            <AddressChange order={order} troubles={data.troubles} reload={reload} />
          </AddressLines>
        </View>
        <View className="zg-panel" role="region" label="商品">
          {order.lines.map((line) => (
            <OrderLine
              key={line.line}
              line={line}
              unitFen={line.unitPriceFen}
              action={mayApply(order) && <ApplyLink order={order} line={line.line} />}
            >
              {line.shippedQuantity > 0 && line.shippedQuantity < line.quantity && (
                <Text className="zg-small zg-muted">已发出 {line.shippedQuantity} 件</Text>
              )}
            </OrderLine>
          ))}
          <Sums order={order} />
        </View>
        <Facts order={order} />
        {order.paidAt !== null && <InvoiceLink order={order} />}
        <Timeline order={order} followUp={data.followUp} />
      </Screen>
      <OrderActions order={order} onChanged={setOrder} />
    </View>
  )
}

function StateHead({ order, reload }: { order: Order; reload: () => Promise<void> }): JSX.Element {
  const { title, text } = ORDER_STATE_TEXTS[order.state]
  const refund = order.refunds.at(-1)
  return (
    <View className={`zg-order-state zg-order-${order.state}`} role="status" testId="order-state">
      <Text as="h2" className="zg-order-title">
        {title}
      </Text>
      {order.state === 'awaiting-payment' && order.payBefore !== null ? (
        <Text className="zg-small">
          剩余 <Countdown until={order.payBefore} onOver={() => void reload()} />
          ，超时订单自动取消
        </Text>
      ) : (
        <Text className="zg-small">
          {order.state === 'cancelled' && order.cancelReason ? `原因：${order.cancelReason}` : text}
        </Text>
      )}
      {order.state === 'shipped' && order.autoReceiveAt !== null && (
        <Text className="zg-small">{timeText(order.autoReceiveAt)} 自动确认收货</Text>
      )}
      {refund && (
        <Text className="zg-small">
          退款 {formatMoney(refund.amountFen)}：{refund.reason}
          {refund.state === 'failed' && '（退款遇到问题，商家正在处理）'}
        </Text>
      )}
    </View>
  )
}

const Sums = ({ order }: { order: Order }): JSX.Element => (
  <Fragment>
    <SumRow name="商品金额">{formatMoney(order.goodsFen)}</SumRow>
    {order.adjustments.map((adjustment) => (
      <SumRow
        key={`${adjustment.source}:${adjustment.line}`}
        name={adjustment.label}
        note={`${PAYERS[adjustment.payer]}承担`}
      >
        {formatMoney(adjustment.fen)}
      </SumRow>
    ))}
    <SumRow name="运费">{order.freightFen === 0 ? '免运费' : formatMoney(order.freightFen)}</SumRow>
    <SumRow name={order.paidAt === null ? '应付' : '实付'} isStrong>
      {formatMoney(order.paidAt === null ? order.totalFen : order.paidFen)}
    </SumRow>
    {order.refundedFen > 0 && <SumRow name="已退款">{formatMoney(order.refundedFen)}</SumRow>}
  </Fragment>
)

function CopyKey({ text, label }: { text: string; label: string }): JSX.Element {
  return (
    <Tap className="zg-order-copy" label={label} onTap={() => void copy(text).then(() => toast('已复制', 'good'))}>
      复制
    </Tap>
  )
}

const Facts = ({ order }: { order: Order }): JSX.Element => {
  const together = order.payments.find(({ state }) => state === 'paid')?.combined
  return (
    <View className="zg-panel zg-small">
      <View className="zg-row">
        <Text className="zg-muted">订单编号</Text>
        <View className="zg-row">
          <Text testId="order-no">{order.orderNo}</Text>
          <CopyKey text={order.orderNo} label="复制订单编号" />
        </View>
      </View>
      <View className="zg-row zg-order-fact">
        <Text className="zg-muted">下单时间</Text>
        <Text>{timeText(order.placedAt)}</Text>
      </View>
      {order.paidAt !== null && (
        <View className="zg-row zg-order-fact">
          <Text className="zg-muted">付款时间</Text>
          <Text>{timeText(order.paidAt)}</Text>
        </View>
      )}
      {together && (
        <View className="zg-row zg-order-fact">
          <Text className="zg-muted">合并支付</Text>
          <Text testId="paid-together">与另外 {together.orders - 1} 笔订单一起付的</Text>
        </View>
      )}
      {order.buyerNote !== '' && (
        <View className="zg-row zg-order-fact">
          <Text className="zg-muted">留言</Text>
          <Text>{order.buyerNote}</Text>
        </View>
      )}
    </View>
  )
}

const InvoiceLink = ({ order }: { order: Order }): JSX.Element => (
  <Link className="zg-panel zg-row zg-order-case" to="invoice" params={{ order: order.id }} testId="invoice">
    <Text>发票</Text>
    <Text className="zg-muted">开票与进度</Text>
  </Link>
)

/** What happened, newest first: the order's steps, where its parcels were, what the shop wrote. */
function Timeline({ order, followUp }: { order: Order; followUp: OrderFollowUp }): JSX.Element | null {
  const newestFirst = timelineOf(order.timeline, followUp)
  if (newestFirst.length === 0) return null
  return (
    <View className="zg-panel" role="region" label="订单进度" testId="timeline">
      <Text as="h2" className="zg-panel-title">
        订单进度
      </Text>
      {newestFirst.map((entry, index) => (
        <View className={`zg-order-step${index === 0 ? ' zg-order-step-now' : ''}`} key={entry.key}>
          <Text>{entry.text}</Text>
          <Text className="zg-small zg-muted">{timeText(entry.at)}</Text>
        </View>
      ))}
    </View>
  )
}

export default definePage<'order', OrderData>({
  name: 'order',
  access: 'buyer',
  load: async ({ api, shop, params }) => {
    const at = { params: { shopId: shop.id, orderId: params.order } }
    const [order, followUp, troubles, { items: cases }] = await Promise.all([
      api('orders.get', at),
      api('orders.followUp', at),
      api('orders.exceptions', at),
      api('aftersale.list', { params: { shopId: shop.id }, query: { orderId: params.order } }),
    ])
    return { order, followUp, troubles, cases }
  },
  head: () => ({ title: '订单详情' }),
  View: OrderView,
})
