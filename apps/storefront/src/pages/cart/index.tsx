import { type JSX, useEffect, useRef, useState } from '@hooks'
import { Button, Check, Empty, Link, NavBar, Price, Screen, TabBar, Tap, Text, View } from '@kit'
import { buyableLines, type CartLine, type CartShop, isAllSelected, isBuyable, withLine } from '@model/cart.ts'
import { MOST_TOGETHER } from '@model/together.ts'
import { navigate, toast, useOnPullDown } from '@platform'
import type { Cart } from '@zhanggui/contract'
import { formatMoney, sumFen } from '@zhanggui/contract/money'
import { useApp } from '../../app.ts'
import { definePage, type ViewProps } from '../../page.ts'
import { messageOf } from '../../parts/use-act.ts'
import { usePriceChange } from '../../parts/use-price-change.ts'
import { CartRow } from './row.tsx'
import './cart.css'

const UNDO_MS = 6_000

/** The cart as the buyer sees it: changes show at once, the server's answers follow in order. */
function useCart(loaded: Cart, reload: () => Promise<void>) {
  const { api, cartCount } = useApp()
  const [cart, setCart] = useState(loaded)
  const queue = useRef<Promise<unknown>>(Promise.resolve())
  const waiting = useRef(0)
  useEffect(() => setCart(loaded), [loaded])
  useEffect(() => cartCount.set(cart.count), [cart.count])
  const send = (work: () => Promise<Cart>): Promise<void> => {
    waiting.current++
    const run = queue.current.then(work).then(
      (answer) => {
        // an older answer would take back what was tapped since
        if (--waiting.current === 0) setCart(answer)
      },
      async (error: unknown) => {
        waiting.current--
        toast(messageOf(error), 'bad')
        await reload().catch(() => undefined)
      },
    )
    queue.current = run
    return run
  }
  const change = (line: CartLine, to: { quantity?: number; selected?: boolean }) => {
    setCart((now) => withLine(now, line.skuId, to))
    void send(() => api('cart.update', { params: { skuId: line.skuId }, body: to }))
  }
  const remove = (lines: CartLine[]) => {
    const skuIds = lines.map(({ skuId }) => skuId)
    setCart((now) => ({
      ...now,
      count: now.count - skuIds.length,
      shops: now.shops
        .map((shop) => ({ ...shop, lines: shop.lines.filter(({ skuId }) => !skuIds.includes(skuId)) }))
        .filter(({ lines: left }) => left.length > 0),
    }))
    return send(() => api('cart.remove', { body: { skuIds } }))
  }
  const putBack = async (shopId: string, lines: CartLine[]) => {
    for (const { skuId, quantity } of lines) await send(() => api('cart.add', { body: { shopId, skuId, quantity } }))
  }
  return { cart, change, remove, putBack }
}

function CartView({ data, reload }: ViewProps<'cart', Cart>): JSX.Element {
  const { cart, change, remove, putBack } = useCart(data, reload)
  const [isEditing, setEditing] = useState(false)
  const [removed, setRemoved] = useState<{ shopId: string; lines: CartLine[] } | undefined>(undefined)
  useOnPullDown(reload)
  usePriceChange(
    cart.shops.flatMap(({ lines }) => lines.map(({ priceTag }) => priceTag?.nextChangeAt)),
    reload,
  )
  useEffect(() => {
    if (!removed) return
    const timer = setTimeout(() => setRemoved(undefined), UNDO_MS)
    return () => clearTimeout(timer)
  }, [removed])
  const onRemove = (shop: CartShop, lines: CartLine[]) => {
    if (lines.length === 0) return toast('请先选择商品')
    setRemoved({ shopId: shop.shopId, lines })
    void remove(lines)
  }
  const undo = () => {
    if (!removed) return
    setRemoved(undefined)
    void putBack(removed.shopId, removed.lines)
  }
  const isEmpty = cart.shops.length === 0
  return (
    <View>
      <NavBar
        title={isEmpty ? '购物车' : `购物车（${cart.count}）`}
        right={
          !isEmpty && (
            <Tap className="zg-cart-edit" testId="cart-edit" onTap={() => setEditing(!isEditing)}>
              {isEditing ? '完成' : '管理'}
            </Tap>
          )
        }
      />
      <Screen className="zg-screen-narrow">
        {isEmpty && (
          <Empty icon="cart" title="购物车还是空的" text="挑几件喜欢的放进来吧">
            <Link className="zg-button zg-button-primary" to="home" params={{}} isTab>
              去逛逛
            </Link>
          </Empty>
        )}
        {cart.shops.map((shop) => (
          <ShopCart
            key={shop.shopId}
            shop={shop}
            isEditing={isEditing}
            onChange={change}
            onRemove={(lines) => onRemove(shop, lines)}
          />
        ))}
        {!isEditing && <AllShops shops={cart.shops} />}
      </Screen>
      {removed && (
        <View className="zg-cart-undo" role="status">
          <Text>已删除 {removed.lines.length} 件商品</Text>
          <Tap className="zg-cart-undo-key" testId="undo" onTap={undo}>
            撤销
          </Tap>
        </View>
      )}
      <TabBar current="cart" />
    </View>
  )
}

