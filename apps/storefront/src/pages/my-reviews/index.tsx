import { type JSX, useEffect, useState } from '@hooks'
import { Button, Empty, Image, InfiniteList, Link, NavBar, Screen, Sheet, Tag, Text, TextArea, View } from '@kit'
import { timeText } from '@model/texts.ts'
import { type ListPage, usePages } from '@model/use-pages.ts'
import { toast } from '@platform'
import type { OrderToReview, OwnReview, Picture } from '@zhanggui/contract'
import { useApp } from '../../app.ts'
import { definePage, type ViewProps } from '../../page.ts'
import { MediaPicker } from '../../parts/media-picker.tsx'
import { ReviewWords } from '../../parts/review-item.tsx'
import { Stars } from '../../parts/stars.tsx'
import { useAct } from '../../parts/use-act.ts'
import './my-reviews.css'

interface MyReviewsData {
  waiting: ListPage<OrderToReview> | null
  written: ListPage<OwnReview> | null
}

const NOTHING = { items: [], nextCursor: null }

function MyReviewsView({ data, params, reload }: ViewProps<'my-reviews', MyReviewsData>): JSX.Element {
  const isWritten = params.tab === 'written'
  return (
    <View>
      <NavBar title="我的评价" back="me" />
      <Screen className="zg-screen-narrow">
        <View className="zg-my-tabs" role="navigation" label="评价">
          <Link
            className={isWritten ? 'zg-chip' : 'zg-chip zg-chip-on'}
            to="my-reviews"
            params={{}}
            isCurrent={!isWritten}
          >
            待评价
          </Link>
          <Link
            className={isWritten ? 'zg-chip zg-chip-on' : 'zg-chip'}
            to="my-reviews"
            params={{ tab: 'written' }}
            isCurrent={isWritten}
          >
            已评价
          </Link>
        </View>
        {isWritten ? (
          <Written first={data.written ?? NOTHING} reload={reload} />
        ) : (
          <Waiting first={data.waiting ?? NOTHING} />
        )}
      </Screen>
    </View>
  )
}

function Waiting({ first }: { first: ListPage<OrderToReview> }): JSX.Element {
  const { api, shop } = useApp()
  const pages = usePages(first, (cursor) =>
    api('buyer.ordersToReview', { params: { shopId: shop.id }, query: { cursor } }),
  )
  if (pages.items.length === 0) return <Empty icon="check" title="没有等你评价的订单" text="收货后可以在这里写评价" />
  return (
    <InfiniteList
      label="待评价的订单"
      hasMore={pages.hasMore}
      isLoading={pages.isLoading}
      error={pages.error}
      onMore={pages.loadMore}
    >
      {pages.items.map((order) => (
        <View className="zg-panel" role="listitem" key={order.id} testId="to-review">
          <View className="zg-row zg-small zg-muted">
            <Text>{order.orderNo}</Text>
            <Text>{timeText(order.receivedAt)} 收货</Text>
          </View>
          <View className="zg-my-goods">
            {order.lines.slice(0, 4).map((line, index) => (
              <View className="zg-my-picture" key={`${index}:${line.title}`}>
                <Image picture={line.picture} alt={line.title} sizes="64px" />
              </View>
            ))}
            {order.lines.length === 1 && <Text className="zg-grow zg-small">{order.lines[0]!.title}</Text>}
          </View>
          <View className="zg-my-foot">
            <Link className="zg-button zg-button-primary zg-button-small" to="review" params={{ order: order.id }}>
              去评价
            </Link>
          </View>
        </View>
      ))}
    </InfiniteList>
  )
}

