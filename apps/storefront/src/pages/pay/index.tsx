import { type JSX, useEffect, useRef, useState } from '@hooks'
import { Button, Empty, Icon, Link, NavBar, Price, Screen, Text, View } from '@kit'
import { noticesAfterPaying } from '@model/notices.ts'
import { ORDER_STATE_TEXTS } from '@model/order-states.ts'
import { askToNotify, kind, pay, payMethod, redirect, storage, toast } from '@platform'
import type { Order, PaymentStart, PersonalOffer } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { useApp } from '../../app.ts'
import { definePage, type ViewProps } from '../../page.ts'
import { Countdown } from '../../parts/countdown.tsx'
import { NativeCode } from '../../parts/native-code.tsx'
import { PAY_NOW_KEY } from '../../parts/pay-now.ts'
import { PersonalPay } from '../../parts/personal-pay.tsx'
import { ServiceButton } from '../../parts/service.tsx'
import { messageOf, useAct } from '../../parts/use-act.ts'
import { usePaid } from '../../parts/use-paid.ts'
import { pathOf } from '../../routes.ts'
import { AskService } from './ask-service.tsx'
import '../../parts/pay.css'

interface PayData {
  order: Order
  offer: PersonalOffer
}

function PayView({ data: { order, offer }, reload }: ViewProps<'pay', PayData>): JSX.Element {
  const { api, shop, base } = useApp()
  const { isBusy, act } = useAct()
  const [code, setCode] = useState<PaymentStart | undefined>(undefined)
  const [isOnPhone, setOnPhone] = useState<boolean | undefined>(undefined)
  // the way that fits this browser, or a code for another phone when that one does not work
  const [isByCode, setByCode] = useState(false)
  const [trouble, setTrouble] = useState<string | undefined>(undefined)
  const isOpen = order.state === 'awaiting-payment'
  // The buyer has transferred, or is about to: WeChat Pay is not started by itself beside it.
  const isByHand = offer.payment?.state === 'open' || offer.payment?.state === 'waiting'
  const canScan = isOnPhone === true && !isByCode && (kind === 'h5' || trouble !== undefined)
  const isAsking = useRef(false)
  usePaid(order.id, isOpen, (state) => {
    if (isAsking.current) return
    if (state === 'paid') redirect('result', { order: order.id })
    else void reload()
  })
  const start = (way?: 'native') =>
    act(async () => {
      const method = way ?? payMethod()
      setTrouble(undefined)
      const started = await api('payments.start', {
        params: { shopId: shop.id, orderId: order.id },
        body: { method, returnTo: pathOf('result', { order: order.id }, base) },
      }).catch((error: unknown) => {
        setTrouble(messageOf(error))
        throw error
      })
      const outcome = await pay(started).catch((error: unknown) => {
        setTrouble(messageOf(error))
        return undefined
      })
      if (outcome === 'shown') setCode(started)
      if (outcome === 'finished') {
        // WeChat's question stands above this page, which must not move on below it
        isAsking.current = true
        await askToNotify(noticesAfterPaying(order.deliveryMethod))
        redirect('result', { order: order.id })
      }
      if (outcome === 'cancelled') {
        toast('支付已取消，订单为你保留')
        setTrouble('支付没有完成，可以再试一次，或换个方式')
      }
    })
  const payByCode = () => {
    setByCode(true)
    start('native')
  }
  useEffect(() => {
    setOnPhone(payMethod() !== 'native')
    const isFresh = storage.get(PAY_NOW_KEY) === order.id
    if (isFresh) storage.remove(PAY_NOW_KEY)
    // right after the order, or where paying is only a code on the screen: nothing to tap
    if (isOpen && !isByHand && (isFresh || payMethod() === 'native')) start()
  }, [])
  return (
    <View>
      <NavBar title="支付订单" back="orders" />
      <Screen className="zg-screen-narrow">
        {isOpen && isByHand && <PersonalPay orderId={order.id} offer={offer} onChange={reload} />}
        {isOpen && offer.payment?.state !== 'waiting' && (
          <View className="zg-panel zg-pay">
            <Text className="zg-muted">应付金额</Text>
            <Price fen={order.totalFen} size="large" testId="pay-amount" />
            {order.payBefore !== null && (
              <Text className="zg-small zg-muted">
                请在 <Countdown until={order.payBefore} onOver={() => void reload()} /> 内完成支付
              </Text>
            )}
            {trouble !== undefined && (
              <View className="zg-note zg-pay-trouble" role="alert" testId="pay-trouble">
                <Icon name="warn" />
                <Text className="zg-grow">{trouble}</Text>
              </View>
            )}
            {(isOnPhone === false && !isByHand) || isByCode ? (
              <NativeCode code={code} isBusy={isBusy} onAgain={() => start('native')} />
            ) : (
              <Button
                kind="trust"
                size="large"
                isBlock
                isBusy={isBusy}
                testId="pay"
                onTap={payMethod() === 'native' ? payByCode : () => start()}
              >
                {trouble === undefined ? '微信支付' : '重新支付'} {formatMoney(order.totalFen)}
              </Button>
            )}
            <View className="zg-pay-trust">
              <Icon name="shield" />
              <Text>由微信支付提供安全保障</Text>
            </View>
            {(canScan || (offer.offered && !isByHand)) && (
              <Text as="h2" className="zg-pay-others">
                其他支付方式
              </Text>
            )}
            {canScan && (
              <Button kind="plain" isBlock testId="pay-by-code" onTap={payByCode}>
                用另一台手机扫码付
              </Button>
            )}
            {!isByHand && <PersonalPay orderId={order.id} offer={offer} onChange={reload} />}
            {trouble !== undefined && <AskService />}
            <Text className="zg-small zg-muted">订单编号 {order.orderNo}</Text>
          </View>
        )}
        {!isOpen && (
          <Empty
            icon="list"
            title={`订单${ORDER_STATE_TEXTS[order.state].title}`}
            text={ORDER_STATE_TEXTS[order.state].text}
          >
            <Link className="zg-button zg-button-primary" to="order" params={{ order: order.id }}>
              查看订单
            </Link>
          </Empty>
        )}
        {isOpen && (
          <Link className="zg-button zg-button-plain zg-button-block" to="order" params={{ order: order.id }}>
            {offer.payment?.state === 'waiting' ? '查看订单' : '稍后支付，查看订单'}
          </Link>
        )}
      </Screen>
      <View className="zg-float">
        <ServiceButton />
      </View>
    </View>
  )
}

export default definePage<'pay', PayData>({
  name: 'pay',
  access: 'buyer-redirect',
  load: async ({ api, shop, params }) => {
    const at = { params: { shopId: shop.id, orderId: params.order } }
    const [order, offer] = await Promise.all([api('orders.get', at), api('personalCode.offer', at)])
    return { order, offer }
  },
  head: () => ({ title: '支付订单' }),
  View: PayView,
})
