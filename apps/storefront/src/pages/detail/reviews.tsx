import { type JSX, useEffect, useState } from '@hooks'
import { Icon, Link, Near, Text, View } from '@kit'
import { countText } from '@model/texts.ts'
import type { ReviewSummary, StoreProduct, StoreReview } from '@zhanggui/contract'
import { useApp } from '../../app.ts'
import { ReviewItem } from '../../parts/review-item.tsx'
import { Stars } from '../../parts/stars.tsx'

const FIRST = 2
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

function First({ productId }: { productId: string }): JSX.Element {
  const { api, shop } = useApp()
  const [said, setSaid] = useState<{ summary: ReviewSummary; reviews: StoreReview[] } | undefined>(undefined)
  const [isFailed, setFailed] = useState(false)
  const load = async () => {
    const params = { shopId: shop.id, productId }
    const [summary, reviews] = await Promise.all([
      api('store.reviewSummary', { params }),
      api('store.reviews', { params, query: { limit: FIRST } }),
    ])
    setSaid({ summary, reviews: reviews.items })
  }
  useEffect(() => {
    load().catch(() => setFailed(true))
  }, [productId])
  if (!said)
    return (
      <View className="zg-detail-reviews-room">
        {isFailed && <Text className="zg-small zg-muted">评价暂时没有加载出来，点上面查看全部</Text>}
      </View>
    )
  const { goodRatioBp, phrases } = said.summary
  return (
    <View>
      <View className="zg-review-tags">
        {goodRatioBp !== null && <Text className="zg-chip">好评率 {Math.round(goodRatioBp / 100)}%</Text>}
        {phrases.slice(0, 6).map(({ phrase, count, polarity }) => (
          <Link
            key={phrase}
            className={polarity < 0 ? 'zg-chip zg-chip-bad' : 'zg-chip zg-chip-on'}
            to="reviews"
            params={{ id: productId, phrase }}
          >
            {phrase} {countText(count)}
          </Link>
        ))}
      </View>
      {said.reviews.map((review) => (
        <ReviewItem key={review.id} review={review} />
      ))}
    </View>
  )
}
