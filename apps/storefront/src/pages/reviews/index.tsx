import { type JSX, useEffect, useState } from '@hooks'
import { Empty, InfiniteList, NavBar, Screen, Tap, Text, ToTop, View } from '@kit'
import { goodShareText } from '@model/reviews.ts'
import { countText } from '@model/texts.ts'
import { type ListPage, usePages } from '@model/use-pages.ts'
import { toast } from '@platform'
import type { ReviewLevel, ReviewSort, ReviewSummary, StoreReview } from '@zhanggui/contract'
import { useApp } from '../../app.ts'
import { definePage, type ViewProps } from '../../page.ts'
import { ReviewItem } from '../../parts/review-item.tsx'
import { Stars } from '../../parts/stars.tsx'
import { messageOf } from '../../parts/use-act.ts'
import './reviews.css'

interface ReviewsData {
  summary: ReviewSummary
  reviews: ListPage<StoreReview>
}

interface Wish {
  sort: ReviewSort
  level?: ReviewLevel | undefined
  withPictures?: boolean | undefined
  withAddition?: boolean | undefined
  phrase?: string | undefined
  skuId?: string | undefined
}

const SORTS = [
  ['useful', '最有用'],
  ['new', '最新'],
  ['low', '低分优先'],
] as const

const queryOf = ({ sort, level, withPictures, withAddition, phrase, skuId }: Wish) => ({
  sort,
  level,
  phrase,
  skuId,
  ...(withPictures ? { withPictures: 'true' } : {}),
  ...(withAddition ? { withAddition: 'true' } : {}),
})

function ReviewsView({ data, params }: ViewProps<'reviews', ReviewsData>): JSX.Element {
  const { api, shop } = useApp()
  const [wish, setWish] = useState<Wish>({ sort: 'useful', phrase: params.phrase })
  const [first, setFirst] = useState(data.reviews)
  useEffect(() => setFirst(data.reviews), [data])
  const at = { shopId: shop.id, productId: params.id }
  const pages = usePages(first, (cursor) => api('store.reviews', { params: at, query: { ...queryOf(wish), cursor } }))
  const look = (next: Wish) => {
    setWish(next)
    api('store.reviews', { params: at, query: queryOf(next) }).then(setFirst, (error: unknown) =>
      toast(messageOf(error), 'bad'),
    )
  }
  return (
    <View>
      <NavBar title="商品评价" back="home" />
      <Screen className="zg-screen-narrow">
        <Head summary={data.summary} wish={wish} onWish={look} />
        <View className="zg-panel">
          {pages.items.length === 0 ? (
            <Empty icon="edit" title="没有这样的评价" text="换个筛选看看" />
          ) : (
            <InfiniteList
              className="zg-reviews-list"
              label="评价"
              hasMore={pages.hasMore}
              isLoading={pages.isLoading}
              error={pages.error}
              onMore={pages.loadMore}
              endText="没有更多评价了"
            >
              {pages.items.map((review) => (
                <View role="listitem" key={review.id}>
                  <ReviewItem review={review} />
                </View>
              ))}
            </InfiniteList>
          )}
        </View>
      </Screen>
      <View className="zg-float">
        <ToTop />
      </View>
    </View>
  )
}

function Head({ summary, wish, onWish }: { summary: ReviewSummary; wish: Wish; onWish: (wish: Wish) => void }) {
  const { averageTenths, count, pictureCount, goodCount, mediumCount, badCount, phrases } = summary
  const { sort, skuId } = wish
  const goodShare = goodShareText(summary)
  // Another choice of what was said keeps the order and the SKU.
  const kept = { sort, skuId }
  const filters: { text: string; count: number; wish: Wish; isOn: boolean; isBad?: boolean }[] = [
    {
      text: '全部',
      count,
      wish: { ...kept },
      isOn: !wish.level && !wish.withPictures && !wish.withAddition && !wish.phrase,
    },
    { text: '有图', count: pictureCount, wish: { ...kept, withPictures: true }, isOn: wish.withPictures === true },
    { text: '好评', count: goodCount, wish: { ...kept, level: 'good' }, isOn: wish.level === 'good' },
    { text: '中评', count: mediumCount, wish: { ...kept, level: 'medium' }, isOn: wish.level === 'medium' },
    { text: '差评', count: badCount, wish: { ...kept, level: 'bad' }, isOn: wish.level === 'bad' },
    ...phrases.map(({ phrase, polarity, count: said }) => ({
      text: phrase,
      count: said,
      wish: { ...kept, phrase },
      isOn: wish.phrase === phrase,
      isBad: polarity < 0,
    })),
  ]
  return (
    <View className="zg-panel">
      {averageTenths !== null && (
        <View className="zg-reviews-score">
          <Text className="zg-reviews-average">{(averageTenths / 10).toFixed(1)}</Text>
          <View>
            <Stars tenths={averageTenths} />
            <View className="zg-small zg-muted">
              <Text>
                {countText(count)} 条评价{goodShare !== undefined && ` · ${goodShare}`}
              </Text>
            </View>
          </View>
        </View>
      )}
      <View className="zg-review-tags">
        {filters
          .filter((filter) => filter.count > 0 || filter.isOn || filter.text === '全部')
          .map((filter) => (
            <Tap
              key={filter.text}
              className={`zg-chip ${filter.isOn ? 'zg-chip-on' : filter.isBad ? 'zg-chip-bad' : ''}`}
              isChosen={filter.isOn}
              onTap={() => onWish(filter.wish)}
            >
              <Text>
                {filter.text} {countText(filter.count)}
              </Text>
            </Tap>
          ))}
      </View>
      {summary.skus.length > 1 && (
        <View className="zg-reviews-skus" role="radiogroup" label="规格">
          {[undefined, ...summary.skus].map((sku) => (
            <Tap
              key={sku?.skuId ?? ''}
              className={`zg-chip ${skuId === sku?.skuId ? 'zg-chip-on' : ''}`}
              role="radio"
              isChosen={skuId === sku?.skuId}
              testId="review-sku"
              onTap={() => onWish({ ...wish, skuId: sku?.skuId })}
            >
              <Text className="zg-clip">
                {sku === undefined ? '全部规格' : `${sku.options || '默认'} ${countText(sku.count)}`}
              </Text>
            </Tap>
          ))}
        </View>
      )}
      <View className="zg-reviews-sorts" role="group" label="排序">
        {SORTS.map(([key, text]) => (
          <Tap
            key={key}
            className={key === sort ? 'zg-reviews-sort zg-reviews-sort-on' : 'zg-reviews-sort'}
            isChosen={key === sort}
            onTap={() => onWish({ ...wish, sort: key })}
          >
            <Text>{text}</Text>
          </Tap>
        ))}
      </View>
    </View>
  )
}

export default definePage<'reviews', ReviewsData>({
  name: 'reviews',
  access: 'public',
  load: async ({ api, shop, params }) => {
    const at = { shopId: shop.id, productId: params.id }
    const [summary, reviews] = await Promise.all([
      api('store.reviewSummary', { params: at }),
      api('store.reviews', { params: at, query: { phrase: params.phrase } }),
    ])
    return { summary, reviews }
  },
  head: ({ summary }) => ({ title: `商品评价（${summary.count}）` }),
  View: ReviewsView,
})
