import { type JSX, useEffect, useState } from '@hooks'
import { Button, Check, Empty, Icon, Image, Link, NavBar, Price, Screen, Text, View } from '@kit'
import { kind, navigate, pay, payMethod, storage, toast } from '@platform'
import type { PaymentStart } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { useApp } from '../../app.ts'
import { definePage, type ViewProps } from '../../page.ts'
import { NativeCode } from '../../parts/native-code.tsx'
import { PAY_NOW_KEY } from '../../parts/pay-now.ts'
import { messageOf, useAct } from '../../parts/use-act.ts'
import { usePaid } from '../../parts/use-paid.ts'
import { pathOf } from '../../routes.ts'
import './together.css'
import { MOST_TOGETHER, mayJoin, readOrders, sumOf, type Unpaid } from '@model/together.ts'

function TogetherView({ data, params, reload }: ViewProps<'together', { orders: Unpaid[] }>): JSX.Element {
  const { orders } = data
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => firstChoice(orders, params.orders))
  // What was sent to WeChat, until it is known what became of it.
  const [sent, setSent] = useState<readonly Unpaid[]>([])
  const [paid, setPaid] = useState<readonly Unpaid[]>([])
  useEffect(() => setChosen(firstChoice(orders, params.orders)), [orders])
  const [first] = sent
  usePaid(
    first?.id ?? '',
    first !== undefined,
    (ending) => {
      setSent([])
      if (ending === 'paid') setPaid(sent)
      void reload()
    },
    first?.shopId,
  )
  const picked = orders.filter(({ id }) => chosen.has(id))
  const toggle = (id: string) => {
    const next = new Set(chosen)
    if (!next.delete(id)) {
      if (next.size >= MOST_TOGETHER) return toast(`一次最多合并 ${MOST_TOGETHER} 笔`)
      next.add(id)
    }
    setChosen(next)
  }
  return (
    <View>
      <NavBar title="合并支付" back="orders" />
      <Screen className="zg-screen-narrow" hasBar={picked.length > 0}>
        {paid.length > 0 && <Done orders={paid} />}
        {orders.length === 0 && paid.length === 0 && (
          <Empty icon="list" title="没有待付款的订单" text="下单后没付的订单会出现在这里">
            <Link className="zg-button zg-button-primary" to="orders" params={{}} isTab>
              我的订单
            </Link>
          </Empty>
        )}
        {[...new Set(orders.map(({ shopId }) => shopId))].map((shopId) => (
          <ShopOrders
            key={shopId}
            orders={orders.filter((order) => order.shopId === shopId)}
            chosen={chosen}
            onToggle={toggle}
          />
        ))}
        {picked.length > 0 && (
          <PayTogether key={[...chosen].sort().join()} orders={picked} asked={params.orders} onSent={setSent} />
        )}
      </Screen>
    </View>
  )
}

/** Those that were asked for and are still open; else all that may be paid at once. */
function firstChoice(orders: readonly Unpaid[], asked: string | undefined): ReadonlySet<string> {
  const wanted = new Set(readOrders(asked).map(({ orderId }) => orderId))
  const open = orders.filter(mayJoin).map(({ id }) => id)
  const meant = open.filter((id) => wanted.has(id))
  return new Set((meant.length > 0 ? meant : open).slice(0, MOST_TOGETHER))
}

const Done = ({ orders }: { orders: readonly Unpaid[] }): JSX.Element => (
  <View className="zg-panel zg-together-done" role="status" testId="together-paid">
    <View className="zg-row">
      <Icon name="check" />
      <Text as="strong" className="zg-grow">
        已支付 {orders.length} 笔，共 {formatMoney(sumOf(orders))}
      </Text>
    </View>
    {orders.map(({ id, shopId, shopName, orderNo }) => (
      <Link key={id} className="zg-row zg-small" to="order" params={{ order: id }} shop={shopId}>
        <Text>{shopName}</Text>
        <Text className="zg-muted">{orderNo}</Text>
      </Link>
    ))}
  </View>
)

interface ShopOrdersProps {
  orders: readonly Unpaid[]
  chosen: ReadonlySet<string>
  onToggle: (id: string) => void
}

