import { type JSX, useRef, useState } from '@hooks'
import { Button, Icon, NavBar, Price, Screen, Tap, Text, View } from '@kit'
import { buyableLines } from '@model/cart.ts'
import { newKey, redirect, storage, toast } from '@platform'
import type { BuyerAddress, Quote } from '@zhanggui/contract'
import { sumFen } from '@zhanggui/contract/money'
import { useApp } from '../../app.ts'
import { definePage, type ViewProps } from '../../page.ts'
import { AddressLines } from '../../parts/address-book.tsx'
import { AddressSheet, NothingToBuy } from '../../parts/checkout-parts.tsx'
import { PAY_NOW_KEY } from '../../parts/pay-now.ts'
import { isCode, useAct } from '../../parts/use-act.ts'
import { usePatience } from '../../parts/use-patience.tsx'
import { problemOf, REFUSALS, refusalText } from '../../parts/use-quote.ts'
import '../../parts/checkout.css'
import { ordersText } from '@model/together.ts'
import { type Part, type Placed, ShopPart } from './shop-part.tsx'

interface TogetherData {
  addresses: BuyerAddress[]
  parts: Part[]
}

/** What a shop's part of the page knows, by shop. */
type ByShop<T> = Readonly<Record<string, T>>

/**
 * What is ticked in the cart of several shops: one order a shop, to one address, then paid at once (PAY-01). An order
 * that is refused does not take the others back: they are placed, and wait to be paid with it or before it.
 */
