import type { JSX } from '@hooks'
import { Button, Icon, Link, Text, View } from '@kit'
import type { StoreProduct } from '@zhanggui/contract'
import { useApp, useCell } from '../../app.ts'
import { FavouriteKey } from '../../parts/favourite.tsx'
import { RestockButton } from '../../parts/restock.tsx'

/** What the open sheet of SKUs ends in. */
export type Wish = 'cart' | 'buy' | 'both'

/** The bar at the bottom: home, cart, and what can be done with the goods as they are. */
export function Actions({
  product,
  isBusy,
  onWish,
}: {
  product: StoreProduct
  isBusy: boolean
  onWish: (wish: Wish) => void
}): JSX.Element {
  const { cartCount } = useApp()
  const count = useCell(cartCount)
  return (
    <View className="zg-actions">
      <View className="zg-actions-inner">
        <Link className="zg-detail-corner" to="home" params={{}} isTab>
          <Icon name="home" />
          <Text>首页</Text>
        </Link>
        <Link className="zg-detail-corner" to="cart" params={{}} isTab testId="to-cart" label={`购物车，${count} 件`}>
          <Icon name="cart" />
          <Text>购物车</Text>
          {count > 0 && <Text className="zg-badge">{count > 99 ? '99+' : count}</Text>}
        </Link>
        <FavouriteKey productId={product.id} />
        <View className="zg-detail-gap" />
        {product.soldOut ? (
          <SoldOut product={product} onWish={onWish} />
        ) : (
          <View className="zg-detail-buttons">
            <Button kind="soft" size="large" isBusy={isBusy} testId="add-to-cart" onTap={() => onWish('cart')}>
              加入购物车
            </Button>
            <Button size="large" testId="buy-now" onTap={() => onWish('buy')}>
              立即购买
            </Button>
          </View>
        )}
      </View>
    </View>
  )
}

/** Sold out: one SKU is waited for at once, of several the buyer chooses which. */
function SoldOut({ product, onWish }: { product: StoreProduct; onWish: (wish: Wish) => void }): JSX.Element {
  const [only] = product.skus
  return (
    <View className="zg-detail-buttons" testId="sold-out">
      {product.skus.length === 1 && only ? (
        <RestockButton skuId={only.id} productId={product.id} />
      ) : (
        <Button kind="trust" size="large" testId="restock-choose" onTap={() => onWish('both')}>
          <Icon name="bell" />
          <Text>已售罄，到货提醒我</Text>
        </Button>
      )}
    </View>
  )
}
