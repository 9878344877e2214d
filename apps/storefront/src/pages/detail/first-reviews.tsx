import { type JSX, useEffect, useState } from '@hooks'
import { Link, Text, View } from '@kit'
import { goodShareText } from '@model/reviews.ts'
import { countText } from '@model/texts.ts'
import type { ReviewSummary, StoreReview } from '@zhanggui/contract'
import { useApp } from '../../app.ts'
import { ReviewItem } from '../../parts/review-item.tsx'

const FIRST = 2

/** The phrases that buyers use, and the first reviews. A file of its own: fetched when the buyer comes near. */
export function FirstReviews({ productId }: { productId: string }): JSX.Element {
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
  const { phrases } = said.summary
  const goodShare = goodShareText(said.summary)
  return (
    <View>
      <View className="zg-review-tags">
        {goodShare !== undefined && <Text className="zg-chip">{goodShare}</Text>}
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