function CheckoutTogetherView({ data }: ViewProps<'checkout-together', TogetherData>): JSX.Element {
  const { api, cartCount, track } = useApp()
  const [addresses, setAddresses] = useState(data.addresses)
  const [addressId, setAddressId] = useState(data.addresses[0]?.id)
  const [isChoosing, setChoosing] = useState(false)
  const [quotes, setQuotes] = useState<ByShop<Quote | undefined>>({})
  const [notes, setNotes] = useState<ByShop<string>>({})
  const [notices, setNotices] = useState<ByShop<string>>({})
  const [placed, setPlaced] = useState<ByShop<Placed>>({})
  const asks = useRef(new Map<string, () => Promise<Quote | undefined>>())
  // The same order keeps its key, so that sending it twice makes one order; another order gets another key.
  const keys = useRef(new Map<string, string>())
  const { isBusy, act } = useAct()
  const { patient, waiting } = usePatience()
  const address = addresses.find(({ id }) => id === addressId) ?? addresses[0]

  const place = async (part: Part, to: BuyerAddress): Promise<Placed | undefined> => {
    const { shopId, lines } = part
    const seen = quotes[shopId]!
    const { name, phone, province, city, district, street, detail } = to
    const body = {
      ...{ lines, expectedTotalFen: seen.totalFen, note: notes[shopId] ?? '', fromCart: true },
      address: { name, phone, province, city, district, street, detail },
    }
    const text = shopId + JSON.stringify(body)
    const idempotencyKey = keys.current.get(text) ?? newKey()
    keys.current.set(text, idempotencyKey)
    try {
      const order = await patient(() => api('orders.place', { params: { shopId }, body, idempotencyKey }))
      if (!order) return undefined
      track({ name: 'order', orderId: order.orderId, totalFen: order.totalFen })
      cartCount.set(Math.max(0, cartCount.get() - lines.length))
      return { shopId, orderId: order.orderId, totalFen: seen.totalFen }
    } catch (failure) {
      if (!isCode(failure, ...REFUSALS)) throw failure
      const notice = refusalText(failure, failure.code, seen, await asks.current.get(shopId)?.())
      setNotices((before) => ({ ...before, [shopId]: notice }))
      return undefined
    }
  }

  const left = data.parts.filter(({ shopId }) => !placed[shopId])
  const done = data.parts.flatMap(({ shopId }) => placed[shopId] ?? [])
  const submit = () => {
    if (!address) return setChoosing(true)
    act(async () => {
      setNotices({})
      const all = [...done]
      for (const part of left) {
        const order = await place(part, address)
        if (!order) continue
        all.push(order)
        setPlaced((before) => ({ ...before, [part.shopId]: order }))
      }
      if (all.length === data.parts.length) return payFor(all)
      toast('有店铺的订单没有提交，原因在上面', 'bad')
    })
  }
  const problems = left.some(({ shopId }) => !quotes[shopId] || problemOf(quotes[shopId]) !== undefined)
  const total = sumFen(left.map(({ shopId }) => quotes[shopId]?.totalFen ?? 0))
  if (data.parts.length === 0) return <NothingToBuy title="合并结算" />
  return (
    <View>
      <NavBar title="合并结算" back="cart" />
      <Screen className="zg-screen-narrow" hasBar>
        <Tap
          className="zg-panel zg-checkout-address"
          testId="choose-address"
          isDisabled={done.length > 0}
          onTap={() => setChoosing(true)}
        >
          <Icon name="pin" />
          {address ? <AddressLines address={address} /> : <Text className="zg-grow">添加收货地址</Text>}
          <Icon name="chevron" />
        </Tap>
        {data.parts.length > 1 && (
          <Text as="p" className="zg-small zg-muted zg-checkout-hint">
            按店铺拆分订单、分别发货，一次支付。要同城配送或到店自提，请回购物车逐店结算。
          </Text>
        )}
        {data.parts.map((part) => (
          <ShopPart
            key={part.shopId}
            part={part}
            address={address}
            note={notes[part.shopId] ?? ''}
            notice={notices[part.shopId]}
            isPlaced={placed[part.shopId] !== undefined}
            onNote={(note) => setNotes((before) => ({ ...before, [part.shopId]: note }))}
            onQuote={(quote) => setQuotes((before) => ({ ...before, [part.shopId]: quote }))}
            onAsk={(ask) => asks.current.set(part.shopId, ask)}
          />
        ))}
      </Screen>
      <View className="zg-actions">
        <View className="zg-actions-inner">
          <View className="zg-grow">
            <Text className="zg-small zg-muted">
              {done.length > 0
                ? `还有 ${left.length} 笔待提交`
                : left.length > 1
                  ? `应付（${left.length} 家店）`
                  : '应付'}
            </Text>
            <View>
              <Price fen={total} size="large" testId="total" />
            </View>
          </View>
          {done.length > 0 && (
            <Button kind="plain" isBusy={isBusy} testId="pay-placed" onTap={() => payFor(done)}>
              先付已提交的
            </Button>
          )}
          <Button size="large" isBusy={isBusy} isDisabled={problems} testId="place-orders" onTap={submit}>
            {!address ? '填写地址' : done.length > 0 ? '重新提交' : '提交订单'}
          </Button>
        </View>
      </View>
      {waiting}
      <AddressSheet
        isOpen={isChoosing}
        addresses={addresses}
        onChange={setAddresses}
        onPick={({ id }) => setAddressId(id)}
        onClose={() => setChoosing(false)}
      />
    </View>
  )
}

/** To the page on which they are paid, which starts by itself. */
function payFor(orders: readonly Placed[]): void {
  const text = ordersText(orders)
  storage.set(PAY_NOW_KEY, text)
  redirect('together', { orders: text })
}

export default definePage<'checkout-together', TogetherData>({
  name: 'checkout-together',
  access: 'buyer',
  load: async ({ api }) => {
    const [{ items: addresses }, cart] = await Promise.all([api('buyer.addresses'), api('cart.get')])
    const parts = cart.shops.flatMap((shop): Part[] => {
      const lines = buyableLines(shop).map(({ skuId, quantity }) => ({ skuId, quantity }))
      return lines.length === 0 ? [] : [{ shopId: shop.shopId, shopName: shop.shopName, lines }]
    })
    return { addresses, parts }
  },
  head: () => ({ title: '合并结算' }),
  View: CheckoutTogetherView,
})