interface ShopCartProps {
  shop: CartShop
  isEditing: boolean
  onChange: (line: CartLine, to: { quantity?: number; selected?: boolean }) => void
  onRemove: (lines: CartLine[]) => void
}

/** With goods of several shops ticked: checked out at once, and paid once (PAY-01). */
function AllShops({ shops }: { shops: readonly CartShop[] }): JSX.Element | null {
  const ready = shops.filter((shop) => buyableLines(shop).length > 0)
  if (ready.length < 2) return null
  const total = sumFen(ready.map(({ selectedTotalFen }) => selectedTotalFen))
  return (
    <View className="zg-panel zg-cart-shop" role="region" label="所有店铺">
      <View className="zg-cart-foot zg-cart-all">
        <View>
          <Text className="zg-muted zg-small">{ready.length} 家店合计（不含运费）</Text>
          <View>
            <Price fen={total} testId="cart-all-total" />
          </View>
        </View>
        <Button
          kind="trust"
          isDisabled={ready.length > MOST_TOGETHER}
          testId="checkout-together"
          label={`合并结算 ${ready.length} 家店，${formatMoney(total)}`}
          onTap={() => navigate('checkout-together', {})}
        >
          {ready.length > MOST_TOGETHER ? `最多 ${MOST_TOGETHER} 家店` : '合并结算'}
        </Button>
      </View>
    </View>
  )
}

/** One shop's part of the cart; it can be checked out by itself. */
function ShopCart({ shop, isEditing, onChange, onRemove }: ShopCartProps): JSX.Element {
  const { shop: here } = useApp()
  const toBuy = buyableLines(shop)
  const areAll = isAllSelected(shop.lines)
  const selectAll = (selected: boolean) => {
    for (const line of shop.lines) if (isBuyable(line) && line.selected !== selected) onChange(line, { selected })
  }
  return (
    <View className="zg-panel zg-cart-shop" role="region" label={shop.shopName} testId="cart-shop">
      <View className="zg-cart-head">
        <Check isChecked={areAll} onChange={selectAll} label={`全选 ${shop.shopName}`}>
          <Text as="h2" className="zg-cart-name">
            {shop.shopName}
          </Text>
        </Check>
      </View>
      {shop.lines.map((line) => (
        <CartRow
          key={line.skuId}
          line={line}
          shopId={shop.shopId}
          onChange={(to) => onChange(line, to)}
          onRemove={() => onRemove([line])}
        />
      ))}
      <View className="zg-cart-foot">
        <View>
          <Text className="zg-muted zg-small">合计（不含运费）</Text>
          <View>
            <Price fen={shop.selectedTotalFen} testId="cart-total" />
          </View>
        </View>
        {isEditing ? (
          <Button
            kind="danger"
            testId="remove-selected"
            onTap={() => onRemove(shop.lines.filter(({ selected }) => selected))}
          >
            删除所选
          </Button>
        ) : (
          <Button
            isDisabled={toBuy.length === 0}
            testId="checkout"
            label={`结算 ${toBuy.length} 种商品，${formatMoney(shop.selectedTotalFen)}`}
            onTap={() => navigate('checkout', {}, shop.shopId === here.id ? {} : { shop: shop.shopId })}
          >
            结算（{toBuy.reduce((sum, { quantity }) => sum + quantity, 0)}）
          </Button>
        )}
      </View>
    </View>
  )
}

export default definePage<'cart', Cart>({
  name: 'cart',
  access: 'guest',
  load: ({ api }) => api('cart.get'),
  head: () => ({ title: '购物车' }),
  View: CartView,
})
