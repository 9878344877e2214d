import { type JSX, useEffect, useRef, useState } from '@hooks'
import { Button, ErrorNotice, Icon, NavBar, Price, Screen, Skeleton, Tap, Text, View } from '@kit'
import { buyableLines, parseLines } from '@model/cart.ts'
import { newKey, redirect, storage, toast } from '@platform'
import type { Address, BuyerAddress, DeliveryChoice, PickUpPoint, Quote } from '@zhanggui/contract'
import { ApiError } from '@zhanggui/contract/client'
import { useApp } from '../../app.ts'
import { definePage, type ViewProps } from '../../page.ts'
import { AddressLines } from '../../parts/address-book.tsx'
import { AddressSheet, NothingToBuy, OrderNote } from '../../parts/checkout-parts.tsx'
import { PROVINCE_KEY } from '../../parts/divisions.tsx'
import { PAY_NOW_KEY } from '../../parts/pay-now.ts'
import { QuoteView } from '../../parts/quote.tsx'
import { isCode, useAct } from '../../parts/use-act.ts'
import { usePatience } from '../../parts/use-patience.tsx'
import { type Lines, problemOf, REFUSALS, refusalText, useQuote } from '../../parts/use-quote.ts'
import { DeliveryChooser, PickUpPanel, useDelivery } from './delivery.tsx'

import '../../parts/checkout.css'

interface CheckoutData {
  addresses: BuyerAddress[]
  lines: Lines
  isFromCart: boolean
}

/** The same order keeps its key, so that sending it twice makes one order; another order gets another key. */
function useOrderKey(): (body: unknown) => string {
  const last = useRef({ text: '', key: '' })
  return (body) => {
    const text = JSON.stringify(body)
    if (last.current.text !== text) last.current = { text, key: newKey() }
    return last.current.key
  }
}

