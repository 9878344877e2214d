import type { JSX } from '@hooks'
import { Icon, Link, Near, Text, View } from '@kit'
import { countText } from '@model/texts.ts'
import type { StoreProduct } from '@zhanggui/contract'
import { useLate } from '../../parts/late.ts'
import { Stars } from '../../parts/stars.tsx'

const HEIGHT_PX = 230

/** What others say, right below the price: most buyers look there first. Fetched when it comes near. (CAT-11) */
export function Reviews({ product }: { product: StoreProduct }): JSX.Element {
  const { rating } = product
  if (!rating)
    return (
      <View className="zg-panel zg-row" testId="reviews">
        <Text as="h2" className="zg-detail-reviews-title">
          商品评价
        </Text>
        <Text className="zg-small zg-muted">还没有评价，收货后来写第一条</Text>
      </View>
    )
  return (
    <View className="zg-panel" role="region" label="商品评价" testId="reviews">
      <Link className="zg-row zg-detail-reviews-head" to="reviews" params={{ id: product.id }} testId="all-reviews">
        <Text as="h2" className="zg-detail-reviews-title">
          商品评价 {countText(rating.count)}
        </Text>
        <View className="zg-detail-reviews-score">
          <Stars tenths={rating.averageTenths} />
          <Text>{(rating.averageTenths / 10).toFixed(1)}</Text>
          <Icon name="chevron" />
        </View>
      </Link>
      <Near heightPx={HEIGHT_PX}>{() => <First productId={product.id} />}</Near>
    </View>
  )
}

const firstReviews = () => import('./first-reviews.tsx').then(({ FirstReviews }) => FirstReviews)

/** Fetches the code and then the words; the room is kept meanwhile. Where neither comes, the head leads to all. */
function First({ productId }: { productId: string }): JSX.Element {
  const FirstReviews = useLate(firstReviews, true)
  return FirstReviews ? <FirstReviews productId={productId} /> : <View className="zg-detail-reviews-room" />
}