const ShopOrders = ({ orders, chosen, onToggle }: ShopOrdersProps): JSX.Element => (
  <View className="zg-panel" role="region" label={orders[0]!.shopName} testId="together-shop">
    <Text as="h2" className="zg-panel-title">
      {orders[0]!.shopName}
    </Text>
    {orders.map((order) => (
      <View className="zg-row zg-together-order" key={order.id} testId="together-order">
        {mayJoin(order) && (
          <Check
            isChecked={chosen.has(order.id)}
            onChange={() => onToggle(order.id)}
            label={`合并支付订单 ${order.orderNo}，${formatMoney(order.totalFen)}`}
            testId="together-choose"
          />
        )}
        <View className="zg-together-picture">
          <Image picture={order.lines[0]?.picture ?? null} alt="" sizes="56px" />
        </View>
        <Link className="zg-grow zg-together-link" to="order" params={{ order: order.id }} shop={order.shopId}>
          <Text className="zg-together-title">{order.lines[0]?.title ?? order.orderNo}</Text>
          <Text className="zg-small zg-muted">
            {order.alone ? '正在用收款码付款，需单独付款' : `共 ${order.itemCount} 件 · ${order.orderNo}`}
          </Text>
        </Link>
        <Price fen={order.totalFen} size="small" />
      </View>
    ))}
  </View>
)

interface PayProps {
  orders: readonly Unpaid[]
  /** What the address asks for: right after the orders, paying starts by itself, once. */
  asked: string | undefined
  onSent: (orders: readonly Unpaid[]) => void
}

/** One payment for all of them; one alone is paid on its own page. (PAY-01) */
function PayTogether(props: PayProps): JSX.Element {
  const { api, shop, base } = useApp()
  const { isBusy, act } = useAct()
  const [code, setCode] = useState<PaymentStart | undefined>(undefined)
  const [trouble, setTrouble] = useState<string | undefined>(undefined)
  const { orders, asked, onSent } = props
  const start = (way?: 'native') => {
    if (orders.length === 1) {
      const [{ id, shopId }] = orders as [Unpaid]
      return navigate('pay', { order: id }, shopId === shop.id ? {} : { shop: shopId })
    }
    act(async () => {
      setTrouble(undefined)
      const failed = (error: unknown) => {
        setTrouble(messageOf(error))
        return undefined
      }
      const body = {
        orders: orders.map(({ id, shopId }) => ({ shopId, orderId: id })),
        ...{ method: way ?? payMethod(), returnTo: pathOf('together', {}, base) },
      }
      const started = await api('payments.startTogether', { body }).catch(failed)
      if (started === undefined) return
      const outcome = await pay(started).catch(failed)
      if (outcome === 'shown') setCode(started)
      if (outcome === 'shown' || outcome === 'finished') onSent(orders)
      if (outcome === 'cancelled') setTrouble('支付没有完成，可以再试一次，或逐笔支付')
    })
  }
  useEffect(() => {
    if (asked === undefined || storage.get(PAY_NOW_KEY) !== asked) return
    storage.remove(PAY_NOW_KEY)
    start()
  }, [])
  return (
    <View>
      {trouble !== undefined && (
        <View className="zg-note zg-pay-trouble" role="alert" testId="pay-trouble">
          <Icon name="warn" />
          <Text className="zg-grow">{trouble}</Text>
        </View>
      )}
      {code !== undefined && (
        <View className="zg-panel">
          <NativeCode code={code} isBusy={isBusy} onAgain={() => start('native')} />
        </View>
      )}
      {kind === 'h5' && code === undefined && orders.length > 1 && (
        <View>
          <Text as="h2" className="zg-pay-others zg-together-others">
            其他支付方式
          </Text>
          <Button kind="plain" isBlock isBusy={isBusy} testId="together-by-code" onTap={() => start('native')}>
            用另一台手机扫码付
          </Button>
        </View>
      )}
      <View className="zg-actions">
        <View className="zg-actions-inner">
          <View className="zg-grow">
            <Text className="zg-small zg-muted">已选 {orders.length} 笔，合计</Text>
            <View>
              <Price fen={sumOf(orders)} testId="together-sum" />
            </View>
          </View>
          <Button kind="trust" isBusy={isBusy} testId="together-pay" onTap={() => start()}>
            {orders.length === 1 ? '去支付' : '合并支付'}
          </Button>
        </View>
      </View>
    </View>
  )
}

export default definePage<'together', { orders: Unpaid[] }>({
  name: 'together',
  access: 'buyer',
  load: async ({ api, params }) => {
    const shops = [...new Set(readOrders(params.orders).map(({ shopId }) => shopId))].join()
    return { orders: (await api('orders.unpaid', { query: shops === '' ? {} : { shops } })).items }
  },
  head: () => ({ title: '合并支付' }),
  View: TogetherView,
})
