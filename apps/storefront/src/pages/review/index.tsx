import { type JSX, useEffect, useState } from '@hooks'
import { Button, Check, Empty, Image, Link, NavBar, Screen, Tag, Tap, Text, TextArea, View } from '@kit'
import { redirect, toast } from '@platform'
import type { OrderReviews, Picture } from '@zhanggui/contract'
import { useApp } from '../../app.ts'
import { definePage, type ViewProps } from '../../page.ts'
import { MediaPicker } from '../../parts/media-picker.tsx'
import { ReviewWords } from '../../parts/review-item.tsx'
import { Stars, StarsInput } from '../../parts/stars.tsx'
import { useAct } from '../../parts/use-act.ts'
import './review.css'

const TAGS = ['质量好', '性价比高', '包装用心', '发货快', '与描述相符', '会再买', '不太满意'] as const
const MOST_CHARS = 500
const MOST_TAGS = 6

type Line = OrderReviews['lines'][number]

interface Draft {
  goodsStars: number
  text: string
  tags: string[]
  pictures: Picture[]
  video: Picture | null
  isAnonymous: boolean
}

const EMPTY: Draft = { goodsStars: 0, text: '', tags: [], pictures: [], video: null, isAnonymous: false }

function ReviewView({ data }: ViewProps<'review', OrderReviews>): JSX.Element {
  const { api, shop } = useApp()
  const { isBusy, act } = useAct()
  const [said, setSaid] = useState(data)
  useEffect(() => setSaid(data), [data])
  const [drafts, setDrafts] = useState<Record<number, Draft>>({})
  const [stars, setStars] = useState({ service: 0, logistics: 0 })
  const open = said.lines.filter(({ review }) => review === null)
  const draftOf = (line: number) => drafts[line] ?? EMPTY
  const ready = open.filter(({ line }) => draftOf(line).goodsStars > 0)
  const missing = missingOf(ready.length, stars)
  const send = () =>
    act(async () => {
      const after = await api('buyer.reviewOrder', {
        params: { shopId: shop.id, orderId: said.orderId },
        body: {
          serviceStars: stars.service,
          logisticsStars: stars.logistics,
          lines: ready.map(({ line }) => {
            const { pictures, video, ...draft } = draftOf(line)
            return {
              ...draft,
              line,
              text: draft.text.trim(),
              pictureFileIds: pictures.map(({ fileId }) => fileId),
              videoFileId: video?.fileId ?? null,
            }
          }),
        },
      })
      const isWaiting = after.lines.some(({ review }) => review?.state === 'pending')
      toast(isWaiting ? '已提交，审核通过后展示' : '评价成功，谢谢你', 'good')
      setDrafts({})
      if (after.lines.every(({ review }) => review !== null)) redirect('my-reviews', { tab: 'written' })
      else setSaid(after)
    })
  return (
    <View>
      <NavBar title="写评价" back="orders" />
      <Screen className="zg-screen-narrow" hasBar>
        {!said.canReview && open.length > 0 && (
          <View className="zg-panel">
            <Empty
              icon="clock"
              title={said.reviewUntil === null ? '收货后就能评价' : '评价时间已过'}
              text={said.reviewUntil === null ? '收到商品、确认收货后再来' : '这个订单不能再评价了'}
            />
          </View>
        )}
        {said.lines.map((line) => (
          <View className="zg-panel" key={line.line} testId="review-line">
            <Goods line={line} />
            {line.review ? (
              <View>
                <View className="zg-row">
                  <Stars tenths={line.review.goodsStars * 10} />
                  <Tag kind={line.review.state === 'approved' ? 'good' : 'warn'}>
                    {line.review.state === 'approved'
                      ? '已展示'
                      : line.review.state === 'pending'
                        ? '审核中'
                        : '未通过'}
                  </Tag>
                </View>
                <ReviewWords review={line.review} />
              </View>
            ) : (
              said.canReview && (
                <LineForm
                  draft={draftOf(line.line)}
                  onChange={(draft) => setDrafts((all) => ({ ...all, [line.line]: draft }))}
                />
              )
            )}
          </View>
        ))}
        {said.canReview && (
          <View className="zg-panel">
            <StarsInput
              label="商家服务"
              value={stars.service}
              testId="service-stars"
              onChange={(service) => setStars((all) => ({ ...all, service }))}
            />
            <StarsInput
              label="物流服务"
              value={stars.logistics}
              testId="logistics-stars"
              onChange={(logistics) => setStars((all) => ({ ...all, logistics }))}
            />
          </View>
        )}
      </Screen>
      {said.canReview && (
        <View className="zg-actions">
          <View className="zg-actions-inner">
            <Button
              isBlock
              size="large"
              isBusy={isBusy}
              isDisabled={missing !== undefined}
              testId="send-review"
              onTap={send}
            >
              {missing ?? (open.length > 1 ? `提交 ${ready.length} 件商品的评价` : '提交评价')}
            </Button>
          </View>
        </View>
      )}
    </View>
  )
}

