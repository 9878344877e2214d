import { type JSX, useEffect, useState } from '@hooks'
import { Button, Icon, Link, NavBar, Price, Screen, Text, View } from '@kit'
import { redirect } from '@platform'
import type { Order } from '@zhanggui/contract'
import { useApp } from '../../app.ts'
import { definePage, type ViewProps } from '../../page.ts'
import { hasService } from '../../parts/service.tsx'
import { ServiceSheet } from '../../parts/service-sheet.tsx'
import { useAct } from '../../parts/use-act.ts'
import { usePaid } from '../../parts/use-paid.ts'
import './result.css'

type State = 'paid' | 'pending' | 'failed'

interface ResultData {
  order: Order
  state: State
}

/** After this long without an answer the page offers to pay again. */
const PATIENCE_MS = 20_000

function ResultView({ data: { order, state }, reload }: ViewProps<'result', ResultData>): JSX.Element {
  const { act, isBusy } = useAct()
  const { shop } = useApp()
  const [isAsking, setAsking] = useState(false)
  const [isLong, setLong] = useState(false)
  usePaid(order.id, state === 'pending', () => void reload())
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <View>
      <NavBar title="支付结果" back="orders" />
      <Screen className="zg-screen-narrow">
        <View className="zg-panel zg-result" role="status" testId={`result-${state}`}>
          <View className={`zg-result-disc zg-result-${state}`}>
            <Icon name={state === 'paid' ? 'check' : state === 'pending' ? 'clock' : 'warn'} />
          </View>
          <Text as="h2" className="zg-result-title">
            {TITLES[state]}
          </Text>
          <Price fen={state === 'paid' ? order.paidFen : order.totalFen} size="large" />
          <Text className="zg-muted zg-small">{TEXTS[state]}</Text>
          {state === 'pending' && (
            <Button kind="soft" isBusy={isBusy} testId="check-again" onTap={() => act(reload)}>
              我已支付，刷新结果
            </Button>
          )}
          {(state === 'failed' || (state === 'pending' && isLong)) && order.state === 'awaiting-payment' && (
            <Button kind="trust" testId="pay-again" onTap={() => redirect('pay', { order: order.id })}>
              重新支付
            </Button>
          )}
        </View>
        {state === 'failed' && hasService(shop.contact) && (
          <Button kind="plain" isBlock testId="result-service" onTap={() => setAsking(true)}>
            <Icon name="headset" />
            <Text>付款遇到问题？联系客服</Text>
          </Button>
        )}
        <View className="zg-result-links">
          <Link className="zg-button zg-button-plain" to="order" params={{ order: order.id }} testId="to-order">
            查看订单
          </Link>
          <Link className="zg-button zg-button-primary" to="home" params={{}} isTab>
            继续逛逛
          </Link>
        </View>
      </Screen>
      <ServiceSheet isOpen={isAsking} onClose={() => setAsking(false)} />
    </View>
  )
}

const TITLES: Record<State, string> = { paid: '支付成功', pending: '正在确认支付结果', failed: '支付未完成' }
const TEXTS: Record<State, string> = {
  paid: '商家会尽快发货，请留意物流消息',
  pending: '通常只需几秒，结果以微信支付为准',
  failed: '没有扣款，你可以重新支付或稍后再付',
}

export default definePage<'result', ResultData>({
  name: 'result',
  access: 'buyer-redirect',
  load: async ({ api, shop, params }) => {
    const at = { shopId: shop.id, orderId: params.order }
    // first the state: asking for it may be what makes the order paid
    const { state } = await api('payments.status', { params: at })
    const order = await api('orders.get', { params: at })
    return { order, state: stateOf(state, order) }
  },
  head: () => ({ title: '支付结果' }),
  View: ResultView,
})

function stateOf(payment: 'none' | 'pending' | 'paid' | 'closed' | 'failed', order: Order): State {
  if (payment === 'paid' || order.paidAt !== null) return 'paid'
  return payment === 'pending' ? 'pending' : 'failed'
}
