import { type JSX, useState } from '@hooks'
import { Button, Image, Sheet, Tag, Tap, Text, TextArea, View } from '@kit'
import { timeText } from '@model/texts.ts'
import { previewPictures, toast } from '@platform'
import type { Picture, StoreReview } from '@zhanggui/contract'
import { useApp } from '../app.ts'
import { Stars } from './stars.tsx'
import { useAct } from './use-act.ts'
import './reviews.css'

const day = (instant: string): string => timeText(instant).split(' ')[0]!

/** Small pictures in a row; a tap shows them large. */
export function ReviewPictures({ pictures }: { pictures: readonly Picture[] }): JSX.Element | null {
  if (pictures.length === 0) return null
  return (
    <View className="zg-review-pictures">
      {pictures.map((picture, index) => (
        <Tap
          key={picture.fileId}
          className="zg-review-picture"
          label={`查看第 ${index + 1} 张图`}
          onTap={() =>
            previewPictures(
              pictures.map(({ url }) => url),
              index,
            )
          }
        >
          <Image picture={picture} alt="买家晒图" sizes="96px" />
        </Tap>
      ))}
    </View>
  )
}

/** The words of a review with everything that belongs to them. */
export function ReviewWords({
  review,
}: {
  review: Pick<StoreReview, 'text' | 'tags' | 'pictures' | 'addition' | 'reply'>
}): JSX.Element {
  const { text, tags, pictures, addition, reply } = review
  return (
    <View>
      {text !== '' && (
        <Text as="p" className="zg-review-text">
          {text}
        </Text>
      )}
      {text === '' && tags.length === 0 && <Text className="zg-small zg-muted">这位买家没有写文字</Text>}
      {tags.length > 0 && (
        <View className="zg-review-tags">
          {tags.map((tag) => (
            <Tag key={tag}>{tag}</Tag>
          ))}
        </View>
      )}
      <ReviewPictures pictures={pictures} />
      {addition && (
        <View className="zg-review-more">
          <Text className="zg-review-days">{addition.daysLater === 0 ? '当天' : `${addition.daysLater} 天后`}追评</Text>
          <Text as="p" className="zg-review-text">
            {addition.text}
          </Text>
          <ReviewPictures pictures={addition.pictures} />
        </View>
      )}
      {reply && (
        <View className="zg-review-reply">
          <Text className="zg-muted">商家回复：</Text>
          <Text>{reply.text}</Text>
        </View>
      )}
    </View>
  )
}

/** One review as everybody reads it, with what a reader can do. (CAT-11) */
export function ReviewItem({ review }: { review: StoreReview }): JSX.Element {
  const { api, shop } = useApp()
  const { isBusy, act } = useAct()
  const [votes, setVotes] = useState({ helpfulCount: review.helpfulCount, isVoted: review.isVoted })
  const [isReporting, setReporting] = useState(false)
  const params = { shopId: shop.id, reviewId: review.id }
  const toggle = () =>
    act(async () => setVotes(await api(votes.isVoted ? 'buyer.unvoteReview' : 'buyer.voteReview', { params })))
  return (
    <View className="zg-review" testId="review">
      <View className="zg-row">
        <View className="zg-review-who">
          <Text className="zg-review-face">{review.author.slice(0, 1)}</Text>
          <View>
            <Text className="zg-review-author">{review.author}</Text>
            <Stars tenths={review.goodsStars * 10} />
          </View>
        </View>
        {review.isPinned && <Tag kind="good">精选</Tag>}
      </View>
      <Text className="zg-small zg-muted">
        {[day(review.createdAt), review.options].filter((part) => part !== '').join(' · ')}
      </Text>
      <ReviewWords review={review} />
      <View className="zg-review-foot">
        {!review.isOwn && (
          <Tap className="zg-review-key" testId="review-report" label="举报这条评价" onTap={() => setReporting(true)}>
            <Text>举报</Text>
          </Tap>
        )}
        <Tap
          className={votes.isVoted ? 'zg-review-key zg-review-voted' : 'zg-review-key'}
          testId="review-vote"
          isChosen={votes.isVoted}
          isDisabled={isBusy || review.isOwn}
          label={`有用，${votes.helpfulCount} 人`}
          onTap={toggle}
        >
          <Text>{votes.helpfulCount > 0 ? `有用 ${votes.helpfulCount}` : '有用'}</Text>
        </Tap>
      </View>
      <Sheet isOpen={isReporting} onClose={() => setReporting(false)} title="举报评价">
        {isReporting && (
          <Report
            onSend={(reason) =>
              act(async () => {
                await api('buyer.reportReview', { params, body: { reason } })
                setReporting(false)
                toast('已收到，商家会尽快处理', 'good')
              })
            }
          />
        )}
      </Sheet>
    </View>
  )
}

const REASONS = ['广告或留联系方式', '辱骂攻击', '与商品无关', '泄露隐私'] as const

function Report({ onSend }: { onSend: (reason: string) => void }): JSX.Element {
  const [reason, setReason] = useState('')
  return (
    <View className="zg-form">
      <View className="zg-review-tags">
        {REASONS.map((each) => (
          <Tap
            key={each}
            className={each === reason ? 'zg-chip zg-chip-on' : 'zg-chip'}
            isChosen={each === reason}
            onTap={() => setReason(each)}
          >
            <Text>{each}</Text>
          </Tap>
        ))}
      </View>
      <TextArea label="补充说明（选填）" value={reason} onInput={setReason} maxLength={200} rows={3} />
      <Button isBlock isDisabled={reason.trim() === ''} onTap={() => onSend(reason.trim())}>
        提交举报
      </Button>
    </View>
  )
}