/** What has still to be rated before it can be sent. */
function missingOf(goods: number, { service, logistics }: { service: number; logistics: number }): string | undefined {
  if (goods === 0) return '先给商品打个分'
  return service === 0 || logistics === 0 ? '再给商家和物流服务打个分' : undefined
}

const Goods = ({ line }: { line: Line }): JSX.Element => (
  <Link className="zg-line" to="detail" params={{ id: line.productId }}>
    <View className="zg-review-goods">
      <Image picture={line.picture} alt="" sizes="56px" />
      <View className="zg-grow">
        <Text className="zg-line-title">{line.title}</Text>
        <Text className="zg-small zg-muted">{line.options}</Text>
      </View>
    </View>
  </Link>
)

function LineForm({ draft, onChange }: { draft: Draft; onChange: (draft: Draft) => void }): JSX.Element {
  const toggle = (tag: string) => {
    const tags = draft.tags.includes(tag) ? draft.tags.filter((each) => each !== tag) : [...draft.tags, tag]
    onChange({ ...draft, tags: tags.slice(0, MOST_TAGS) })
  }
  return (
    <View>
      <StarsInput
        label="商品评分"
        value={draft.goodsStars}
        testId="stars"
        onChange={(goodsStars) => onChange({ ...draft, goodsStars })}
      />
      <View className="zg-review-tags">
        {TAGS.map((tag) => (
          <Tap
            key={tag}
            className={draft.tags.includes(tag) ? 'zg-chip zg-chip-on' : 'zg-chip'}
            role="checkbox"
            isChosen={draft.tags.includes(tag)}
            onTap={() => toggle(tag)}
          >
            <Text>{tag}</Text>
          </Tap>
        ))}
      </View>
      <TextArea
        label="说说使用感受"
        isLabelHidden
        placeholder="质量、味道、尺码、物流……说说哪里好、哪里不好，帮其他人参考"
        value={draft.text}
        onInput={(text) => onChange({ ...draft, text })}
        maxLength={MOST_CHARS}
        rows={4}
        testId="review-text"
      />
      <MediaPicker
        pictures={draft.pictures}
        onPictures={(pictures) => onChange({ ...draft, pictures })}
        video={{ file: draft.video, onChange: (video) => onChange({ ...draft, video }) }}
      />
      <View className="zg-review-options">
        <Check
          isChecked={draft.isAnonymous}
          onChange={(isAnonymous) => onChange({ ...draft, isAnonymous })}
          label="匿名评价"
        >
          <Text>匿名评价</Text>
        </Check>
        <Text className="zg-small zg-muted">
          {draft.text.length}/{MOST_CHARS}
        </Text>
      </View>
    </View>
  )
}

export default definePage<'review', OrderReviews>({
  name: 'review',
  access: 'buyer',
  load: ({ api, shop, params }) => api('buyer.orderReviews', { params: { shopId: shop.id, orderId: params.order } }),
  head: () => ({ title: '写评价' }),
  View: ReviewView,
})