function CheckoutView({ data }: ViewProps<'checkout', CheckoutData>): JSX.Element {
  const { api, shop, cartCount, track } = useApp()
  const [addresses, setAddresses] = useState(data.addresses)
  const [addressId, setAddressId] = useState(data.addresses[0]?.id)
  const [isChoosing, setChoosing] = useState(false)
  const [note, setNote] = useState('')
  const [notice, setNotice] = useState<string | undefined>(undefined)
  const { isBusy, act } = useAct()
  const keyOf = useOrderKey()
  const { patient, waiting } = usePatience()
  const address = addresses.find(({ id }) => id === addressId) ?? addresses[0]
  const province = address?.province
  // the pages of products say what goes there
  useEffect(() => {
    if (province !== undefined) storage.set(PROVINCE_KEY, province)
  }, [province])
  const delivery = useDelivery(data.lines, address)
  const { method, point } = delivery
  const isPickUp = method === 'pick-up' && point !== undefined
  const choice: DeliveryChoice = {
    method,
    ...(isPickUp ? { pointId: point.id } : {}),
    ...(method === 'same-city' && delivery.spot ? { location: delivery.spot } : {}),
  }
  const [fetcher, setFetcher] = useState({ name: data.addresses[0]?.name ?? '', phone: data.addresses[0]?.phone ?? '' })
  const [fetcherError, setFetcherError] = useState<string | undefined>(undefined)
  const { quote, error, ask, moved } = useQuote(shop.id, data.lines, address, choice)
  const isTracked = useRef(false)
  useEffect(() => {
    if (!quote || isTracked.current) return
    isTracked.current = true
    track({ name: 'checkout', totalFen: quote.totalFen, lines: quote.lines.length })
  }, [quote])

  const place = async (chosen: Address, seen: Quote) => {
    const { name, phone, province, city, district, street, detail } = chosen
    const body = {
      lines: data.lines,
      address: { name, phone, province, city, district, street, detail },
      expectedTotalFen: seen.totalFen,
      note,
      ...(method === 'courier' ? {} : { delivery: choice }),
      fromCart: data.isFromCart,
    }
    try {
      const idempotencyKey = keyOf(body)
      const order = await patient(() => api('orders.place', { params: { shopId: shop.id }, body, idempotencyKey }))
      if (!order) return toast('已停止排队')
      track({ name: 'order', orderId: order.orderId, totalFen: order.totalFen })
      if (data.isFromCart) cartCount.set(Math.max(0, cartCount.get() - data.lines.length))
      storage.set(PAY_NOW_KEY, order.orderId)
      redirect('pay', { order: order.orderId })
    } catch (failure) {
      if (!isCode(failure, ...REFUSALS)) throw failure
      // the refusal stays in sight, with what is true now below it
      setNotice(refusalText(failure, failure.code, seen, await ask()))
    }
  }
  const submit = () => {
    if (!isPickUp && !address) return setChoosing(true)
    if (!quote) return
    const wrong = isPickUp ? fetcherProblem(fetcher) : undefined
    setFetcherError(wrong)
    if (wrong !== undefined) return
    setNotice(undefined)
    if (isPickUp) return act(() => place(addressOf(point, fetcher), quote))
    if (!address) return
    act(() => place(address, quote))
  }
  const problem = quote && problemOf(quote)
  if (data.lines.length === 0) return <NothingToBuy title="确认订单" />
  return (
    <View>
      <NavBar title="确认订单" back="cart" />
      <Screen className="zg-screen-narrow" hasBar>
        {notice !== undefined && (
          <View className="zg-note zg-checkout-notice" role="alert" testId="notice">
            <Icon name="warn" />
            <Text>{notice}</Text>
          </View>
        )}
        {moved !== undefined && (
          <View className="zg-note zg-checkout-notice" role="status" testId="price-moved">
            <Icon name="pin" />
            <Text>{moved}</Text>
          </View>
        )}
        <DeliveryChooser delivery={delivery} />
        {isPickUp ? (
          <PickUpPanel
            delivery={delivery}
            {...fetcher}
            error={fetcherError}
            onName={(name) => setFetcher({ ...fetcher, name })}
            onPhone={(phone) => setFetcher({ ...fetcher, phone })}
          />
        ) : (
          <Tap className="zg-panel zg-checkout-address" testId="choose-address" onTap={() => setChoosing(true)}>
            <Icon name="pin" />
            {address ? <AddressLines address={address} /> : <Text className="zg-grow">添加收货地址</Text>}
            <Icon name="chevron" />
          </Tap>
        )}
        {error !== undefined ? (
          <ErrorNotice message={error} onRetry={() => void ask()} />
        ) : quote ? (
          <QuoteView quote={quote} />
        ) : (
          <Skeleton count={3} />
        )}
        <OrderNote value={note} onInput={setNote} />
      </Screen>
      <View className="zg-actions">
        <View className="zg-actions-inner">
          <View className="zg-grow">
            {quote && (
              <View className="zg-checkout-total">
                <Text className="zg-small zg-muted">应付</Text>
                <Price fen={quote.totalFen} size="large" testId="total" />
              </View>
            )}
            {problem !== undefined && <Text className="zg-field-error">{problem}</Text>}
          </View>
          <Button
            size="large"
            isBusy={isBusy}
            isDisabled={!quote || problem !== undefined}
            testId="place-order"
            onTap={submit}
          >
            {isPickUp || address ? '提交订单' : '填写地址'}
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

/** The goods go to the point, in the name of whoever fetches them. */
const addressOf = ({ province, city, district, address }: PickUpPoint, who: Fetcher): Address => ({
  ...{ name: who.name.trim(), phone: who.phone.trim() },
  ...{ province, city, district, street: '', detail: address },
})

interface Fetcher {
  name: string
  phone: string
}

function fetcherProblem({ name, phone }: Fetcher): string | undefined {
  if (name.trim() === '') return '请填写提货人'
  return /^1[3-9]\d{9}$/.test(phone.trim()) ? undefined : '请输入 11 位手机号'
}

export default definePage<'checkout', CheckoutData>({
  name: 'checkout',
  access: 'buyer-redirect',
  load: async ({ api, shop, params }) => {
    const { items: addresses } = await api('buyer.addresses')
    if (params.lines !== undefined) {
      const lines = parseLines(params.lines)
      if (!lines) throw new ApiError(404, undefined)
      return { addresses, lines, isFromCart: false }
    }
    const cart = await api('cart.get')
    const own = cart.shops.find(({ shopId }) => shopId === shop.id)
    const lines = own ? buyableLines(own).map(({ skuId, quantity }) => ({ skuId, quantity })) : []
    return { addresses, lines, isFromCart: true }
  },
  head: () => ({ title: '确认订单' }),
  View: CheckoutView,
})