function Written({ first, reload }: { first: ListPage<OwnReview>; reload: () => Promise<void> }): JSX.Element {
  const { api, shop } = useApp()
  const [adding, setAdding] = useState<OwnReview | undefined>(undefined)
  const pages = usePages(first, (cursor) => api('buyer.reviews', { params: { shopId: shop.id }, query: { cursor } }))
  if (pages.items.length === 0) return <Empty icon="edit" title="还没有写过评价" text="你的感受能帮到其他人" />
  return (
    <View>
      <InfiniteList
        label="已写的评价"
        hasMore={pages.hasMore}
        isLoading={pages.isLoading}
        error={pages.error}
        onMore={pages.loadMore}
      >
        {pages.items.map((review) => (
          <View className="zg-panel" role="listitem" key={review.id} testId="own-review">
            <View className="zg-row">
              <Stars tenths={review.goodsStars * 10} />
              <StateTag review={review} />
            </View>
            {review.rejectReason !== '' && <Text className="zg-small zg-my-reason">未通过：{review.rejectReason}</Text>}
            {review.source === 'default' ? (
              <Text className="zg-small zg-muted">超时未评价，系统默认好评</Text>
            ) : (
              <ReviewWords review={review} />
            )}
            <Link className="zg-my-goods zg-small" to="detail" params={{ id: review.productId }}>
              <View className="zg-my-picture">
                <Image picture={review.picture} alt="" sizes="64px" />
              </View>
              <Text className="zg-grow">{review.title}</Text>
            </Link>
            <View className="zg-my-foot">
              <Text className="zg-small zg-muted zg-grow">
                {timeText(review.createdAt).split(' ')[0]}
                {review.helpfulCount > 0 && ` · ${review.helpfulCount} 人觉得有用`}
              </Text>
              {review.addUntil !== null && (
                <Button kind="soft" size="small" testId="add-to-review" onTap={() => setAdding(review)}>
                  追加评价
                </Button>
              )}
            </View>
          </View>
        ))}
      </InfiniteList>
      <Sheet isOpen={adding !== undefined} onClose={() => setAdding(undefined)} title="追加评价" testId="addition">
        {adding && (
          <Addition
            review={adding}
            onDone={() => {
              setAdding(undefined)
              void reload()
            }}
          />
        )}
      </Sheet>
    </View>
  )
}

function StateTag({ review }: { review: OwnReview }): JSX.Element {
  if (review.state === 'rejected') return <Tag kind="warn">未通过</Tag>
  if (review.state === 'pending') return <Tag kind="warn">审核中</Tag>
  return review.additionState === 'pending' ? <Tag kind="warn">追评审核中</Tag> : <Tag kind="good">已展示</Tag>
}

const MOST_CHARS = 500

function Addition({ review, onDone }: { review: OwnReview; onDone: () => void }): JSX.Element {
  const { api, shop } = useApp()
  const { isBusy, act } = useAct()
  const [text, setText] = useState('')
  const [pictures, setPictures] = useState<Picture[]>([])
  useEffect(() => setText(''), [review.id])
  const send = () =>
    act(async () => {
      const added = await api('buyer.addToReview', {
        params: { shopId: shop.id, reviewId: review.id },
        body: { text: text.trim(), pictureFileIds: pictures.map(({ fileId }) => fileId) },
      })
      toast(added.additionState === 'approved' ? '追评成功' : '已提交，审核通过后展示', 'good')
      onDone()
    })
  return (
    <View className="zg-form">
      <TextArea
        label="用了一段时间，感觉怎么样"
        value={text}
        onInput={setText}
        maxLength={MOST_CHARS}
        rows={4}
        testId="addition-text"
      />
      <MediaPicker pictures={pictures} onPictures={setPictures} />
      <Button isBlock size="large" isBusy={isBusy} isDisabled={text.trim() === ''} testId="send-addition" onTap={send}>
        提交追评
      </Button>
    </View>
  )
}

export default definePage<'my-reviews', MyReviewsData>({
  name: 'my-reviews',
  access: 'buyer',
  load: async ({ api, shop, params }) => {
    const at = { params: { shopId: shop.id } }
    if (params.tab === 'written') return { waiting: null, written: await api('buyer.reviews', at) }
    return { waiting: await api('buyer.ordersToReview', at), written: null }
  },
  head: () => ({ title: '我的评价' }),
  View: MyReviewsView,
})
